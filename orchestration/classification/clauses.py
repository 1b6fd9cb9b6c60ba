"""Splitting of a purpose into phrases about what is given, what is made, and what it is for.

Most purposes have the same structure: 应用于…场景，服务于…客户，根据用户输入的…，生成…. The inputs
are in clauses about what the user gives, the outputs after verbs of making. Clauses about the
method (结合…技术) and the customers have neither. All functions work on data frames with a column
`row`, which identifies the filing, and most return phrases: (row, phrase).
"""

from typing import NamedTuple

import polars as pl

from orchestration.classification.matching import matching_text


class Rule(NamedTuple):
    """A replacement in a text, in the syntax of Rust's regex crate."""

    pattern: str
    replacement: str = ""


_SCENARIO = r"^(?:主要)?(?:应用于?|适用于|用于)([^，]*?)(?:场景|领域|算法)?，"
_SCENARIO_CLAUSE = r"^(?:主要)?(?:应用于?|适用于|用于)[^，]*，"
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
# Verbs of making used as nouns or attributes: 文本生成、…, 生成的视频, 生成式模型.
_NOUN_USES = (
    Rule(rf"{_KIND_WORDS}(?:生成|合成|转换|识别)(?:、|和|及|与)"),
    Rule(r"(?:生成|输出|合成|转换|创作|制作)的"),
    Rule(r"[一-龥]{2}(?:生成|合成|转换|创作|制作)(、|及|等|$)", "$1"),
    Rule(
        rf"(?:{_KIND_WORDS}|智能|深度|自动|[一-龥]{{0,2}})(?:生成|合成|转换|创作|制作){_MACHINES}"
    ),
)
# Words after an enumeration of kinds that qualify or summarise all of it and name no kind
# themselves: 文本、图像指令; 视频等多模态信息; 文本、图像、音频等形式的回答.
_KIND = r"(?:文本|文字|图像|图片|图形|语音|声音|音频|视频)"
_AFTER_KINDS = (
    Rule(
        rf"((?:、|或者|以及|或|和|及|与)[^、]*?{_KIND})类?(?:指令|咨询|问题|提问|请求|命令)+(?:描述)?"
        r"(?:信息|内容|数据)?$",
        "$1",
    ),
    Rule(rf"({_KIND})(?:等|或其他)?(?:多种|各种|不同|多个)?(?:形式|模态|类型|方式)的[^的]*$", "$1"),
    Rule(rf"({_KIND})等[^、，文图音视]*(?:多模态[^、，文图音视]*)?$", "$1"),
)
# A comma used instead of 、 in such an enumeration.
_COMMA_BETWEEN_KINDS = Rule(rf"({_KIND})，({_KIND}(?:数据|信息|内容)?(?:，|、|等|或|和))", "$1、$2")
# Parts of an input clause about what the system provides, or about intermediate transcripts.
_NOT_GIVEN = (
    Rule(r"(?:选择|内置|系统)[^、，]*(?:模板|参数|条件)(?:[和或].*)?$"),
    Rule(r"预设[^、，]*模板"),
    Rule(r"加上?预设的.*$"),
    Rule(r"与[^，]*模板.*$"),
    Rule(r"中的[^、，]*$"),
    Rule(
        r"(图像|图片|照片|视频|语音|音频|录音)中(?:提取|识别|包含|声学|人物|人脸|文字|文本)"
        r"[^、，或和及与]*",
        "$1",
    ),
    Rule(r"^(?:识别|提取)(?:识别)?"),
    Rule(r"[一-龥]{2}(?:设计)?(?:生成|制作|创作|设计|编辑|处理|识别|翻译|合成)(?:、|等|需求)"),
    Rule(r"(?:转换|转化|转写|识别|转录)(?:后|成|为|得到|而成)*的?(?:文本|文字)(?:数据|信息|内容)?"),
)
# The beginnings of input clauses, and words that show that something is given.
_LEADS_IN = (
    r"^(?:再|并|同时|然后)?可?"
    r"(?:根据|基于|按照|依据|依照|针对|对|将|把|从|由|通过|以|使用|利用|识别|用户|输入|在用户)"
)
_GIVES = r"输入|上传|拍摄|拍照|录入|录制|提交|提供的|提问|接收|说出|已授权"
# A clause that begins like a method or a function but names an input.
_TAKES = r"^(?:识别|提取).*(?:输入|上传|拍摄)"
_RECOGNISES = r"^(?:识别|提取|检测|采集|捕捉|分析)"
# A second clause that continues the first: 根据用户输入的文本，或语音….
_GOES_ON = r"^(?:或|和|及|以及)"
_METHOD = r"^(?:基于|利用|通过|使用|采用|结合|根据).*(?:算法|技术|模型|学习)$"
_SERVES = r"^(?:实现|提供|识别|提取|完成|进行|用于|为|回复|回答|转写|翻译|预测|支持|辅助|帮助|检测)"
# An intermediate transcript of speech is not an output.
_ONLY_TRANSCRIBES = r"转(?:换|化|写)?(?:成|为)(?:文字|文本)$"
# A means of presentation instead of a verb of making: 以语音形式播报, 由数字人播报.
_BY_MEANS = (
    r"^(?:并|同时|最终)?(?:以|由|通过)(.*?)(?:的?形式|的?方式)?(?:进行)?(?:同步)?"
    r"(?:播报|播放|呈现|展示|输出|朗读|回复|回答|反馈)"
)
_BETWEEN = r"(?:以及|或者|并且|、|和|及|与|或|并|/)"
# Items listed before a head noun with an attribute, and words that show it is not such a list.
_BEFORE_HEAD = r"^([^、]*?)(?:以及|和|及|、)[^、和及]*的[^的]*$"
_LIKE = (
    r"^(?:与|和|跟|同|根据|基于|含|带|包|具|由|在|对|以|针对|关于|符合|满足)"
    r"|一致|相关|匹配|对应|类似|同步|相似|有关|等|所|领域|之间"
)


def split_purposes(filings: pl.DataFrame) -> pl.DataFrame:
    """(row, algorithm_name, scenario, body), where the body is the purpose without the scenario."""
    purpose = matching_text(pl.col("purpose")).str.replace_all("[；。;！!,]", "，")
    # Twice, because each match consumes the kinds on both sides.
    purpose = _replaced(purpose, (_COMMA_BETWEEN_KINDS,) * 2)
    return filings.select(
        matching_text(pl.col("algorithm_name")).alias("algorithm_name"),
        purpose.str.extract(_SCENARIO).fill_null("").alias("scenario"),
        purpose.str.replace(_SCENARIO_CLAUSE, "").alias("body"),
    ).with_row_index("row")


def split_clauses(texts: pl.DataFrame) -> pl.DataFrame:
    """The clauses of each body, with the flags `is_given`, `is_made` and `is_method`."""
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
    clauses = clauses.with_columns(is_given=is_given)
    # Early filings state what is recognised instead of what is given: 识别语音消息，生成文本.
    is_recognised = (no == 0) & clause.str.contains(_RECOGNISES) & ~pl.col("is_method")
    return clauses.with_columns(
        is_given=pl.col("is_given") | (is_recognised & ~pl.col("is_given").any().over("row"))
    )


def given_phrases(clauses: pl.DataFrame) -> pl.DataFrame:
    """Phrases about what the user gives, without what the system provides."""
    before_making = (
        pl.col("verbs").str.replace("^(?:利用|通过).*?将", "").str.replace(_MAKES + ".*$", "")
    )
    return clauses.filter("is_given").select(
        "row",
        phrase=_replaced(
            pl.when("is_made").then(before_making).otherwise("clause"),
            (*_AFTER_KINDS, *_NOT_GIVEN),
        ),
    )


def made_phrases(clauses: pl.DataFrame) -> pl.DataFrame:
    """Phrases about what is made.

    They follow a verb of making, name a means of presentation, or are listed before a head noun.
    """
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
    made = made.with_columns(phrase=_replaced(pl.col("phrase"), _AFTER_KINDS))
    return pl.concat([made, means.drop_nulls("phrase"), _before_heads(made)])


def function_phrases(clauses: pl.DataFrame) -> pl.DataFrame:
    """Phrases about what the algorithm is for (实现…功能)."""
    return clauses.filter(
        ~pl.col("is_given"),
        ~pl.col("is_method"),
        pl.col("is_made") | pl.col("clause").str.contains(_SERVES),
    ).select("row", phrase=head("clause").fill_null(pl.col("clause")))


def parts(phrases: pl.DataFrame) -> pl.DataFrame:
    """The parts of enumerations: (row, part, part_no)."""
    separated = pl.col("phrase").str.replace_all(_BETWEEN, "、").str.split("、")
    return phrases.select("row", part=separated).explode("part").with_row_index("part_no")


def head(column: str) -> pl.Expr:
    """The text after the last 的 of a phrase; null if there is no 的."""
    return pl.col(column).str.extract("的([^的]*)$")


def _before_heads(phrases: pl.DataFrame) -> pl.DataFrame:
    """Items listed before a head noun with an attribute: 译文文本 in 译文文本以及替换后的图片.

    Lists of what something is made from, or resembles, are excluded: 与文本、图像一致的图像.
    """
    phrase = pl.col("phrase")
    items = phrases.filter(~phrase.str.contains(_LIKE)).select(
        "row", phrase=phrase.str.extract(_BEFORE_HEAD)
    )
    items = items.drop_nulls("phrase")
    return items.with_columns(phrase=head("phrase").fill_null(phrase))


def _replaced(text: pl.Expr, rules: tuple[Rule, ...]) -> pl.Expr:
    for rule in rules:
        text = text.str.replace_all(rule.pattern, rule.replacement)
    return text
