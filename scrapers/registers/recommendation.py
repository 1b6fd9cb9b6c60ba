"""The register of recommendation algorithms (互联网信息服务算法备案): one page since 2022-08.

The page is updated in place: each period adds one attached list, named by its month. Lists may be
amended in place months later.
"""

from scrapers.fields.filing_number import FILING_NUMBER_GRAMMAR
from scrapers.registers.base import Column, Register, TableLayout, Terms, Text
from scrapers.registers.columns import CATEGORIES, FILING_COLUMNS
from scrapers.registers.discovery.page_attachments import page_attachments

PAGE = "/2022-08/12/c_1661927474338504.htm"

RECOMMENDATION_TABLE = TableLayout(
    columns={
        "position": FILING_COLUMNS["position"],
        "algorithm_name": FILING_COLUMNS["algorithm_name"],
        "category": Column("算法类别", words=frozenset(CATEGORIES)),
        "entity_name": FILING_COLUMNS["entity_name"],
        "products": FILING_COLUMNS["products"],
        "purpose": FILING_COLUMNS["purpose"],
        "filing_number": FILING_COLUMNS["filing_number"],
        "note": Column("备注", optional=True),
    },
    key="filing_number",
    grammar=FILING_NUMBER_GRAMMAR,
)

RECOMMENDATION = Register(
    name="recommendation",
    title=Text("互联网信息服务算法备案", "Recommendation algorithms"),
    tables=(RECOMMENDATION_TABLE,),
    key="filing_number",
    discover=page_attachments(
        PAGE, label="互联网信息服务算法备案(清单|名单)", snapshot="recommendation/page"
    ),
    terms=Terms(
        document="list",
        label="recommendation list",
        rows="filings",
        topic="recommendation algorithms",
    ),
    versioned_facts=("month",),
    key_pattern=r"[0-9]{4}-[0-9]{2}",
)
