"""Wording of numbers and codes in the report, in both languages."""

from orchestration.publication.report.figures import Text

ROLES = {
    "provider": Text("服务提供者", "Provider"),
    "technical_supporter": Text("服务技术支持者", "Technical supporter"),
}
VERDICTS = {
    "supported": Text("成立", "supported"),
    "contradicted": Text("不成立", "contradicted"),
    "inconclusive": Text("无定论", "inconclusive"),
    "not_measurable": Text("无法测算", "not measurable"),
}
TIERS = {
    1: Text("第 1–3 位", "Rank 1–3"),
    2: Text("第 4–7 位", "Rank 4–7"),
    3: Text("第 8 位及以后", "Rank 8 and below"),
}
BASES = {
    "in_force": Text("仍然有效", "Still in force"),
    "issued": Text("已发放编号", "Numbers issued"),
    "reported": Text("文章所述", "As stated in the article"),
    "submissions": Text("申请数", "Applications"),
}
DENOMINATORS = {
    "in_force": Text(
        "分母：曾列入该批清单的备案数。分子：其中未注销且未从清单移除的备案数。",
        "Denominator: filings that the batch lists or has listed. Numerator: those neither "
        "cancelled nor withdrawn from the list.",
    ),
    "issued": Text(
        "分母：按各主体的流水号推算的已发放编号数。分子：其中列入清单的编号数。"
        "备案编号在完成备案后才发放。",
        "Denominator: numbers issued, inferred from the serial numbers of each entity. Numerator: "
        "those that appear in a list. Numbers are issued only on approval.",
    ),
    "reported": Text(
        "文章只给出比率，没有给出申请数；分母由比率反推，无法核实。",
        "The article states a rate but no number of applications. The denominator is implied by "
        "the rate and cannot be verified.",
    ),
    "submissions": Text(
        "分母：有出处的申请数。分子：清单列出的备案数。",
        "Denominator: number of applications from a named source. Numerator: filings listed.",
    ),
}
CANCELLED_AS = {
    "listed": Text("清单中的深度合成备案", "Listed deep-synthesis filings"),
    "not_listed": Text("未列入清单的深度合成算法", "Deep synthesis, not in any list"),
    "other_kind": Text("其他类别算法", "Other kinds of algorithm"),
}
# Events; changes of information are named by their subject.
EVENTS = {
    "entity_renamed": Text("主体更名", "Entity renamed"),
    "algorithm_renamed": Text("算法更名", "Algorithm renamed"),
    "product_renamed": Text("产品更名", "Product renamed"),
    "products_added": Text("新增产品", "Products added"),
    "products_removed": Text("减少产品", "Products removed"),
    "information_changed": Text("信息变更", "Information changed"),
    "information_changed:purpose": Text("主要用途变更", "Purpose changed"),
    "information_changed:model": Text("算法模型变更", "Model changed"),
    "information_changed:modality": Text("输入输出模态变更", "Modalities changed"),
    "information_changed:product": Text("产品信息变更", "Products changed"),
    "information_changed:person": Text("责任人变更", "Responsible person changed"),
    "information_changed:other": Text("其他信息变更", "Other changes"),
    "unrecognised": Text("备注未能识别", "Note not understood"),
    "cancelled": Text("注销", "Cancelled"),
    "cancellation_revoked": Text("撤销注销", "Cancellation revoked"),
    "amended": Text("清单内容修改", "List row amended"),
    "withdrawn_from_list": Text("从清单移除", "Withdrawn from its list"),
    "relisted": Text("重新列入清单", "Relisted"),
    "moved": Text("移至其他批次清单", "Moved to another batch"),
}


OTHER = Text("其他", "Other")


def named(names: dict[str, Text], code: str) -> Text:
    """The words for a code; `OTHER` if it has none, since readers do not know the codes."""
    return names.get(code, OTHER)


def percent(share: float | None, digits: int = 1) -> str:
    """A fraction as a percentage, or `—` for None. What rounds to 0 without being 0 is `<1%`."""
    if share is None:
        return "—"
    smallest = 10**-digits
    if 0 < 100 * share < smallest / 2:
        return f"<{smallest:g}%"
    return f"{100 * share:.{digits}f}%"


def noun(number: int, one: str, several: str) -> str:
    """The English noun for a number of things."""
    return one if number == 1 else several


def count(number: int, one: str, several: str) -> str:
    """A number with its English noun: 1 company, 2,000 companies."""
    return f"{number:,} {noun(number, one, several)}"


def chinese_numeral(number: int) -> str:
    """A number up to ten in characters, as before a measure word; larger ones in digits."""
    characters = "零一两三四五六七八九十"
    return characters[number] if number < len(characters) else str(number)


def english_numeral(number: int) -> str:
    """A number up to ten in words; larger ones in digits."""
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words[number] if number < len(words) else f"{number:,}"


def quantity(value: float | None, unit: str) -> Text:
    """A stated or measured value of a claim, with its unit."""
    if value is None:
        return Text("—", "—")
    number = f"{value:,.1f}".removesuffix(".0")
    match unit:
        case "percent":
            share = f"{number}%" if abs(value) >= 0.05 else percent(value / 100)
            return Text(*[share.replace(".0%", "%")] * 2)
        case "year":
            return Text(f"{value:.0f} 年", f"{value:.0f}")
        case _:
            return Text(f"{number} 项", f"{number} {noun(int(value), 'filing', 'filings')}")


def between(low: float, high: float, unit: str) -> Text:
    """The range of two values of a claim, whose unit is written once: 3,234 to 4,294 filings."""
    first, last = quantity(low, unit), quantity(high, unit)
    if first == last:
        return first
    start = Text(first.zh.removesuffix(" 项").removesuffix(" 年"), first.en.split(" ")[0])
    return Text(f"{start.zh} 至 {last.zh}", f"{start.en} to {last.en}")


def range_of_error(low: float, high: float | None, unit: str) -> Text:
    """The range that errors of reading leave to a value. Without `high` it has no upper limit."""
    if high is None:
        least = quantity(low, unit)
        return Text(f"不低于 {least.zh}", f"{least.en} or more")
    return between(low, high, unit)


def with_count(definition: Text, part: Text | None) -> Text:
    """A definition, followed by how many of how many it counts where that is known."""
    if part is None:
        return definition
    zh, en = definition.zh.removesuffix("。"), definition.en.removesuffix(".")
    return Text(f"{zh}：{part.zh}。", f"{en}: {part.en}.")


def counted(part: int | None, whole: int | None) -> Text | None:
    """How many of how many a share counts. None for what is not part of a whole, such as growth."""
    if part is None or not whole or part > whole:
        return None
    return Text(f"{whole:,} 项中有 {part:,} 项", f"{part:,} of {whole:,}")


def measures(number: int, conclusive: int, low: float, high: float, unit: str) -> Text:
    """What several measures of a claim give, and how many of them decide it."""
    found = between(low, high, unit)
    zh = f"共 {number} 种口径，结果{'均为' if low == high else '为'} {found.zh}"
    en = f"{english_numeral(number).capitalize()} measures give {found.en}"
    if not conclusive:
        return Text(f"{zh}，均无定论", f"{en}; none of them is conclusive")
    if conclusive == number:
        all_of = "both" if number == 2 else "all"
        return Text(f"{zh}，均有定论", f"{en}; {all_of} of them are conclusive")
    are = "one of them is" if conclusive == 1 else f"{english_numeral(conclusive)} of them are"
    return Text(f"{zh}；其中 {conclusive} 种有定论", f"{en}; {are} conclusive")
