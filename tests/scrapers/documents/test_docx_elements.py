"""The text of a .docx cell, for each element that it can contain and each tracked change."""

import pytest

from scrapers.errors import DocumentError
from tests.scrapers.documents.word_elements import (
    MARK,
    alternate,
    field,
    in_paragraph,
    instruction,
    listed,
    math_run,
    names,
    shown,
    with_properties,
)
from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    STRICT_NAMESPACE,
    Xml,
    cell,
    document_xml,
    make_docx,
    make_filing_cells,
    make_zip,
    paragraph,
    row,
    run,
    table,
)
from tests.support.tables import read_list

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIP_TYPES = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def relationships(*targets: tuple[str, str]) -> str:
    """A part of relationships, from their kinds and targets."""
    items = (
        f'<Relationship Id="r{number}" Target="{target}" Type="{RELATIONSHIP_TYPES}/{kind}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{"".join(items)}</Relationships>'


RUN_CONTENT = {
    "<w:t>GPT</w:t><w:noBreakHyphen/><w:t>4算法</w:t>": "GPT-4算法",
    "<w:t>Chat</w:t><w:softHyphen/><w:t>Bot</w:t>": "ChatBot",
    "<w:t>Alpha</w:t><w:ptab/><w:t>Beta</w:t>": "Alpha Beta",
    '<w:t>算法</w:t><w:sym w:font="Symbol" w:char="F062"/><w:t>版</w:t>': "算法β版",
    '<w:sym w:font="Symbol" w:char="F0D2"/>': "®",
    '<w:sym w:font="Symbol" w:char="62"/>': "β",
    '<w:sym w:font="宋体" w:char="2461"/>': "②",
    '<w:sym w:font="Wingdings" w:char="F04A"/>': MARK,
    '<w:sym w:font="Webdings" w:char="0061"/>': MARK,
    '<w:sym w:font="宋体" w:char="F04A"/>': MARK,
    '<w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="1F60A"/>': "😊",
    "<w:t>签名</w:t><w14:contentPart/>": f"签名{MARK}",
    '<w:sym w:font="SYMBOL " w:char="F062"/>': "β",
    '<w:sym w:font="Symbol" w:char="zz"/>': MARK,
    '<w:sym w:font="宋体" w:char="0009"/>': MARK,
    '<w:sym w:font="宋体" w:char="D800"/>': MARK,
    '<w:sym w:font="宋体" w:char="110000"/>': MARK,
    "<w:t>北京</w:t><w:drawing/><w:t>科技</w:t>": f"北京{MARK}科技",
    "<w:t>北京</w:t><w:pict><v:shape/></w:pict>": f"北京{MARK}",
    "<w:object/>": MARK,
    "<w:t>算法</w:t><w:footnoteReference/>": f"算法{MARK}",
    "<w:t>云雀<!-- 草稿 -->大模型<?x y?>算法</w:t>": "云雀大模型算法",
    "<w:t><![CDATA[A&B]]>&amp;C&#x7532;</w:t>": "A&B&C甲",
    "<w:t>算法</w:t><w:lastRenderedPageBreak/><w:commentReference/><w14:checkbox/>": "算法",
    (
        "<w:ruby><w:rubyPr/><w:rt><w:r><w:t>yún</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>云</w:t></w:r></w:rubyBase></w:ruby><w:t>算法</w:t>"
    ): "云算法",
}


@pytest.mark.parametrize(("content", "text"), RUN_CONTENT.items())
def test_element_of_a_run_is_read_as_shown_in_word(content, text):
    assert shown(in_paragraph(f"<w:r>{content}</w:r>")) == text


INLINE = {
    "<m:oMath><m:r><m:t>x2</m:t></m:r></m:oMath>": "x2",
    "<m:oMathPara><m:oMath><m:r><m:t>y</m:t></m:r></m:oMath></m:oMathPara>": "y",
    "<m:oMath/>": MARK,
    f"<m:oMath><w:del>{math_run('旧')}</w:del><w:ins>{math_run('新')}</w:ins></m:oMath>": "新",
    (
        f"<m:oMath><m:sSup><m:sSupPr/><m:e>{math_run('x')}</m:e><m:sup>{math_run('2')}</m:sup>"
        "</m:sSup></m:oMath>"
    ): "x2",
    f"<m:oMath><m:f><m:num>{math_run('1')}</m:num><m:den/></m:f></m:oMath>": MARK,
    "<m:oMath><m:r><w:sym/></m:r></m:oMath>": MARK,
    f"<m:oMath><m:r><w:rPr><w:vanish/></w:rPr><m:t>x</m:t></m:r>{math_run('y')}</m:oMath>": "y",
    f"<w14:conflictIns>{run('甲')}</w14:conflictIns>{run('乙')}": "甲乙",
    (
        f'<mc:AlternateContent><mc:Choice Requires="new">{run("未知")}</mc:Choice>'
        f'<mc:Choice Requires="w14">{run("新甲")}</mc:Choice></mc:AlternateContent>'
    ): "新甲",
    '<w:fldSimple w:instr="REF a"><w:fldData/><w:r><w:t>甲</w:t></w:r></w:fldSimple>': "甲",
    f"<w:smartTag><w:smartTagPr/>{run('甲')}</w:smartTag>": "甲",
    f"<w:bdo>{run('甲')}</w:bdo><w:dir>{run('乙')}</w:dir>": "甲乙",
    f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>": "新",
    f"<w:del>{run('旧')}</w:del><w:ins>{run('新')}<w:del>{run('旧')}</w:del></w:ins>": "新",
    f"<w:bookmarkStart/>{run('甲')}<w:bookmarkEnd/><w:proofErr/><w:moveFromRangeStart/>": "甲",
    alternate(run("新甲"), run("旧甲")): "新甲",
    f"<w:r>{alternate('<w:t>新甲</w:t>', '<w:t>旧甲</w:t>')}</w:r>": "新甲",
    f"<mc:AlternateContent><mc:Fallback>{run('旧甲')}</mc:Fallback></mc:AlternateContent>": "旧甲",
    alternate(run("新甲"), run("旧甲")).replace('"w14"', '"w14 new"'): "旧甲",
    f"<w:r>{alternate('<w:drawing/>', '<w:pict/>')}</w:r>": MARK,
}


@pytest.mark.parametrize(("content", "text"), INLINE.items())
def test_element_of_a_paragraph_is_read_as_shown_in_word(content, text):
    assert shown(in_paragraph(content)) == text


HIDDEN_STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="hidden"><w:basedOn w:val="base"/></w:style>
<w:style w:styleId="shown"><w:basedOn w:val="base"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>
</w:styles>"""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (with_properties("<w:vanish/>", "内部") + run("某算法"), "某算法"),
        (with_properties('<w:vanish w:val="false"/>', "某") + run("算法"), "某算法"),
        (with_properties("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "甲"), "甲"),
        (with_properties('<w:rStyle w:val="hidden"/>', "内部") + run("某算法"), "某算法"),
        (with_properties('<w:rStyle w:val="hidden"/><w:vanish w:val="0"/>', "某算法"), "某算法"),
        (with_properties('<w:rStyle w:val="shown"/>', "某算法"), "某算法"),
        (with_properties('<w:rStyle w:val="loop"/>', "某算法"), "某算法"),
        (f'<w:pPr><w:pStyle w:val="hidden"/></w:pPr>{run("内部")}', ""),
        (f'<w:pPr><w:pStyle w:val="hidden"/></w:pPr>{with_properties("<w:b/>", "内部")}', ""),
        (f"<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{run('某算法')}", "某算法"),
    ],
)
def test_hidden_text_is_skipped(content, text):
    assert shown(in_paragraph(content), HIDDEN_STYLES) == text


@pytest.mark.parametrize("level", ["block", "inline"])
def test_prompt_of_an_empty_content_control_is_skipped(level):
    prompt = paragraph("单击此处") if level == "block" else run("单击此处")
    control = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{prompt}</w:sdtContent></w:sdt>"
    )
    assert shown(control if level == "block" else in_paragraph(control)) == ""
    assert shown(control.replace("<w:showingPlcHdr/>", "") + "<w:p/>") == "单击此处"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (field("HYPERLINK x", run("某网站")), "某网站"),
        (field(r" EQ \* jc2 \* hps10 \o\ad(\s\up 9(shēng),晟) "), "晟"),
        (field(r"eq \o(\s\up 8(yún),云)\* MERGEFORMAT"), "云"),
        (field(r" eq \o\ac(○,2) "), "②"),
        (field(r"EQ \o\ac(○,中)"), "㊥"),
        (field(r"EQ \o\ac(□,A)"), "A\u20de"),
        (field(r"EQ \o\ac(○,长文)"), MARK),
        (field(r"EQ x\s\up5(2)"), "x2"),
        (field(r"EQ \f(1,2)\,\(甲\)"), "1/2,(甲)"),
        (field(r"EQ \i\su(1,5,3)"), MARK),
        (field(r"EQ \f(1,2,3)"), MARK),
        (field(r"EQ \o(\s\do 3(x),云)"), MARK),
        (field(r"EQ \o(\s\up 8(北京),\s\do 3(科技))"), "北京科技"),
        (field(r"EQ 甲)乙"), MARK),
        (field(r"EQ \o(("), MARK),
        (field("EQ " + r"\x(" * 8 + "甲" + ")" * 8), "甲"),
        (field("EQ " + r"\x(" * 9 + "甲" + ")" * 9), MARK),
        (field(r"EQ \o\ac(○,3)", ""), "③"),
        (field("PAGE"), MARK),
        (field("REF x", ""), ""),
        (field(r'XE "算法"'), ""),
        (field(Xml(field("X", run("1")) + run(" = 1")), run("甲")), "甲"),
        (field(Xml(instruction(r"EQ \o\ac(○,") + field("X", run("5")) + instruction(")"))), "⑤"),
        (f'<w:fldSimple w:instr="REF x">{run("甲")}</w:fldSimple>', "甲"),
        (r'<w:fldSimple w:instr="EQ \o\ac(○,4)"/>', "④"),
        ('<w:fldSimple w:instr="PAGE"/>', MARK),
        ('<w:r><w:fldChar w:fldCharType="end"/><w:t>甲</w:t></w:r>', "甲"),
        ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>', MARK),
    ],
)
def test_field_is_read_as_its_result_or_drawn_code(content, text):
    assert shown(in_paragraph(content)) == text


def test_unknown_element_is_refused_with_its_name():
    with pytest.raises(
        DocumentError, match=r"unknown element in a table: sign \(urn:example:unknown\)"
    ):
        shown(in_paragraph("<w:r><x:sign>甲</x:sign></w:r>"))


def test_object_in_a_cell_is_read_as_object_mark():
    cells = [Xml(cell(Xml(in_paragraph("<w:r><w:drawing/></w:r>")))), *make_filing_cells()[1:]]
    (found,) = read_list(make_docx(table(row(*HEADINGS), row(*cells)))).rows
    assert found["position"] == MARK


def test_field_with_very_long_code_is_read_as_object_mark():
    code = "EQ " + "x" * 1_000_000
    assert shown(in_paragraph(f'<w:fldSimple w:instr="{code}"/>')) == MARK


def test_text_in_another_file_is_refused():
    with pytest.raises(DocumentError, match="keeps part of its text in another file"):
        names(table(row(*HEADINGS), *listed(1)), "<w:altChunk/>")


@pytest.mark.parametrize(
    "main_part",
    ["word/document2.xml", "content/a.xml", "Word/Document.XML", "word\\document.xml"],
)
@pytest.mark.parametrize("target", ["{}", "/{}"])
def test_main_part_is_the_one_named_by_the_package(main_part, target):
    related = relationships(
        ("metadata/core-properties", "docProps/core.xml"),
        ("officeDocument", target.format(main_part.lower().replace("\\", "/"))),
    )
    content = document_xml(table(row(*HEADINGS), *listed(1)))
    package = make_zip([("_rels/.rels", related), (main_part, content)])
    assert [item["algorithm_name"] for item in read_list(package).rows] == ["算法1"]


def test_styles_are_those_named_by_the_main_part():
    name = cell(Xml(in_paragraph(with_properties('<w:rStyle w:val="hidden"/>', "内部"))))
    content = document_xml(table(row(*HEADINGS), row("1", name, *make_filing_cells()[2:])))
    package = make_zip(
        [
            ("_rels/.rels", relationships(("officeDocument", "content/a.xml"))),
            ("content/a.xml", content),
            ("content/_rels/a.xml.rels", relationships(("styles", "s.xml"))),
            ("content/s.xml", HIDDEN_STYLES),
        ]
    )
    assert [item["algorithm_name"] for item in read_list(package).rows] == [""]


def test_strict_namespace_is_read_the_same():
    merged = Xml(cell("公司", properties='<w:vMerge w:val="restart"/>'))
    below = Xml(cell("", properties="<w:vMerge/>"))
    rows = [
        row(*make_filing_cells(number)[:3], company, *make_filing_cells(number)[4:])
        for number, company in ((1, merged), (2, below))
    ]
    content = make_zip(
        [(MAIN_PART, document_xml(table(row(*HEADINGS), *rows), namespace=STRICT_NAMESPACE))]
    )
    assert [item["entity_name"] for item in read_list(content).rows] == ["公司", "公司"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_of_xml_are_read_with_hidden_text_skipped(encoding):
    hidden = cell(Xml(in_paragraph(with_properties("<w:vanish/>", "内部") + run("某"))))
    xml = document_xml(table(row(*HEADINGS), row("1", hidden, *make_filing_cells()[2:])))
    declared = xml.replace(
        'version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"'
    )
    content = make_zip([(MAIN_PART, declared.encode(encoding))])
    assert [item["algorithm_name"] for item in read_list(content).rows] == ["某"]
