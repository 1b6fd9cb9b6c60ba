"""The vocabulary of notes, as patterns over the normalised text."""

import re

from scrapers.fields.notes.note_text import NAME, NAME_END, TITLE

ADD = "(?:新增加?|新添|增加|添加|增添|增设|增补|补充|追加|加入)"
REMOVE = "(?:删除|删减|减少|移除|去除|剔除|去掉|取消)"
ON, OFF = "上线", "(?:下线|下架|停用)"
CHANGE = (
    "(?:变更|更新|更改|更换|更正|更名|改名|改变|修改|修订|调整|变化|变动|替换|升级|迭代|优化|完善|"
    "简化)"
)
ARROW = "(?:[-=─—]+>|[→⇒➔➜])"
# 变更为 and similar verbs. Between two quoted names, 变更 is enough.
BECOMES = (
    "(?:(?:变更|更名|更改|修改|调整|改名|更换|替换|变换|更新|升级|转换|转变|变动|切换|合并|整合|改|变|换)"
    f"(?:登记)?[为成至到]|{ARROW}"
    f"|(?<={NAME_END})(?:变更|更名|更改|修改|改)(?={NAME}))[:]?"
)
# The same after 现, 已 and similar adverbs that cannot end a name, and in “甲”的名称变更为“乙”.
_NOW = "(?:随后|之后|[现已后又再])"
BECOMES_NOW = (
    f"(?:(?<={NAME_END})的?(?:名称|服务形式))?"
    f"(?:(?:(?<={NAME_END})|(?<=[),;])|(?<=公司|算法|模型)){_NOW}{{1,4}})?{BECOMES}"
)
CONTINUES = f"{_NOW}{{0,4}}{BECOMES}"
# 原 before a name, unless it is the first character of one, as in 原力公司.
FORMER = "(?:原有?(?![始力子点生创本神象木石野味色]))"

_OWN = "(?:备案|登记|填报|申报|运营|开发|服务|提供|责任|所属|算法(?=备案|主体)|本|该|此|的){0,5}"
ALGORITHM = "(?:备案|登记|本|该|此|的){0,3}算法(?:备案)?"
ENTITY = f"{_OWN}(?:主体|企业|公司|单位|机构|组织|备案人)(?:单位|企业|公司|主体)?"
PRODUCT = (
    r"(?:\(?关联\)?|算法|应用|使用|相关|涉及|对应|备案|服务|上线|软件|部分|其[他它]?|以下|如下|[的本该])"
    "{0,5}产品(?:信息(?![港通流网]|技术|科技))?"
)
# Words for a product that a name follows, as in 小程序名称 or 新增小程序“甲”.
PRODUCT_KIND = "(?:微信小程序|小程序|APP|网站|网页|公众号|公众账号|应用|软件|平台)"
NAMED = f"的?(?:名称|全称|简称|名字|名(?=[为是系由从:变更改]|{NAME}|$))"
COUNT = "(?:共计?|合计)?[0-9一二两三四五六七八九十]{1,3}[个款项种]"

# Separators in a list.
AND = "(?:以及|并且|[、,和及与并/&+])"

# Words for what is planned, refused or has not happened: these are not events.
_CHANGES_THEN = "(?=变|更|新|增|删|减|调|修|改|注|移|审|批|定)"
DENIED = (
    "(?:未(?!来|成年)|尚|勿|(?<![虚模比])拟(?!公示|人|真|合)|暂[不停缓无]|没有|(?:取消|停止)变更|中止|"
    "不(?:再|予|会|得|做|作|进行|发生|涉及|变)|无[需须法变]|是否|如需|如有|审[核批]中|撤回|撤销|驳回|失败|"
    f"(?:待|将|计划|准备|打算|申请){_CHANGES_THEN})"
)

# The possible beginnings of a clause where only the words show that one begins.
_NOUNS = (
    "原|算法|主体|产品|应用产品|关联产品|相关产品|输入|输出|模型|大模型|安全责任人|责任人|负责人|主要用途|"
    "法人|法定"
)
OPENS = (
    "(?:(?:并|且|同时|另|还|也){0,3}"
    f"(?:{_NOUNS}|现有?|{CHANGE}(?![为成至到])|{ADD}|{REMOVE}|接入|备案|企业|公司|单位|模态|用途|联系|"
    rf"信息|访问路径|[^、,()]{{1,40}}\([^()]{{1,40}}\)(?={BECOMES_NOW})|(?:该|已|均|全部){{0,3}}注销|20[0-9]{{2}}年|{TITLE}|{NAME}(?={BECOMES_NOW})))"
)
# The same without a separator: after a bracket, a quote or 变更.
OPENS_AFTER_NAME = (
    f"(?:{CHANGE}(?![为成至到])|{ADD}|{REMOVE}|原(?:算法|主体|产品|应用|关联)|{TITLE}|"
    "(?:算法|主体|产品)名称|产品变更|算法模型变更|接入)"
)
OPENS_AFTER_CHANGE = f"(?:{ADD}|{REMOVE}|{_NOUNS})"


def end_of(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    """Return where a match at `start` ends, or `start` if there is none."""
    found = pattern.match(text, start)
    return found.end() if found else start


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over normalised text, ignoring case."""
    return re.compile(pattern, re.IGNORECASE)
