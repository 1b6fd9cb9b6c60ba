"""Inputs and outputs of an algorithm, read out of the sentence that states its purpose.

Most purposes have one shape: 应用于…场景，服务于…客户，根据用户输入的…，生成…. The sentence is cut
into clauses; one that names what the user gives tells the inputs, what follows a verb of making
tells the outputs, and clauses about the method (结合…技术) tell neither. Within them the terms of
the seed `modality_terms` name the kinds. Where no clause names an output, the scenario, what the
algorithm is for (实现…功能) and its name are asked; text is the last resort.

Kinds, in their fixed order: inputs `text`, `image`, `audio`, `video`, `other`; outputs `text`,
`code`, `image`, `audio`, `video`, `avatar`, `3d`. A digital human is `avatar` alone: the video that
shows it, and its picture, are not counted beside it.
"""

from typing import NamedTuple

import polars as pl

from orchestration.classification.matching import found_terms, matching_text

INPUT_KINDS = ("text", "image", "audio", "video", "other")
OUTPUT_KINDS = ("text", "code", "image", "audio", "video", "avatar", "3d")

# How much a term says: NAMES a kind, HINTS at one, or is FILLER (信息, 内容), which counts as
# text where nothing else is said. DECIDES outdoes the other kinds of its phrase.
FILLER, HINTS, NAMES, DECIDES = range(4)


class Rule(NamedTuple):
    """A replacement in a text, in the syntax of Rust's regex."""

    pattern: str
    replacement: str = ""


_SCENARIO = r"^(?:主要)?(?:应用|用|适用)于?([^，]*?)(?:场景|领域|算法)?，"
_SCENARIO_CLAUSE = r"^(?:主要)?(?:应用|用|适用)于?[^，]*，"
_CLIENTS = r"^(?:主要|重点)?(?:服务于|面向|服务)"

_MAKES = (
    r"(?:转换成|转换为|转化为|转化成|转变为|转写为|翻译成|翻译为|转为|转成|转换|转化"
    r"|生成合成|生成|输出|合成|制作|创作|返回|得到|恢复|给出)"
)
_KIND_WORDS = r"(?:文本|文字|图像|图片|语音|音频|视频|内容|数字人|音乐|唇形|代码|文案|篇章|歌曲)"
_MACHINES = (
    r"(?:式|类|型)?(?:人工智能|大|语言|ai)?"
    r"(?:算法|模型|大模型|技术|能力|功能|服务|平台|引擎|领域|需求)"
)
# Verbs of making that are nouns or attributes here: 文本生成、…, 生成的视频, 生成式模型.
_NOUN_USES = (
    Rule(rf"{_KIND_WORDS}(?:生成|合成|转换|识别)(?:、|和|及|与)"),
    Rule(r"(?:生成|输出|合成|转换|创作|制作)的"),
    Rule(r"[一-龥]{2}(?:生成|合成|转换|创作|制作)(、|及|等|$)", "$1"),
    Rule(
        rf"(?:{_KIND_WORDS}|智能|深度|自动|[一-龥]{{0,2}})(?:生成|合成|转换|创作|制作){_MACHINES}"
    ),
)
# Parts of an input clause that name what the system has, or what speech is only turned into.
_NOT_GIVEN = (
    Rule(r"(?:选择|内置|系统)[^、，]*(?:模板|参数|条件)(?:和|或.*)?$"),
    Rule(r"预设[^、，]*模板"),
    Rule(r"加上?预设的.*$"),
    Rule(r"与[^，]*模板.*$"),
    Rule(r"中的[^、，]*$"),
    Rule(r"[一-龥]{2}(?:设计)?(?:生成|制作|创作|设计|编辑|处理|识别|翻译|合成)(?:、|等|需求)"),
    Rule(r"(?:转换|转化|转写|识别|转录)(?:后|成|为|得到|而成)*的?(?:文本|文字)(?:数据|信息|内容)?"),
)
_LEADS_IN = (
    r"^(?:再|并|同时|然后)?可?"
    r"(?:根据|基于|按照|依据|依照|针对|对|将|把|从|由|通过|以|使用|利用|识别|用户|输入|在用户)"
)
_GIVES = r"输入|上传|拍摄|拍照|录入|录制|提交|提供的|提问|接收|说出|已授权"
_TAKES = r"^(?:识别|提取).*(?:输入|上传|拍摄)"
_GOES_ON = r"^(?:或|和|及|以及)"
_METHOD = r"^(?:基于|利用|通过|使用|采用|结合|根据).*(?:算法|技术|模型|学习)$"
_SERVES = r"^(?:实现|提供|识别|提取|完成|进行|用于|为|回复|回答|转写|翻译|预测|支持|辅助|帮助|检测)"
_ONLY_TRANSCRIBES = r"转(?:换|化|写)?(?:成|为)(?:文字|文本)$"
# Means of telling instead of a verb of making: 以语音形式播报, 由数字人播报.
_BY_MEANS = (
    r"^(?:并|同时|最终)?(?:以|由|通过)(.*?)(?:的?形式|的?方式)?(?:进行)?(?:同步)?"
    r"(?:播报|播放|呈现|展示|输出|朗读|回复|回答|反馈)"
)
_BETWEEN = r"(?:以及|或者|并且|、|和|及|与|或|并|/)"
_BESIDE = r"^([^、]*?)(?:以及|和|及|、)[^、和及]*的[^的]*$"
_LIKE = (
    r"^(?:与|和|跟|同|根据|基于|含|带|包|具|由|在|对|以|针对|关于|符合|满足)"
    r"|一致|相关|匹配|对应|类似|同步|相似|有关|等|所|领域|之间"
)
_MAKING_SCENARIO = r"(?:生成|合成|编辑|创作|处理|设计)$"
_MAKING_NAME = r"生成|合成|驱动|编辑|修复|克隆|换|重建|渲染|绘|创作|转|融合|数字人|虚拟|视觉|唱"
_ANYTHING = "多模态"
_HUMAN = r"数字人|虚拟人物|虚拟人(?:生成|合成|驱动)|数智人(?:[^脸]|$)|虚拟主播"
_CODING = r"代码|编程"
_NO_CODING = r"[低零无]代码|少儿编程|编程(?:教育|学习|课|启蒙)"


def read_modalities(filings: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Inputs, outputs and what follows from them, one row a filing, in the order given.

    `filings` has `algorithm_name` and `purpose`; `terms` has the columns of the seed
    `modality_terms`. Returns `inputs` and `outputs` (kinds joined by +), `modality_evidence`,
    `is_multimodal`, `is_cross_modal`, `is_generative`.
    """
    texts = _texts(filings)
    clauses = _clauses(texts)
    inputs = _first_source(_inputs(clauses, terms), default="text")
    outputs = _first_source(_outputs(texts, clauses, terms), default="text")
    read = (
        texts.select("row", "scenario", "algorithm_name", "body")
        .join(_joined(inputs, "input"), on="row", how="left", maintain_order="left")
        .join(_joined(outputs, "output"), on="row", how="left", maintain_order="left")
    )
    return _derived(_corrected(read), terms)


def _texts(filings: pl.DataFrame) -> pl.DataFrame:
    purpose = matching_text(pl.col("purpose")).str.replace_all("[；。;！!,]", "，")
    return filings.select(
        matching_text(pl.col("algorithm_name")).alias("algorithm_name"),
        purpose.str.extract(_SCENARIO).fill_null("").alias("scenario"),
        purpose.str.replace(_SCENARIO_CLAUSE, "").alias("body"),
    ).with_row_index("row")


def _clauses(texts: pl.DataFrame) -> pl.DataFrame:
    """The clauses of each purpose with what they tell: `is_given`, `is_made`, `is_method`."""
    clause, no = pl.col("clause"), pl.col("no")
    clauses = (
        texts.select("row", clause=pl.col("body").str.split("，"))
        .explode("clause")
        .filter(clause != "", ~clause.str.contains(_CLIENTS))
        .with_columns(
            no=pl.int_range(pl.len()).over("row"),
            verbs=_replaced(clause, _NOUN_USES),
        )
    )
    gives, goes_on = clause.str.contains(_GIVES), clause.str.contains(_GOES_ON)
    clauses = clauses.with_columns(
        leads_in=clause.str.contains(_LEADS_IN),
        is_method=clause.str.contains(_METHOD) & ~gives,
        is_made=pl.col("verbs").str.contains(_MAKES),
    )
    in_first = (
        ~pl.col("verbs").str.contains("^" + _MAKES)
        & (~clause.str.contains("^(?:实现|提供|识别|结合|提取)") | clause.str.contains(_TAKES))
        & (pl.col("leads_in") | ~pl.col("is_made"))
    )
    in_later = (
        (pl.col("leads_in") & gives & ~clause.str.starts_with("将"))
        | (goes_on & ((no == 1) | gives))
        | clause.str.contains("^(?:并|同时)?(?:上传|输入)")
        | clause.str.contains("^(?:利用|通过).*将(?:接收|输入|用户)")
    )
    is_given = ~pl.col("is_method") & pl.when(no == 0).then(in_first).otherwise(in_later)
    return clauses.with_columns(is_given=is_given)


def _inputs(clauses: pl.DataFrame, terms: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    given = clauses.filter("is_given").select(
        "row",
        phrase=_replaced(
            pl.when("is_made")
            .then(
                pl.col("verbs")
                .str.replace("^(?:利用|通过).*?将", "")
                .str.replace(_MAKES + ".*$", "")
            )
            .otherwise("clause"),
            _NOT_GIVEN,
        ),
    )
    kinds = _kinds(given, terms, "input")
    return [
        ("purpose", kinds.filter(pl.col("strength") > FILLER)),
        ("purpose", kinds.filter(pl.col("strength") == FILLER)),
    ]


def _outputs(
    texts: pl.DataFrame, clauses: pl.DataFrame, terms: pl.DataFrame
) -> list[tuple[str, pl.DataFrame]]:
    made = _kinds_of_made(clauses, terms)
    named = made.filter(pl.col("strength") >= NAMES).select("row").unique()
    scenario = _kinds(
        texts.filter(pl.col("scenario").str.contains(_MAKING_SCENARIO)).select(
            "row", phrase="scenario"
        ),
        terms,
        "output",
    ).filter(pl.col("strength") >= NAMES)
    is_vague = pl.col("term") == _ANYTHING
    serves = clauses.filter(
        ~pl.col("is_given"),
        ~pl.col("is_method"),
        pl.col("is_made") | pl.col("clause").str.contains(_SERVES),
    ).select("row", phrase=_head("clause").fill_null(pl.col("clause")))
    name = texts.filter(pl.col("algorithm_name").str.contains(_MAKING_NAME)).select(
        "row", phrase=pl.concat_str("scenario", pl.lit("，"), "algorithm_name")
    )
    return [
        ("purpose", made.join(named, on="row", how="semi")),
        # Where the clause only hints (布局方案), a scenario of making that names a kind says more.
        ("scenario", scenario.filter(~is_vague)),
        ("purpose", made),
        ("purpose", _kinds(serves, terms, "output").filter(pl.col("strength") > FILLER)),
        ("scenario", scenario),
        ("name", _kinds(name, terms, "output").filter(pl.col("strength") >= NAMES)),
    ]


def _kinds_of_made(clauses: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """What follows each verb of making; first in the head of the phrase, behind its last 的."""
    verbs = pl.col("verbs")
    is_last = pl.col("no") == pl.col("no").max().over("row")
    made = (
        clauses.filter("is_made", ~verbs.str.contains(_ONLY_TRANSCRIBES) | is_last)
        .select(
            "row",
            phrase=verbs.str.replace_all(_MAKES, "◆").str.replace("^[^◆]*◆", "").str.split("◆"),
        )
        .explode("phrase")
    )
    means = clauses.filter(~pl.col("is_given")).select(
        "row", phrase=pl.col("clause").str.extract(_BY_MEANS)
    )
    phrases = (
        pl.concat([made, means.drop_nulls("phrase"), _beside_heads(made)])
        .with_row_index("phrase_no")
        .with_columns(head=_head("phrase"))
    )
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


def _beside_heads(phrases: pl.DataFrame) -> pl.DataFrame:
    """What is enumerated before a head with an attribute: 译文文本 in 译文文本以及替换后的图片.

    No enumeration of things made, but of what they are made from or like: 与文本、图像一致的图像.
    """
    phrase = pl.col("phrase")
    beside = phrases.filter(~phrase.str.contains(_LIKE)).select(
        "row", phrase=phrase.str.extract(_BESIDE)
    )
    beside = beside.drop_nulls("phrase")
    return beside.with_columns(phrase=_head("phrase").fill_null(phrase))


def _kinds(phrases: pl.DataFrame, terms: pl.DataFrame, side: str) -> pl.DataFrame:
    """The kinds that phrases name, (row, kind, term, strength): in each part of an enumeration the
    last of the strongest terms, since the last noun of a compound is what it is."""
    terms = terms.filter(pl.col("side").is_in(["any", side])).with_columns(
        matching_text(pl.col("term"))
    )
    found = (
        phrases.select("row", part=pl.col("phrase").str.replace_all(_BETWEEN, "、").str.split("、"))
        .explode("part")
        .with_row_index("part_no")
        .with_columns(term=found_terms(pl.col("part"), terms["term"]))
        .explode("term")
        .drop_nulls("term")
        .with_columns(place=pl.int_range(pl.len()).over("part_no"))
        .join(terms.select("term", "kind", "strength"), on="term")
    )
    strongest = found.filter(pl.col("strength") == pl.col("strength").max().over("part_no"))
    last = strongest.filter(pl.col("place") == pl.col("place").max().over("part_no"))
    return last.filter(pl.col("kind") != "none").select("row", "kind", "term", "strength")


def _first_source(sources: list[tuple[str, pl.DataFrame]], default: str) -> pl.DataFrame:
    """Of each row the kinds of the first source that has any: (row, kind, term, source)."""
    chosen: list[pl.DataFrame] = []
    for source, kinds in sources:
        for earlier in chosen:
            kinds = kinds.join(earlier.select("row").unique(), on="row", how="anti")
        chosen.append(kinds.with_columns(source=pl.lit(source)))
    return pl.concat(chosen)


def _joined(kinds: pl.DataFrame, name: str) -> pl.DataFrame:
    by_term = kinds.unique(["row", "kind", "term"]).sort("row", "term", "kind")
    said = pl.concat_str("term", pl.lit(" "), "kind")
    return by_term.group_by("row").agg(
        pl.col("kind").unique().alias(f"{name}_kinds"),
        pl.concat_str(said.str.join(", "), pl.lit(" ("), pl.col("source").first(), pl.lit(")"))
        .first()
        .alias(f"{name}_evidence"),
    )


def _corrected(read: pl.DataFrame) -> pl.DataFrame:
    """Digital humans as `avatar`, code beside text, text where nothing was found."""
    outputs = pl.col("output_kinds")
    names = pl.concat_str("scenario", pl.lit("，"), "algorithm_name")
    is_human = names.str.contains(_HUMAN) & (
        outputs.list.contains("video") | outputs.list.contains("image")
    )
    is_code = outputs.list.contains("text") & pl.col("algorithm_name").str.replace_all(
        _NO_CODING, ""
    ).str.contains(_CODING)
    return (
        read.with_columns(
            pl.col("input_kinds").fill_null(["text"]),
            outputs.fill_null(["text"]),
            pl.col("input_evidence").fill_null("nothing named"),
            pl.col("output_evidence").fill_null("nothing named"),
        )
        .with_columns(_with(outputs, "avatar", is_human))
        .with_columns(
            pl.when(outputs.list.contains("avatar"))
            .then(outputs.list.set_difference(["video", "image"]))
            .otherwise(outputs)
        )
        .with_columns(_with(outputs, "code", is_code))
    )


def _with(kinds: pl.Expr, kind: str, condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.concat_list(kinds, pl.lit([kind]))).otherwise(kinds)


def _derived(read: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    named = read.with_columns(
        inputs=_in_order(pl.col("input_kinds"), INPUT_KINDS),
        outputs=_in_order(pl.col("output_kinds"), OUTPUT_KINDS),
    )
    inputs, outputs = pl.col("inputs"), pl.col("outputs")
    is_multimodal = outputs.str.contains("+", literal=True)
    makes_new_kind = pl.col("output_kinds").list.set_difference("input_kinds").list.len() > 0
    only_recognises = (
        (outputs == "text") & ~inputs.str.contains("text") & _says("recognition", terms)
    )
    only_edits = (
        (inputs == outputs) & inputs.is_in(["image", "audio", "video"]) & _says("editing", terms)
    )
    return named.select(
        inputs,
        outputs,
        pl.format(
            "inputs: {}; outputs: {}", pl.col("input_evidence"), pl.col("output_evidence")
        ).alias("modality_evidence"),
        is_multimodal.alias("is_multimodal"),
        (is_multimodal | makes_new_kind).alias("is_cross_modal"),
        (~only_recognises & ~only_edits).alias("is_generative"),
    )


def _says(technique: str, terms: pl.DataFrame) -> pl.Expr:
    """Whether scenario, name or purpose names the technique."""
    named = terms.filter(pl.col("kind") == technique).select(matching_text(pl.col("term")))
    texts = pl.concat_str("scenario", "algorithm_name", "body", separator="，")
    return texts.str.contains_any(named["term"].to_list())


def _in_order(kinds: pl.Expr, order: tuple[str, ...]) -> pl.Expr:
    named = [
        pl.when(kinds.list.contains(kind)).then(pl.lit("+" + kind)).otherwise(pl.lit(""))
        for kind in order
    ]
    return pl.concat_str(named).str.strip_chars_start("+")


def _head(column: str) -> pl.Expr:
    return pl.col(column).str.extract("的([^的]*)$")


def _replaced(text: pl.Expr, rules: tuple[Rule, ...]) -> pl.Expr:
    for rule in rules:
        text = text.str.replace_all(rule.pattern, rule.replacement)
    return text
