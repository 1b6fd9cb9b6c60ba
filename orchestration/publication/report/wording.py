"""Numbers and codes in words: how the report writes them in both languages."""

from orchestration.publication.report.figures import Text

ROLES = {
    "provider": Text("服务提供者", "Provider"),
    "technical_supporter": Text("技术支持者", "Technical supporter"),
}
VERDICTS = {
    "supported": Text("成立", "borne out"),
    "contradicted": Text("不成立", "contradicted"),
    "not_measurable": Text("无法衡量", "not measurable"),
}
TIERS = {
    1: Text("第 1–3 位", "Rank 1–3"),
    2: Text("第 4–7 位", "Rank 4–7"),
    3: Text("第 8 位及以后", "Rank 8 and below"),
}
BASES = {
    "in_force": Text("仍然有效", "Still in force"),
    "issued": Text("已发编号", "Numbers issued"),
    "reported": Text("文章所称", "As the article states"),
    "submissions": Text("申请数", "Applications counted"),
}
DENOMINATORS = {
    "in_force": Text(
        "分母：该批曾经列出的备案。分子：其中未注销、未撤下者。",
        "Denominator: filings that the batch lists or once listed. Numerator: those neither "
        "cancelled nor gone.",
    ),
    "issued": Text(
        "分母：按各主体流水号推算已发出的编号。分子：其中见于清单者。编号在通过之后才发出。",
        "Denominator: numbers issued, by the running numbers of each entity. Numerator: those that "
        "a list shows. Numbers are issued on approval.",
    ),
    "reported": Text(
        "文章给出比率，却没有申请数；分母由比率倒推，无从核对。",
        "The article states a rate and no count of applications; the denominator is implied by it "
        "and cannot be checked.",
    ),
    "submissions": Text(
        "分母：有出处的申请数。分子：清单列出的备案。",
        "Denominator: applications as a named source counts them. Numerator: filings listed.",
    ),
}
CANCELLED_AS = {
    "listed": Text("清单中的备案", "Listed filings"),
    "not_listed": Text("清单中未见的深度合成算法", "Deep synthesis, in no list held"),
    "other_kind": Text("其他类别算法", "Other kinds of algorithm"),
}
# Events, changes of information by their subject.
EVENTS = {
    "entity_renamed": Text("主体更名", "Entity renamed"),
    "algorithm_renamed": Text("算法更名", "Algorithm renamed"),
    "product_renamed": Text("产品更名", "Product renamed"),
    "products_added": Text("新增产品", "Products added"),
    "products_removed": Text("减少产品", "Products removed"),
    "information_changed": Text("信息变更", "Information changed"),
    "information_changed:purpose": Text("主要用途变更", "Purpose changed"),
    "information_changed:model": Text("算法模型变更", "Model changed"),
    "information_changed:modality": Text("输入输出模态变更", "Modality changed"),
    "information_changed:product": Text("产品信息变更", "Products changed"),
    "information_changed:person": Text("责任人变更", "Person changed"),
    "information_changed:other": Text("其他信息变更", "Other changes"),
    "unrecognised": Text("备注未能识别", "Note not understood"),
    "cancelled": Text("注销", "Cancelled"),
    "cancellation_revoked": Text("撤销注销", "Cancellation revoked"),
    "amended": Text("清单行修改", "Row of the list amended"),
    "withdrawn_from_list": Text("从清单撤下", "Gone from its list"),
    "relisted": Text("重新列入", "Listed again"),
    "moved": Text("移入其他批次清单", "Moved to another batch's list"),
}


def named(names: dict[str, Text], code: str) -> Text:
    """The words for a code; a code without words is used as it is."""
    return names.get(code, Text(code, code.replace("_", " ")))


def percent(share: float | None, digits: int = 1) -> str:
    """A fraction as percent, `—` for none."""
    return "—" if share is None else f"{100 * share:.{digits}f}%"


def quantity(value: float | None, unit: str) -> Text:
    """A stated or measured value of a claim with its unit."""
    if value is None:
        return Text("—", "—")
    number = f"{value:,.1f}".removesuffix(".0")
    match unit:
        case "percent":
            return Text(f"{number}%", f"{number}%")
        case "year":
            return Text(f"{value:.0f} 年", f"{value:.0f}")
        case _:
            noun = "filing" if value == 1 else "filings"
            return Text(f"{number} 项", f"{number} {noun}")
