"""The texts of the workbook's first sheet, in Chinese and in English."""

Line = tuple[str, str, str]
"""A label, and its text in Chinese and in English."""

TITLE = "深度合成服务算法备案 · China's register of deep-synthesis algorithms"

SOURCES = {
    "live": ("现行官网", "the live source"),
    "replica": (
        "程序自带的仿真源：各项取自真实清单，唯主要用途（purpose）由仿真源据编码改写",
        "the replica that comes with the program: facts of the real lists, but the replica words "
        "the purpose (主要用途) itself",
    ),
}
TERMS: tuple[Line, ...] = (
    (
        "share, *_share, share_of_*",
        "占比，以清单所列备案为分母；数值为 0 至 1 的小数，按百分比显示。"
        "growth 为增幅，50% 即多出一半。",
        "Fractions of the listed filings, from 0 to 1, shown in percent. Of a growth, 50 % is half "
        "as many again.",
    ),
    (
        "sector, inputs, outputs, is_generative, …",
        "行业与技术并非官方栏目，由程序据算法名称、产品、用途和主体名称判读，会有差错；"
        "依据见 sector_evidence、modality_evidence。",
        "Sector and technique are readings, not official: the register has no such columns. They "
        "are read from name, products, purpose and entity; sector_evidence and modality_evidence "
        "tell by what.",
    ),
    (
        "is_cancelled",
        "注销公告列出其编号，或清单备注写明已注销；已注销者仍在清单所列之数。",
        "A cancellation notice names the number, or the list's own note says 已注销. Cancelled "
        "filings still count among the listed ones.",
    ),
    (
        "list_status",
        "withdrawn_from_list：曾在清单，今已不见；保留其最后所见，不计入统计。",
        "withdrawn_from_list: once listed, now gone from its list; kept as last seen, and not "
        "counted in the other sheets.",
    ),
    (
        "pass_rate",
        "每一通过率写明分母（denominator）与口径（basis）。公开清单只列通过者，不载未通过者。",
        "Each rate names its denominator and basis. The register lists what passed and says "
        "nothing of refusals.",
    ),
    (
        "filing_number, entity_id, *_code",
        "存为文本，保留前导零与全部 21 位数字。",
        "Texts, with their leading zeros and all 21 digits.",
    ),
    (
        "retrieved_at, seen_at, valid_from, …",
        "均为协调世界时（UTC）；为本库首次所见之时，并非官网改动之时。",
        "Times are UTC: when the archive saw something, not when the source changed it.",
    ),
)
# What people who read Chinese look for; a new mart has its English description alone.
TITLES = {
    "filings": "备案（每个编号一行）",
    "batches": "批次",
    "entities": "主体",
    "products": "产品",
    "regions_by_batch": "各批次分省数量与占比",
    "cities_by_batch": "各批次分市数量与占比",
    "sectors_by_batch": "各批次分行业数量与占比",
    "sectors_by_year": "各年分行业数量与增幅",
    "modalities_by_batch": "各批次输入输出模态与技术",
    "roles_by_batch": "各批次分角色数量",
    "pass_rates": "通过率（各自写明分母）",
    "cancellations": "注销公告所列记录",
    "filing_events": "备案历史事件",
    "changes": "与上一版的差异",
    "article_claims": "文章论断核对",
    "article_claim_readings": "论断的各种读法",
    "cities_by_sector": "各市分行业数量与区位商",
    "regions_by_sector": "各省分行业数量与区位商",
    "roles_by_sector": "各行业分角色数量",
    "entities_by_sector": "主体分行业数量",
    "entity_moves": "主体迁址",
    "entity_names": "主体名称与曾用名",
    "filing_versions": "备案的各个版本",
    "issued_numbers": "已发编号（含未见于清单者）",
}
