"""Classification of notices by title: a batch, a cancellation, a guide, or another register's.

A title that concerns this register, but is of none of these kinds, is `unknown`. An operator must
review it, because it may announce a batch or a cancellation in new words.
"""

import re
from typing import Literal

from scrapers.registers.discovery.wording import title_key

TitleKind = Literal["batch", "cancellation", "guide", "unknown", "other"]

BATCH_TITLE = "深度合成服务算法备案信息"

_SUBJECT = "深度合成"
_ORDINAL = re.compile("第[^第批]+批")
_BATCH = re.compile("深度合成(服务)?类?算法备案(信息|清单|名单)")
_NUMBERED_BATCH = re.compile("深度合成.{0,12}备案.{0,4}(信息|清单|名单|编号)")
_CANCELS = re.compile("注销|撤销|撤消")
_MAY_CANCEL = re.compile("取消|吊销|废止|作废")
_FILING_NUMBER = re.compile("备案编?号")
# Subjects of other registers, whose cancellations are not part of this one.
_OTHER_REGISTER = re.compile("生成式人工智能|区块链|网站|新闻|许可|域名|应用程序")
_PUBLISHES = re.compile("公告|通告|公示|决定|名单")
# Names of algorithms, which may contain any of these words.
_QUOTED = re.compile('“[^“”]*”|"[^"]*"|‘[^‘’]*’|「[^「」]*」|『[^『』]*』')
_NAME_OF_REGISTER = re.compile(
    "(境内)?(深度合成|互联网信息)(服务)?类?算法(备案)?(编?号|信息|清单|名单)?"
)
# The title of a guide ends with its kind: 深度合成服务算法备案填报指南（第二版）.
_GUIDE_NOUNS = "手册|指南|指引|须知|教程|常见问题|(使用|操作|填报|填写|备案)说明|流程图?"
_OTHER_NOUNS = "模板|样表|样例|示例|课件|问答|解答|解读|答记者问|管理规定|管理办法|征求意见稿?"
_GUIDE_END = (
    "》?(的?(公告|通知|通告))?"
    r"([(【\[][^()【】\[\]]*[)】\]]|v?[0-9]++(\.[0-9]++)*+版?|(最新|更新|修订|试行)版?|下载"
    r"|\.(pdf|docx?|zip|rar))*$"
)
_GUIDE = re.compile(f"({_GUIDE_NOUNS}|{_OTHER_NOUNS}){_GUIDE_END}", re.IGNORECASE)
_GUIDE_OF_CANCELLING = re.compile(f"({_GUIDE_NOUNS}){_GUIDE_END}", re.IGNORECASE)
_SYSTEM = re.compile("系统.{0,8}(维护|升级|上线|切换|停机|暂停|停止服务|迁移)|暂停受理")


def is_batch_title(title: str) -> bool:
    """Whether the title of a page or notice announces a batch."""
    key = title_key(title)
    has_ordinal = _ORDINAL.search(key) is not None
    return bool(_BATCH.search(key) or (has_ordinal and _NUMBERED_BATCH.search(key)))


def kind_of(title: str) -> TitleKind:
    """The kind of notice with this title.

    Any other title with 深度合成, or with 算法 and 注销 or 撤销, is `unknown`. So is a title that
    announces a numbered batch and also cancels.
    """
    key = title_key(title)
    unquoted = _QUOTED.sub("", key)
    if _CANCELS.search(unquoted):
        return _kind_of_cancelling(key, unquoted)
    has_ordinal = _ORDINAL.search(key) is not None
    is_guide = _GUIDE.search(unquoted) is not None
    if is_batch_title(key) and (has_ordinal or not is_guide):
        return "batch"
    if is_guide or _SYSTEM.search(unquoted):
        return "guide"
    return "unknown" if _is_ours(key) else "other"


def quoted_names(title: str) -> list[str]:
    """The quoted names of algorithms in a title, normalised for matching.

    A quoted name of the register itself is left out.
    """
    names = (quoted[1:-1] for quoted in _QUOTED.findall(title_key(title)))
    return [name for name in names if name and not _NAME_OF_REGISTER.fullmatch(name)]


def _kind_of_cancelling(key: str, unquoted: str) -> TitleKind:
    """The kind of a title that contains 注销 or 撤销 outside quoted names."""
    if _ORDINAL.search(unquoted) and is_batch_title(unquoted):
        return "unknown"
    if _GUIDE_OF_CANCELLING.search(unquoted):
        return "guide"
    if "算法" not in unquoted and _OTHER_REGISTER.search(unquoted):
        return "unknown" if _is_ours(key) else "other"
    if _FILING_NUMBER.search(unquoted):
        return "cancellation"
    if _PUBLISHES.search(unquoted) and ("算法" in key or "备案" in key):
        return "cancellation"
    return "unknown" if _is_ours(key) else "other"


def _is_ours(key: str) -> bool:
    """Whether a title concerns this register, or a cancellation in it."""
    return (
        _SUBJECT in key
        or ("算法" in key and _CANCELS.search(key) is not None)
        or bool(_FILING_NUMBER.search(key) and _MAY_CANCEL.search(key))
    )
