"""Parses changes of information in free wording, after all other parsers have failed.

These are an added model, modality or function, or a change in the text of a document.
"""

from collections.abc import Sequence

from scrapers.fields.notes.clause import Clause
from scrapers.fields.notes.events import NoteEvent, Subject
from scrapers.fields.notes.note_text import TITLE
from scrapers.fields.notes.nouns import OTHER
from scrapers.fields.notes.vocabulary import ADD, BECOMES, CHANGE, DENIED, REMOVE, compiled

_CHANGED = f"(?:{CHANGE}|{ADD}|{REMOVE})"
_CONNECTS = "(?:接入|调用|引入|集成|对接|部署|使用)"

_DENIED = compiled(DENIED)
_VERB = compiled(_CHANGED)
_SAYS_MORE = compiled(f"{BECOMES}|转让|注销")
_IN_DOCUMENT = compiled(f"(?:(?:对|在|将)?(?:{_CHANGED}了?)?|(?:对|在)){TITLE}")
_MODEL_VERB = compiled(
    "(?:(?:备案|申报)?材料|算法|产品|备案|平台|系统)?[中里内]?"
    f"(?:(?P<verb>{_CHANGED})了?(?P<more>{_CONNECTS}了?)?|(?P<connects>{_CONNECTS})了?)"
)
_MODEL = compiled(
    "模型|算法|deepseek|qwen|chatglm|llama|gpt|claude|gemini|kimi|通义|千问|文心|豆包|混元|盘古|星火|百川|智谱|云雀"
)
_ABOUT_MODEL = compiled(
    ".*(?:机制|机理|原理|流程|描述|表述|说明|介绍|信息|内容|材料|报告|策略|指标|意图|目的|场景|功能|服务|能力|路径|"
    "效果|规则|数据|用途|人)(?:等)?"
)
_MEDIA = "(?:文本|文字|语音|音频|声音|图像|图片|图文|视频|文档|文件|多媒体)"
_MODALITY = compiled(f"模态|{_MEDIA}(?:[、和及与/]?{_MEDIA})?(?:输入|输出)")
_FUNCTION = compiled(
    f"(?P<where>.{{0,40}}?)(?:{ADD}|{REMOVE}|{CHANGE})了?"
    ".*(?:功能|服务|路径|入口|能力|模块|场景|检索|查询|搜索|识别|推荐|问答|交互|互动|生成|合成|编辑|翻译|审核|过滤|"
    "播报|朗读|工具|插件|接口|渠道|页面|界面|机制|策略|规则|方式|标识|水印)(?:等)?"
)
_OF_PRODUCT = compiled("访问路径|产品")
_WITH_VERB = compiled(
    f"{CHANGE}了?.*{OTHER}(?:等|等相关)?(?:信息|内容|描述|表述|文字)?|.*{OTHER}[已均]?(?:发生|进行)?{CHANGE}了?"
)


def read_free_form(clause: Clause) -> Sequence[NoteEvent] | None:
    """Return the change that a clause describes, or None.

    A planned, refused or withdrawn change is not a change.
    """
    normalised = clause.normalised
    if _DENIED.search(normalised):
        return None
    if _IN_DOCUMENT.match(normalised) and _VERB.search(normalised):
        return _change(clause, "other")
    if _SAYS_MORE.search(normalised):
        return None
    subject = _subject(clause)
    return _change(clause, subject) if subject else None


def _subject(clause: Clause) -> Subject | None:
    normalised = clause.normalised
    verb = _MODEL_VERB.match(normalised)
    if verb and _MODEL.search(clause.text.printed, verb.end()):
        is_connected = verb["more"] or verb["connects"]
        if is_connected or not _ABOUT_MODEL.fullmatch(normalised):
            return "model"
    if _VERB.search(normalised) and _MODALITY.search(normalised):
        return "modality"
    function = _FUNCTION.fullmatch(normalised)
    if function:
        is_of_product = _OF_PRODUCT.search(normalised) or (
            function["where"] and clause.is_after_products
        )
        return "product" if is_of_product else "other"
    return "other" if _WITH_VERB.fullmatch(normalised) else None


def _change(clause: Clause, subject: Subject) -> Sequence[NoteEvent]:
    return [clause.information(subject, None, clause.text.printed)]
