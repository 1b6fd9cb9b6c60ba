"""Techniques: the inputs and outputs of the algorithms."""

from orchestration.publication.report.figures import Section, Text
from orchestration.publication.report.sections.techniques.kinds import KINDS
from orchestration.publication.report.sections.techniques.over_time import OVER_TIME
from orchestration.publication.report.sections.techniques.pairs import PAIRS

TECHNIQUES = Section(
    "techniques",
    Text("技术", "Techniques"),
    Text(
        "清单也没有输入与输出两栏，同样由本项目判定。多模态：输出类型不少于两种；跨模态：至少有一种输出类型不同于"
        "所有输入，或输出类型不少于两种；生成式：除纯识别、纯编辑外的全部算法。",
        "The lists do not state inputs and outputs either. Multimodal: two or more kinds of "
        "output. Cross-modal: a kind of output that is not among the inputs, or two or more kinds "
        "of output. Generative: everything except pure recognition and pure editing.",
    ),
    (KINDS, PAIRS, OVER_TIME),
)
