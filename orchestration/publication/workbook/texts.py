"""The Chinese and English texts of the workbook's first sheet."""

from collections.abc import Sequence

from orchestration.publication.catalogue import Table
from orchestration.publication.purposes import purpose_remark
from orchestration.publication.registers import title_of
from scrapers.registers.base import Text

Line = tuple[str, str, str]
"""A label, its Chinese text and its English text."""

_SOURCES = {
    "live": Text("官方网站（实时抓取）", "the official website (live)"),
    "replica": Text(
        "程序自带的官网副本，内容取自真实清单",
        "the replica shipped with the program, with the data of the real lists",
    ),
}
TERMS: tuple[Line, ...] = (
    (
        "register, registrations, other_registers",
        (
            "register 为备案或登记的类别；registrations 汇总各类，每个编号一行，"
            "同一编号列入两类清单的只计一次。"
        ),
        (
            "A register is one kind of public list. registrations has all of them, one row per "
            "number; a number that two registers list counts once."
        ),
    ),
    (
        "registrant_id, entity_match",
        (
            "有的清单未列主体编码，由程序按名称与其他类别的主体对应；对应不上的，registrant_id 为 "
            "name: 加名称。"
        ),
        (
            "Some lists print no entity codes. Their companies are matched by name to those of the "
            "other registers; without a match, registrant_id is name: and the name."
        ),
    ),
    (
        "service_type",
        (
            "filed（已备案）：向国家网信办备案的模型；registered（已登记）：调用已备案模型、在省级网信部门"
            "登记的应用；edge（端侧）：在终端设备上运行的模型。"
        ),
        (
            "filed: a model filed with the CAC; registered: an application that calls a filed "
            "model, registered with a province; edge: a model that runs on devices."
        ),
    ),
    (
        "share, *_share, share_of_*",
        (
            "占比，分母为清单所列条数；数值为 0 至 1 的小数，以百分比显示。"
            "growth 为增长率，50% 表示增加一半。"
        ),
        (
            "Fractions of the listed filings or registrations, from 0 to 1, displayed as "
            "percentages. A growth of 50% means half as many again."
        ),
    ),
    (
        "sector, inputs, outputs, is_generative, …",
        (
            "行业与技术不是官方栏目。sector_source 为 reviewed 的备案经过审读，其余由程序根据名称、"
            "产品、用途和主体推断；sector_confidence 为判断正确的估计概率，"
            "推断依据见 sector_evidence、modality_evidence。"
            "生成式人工智能服务只有名称和主体可供推断，误差更大。"
        ),
        (
            "Sector and technique are not official: the lists have no such columns. Filings with "
            "the sector_source reviewed were read; the others are derived from name, products, "
            "purpose and entity. sector_confidence is the estimated chance that the sector is "
            "right; sector_evidence and modality_evidence show what the rules found. Generative "
            "services have names only, so more of their sectors are wrong."
        ),
    ),
    (
        "is_cancelled",
        "注销公告列出了该编号，或清单备注注明已注销；已注销的备案仍计入清单所列备案数。",
        (
            "A cancellation notice lists the number, or the note in the list says 已注销. "
            "Cancelled filings still count as listed."
        ),
    ),
    (
        "list_status",
        "withdrawn_from_list：曾列入清单，现已移除；保留最后一次出现时的内容，不计入统计。",
        (
            "withdrawn_from_list: once listed, since removed from its list. Kept as last seen; not "
            "counted in the other sheets."
        ),
    ),
    (
        "pass_rate",
        "每个通过率都注明分母（denominator）和口径（basis）。公开清单只列出通过的备案，没有未通过的数据。",
        (
            "Each rate states its denominator and basis. The lists have only what passed, and no "
            "data on refusals."
        ),
    ),
    (
        "filing_number, entity_id, *_code",
        "以文本保存，保留前导零和全部数字（备案编号为 21 位）。",
        "Stored as text, with leading zeros and all digits (21 in a filing number).",
    ),
    (
        "retrieved_at, seen_at, valid_from, …",
        "均为协调世界时（UTC），是本项目抓取到的时间，不是官网修改的时间。",
        "Times are in UTC: when the archive first saw something, not when the source changed it.",
    ),
)
# Chinese titles of the marts, except those of registers.
_TITLES = {
    "registrations": "全部备案与登记（各类合并，每个编号一行）",
    "registrants": "备案与登记主体（各类合并）",
    "registrations_by_month": "各类备案与登记逐月数量",
    "registrations_by_region": "各类备案与登记分省数量与占比",
    "sectors_by_register": "各类备案与登记分行业数量与占比",
    "dual_track": "双轨主体（既有算法备案，又有生成式服务）",
    "names_for_review": "待核对的主体名称（同名而编码不同）",
    "official_totals": "官方公布的累计数与清单条数对照",
    "batches": "批次",
    "entities": "主体",
    "entity_groups": "集团（所属主体数、备案与登记数）",
    "entity_group_members": "集团所属主体（每行注明依据）",
    "sectors": "行业（编码、名称与定义）",
    "products": "产品",
    "regions_by_batch": "各批次分省数量与占比",
    "cities_by_batch": "各批次分市数量与占比",
    "sectors_by_batch": "各批次分行业数量与占比",
    "sectors_by_year": "各年分行业数量与增幅",
    "modalities_by_batch": "各批次的输入输出模态与技术",
    "roles_by_batch": "各批次分角色数量",
    "pass_rates": "通过率（均注明分母）",
    "cancellations": "注销公告中的记录",
    "filing_events": "备案历史事件",
    "changes": "与上一版本的差异",
    "article_claims": "文章论断核对",
    "article_claim_readings": "各论断的不同测算口径",
    "cities_by_sector": "各市分行业数量与区位商",
    "regions_by_sector": "各省分行业数量与区位商",
    "roles_by_sector": "各行业分角色数量",
    "entities_by_sector": "各主体分行业数量",
    "entity_moves": "主体登记地变更",
    "entity_names": "主体名称与曾用名",
    "filing_versions": "备案的历次版本",
    "issued_numbers": "已发放的编号（含未列入清单的）",
}


def origin(source: str) -> Line:
    """The line about the sources of a release, such as `replica, live`."""
    sources = [_SOURCES.get(name, Text(name, name)) for name in source.split(", ")]
    remark = purpose_remark(source)
    return (
        "数据来源 Fetched from",
        f"{'；'.join(text.zh for text in sources)}。{remark.zh}",
        f"{'; '.join(text.en for text in sources)}. {remark.en}",
    )


def without_sheets(large: Sequence[Table]) -> Line:
    """The line about the tables that are too large for a sheet."""
    names = ", ".join(table.name for table in large)
    example = f'filings query "from {large[0].name} limit 1000" --output x.xlsx'
    return (
        "未列入的表 Left out",
        (
            f"行数过多的表不列入本工作簿，全部数据见 parquet/<表名>.parquet 和 filings.duckdb："
            f"{names}。可用 {example} 取出所需的行。"
        ),
        (
            "Tables with too many rows have no sheet. They are in parquet/<table>.parquet and in "
            f"filings.duckdb: {names}. To get the rows you need, run {example}."
        ),
    )


def title_zh(table: Table) -> str:
    """The Chinese title of a mart; empty if it only has its English description."""
    if table.register:
        return f"{title_of(table.register).zh}（每个编号一行）"
    return _TITLES.get(table.name, "")
