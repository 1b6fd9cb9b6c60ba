"""What algorithms take in and put out."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.techniques.kinds import KINDS
from orchestration.publication.report.sections.techniques.over_time import OVER_TIME
from orchestration.publication.report.sections.techniques.pairs import PAIRS

TECHNIQUES = Section(
    "techniques",
    Text("技术", "Techniques"),
    Text(
        "输入与输出同样由文字读出。多模态＝两种及以上输出；跨模态＝有一种输出不属于输入，"
        "或两种及以上输出；生成式＝除纯识别与纯编辑之外的一切。",
        "Inputs and outputs are read from the texts too. Multimodal: two or more kinds of output. "
        "Cross-modal: a kind of output that is none of the inputs' kinds, or two or more. "
        "Generative: everything but pure recognition and pure editing.",
    ),
    (KINDS, PAIRS, OVER_TIME),
)
