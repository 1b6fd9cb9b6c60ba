"""Classification of inputs and outputs, from the sentence that states the purpose.

The terms of the seed `modality_terms` identify kinds in the phrases that `clauses` extracts. If no
clause names an output, the scenario, the functions and the name of the algorithm are searched in
turn. The default is text.

Kinds, in their fixed order: inputs `text`, `image`, `audio`, `video`, `other`; outputs `text`,
`code`, `image`, `audio`, `video`, `avatar`, `3d`. A digital human counts as `avatar` only: the
video or picture that shows it is not counted as well.
"""

import polars as pl

from orchestration.classification.clauses import (
    function_phrases,
    given_phrases,
    head,
    made_phrases,
    parts,
    split_clauses,
    split_purposes,
)
from orchestration.classification.matching import found_terms, matching_text

INPUT_KINDS = ("text", "image", "audio", "video", "other")
OUTPUT_KINDS = ("text", "code", "image", "audio", "video", "avatar", "3d")

# The strength of a term: it NAMES a kind, HINTS at one, or is FILLER (信息, 内容), which counts as
# text if nothing else is found. DECIDES overrides the other kinds in its phrase.
FILLER, HINTS, NAMES, DECIDES = range(4)

# A scenario or a name counts only if it is about making something: 图像识别 makes no image.
_MAKING_SCENARIO = r"(?:生成|合成|编辑|创作|处理|设计)$"
_MAKING_NAME = r"生成|合成|驱动|编辑|修复|克隆|换|重建|渲染|绘|创作|转|融合|数字人|虚拟|视觉|唱"
_ANYTHING = "多模态"  # Several kinds, but it does not say which.
_HUMAN = r"数字人|虚拟人物|虚拟人(?:生成|合成|驱动)|数智人(?:[^脸]|$)|虚拟主播"
_CODING = r"代码|编程"
_NO_CODING = r"[低零无]代码|少儿编程|编程(?:教育|学习|课|启蒙)"


def classify_modalities(filings: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Inputs, outputs and derived flags, one row per filing, in the given order.

    `filings` has `algorithm_name` and `purpose`; `terms` has the columns of the seed
    `modality_terms`. Returns `inputs` and `outputs` (kinds joined by +), `modality_evidence`,
    `mentions_recognition`, `mentions_editing`, `is_multimodal`, `is_cross_modal` and
    `is_generative`.
    """
    texts = split_purposes(filings)
    clauses = split_clauses(texts)
    inputs = _first_source(_inputs(clauses, terms))
    outputs = _first_source(_outputs(texts, clauses, terms))
    found = (
        texts.select("row", "scenario", "algorithm_name", "body")
        .join(_joined(inputs, "input"), on="row", how="left", maintain_order="left")
        .join(_joined(outputs, "output"), on="row", how="left", maintain_order="left")
    )
    return _derived(_corrected(found), terms)


def _inputs(clauses: pl.DataFrame, terms: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    kinds = _kinds(given_phrases(clauses), terms, "input")
    return [
        ("purpose", kinds.filter(pl.col("strength") > FILLER)),
        ("purpose", kinds.filter(pl.col("strength") == FILLER)),
    ]


def _outputs(
    texts: pl.DataFrame, clauses: pl.DataFrame, terms: pl.DataFrame
) -> list[tuple[str, pl.DataFrame]]:
    made = _made_kinds(clauses, terms)
    named = made.filter(pl.col("strength") >= NAMES).select("row").unique()
    scenario = _kinds(
        texts.filter(pl.col("scenario").str.contains(_MAKING_SCENARIO)).select(
            "row", phrase="scenario"
        ),
        terms,
        "output",
    ).filter(pl.col("strength") >= NAMES)
    is_vague = pl.col("term") == _ANYTHING
    serves = _kinds(function_phrases(clauses), terms, "output")
    name = texts.filter(pl.col("algorithm_name").str.contains(_MAKING_NAME)).select(
        "row", phrase=pl.concat_str("scenario", pl.lit("，"), "algorithm_name")
    )
    return [
        ("purpose", made.join(named, on="row", how="semi")),
        # If clauses only hint at a kind (布局方案), a scenario that names one takes precedence.
        ("scenario", scenario.filter(~is_vague)),
        ("purpose", made),
        ("purpose", serves.filter(pl.col("strength") > FILLER)),
        ("scenario", scenario),
        ("name", _kinds(name, terms, "output").filter(pl.col("strength") >= NAMES)),
    ]


def _made_kinds(clauses: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The kinds in the phrases about what is made, preferring the head of a phrase."""
    phrases = made_phrases(clauses).with_row_index("phrase_no").with_columns(head=head("phrase"))
    heads = phrases.filter(pl.col("head").is_not_null())
    in_head = _kinds(heads.select(row="phrase_no", phrase="head"), terms, "output")
    in_head = in_head.filter(pl.col("strength") > FILLER)
    rest = phrases.join(in_head.select(phrase_no="row").unique(), on="phrase_no", how="anti")
    in_rest = _kinds(rest.select(row="phrase_no", phrase="phrase"), terms, "output")
    found = pl.concat([in_head, in_rest.filter(pl.col("strength") > FILLER)])
    return (
        found.rename({"row": "phrase_no"})
        .join(phrases.select("phrase_no", "row"), on="phrase_no")
        .select("row", "kind", "term", "strength")
    )


def _kinds(phrases: pl.DataFrame, terms: pl.DataFrame, side: str) -> pl.DataFrame:
    """The kinds in phrases: (row, kind, term, strength).

    In each part of an enumeration, the last of the strongest terms counts, because the last noun of
    a Chinese compound is its head.
    """
    terms = terms.filter(pl.col("side").is_in(["any", side])).with_columns(
        matching_text(pl.col("term"))
    )
    found = (
        parts(phrases)
        .with_columns(term=found_terms(pl.col("part"), terms["term"]))
        .explode("term")
        .drop_nulls("term")
        .with_columns(place=pl.int_range(pl.len()).over("part_no"))
        .join(terms.select("term", "kind", "strength"), on="term")
    )
    strongest = found.filter(pl.col("strength") == pl.col("strength").max().over("part_no"))
    last = strongest.filter(pl.col("place") == pl.col("place").max().over("part_no"))
    return last.filter(pl.col("kind") != "none").select("row", "kind", "term", "strength")


def _first_source(sources: list[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """The kinds of each row from the first source that has any: (row, kind, term, source)."""
    chosen: list[pl.DataFrame] = []
    for source, kinds in sources:
        remaining = kinds
        for earlier in chosen:
            remaining = remaining.join(earlier.select("row").unique(), on="row", how="anti")
        chosen.append(remaining.with_columns(source=pl.lit(source)))
    return pl.concat(chosen)


def _joined(kinds: pl.DataFrame, name: str) -> pl.DataFrame:
    by_term = kinds.unique(["row", "kind", "term"]).sort("row", "term", "kind")
    shown = pl.concat_str("term", pl.lit(" "), "kind")
    return by_term.group_by("row").agg(
        pl.col("kind").unique().alias(f"{name}_kinds"),
        pl.concat_str(shown.str.join(", "), pl.lit(" ("), pl.col("source").first(), pl.lit(")"))
        .first()
        .alias(f"{name}_evidence"),
    )


def _corrected(found: pl.DataFrame) -> pl.DataFrame:
    """Apply corrections: digital humans as `avatar`, code next to text, text as the default."""
    outputs = pl.col("output_kinds")
    names = pl.concat_str("scenario", pl.lit("，"), "algorithm_name")
    is_human = names.str.contains(_HUMAN) & (
        outputs.list.contains("video") | outputs.list.contains("image")
    )
    is_code = outputs.list.contains("text") & pl.col("algorithm_name").str.replace_all(
        _NO_CODING, ""
    ).str.contains(_CODING)
    return (
        found.with_columns(
            pl.col("input_kinds").fill_null(["text"]),
            outputs.fill_null(["text"]),
            pl.col("input_evidence").fill_null("nothing named"),
            pl.col("output_evidence").fill_null("nothing named"),
        )
        .with_columns(
            _with(outputs, "avatar", is_human & ~outputs.list.contains("avatar")),
            _with_reason("digital human by name", is_human & ~outputs.list.contains("avatar")),
        )
        .with_columns(
            pl.when(outputs.list.contains("avatar"))
            .then(outputs.list.set_difference(["video", "image"]))
            .otherwise(outputs)
        )
        .with_columns(
            _with(outputs, "code", is_code & ~outputs.list.contains("code")),
            _with_reason("code by name", is_code & ~outputs.list.contains("code")),
        )
    )


def _with(kinds: pl.Expr, kind: str, condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.concat_list(kinds, pl.lit([kind]))).otherwise(kinds)


def _with_reason(reason: str, condition: pl.Expr) -> pl.Expr:
    evidence = pl.col("output_evidence")
    return (
        pl.when(condition).then(pl.format("{}, {}", evidence, pl.lit(reason))).otherwise(evidence)
    )


def modality_flags() -> dict[str, pl.Expr]:
    """The flags that follow from `inputs`, `outputs` and the techniques mentioned.

    `mentions_recognition` and `mentions_editing` are columns of `classify_modalities`.
    """
    inputs, outputs = pl.col("inputs"), pl.col("outputs")
    is_multimodal = outputs.str.contains("+", literal=True)
    new_kinds = outputs.str.split("+").list.set_difference(inputs.str.split("+"))
    only_recognises = (
        (outputs == "text") & ~inputs.str.contains("text") & pl.col("mentions_recognition")
    )
    only_edits = (
        (inputs == outputs) & inputs.is_in(["image", "audio", "video"]) & pl.col("mentions_editing")
    )
    return {
        "is_multimodal": is_multimodal,
        "is_cross_modal": is_multimodal | (new_kinds.list.len() > 0),
        "is_generative": ~only_recognises & ~only_edits,
    }


def _derived(found: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    return found.select(
        _in_order(pl.col("input_kinds"), INPUT_KINDS).alias("inputs"),
        _in_order(pl.col("output_kinds"), OUTPUT_KINDS).alias("outputs"),
        pl.format(
            "inputs: {}; outputs: {}", pl.col("input_evidence"), pl.col("output_evidence")
        ).alias("modality_evidence"),
        _mentions("recognition", terms).alias("mentions_recognition"),
        _mentions("editing", terms).alias("mentions_editing"),
    ).with_columns(**modality_flags())


def _mentions(technique: str, terms: pl.DataFrame) -> pl.Expr:
    """Whether the scenario, the name or the purpose mentions the technique."""
    named = terms.filter(pl.col("kind") == technique).select(matching_text(pl.col("term")))
    texts = pl.concat_str("scenario", "algorithm_name", "body", separator="，")
    return texts.str.contains_any(named["term"].to_list())


def _in_order(kinds: pl.Expr, order: tuple[str, ...]) -> pl.Expr:
    named = [
        pl.when(kinds.list.contains(kind)).then(pl.lit("+" + kind)).otherwise(pl.lit(""))
        for kind in order
    ]
    return pl.concat_str(named).str.strip_chars_start("+")
