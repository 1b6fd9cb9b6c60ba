"""All registers side by side: growth, provinces, companies, the two tracks, stated totals."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.registers.combinations import COMBINATIONS
from orchestration.publication.report.sections.registers.growth import GROWTH
from orchestration.publication.report.sections.registers.largest import LARGEST
from orchestration.publication.report.sections.registers.passed import PASSED
from orchestration.publication.report.sections.registers.provinces import PROVINCES
from orchestration.publication.report.sections.registers.totals import TOTALS
from orchestration.publication.report.sections.registers.tracks import TRACKS

THREE_REGISTERS = Section(
    "registers",
    Text("各类清单", "The registers"),
    Text(
        "网信办分别公布深度合成算法、互联网信息服务算法和生成式人工智能服务的清单。本节比较各类清单，"
        "从批次到通过率各节只涉及深度合成算法；查找和论断核对则涵盖所有清单。"
        "服务的行业仅凭名称推断，可以查找，但不计入图表；准确率见项目文档 docs/accuracy.md。",
        "The CAC publishes separate lists of deep-synthesis algorithms, recommendation algorithms "
        "and generative AI services. This section compares them. The sections from Batches to Pass "
        "rates are about deep synthesis; the search and the claims cover all registers. Sectors of "
        "services are inferred from names alone, so the search has them but no chart counts them: "
        "the project’s docs/accuracy.md states how accurate they are.",
    ),
    (GROWTH, PROVINCES, COMBINATIONS, LARGEST, TRACKS, PASSED, TOTALS),
    short=Text("清单", "Registers"),
)
