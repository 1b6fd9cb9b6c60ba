"""Classification by sector: a weighted sum of the terms found in the texts of a filing.

Each term of the seeds `sector_words`, `sector_companies` and `sector_exceptions` found in a field
adds to its sector its weight times the factor of the field (seed `sector_fields`). Outputs count
as well, matched as a whole: field `outputs` and, for filings without products, `supporter_shape`
(inputs>outputs). The strongest term of a sector counts in full and each further term half as much
as the one before, so many weak hints do not outweigh one clear word. Each sector begins with its
head start (seed `sector_definitions`); a filing without other evidence is `general`.

Enumerations are weak evidence. A purpose naming three or more industries is evidence for none.
Terms in a list of functions (实现…、…等功能) or in a long list of products count less.

A subject outranks a tool. If the purpose names an industry, terms of the sectors that describe what
a tool does count less. The outputs of a dialogue or of a recognition say nothing of its use.
"""

from typing import NamedTuple

import polars as pl

from orchestration.classification.matching import found_terms, matching_text

# Fields with nearly the same terms are searched together: building an automaton takes as long as
# searching some ten thousand texts.
_SEARCHED_TOGETHER = (("purpose", "functions"), ("product", "algorithm"), ("entity",))
FIELDS = tuple(field for fields in _SEARCHED_TOGETHER for field in fields)
# The values of `field` in the seeds, and the fields to search for each.
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
DECAY = 0.5  # Weight of each further term relative to the one before.
LISTED_INDUSTRIES = 3  # A purpose with this many is a list of industries.
LISTED_PRODUCTS = 3  # With more products than this, their terms count less.
SHOWN_TERMS = 5

# Words that names consist of. They show where other words end.
_WORDS = (
    "文本", "文字", "语音", "音频", "视频", "数字", "数据", "多模态", "内容", "对话", "问答",
    "智能", "科技", "技术", "信息", "网络", "软件", "系统", "平台", "服务", "客服", "助手", "分析",
    "合成", "算法", "模型", "有限", "公司", "股份", "集团", "文化", "传媒", "交互", "创作",
)  # fmt: skip

# Sectors that describe what a tool does, not the industry that it serves.
TOOLS = ("enterprise", "creative")
_CROSS_INDUSTRY = (*TOOLS, "general")
# Their terms count less if the purpose names an industry by a term of at least this weight.
SUBJECT_WEIGHT = 2
TOOL_WITH_SUBJECT = 0.75
NO_TERM = "no term found"  # The evidence of a filing that is general for lack of any.
# A scenario whose outputs are replies or findings: 对话生成, 图像识别.
_REPLIES = r"^(?:主要)?(?:应用于?|适用于|用于)[^,]*(?:对话|问答|识别|交互|客服|检测)"
# A clause of the purpose that lists functions; searched as a separate field.
_FUNCTIONS = r"(?:实现|提供|支持|具备|包括)[^,。;]*、[^,。;]*等[^,。;]*"
_PRODUCT_KINDS = r"(?i)[(（](?:APP|网站|小程序|公众账号|其他)[)）]"


class SectorRules(NamedTuple):
    """The seeds as data frames.

    `terms` has the rows of all seeds of terms (`TERM_COLUMNS`), in any order. `fields` and
    `sectors` are the seeds `sector_fields` and `sector_definitions`.
    """

    terms: pl.DataFrame
    fields: pl.DataFrame
    sectors: pl.DataFrame


def classify_sectors(filings: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """Sector, runner-up, margin and evidence, one row per filing, in the given order.

    `filings` has `algorithm_name`, `entity_name`, `products`, `purpose`, `inputs` and `outputs`.
    Returns `sector`, `sector_runner_up`, `sector_margin` (score of the sector minus that of the
    runner-up) and `sector_evidence`.
    """
    found = _weighted_terms(_hits(_texts(filings), rules), rules)
    scores = _scores(found, rules.sectors, filings.height)
    best = scores.filter(pl.col("place") == 1).select("row", "sector", "score")
    second = scores.filter(pl.col("place") == 2).select(
        "row",
        # A sector without any term is second only by its tie order, which means nothing.
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
            pl.col("sector_evidence").fill_null(NO_TERM),
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
        outputs=pl.when(~purpose.str.contains(_REPLIES)).then("outputs").otherwise(pl.lit("")),
        supporter_shape=pl.when(~has_product)
        .then(pl.concat_str("inputs", pl.lit(">"), "outputs"))
        .otherwise(pl.lit("")),
        product_count=products.str.count_matches("、") + 1,
    ).with_row_index("row")


def _hits(texts: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """(row, field, term, sector, weight), one row per term and field, without masking terms."""
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
            .select("row", "field", term=found_terms(pl.col("text"), of_fields["term"], _WORDS))
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


def _weighted_terms(hits: pl.DataFrame, rules: SectorRules) -> pl.DataFrame:
    """The weight of each term for its sector, counted once, in the field where it is highest."""
    in_purpose = pl.col("field").is_in(["purpose", "functions"])
    of_industry = ~pl.col("sector").is_in(_CROSS_INDUSTRY)
    industries = (
        hits.filter(in_purpose, of_industry)
        .group_by("row")
        .agg(pl.col("sector").n_unique())
        .filter(pl.col("sector") >= LISTED_INDUSTRIES)
    )
    listed = pl.col("row").is_in(industries["row"].implode())
    hits = hits.filter(~(in_purpose & listed & (pl.col("sector") != "general")))
    subjects = hits.filter(
        pl.col("field") == "purpose", of_industry, pl.col("weight") >= SUBJECT_WEIGHT
    )
    is_tool_with_subject = pl.col("sector").is_in(TOOLS) & pl.col("row").is_in(
        subjects["row"].unique().implode()
    )
    length = pl.max_horizontal(pl.lit(1.0), pl.col("product_count") / LISTED_PRODUCTS)
    return (
        hits.join(rules.fields.select("field", "factor"), on="field", how="left")
        .with_columns(
            points=pl.col("weight")
            * pl.col("factor").fill_null(1.0)
            * pl.when(is_tool_with_subject).then(TOOL_WITH_SUBJECT).otherwise(1.0)
            / pl.when(pl.col("field") == "product").then(length).otherwise(1.0)
        )
        .sort(
            "row",
            "sector",
            "term",
            "points",
            "field",
            descending=[False, False, False, True, False],
        )
        .unique(["row", "sector", "term"], keep="first", maintain_order=True)
        .sort("row", "sector", "points", "term", descending=[False, False, True, False])
        .with_columns(place=pl.int_range(pl.len()).over("row", "sector"))
        .select("row", "sector", "field", "term", "points", "place")
    )


def _scores(found: pl.DataFrame, sectors: pl.DataFrame, filings: int) -> pl.DataFrame:
    """(row, sector, score, place) for each candidate sector of each filing.

    Sectors with equal scores are ranked by `tie_order`.
    """
    # Keep the order, so that floating-point sums are the same in every run.
    sums = found.group_by("row", "sector", maintain_order=True).agg(
        sum=(pl.col("points") * pl.lit(DECAY).pow(pl.col("place"))).sum()
    )
    rows = pl.DataFrame({"row": pl.int_range(filings, dtype=pl.UInt32, eager=True)})
    starts = sectors.select("tie_order", "head_start", sector="code")
    # Only sectors with a term, and the two best without one, can be first or second.
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
    shown_term = pl.format("{} ({}) {}", "term", "field", pl.col("points").round(1))
    shown = found.filter(pl.col("place") < SHOWN_TERMS)
    return shown.group_by("row", "sector", maintain_order=True).agg(
        shown_term.str.join(", ").alias("sector_evidence")
    )
