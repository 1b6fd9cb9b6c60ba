"""The sector of each filing: a sum of the terms found in its texts, strongest first.

Each term of the seeds `sector_words`, `sector_companies` and `sector_exceptions` found in a field
counts for its sector with its weight times the field's factor (seed `sector_fields`). What a filing
puts out counts too (fields `outputs` and, for one without products, `supporter_shape`: inputs >
outputs), matched as a whole. Of a sector's terms the strongest counts whole, each further one half
as much as the one before, so that many faint hints do not outdo a clear word. Each sector starts
from its head start (seed `sectors`): a filing without other evidence is `general`.

Lists say little: a purpose that names three industries or more serves none of them, of a list of
functions (实现…、…等功能) each is one of several, and so is each of many products.
"""

from typing import NamedTuple

import polars as pl

from orchestration.classification.matching import found_terms, matching_text

# Fields with the same terms are grouped: to build an automaton takes as long as to search some
# ten thousand texts.
_SEARCHED_TOGETHER = (("purpose", "functions"), ("product",), ("algorithm",), ("entity",))
FIELDS = tuple(field for fields in _SEARCHED_TOGETHER for field in fields)
# What the seed's `field` may say, and where it is looked for.
FIELD_GROUPS = {
    "any": FIELDS,
    "use": ("purpose", "functions", "product", "algorithm"),
    "name": ("product", "algorithm"),
    "outputs": ("outputs",),
    "supporter_shape": ("supporter_shape",),
    **{field: (field,) for field in FIELDS},
    "purpose": ("purpose", "functions"),
}
TERM_COLUMNS = ("term", "sector", "field", "weight")
DECAY = 0.5  # what each further term counts of the one before
LISTED_INDUSTRIES = 3  # from which a purpose is a list of industries
LISTED_PRODUCTS = 3  # from which the terms of a product count less
SHOWN_TERMS = 5

# Sectors that name what a tool does, not the industry that it serves.
_CROSS_INDUSTRY = ("enterprise", "creative", "general")
# A clause of the purpose that lists functions; searched as a field of its own.
_FUNCTIONS = r"(?:实现|提供|支持|具备|包括)[^,。;]*、[^,。;]*等[^,。;]*"
_PRODUCT_KINDS = r"(?i)[(（](?:APP|网站|小程序|公众账号|其他)[)）]"


class SectorRules(NamedTuple):
    """The seeds as frames: the terms (`TERM_COLUMNS`) of three seeds together, `sector_fields` and
    `sectors`. The order of the terms does not matter.
    """

    terms: pl.DataFrame
    fields: pl.DataFrame
    sectors: pl.DataFrame


def read_sectors(filings: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """Sector, runner-up, margin and evidence, one row per filing, in the order given.

    `filings` has `algorithm_name`, `entity_name`, `products`, `purpose`, `inputs` and `outputs`.
    Returns `sector`, `sector_runner_up`, `sector_margin` (score of the sector less that of the
    runner-up) and `sector_evidence`.
    """
    found = _said(_hits(_texts(filings), rules), rules)
    scores = _scores(found, rules.sectors, filings.height)
    best = scores.filter(pl.col("place") == 1).select("row", "sector", "score")
    second = scores.filter(pl.col("place") == 2).select(
        "row",
        # Without a term of its own a sector is second by its place in the alphabet of ties only.
        sector_runner_up=pl.when(pl.col("has_term") | (pl.col("sector") == "general")).then(
            "sector"
        ),
        runner_up_score="score",
    )
    return (
        best.join(second, on="row")
        .join(_evidence(found), on=["row", "sector"], how="left")
        .sort("row")
        .select(
            "sector",
            "sector_runner_up",
            (pl.col("score") - pl.col("runner_up_score")).round(2).alias("sector_margin"),
            pl.col("sector_evidence").fill_null("no term found"),
        )
    )


def _texts(filings: pl.DataFrame) -> pl.DataFrame:
    products = pl.col("products").fill_null("")
    names = products.str.replace_all(_PRODUCT_KINDS, "、")
    purpose = matching_text(pl.col("purpose"))
    has_product = ~products.str.strip_chars().is_in(["", "--"])
    return filings.select(
        purpose=purpose.str.replace_all(_FUNCTIONS, ","),
        functions=purpose.str.extract_all(_FUNCTIONS).list.join(","),
        product=matching_text(names),
        algorithm=matching_text(pl.col("algorithm_name")),
        entity=matching_text(pl.col("entity_name")),
        outputs="outputs",
        supporter_shape=pl.when(~has_product)
        .then(pl.concat_str("inputs", pl.lit(">"), "outputs"))
        .otherwise(pl.lit("")),
        product_count=products.str.count_matches("、") + 1,
    ).with_row_index("row")


def _hits(texts: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """(row, field, term, sector, weight), one row per term and field; masking terms are gone."""
    terms = (
        rules.terms.with_columns(
            matching_text(pl.col("term")),
            pl.col("field").replace_strict(FIELD_GROUPS, return_dtype=pl.List(pl.String)),
        )
        .explode("field")
        .group_by("term", "field", "sector")
        .agg(pl.col("weight").max())
    )
    hits = []
    for fields in _SEARCHED_TOGETHER:
        of_fields = terms.filter(pl.col("field").is_in(fields))
        found = (
            texts.unpivot(fields, index="row", variable_name="field", value_name="text")
            .select("row", "field", term=found_terms(pl.col("text"), of_fields["term"]))
            .explode("term")
            .drop_nulls("term")
            .unique()
        )
        hits.append(found.join(of_fields, on=["term", "field"]))
    for field in ("outputs", "supporter_shape"):
        of_field = terms.filter(pl.col("field") == field)
        hits.append(texts.select("row", term=field).join(of_field, on="term"))
    columns = ["row", "field", "term", "sector", "weight"]
    return (
        pl.concat([hit.select(columns) for hit in hits])
        .filter(pl.col("weight") > 0)
        .join(texts.select("row", "product_count"), on="row")
    )


def _said(hits: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """What each term says for its sector, once, in the field where it says most."""
    in_purpose = pl.col("field").is_in(["purpose", "functions"])
    industries = (
        hits.filter(in_purpose, ~pl.col("sector").is_in(_CROSS_INDUSTRY))
        .group_by("row")
        .agg(pl.col("sector").n_unique())
        .filter(pl.col("sector") >= LISTED_INDUSTRIES)
    )
    listed = pl.col("row").is_in(industries["row"].implode())
    length = pl.max_horizontal(pl.lit(1.0), pl.col("product_count") / LISTED_PRODUCTS)
    return (
        hits.filter(~(in_purpose & listed & (pl.col("sector") != "general")))
        .join(rules.fields.select("field", "factor"), on="field", how="left")
        .with_columns(
            said=pl.col("weight")
            * pl.col("factor").fill_null(1.0)
            / pl.when(pl.col("field") == "product").then(length).otherwise(1.0)
        )
        .sort(
            "row", "sector", "term", "said", "field", descending=[False, False, False, True, False]
        )
        .unique(["row", "sector", "term"], keep="first", maintain_order=True)
        .sort("row", "sector", "said", "term", descending=[False, False, True, False])
        .with_columns(place=pl.int_range(pl.len()).over("row", "sector"))
        .select("row", "sector", "field", "term", "said", "place")
    )


def _scores(found: pl.DataFrame, sectors: pl.DataFrame, filings: int) -> pl.DataFrame:
    """(row, sector, score, place) of each sector of each filing; of equal scores the sector with
    the lower `tie_order` comes first.
    """
    # In the order given, so that the sum of fractions is the same on every run.
    sums = found.group_by("row", "sector", maintain_order=True).agg(
        sum=(pl.col("said") * pl.lit(DECAY).pow(pl.col("place"))).sum()
    )
    rows = pl.DataFrame({"row": pl.int_range(filings, dtype=pl.UInt32, eager=True)})
    starts = sectors.select("tie_order", "head_start", sector="code")
    # Only the sectors with a term and the two best without one can come first or second.
    without_terms = starts.sort("head_start", "tie_order", descending=[True, False])
    candidates = pl.concat(
        [
            sums.select("row", "sector"),
            rows.join(without_terms.head(2).select("sector"), how="cross"),
        ]
    ).unique()
    return (
        candidates.join(sums, on=["row", "sector"], how="left")
        .join(starts, on="sector")
        .select(
            "row",
            "sector",
            "tie_order",
            has_term=pl.col("sum").is_not_null(),
            score=(pl.col("sum").fill_null(0) + pl.col("head_start")).round(4),
        )
        .sort("row", "score", "tie_order", descending=[False, True, False])
        .with_columns(place=pl.int_range(1, pl.len() + 1).over("row"))
    )


def _evidence(found: pl.DataFrame) -> pl.DataFrame:
    said = pl.format("{} ({}) {}", "term", "field", pl.col("said").round(1))
    shown = found.filter(pl.col("place") < SHOWN_TERMS)
    return shown.group_by("row", "sector", maintain_order=True).agg(
        said.str.join(", ").alias("sector_evidence")
    )
