"""The register of generative AI services (生成式人工智能服务备案与登记): one page since 2024-04.

The page is updated in place: each period adds one attached list, named by its month. A list has up
to three tables: services filed with the CAC (已备案), applications registered with a province
(已登记), and services on devices (端侧).
"""

from scrapers.fields.service_number import SERVICE_NUMBER_GRAMMAR
from scrapers.registers.base import Column, Register, TableLayout, Terms, Text
from scrapers.registers.columns import POSITION_COLUMN
from scrapers.registers.discovery.page_attachments import page_attachments

PAGE = "/2024-04/02/c_1713729983803145.htm"

# Headings have changed over time, and .pdf lists print all their tables under those of the first.
SERVICE_COLUMNS = {
    "position": POSITION_COLUMN,
    "region_name": Column("属地"),
    "service_name": Column("模型名称", aliases=("大模型名称",)),
    "entity_name": Column("备案单位"),
    "service_number": Column("备案号", aliases=("备案编号",), spaced=False),
    "passed_on": Column("备案时间", spaced=False),
}
# Registered applications call filed models, so a title of theirs may name both.
FILED = TableLayout(
    columns=SERVICE_COLUMNS,
    key="service_number",
    name="filed",
    grammar=SERVICE_NUMBER_GRAMMAR,
    title="^(?!.*(?:端侧|终端|调用)).*备案",
)
REGISTERED = TableLayout(
    columns=SERVICE_COLUMNS
    | {
        "service_name": Column(
            "应用/功能名称",
            aliases=("应用(功能)名称", "应用名称", "功能名称", "模型名称", "大模型名称"),
        ),
        "entity_name": Column("登记单位", aliases=("备案单位",)),
        "service_number": Column(
            "上线编号", aliases=("登记编号", "登记号", "备案号", "备案编号"), spaced=False
        ),
        "passed_on": Column("登记时间", aliases=("备案时间",), spaced=False),
    },
    key="service_number",
    name="registered",
    grammar=SERVICE_NUMBER_GRAMMAR,
    title="^(?!.*(?:端侧|终端)).*登记",
)
EDGE = TableLayout(
    columns=SERVICE_COLUMNS | {"devices": Column("适用场景")},
    key="service_number",
    name="edge",
    grammar=SERVICE_NUMBER_GRAMMAR,
    title="端侧|终端",
)

GENERATIVE_SERVICES = Register(
    name="generative_services",
    title=Text("生成式人工智能服务备案与登记", "Generative AI services"),
    tables=(FILED, REGISTERED, EDGE),
    key="service_number",
    discover=page_attachments(
        PAGE,
        label="生成式人工智能服务.*(备案|登记).*(信息|清单|名单)",
        snapshot="generative_services/page",
    ),
    terms=Terms(
        document="list", label="services list", rows="services", topic="generative services"
    ),
    versioned_facts=("month",),
    key_pattern=r"[0-9]{4}-[0-9]{2}",
)
