"""The Chinese and English texts of the workbook's first sheet."""

Line = tuple[str, str, str]
"""A label, its Chinese text and its English text."""

TITLE = "深度合成服务算法备案 · China's register of deep-synthesis algorithms"

SOURCES = {
    "live": ("官方网站（实时抓取）", "the official website (live)"),
    "replica": (
        "程序自带的官网副本：各项内容取自真实清单，只有主要用途（purpose）的文字是副本改写的",
        (
            "the replica shipped with the program: the data of the real lists, except that the "
            "wording of the purpose (主要用途) is the replica's own"
        ),
    ),
}
TERMS: tuple[Line, ...] = (
    (
        "share, *_share, share_of_*",
        (
            "占比，分母为清单所列备案数；数值为 0 至 1 的小数，以百分比显示。"
            "growth 为增长率，50% 表示增加一半。"
        ),
        (
            "Fractions of the listed filings, from 0 to 1, displayed as percentages. A growth of "
            "50% means half as many again."
        ),
    ),
    (
        "sector, inputs, outputs, is_generative, …",
        (
            "行业与技术不是官方栏目，由程序根据算法名称、产品、用途和主体名称推断，可能有误；"
            "判断依据见 sector_evidence、modality_evidence。"
        ),
        (
            "Sector and technique are inferred, not official: the register has no such columns. "
            "They are inferred from name, products, purpose and entity; sector_evidence and "
            "modality_evidence show the evidence."
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
            "Each rate states its denominator and basis. The register lists only what passed; it "
            "has no data on refusals."
        ),
    ),
    (
        "filing_number, entity_id, *_code",
        "以文本保存，保留前导零和全部 21 位数字。",
        "Stored as text, with leading zeros and all 21 digits.",
    ),
    (
        "retrieved_at, seen_at, valid_from, …",
        "均为协调世界时（UTC），是本项目抓取到的时间，不是官网修改的时间。",
        "Times are in UTC: when the archive first saw something, not when the source changed it.",
    ),
)
# Chinese titles of the marts. A mart without one is shown with its English description only.
TITLES = {
    "filings": "备案（每个编号一行）",
    "batches": "批次",
    "entities": "主体",
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
