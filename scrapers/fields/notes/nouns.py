"""The nouns for what can change, by the event or subject that they produce."""

from scrapers.fields.notes.events import EventKind, Subject
from scrapers.fields.notes.vocabulary import (
    ADD,
    ALGORITHM,
    AND,
    ENTITY,
    NAMED,
    PRODUCT,
    PRODUCT_KIND,
    REMOVE,
)

# Modifiers that do not change what a noun refers to.
OF = (
    "(?:备案|算法|产品|主体|企业|公司|单位|相关|部分|拟公示|公示|对应|安全|主要|网络|数据|注册|"
    "办公|经营|联系|[其本所的中])"
    "{0,5}"
)
# Information in the filing that has no subject.
OTHER = (
    "(?:信息|内容|材料|资料|文件|文档|报告|机制机理|机制|机理|原理|流程|策略|指标|规则|制度|协议|地址|住所|"
    "(?:注册|办公|所在)地|联系方式|电话|邮箱|代码|执照|证照|群体|人群|对象|用户|角色|类型|类别|版本|数据集|"
    "语料|数据|描述|表述|文字|说明|介绍|意图|目的|图像|图片|视频|截图|功能|服务(?!于)|能力|接口|网址|域名|链接|"
    "性质|股权|股东|资本|经营范围|编号|主体|算法|方式|措施|方案|效果|效能|参数|标识|属性|范围|部门|清单|"
    "评估|架构)"
)

# 主体名称, and 主体 in 主体更名.
_NAME = f"(?:{NAMED}|(?=(?:已|发生|进行)?(?:更名|改名)))"
_PERSON = "(?:责任人|负责人|联系人|法定代表人|法人代表|代表人|法人|经办人|管理员|管理人员)"
_INPUT = "(?:输入|输出)"
_MODALITY = "(?:模态|类型|形式|格式){1,2}"
_MODEL_OF = (
    "(?:算法|使用|调用|接入|第三方|备案|基础|基座|底座|底层|核心|生成|语言|开源|预训练|多模态|[所的])"
    "{0,6}"
)
_USED = "(?:使用|调用|接入)"
_OF_PRODUCT = (
    "(?:功能|访问路径|访问方式|路径|链接|地址|形态|服务形式|形式|类型|数量|范围|列表|清单|页面|界面|"
    "版本)"
)

# The first match wins, and renamings come before subjects.
RENAMED_NOUNS: dict[EventKind, str] = {
    "product_renamed": f"{PRODUCT}{_NAME}|{PRODUCT_KIND}{NAMED}",
    "entity_renamed": f"{ENTITY}{_NAME}",
    "algorithm_renamed": f"{ALGORITHM}{_NAME}",
}
SUBJECT_NOUNS: dict[Subject, str] = {
    "person": f"{OF}{_PERSON}(?:姓名|信息|联系方式|电话|职务){{0,2}}",
    "modality": "(?:算法|模型|备案|数据){0,3}"
    f"(?:{_INPUT}(?:{AND}?{_INPUT})?(?:数据|内容)?的?{_MODALITY}"
    f"|{_INPUT}{AND}?{_INPUT}|{_INPUT}(?:数据|内容|(?=[由从]|变更|{ADD}|{REMOVE}))|[多单]?模态(?:类型)?)",
    "purpose": f"{OF}用途|(?:算法|产品){{0,2}}(?:应用|使用|适用|业务|服务)场景",
    "model": f"{_MODEL_OF}大?(?:语言)?模型(?:名称|版本|参数|结构|架构|类型|来源|接口)?"
    f"|[所已]?{_USED}的?(?:第三方)?算法|{_USED}的?第三方|第三方算法",
    "product": f"{PRODUCT}{_OF_PRODUCT}?|访问路径|访问方式|服务形式|服务方式|{PRODUCT_KIND}",
    "other": f"{OF}{OTHER}",
}
