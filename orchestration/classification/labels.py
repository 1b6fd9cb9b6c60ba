"""Labels: what readers found the filings to be about (seed `filing_labels`).

A label replaces what the rules derive for its filing, as long as the filing has the texts that were
read. Keys of the texts show that. A filing whose name, products or purpose were amended goes back
to the rules and is due for review.
"""

from hashlib import sha256

import polars as pl

from orchestration.classification.matching import matching_text
from orchestration.classification.modalities import modality_flags

REGISTER = "deep_synthesis"  # The only register with labels.
REVIEWED, RULES = "reviewed", "rules"
# Values of `review_status`. The last has no label, the one before has one of other texts.
REVIEW_STATUSES = ("reviewed", "amended", "not_reviewed")

LABEL_COLUMNS = {
    "filing_number": pl.String,
    "list_month": pl.String,
    "algorithm_name": pl.String,
    "entity_name": pl.String,
    "sector": pl.String,
    "first_sector": pl.String,
    "second_sector": pl.String,
    "other_sector": pl.String,
    "first_is_sure": pl.Boolean,
    "second_is_sure": pl.Boolean,
    "inputs": pl.String,
    "outputs": pl.String,
    "readers": pl.String,
    "read_on": pl.String,
    "names_key": pl.String,
    "purpose_key": pl.String,
    "shipped_purpose_key": pl.String,
}

# The columns that `with_labels` returns.
REVIEWED_COLUMNS = {
    "sector": pl.String,
    "sector_source": pl.String,
    "reader_count": pl.Int64,
    "read_on": pl.Date,
    "sector_confidence": pl.Float64,
    "sector_runner_up": pl.String,
    "sector_by_rules": pl.String,
    "confidence_by_rules": pl.Float64,
    "sector_margin": pl.Float64,
    "sector_evidence": pl.String,
    "review_status": pl.String,
    "inputs": pl.String,
    "outputs": pl.String,
    "modality_source": pl.String,
    "inputs_by_rules": pl.String,
    "outputs_by_rules": pl.String,
    "is_multimodal": pl.Boolean,
    "is_cross_modal": pl.Boolean,
    "is_generative": pl.Boolean,
    "modality_evidence": pl.String,
}

ALMOST_ALL = 0.95  # Share of a list read twice.
KEY_LENGTH = 8  # Hexadecimal digits. A change remains unnoticed once in four billion times.
# Punctuation and spaces differ between editions of a document and say nothing about the use.
_NOT_READ = r"[^\p{L}\p{N}]+"


def text_keys(filings: pl.DataFrame) -> pl.DataFrame:
    """`names_key` and `purpose_key` of each filing, in the order given.

    `filings` has `algorithm_name`, `products` and `purpose`, all text; `products` may be null.
    """

    def key(*columns: str) -> pl.Expr:
        # The separator keeps the columns apart; _NOT_READ removes it from each of them.
        plain = (matching_text(pl.col(name)).str.replace_all(_NOT_READ, "") for name in columns)
        return pl.concat_str(*plain, separator="|").map_elements(_digest, return_dtype=pl.String)

    return filings.select(
        key("algorithm_name", "products").alias("names_key"), key("purpose").alias("purpose_key")
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def label_kind(is_as_rules: pl.Expr) -> pl.Expr:
    """How firm a label is: the kinds of the seed `sector_calibration` with source `reviewed`.

    `is_as_rules` is whether the rules derive the same sector. It matters for filings read once.
    """
    first_is_sure = pl.col("first_is_sure").fill_null(value=False)
    # Readers who did not record doubt count as one who was sure and one who was not.
    doubts = (~first_is_sure).cast(pl.Int8) + (~pl.col("second_is_sure")).fill_null(value=False)
    by_doubts = doubts.replace_strict(
        {0: "agreed_sure", 1: "agreed_one_doubt", 2: "agreed_two_doubts"}, return_dtype=pl.String
    )
    # A later reading can decide against two that agree.
    is_kept = is_agreed() & (pl.col("sector") == pl.col("first_sector"))
    return (
        pl.when(is_read_twice() & is_kept)
        .then(by_doubts)
        .when(is_read_twice())
        .then(pl.lit("not_agreed"))
        .when(~first_is_sure)
        .then(pl.lit("once_doubtful"))
        .when(is_as_rules)
        .then(pl.lit("once_as_rules"))
        .otherwise(pl.lit("once_unlike_rules"))
    )


def has_texts_read() -> pl.Expr:
    """Whether a filing still has the texts that its label was given for.

    From `names_key`, `purpose_key` and `is_amended` of the filing, and `read_names`, `read_purpose`
    and `read_shipped`: the keys in its label.
    """
    # Without its key, the published purpose was not at hand when its facts were read.
    is_same_purpose = (
        pl.when(pl.col("read_purpose").is_null())
        .then(~pl.col("is_amended"))
        .otherwise(pl.col("purpose_key") == pl.col("read_purpose"))
    ) | (pl.col("purpose_key") == pl.col("read_shipped")).fill_null(value=False)
    return (pl.col("names_key") == pl.col("read_names")) & is_same_purpose


def is_read_twice() -> pl.Expr:
    """Whether a filing has two readers or more."""
    return pl.col("readers").str.contains("+", literal=True)


def lists_read_twice(labels: pl.DataFrame) -> pl.Series:
    """The months of the lists of which almost all labelled filings were read twice.

    In other lists mainly filings in doubt were read twice, so too few of them agree. An amended
    filing begins again with one reading.
    """
    shares = labels.group_by("list_month").agg(share=is_read_twice().mean())
    return shares.filter(pl.col("share") >= ALMOST_ALL)["list_month"].sort()


def is_agreed() -> pl.Expr:
    """Whether a filing was read twice with the same sector."""
    return (pl.col("first_sector") == pl.col("second_sector")).fill_null(value=False)


def with_labels(
    filings: pl.DataFrame, classes: pl.DataFrame, labels: pl.DataFrame, calibration: pl.DataFrame
) -> pl.DataFrame:
    """`REVIEWED_COLUMNS`: what the rules derive, replaced by labels where those apply.

    `filings` has `register`, `filing_number`, `is_amended` (whether a later version of its list
    changed it) and the columns for `text_keys`. `classes` are what the rules derive, in the same
    order. `calibration` is the seed `sector_calibration`. Raises ValueError if it lacks a kind of
    label.

    The runner-up of a labelled filing is the other sector that a reader held possible, or else that
    of the rules.
    """
    applied = _applied(filings, classes, labels, calibration)
    read_inputs = pl.coalesce("read_inputs", "inputs")
    read_outputs = pl.coalesce("read_outputs", "outputs")
    is_read = pl.col("read_inputs").is_not_null() | pl.col("read_outputs").is_not_null()
    is_reviewed = pl.col("read_sector").is_not_null()
    source = pl.lit(REVIEWED), pl.lit(RULES)
    return (
        classes.hstack(applied)
        .with_columns(
            sector_by_rules="sector",
            confidence_by_rules="sector_confidence",
            inputs_by_rules="inputs",
            outputs_by_rules="outputs",
        )
        .with_columns(
            sector=pl.coalesce("read_sector", "sector"),
            sector_source=pl.when(is_reviewed).then(source[0]).otherwise(source[1]),
            sector_confidence=pl.coalesce("read_confidence", "sector_confidence"),
            sector_runner_up=pl.when(is_reviewed)
            .then(pl.coalesce("read_other", _if_other(pl.col("sector"), pl.col("read_sector"))))
            .otherwise("sector_runner_up"),
            inputs=read_inputs,
            outputs=read_outputs,
            modality_source=pl.when(is_read).then(source[0]).otherwise(source[1]),
        )
        .with_columns(**modality_flags())
        .select(pl.col(name).cast(kind) for name, kind in REVIEWED_COLUMNS.items())
    )


def _check_kinds(labelled: pl.DataFrame, confidences: pl.DataFrame) -> None:
    lacking = labelled.join(confidences, on="label_kind", how="anti")["label_kind"].unique().sort()
    if not lacking.is_empty():
        msg = f"sector_calibration has no row for {', '.join(lacking)}; run make calibrate"
        raise ValueError(msg)


def _if_other(sector: pl.Expr, than: pl.Expr) -> pl.Expr:
    return pl.when(sector != than).then(sector)


def _applied(
    filings: pl.DataFrame, classes: pl.DataFrame, labels: pl.DataFrame, calibration: pl.DataFrame
) -> pl.DataFrame:
    """The labels that apply, one row per filing, with `review_status` as the last column."""
    confidences = calibration.filter(source=REVIEWED).select(
        label_kind="kind", read_confidence="confidence"
    )
    labelled = (
        filings.with_columns(sector_by_rules=classes["sector"])
        .with_row_index("row")
        .filter(register=REGISTER)
        .join(
            labels.select(
                "filing_number",
                "sector",
                "first_sector",
                "second_sector",
                "first_is_sure",
                "second_is_sure",
                "readers",
                # Text in the seed's file, a date in DuckDB.
                read_on=pl.col("read_on").cast(pl.String).str.to_date(),
                read_sector="sector",
                read_other="other_sector",
                read_inputs="inputs",
                read_outputs="outputs",
                reader_count=pl.col("readers").str.count_matches("+", literal=True) + 1,
                read_names="names_key",
                read_purpose="purpose_key",
                read_shipped="shipped_purpose_key",
            ),
            on="filing_number",
        )
    )
    kinds = label_kind(pl.col("sector") == pl.col("sector_by_rules"))
    labelled = labelled.hstack(text_keys(labelled)).with_columns(label_kind=kinds)
    _check_kinds(labelled, confidences)
    labelled = labelled.join(confidences, on="label_kind", how="left", maintain_order="left")
    applies = has_texts_read()
    columns = (
        "read_sector", "read_other", "read_confidence", "read_inputs", "read_outputs",
        "reader_count", "read_on",
    )  # fmt: skip
    reviewed, amended, not_reviewed = (pl.lit(status) for status in REVIEW_STATUSES)
    return (
        filings.select(pl.int_range(pl.len(), dtype=pl.get_index_type()).alias("row"))
        .join(
            labelled.select(
                "row",
                *(pl.when(applies).then(pl.col(name)).alias(name) for name in columns),
                review_status=pl.when(applies).then(reviewed).otherwise(amended),
            ),
            on="row",
            how="left",
            maintain_order="left",
        )
        .select(*columns, pl.col("review_status").fill_null(not_reviewed))
    )
