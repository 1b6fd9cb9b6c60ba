"""Pages on www.cac.gov.cn: the announcement of a batch, and the pages that collect lists.

Each page links to files by relative URLs. The "&" in a link is not escaped, as on the real pages.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from html import escape
from string import Template
from types import MappingProxyType
from urllib.parse import quote

from scrapers.replica.facts import AnnouncementFact
from scrapers.replica.notices import announcement_title
from scrapers.replica.shipped import AttachedList
from scrapers.replica.wording import list_title

ATTACHMENT_PATH = "/cms/pub/interact/downloadfile.jsp"
RECOMMENDATION_PAGE = "/2022-08/12/c_1661927474338504.htm"
SERVICES_PAGE = "/2024-04/02/c_1713729983803145.htm"

_PAGE = Template("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>${title}_中央网络安全和信息化委员会办公室</title>
<link rel="stylesheet" href="/static/css/page.css">
</head>
<body>
<div class="head"><a href="/">首页</a> <a href="/wxzw/index.htm">网信政务</a>
<a href="/gzzt/index.htm">工作专题</a> <a href="https://www.12377.cn/">举报</a></div>
<div class="crumbs">当前位置：<a href="/">首页</a>&gt;<a href="/wxzw/index.htm">正文</a></div>
<div class="main">
<h1 class="title">$title</h1>
<div class="info"><span id="pubtime">$published_on 10:00</span> <span>来源：中国网信网</span></div>
<div id="BodyLabel">
$content
</div>
</div>
<div class="related">相关链接：$related</div>
<script src="/static/js/page.js"></script>
</body>
</html>
""")
_BODY = "新一期完成备案的深度合成服务算法名单见附件。对名单有疑问的，可按备案系统公布的方式反映。"
_RECOMMENDATION_BODY = "完成备案的互联网信息服务算法按期列入清单，本页随新一期清单更新。附件："
_SERVICES_BODY = (
    "已备案的生成式人工智能服务，以及调用已备案模型并完成登记的应用或功能，按期列入附件，"
    "本页随新一期附件更新。附件："
)
# They repeat the rows of a year on pages of their own, and are not lists.
ANNUAL_SUMMARIES: Mapping[str, str] = MappingProxyType(
    {
        "/2025-01/08/c_0000000000000001.htm": "生成式人工智能服务已备案信息（2024年）",
        "/2026-01/09/c_0000000000000001.htm": "生成式人工智能服务已备案和已登记信息（2025年）",
    }
)


def announcement_page(announcement: AnnouncementFact) -> bytes:
    """The page as UTF-8 HTML. It states no count, because lists are amended and pages are not."""
    label = list_title(announcement.list_month)
    return _page(
        title=announcement_title(announcement.batch_no),
        published_on=announcement.published_on,
        paragraphs=[_BODY, f"附件：{_file_link(attachment_path(announcement), label)}"],
        related=['<a href="/2022-12/11/c_0000000000000001.htm">管理规定</a>'],
    )


def recommendation_page(lists: Sequence[AttachedList]) -> bytes:
    """The page of the recommendation register as UTF-8 HTML, with its lists in the given order."""
    return _page(
        title="国家互联网信息办公室关于发布互联网信息服务算法备案信息的公告",
        published_on=date(2022, 8, 12),
        paragraphs=[
            _RECOMMENDATION_BODY,
            *_list_links(RECOMMENDATION_PAGE, lists),
        ],
        related=['<a href="/2022-01/04/c_0000000000000001.htm">互联网信息服务算法推荐管理规定</a>'],
    )


def services_page(lists: Sequence[AttachedList]) -> bytes:
    """The page of generative AI services as UTF-8 HTML, with its lists in the given order.

    It also links to the annual summaries.
    """
    return _page(
        title="国家互联网信息办公室关于发布生成式人工智能服务已备案信息的公告",
        published_on=date(2024, 4, 2),
        paragraphs=[
            _SERVICES_BODY,
            *_list_links(SERVICES_PAGE, lists),
        ],
        related=[
            '<a href="/2023-07/13/c_0000000000000001.htm">生成式人工智能服务管理暂行办法</a>',
            *(f'<a href="{path}">{text}</a>' for path, text in ANNUAL_SUMMARIES.items()),
        ],
    )


def attachment_token(announcement: AnnouncementFact) -> str:
    """The opaque `filepath` of a batch's attachment."""
    return _token(announcement.page_path)


def attachment_path(announcement: AnnouncementFact) -> str:
    """The relative URL of a batch's attachment, as in the page's link."""
    return _file_path(attachment_token(announcement), list_title(announcement.list_month))


def list_token(page_path: str, listed: AttachedList) -> str:
    """The opaque `filepath` of a list on a page: the same when the list is amended."""
    return _token(f"{page_path} {listed.month}")


def list_path(page_path: str, listed: AttachedList) -> str:
    """The relative URL of a list on a page, as in the page's link."""
    return _file_path(list_token(page_path, listed), listed.label)


def _token(identity: str) -> str:
    """A stable token that contains "~", "/" and "="."""
    digest = b64encode(sha256(identity.encode()).digest(), altchars=b"~/").decode()
    return f"~{digest[:16]}/{digest[16:]}"


def _file_path(token: str, label: str) -> str:
    return f"{ATTACHMENT_PATH}?filepath={token}&fText={quote(label)}"


def _file_link(path: str, label: str) -> str:
    return f'<a href="{path}" target="_blank">{escape(label)}</a>'


def _list_links(page_path: str, lists: Sequence[AttachedList]) -> list[str]:
    return [_file_link(list_path(page_path, listed), listed.label) for listed in lists]


def _page(
    title: str, published_on: date, paragraphs: Sequence[str], related: Sequence[str]
) -> bytes:
    return _PAGE.substitute(
        title=title,
        published_on=f"{published_on:%Y年%m月%d日}",
        content="\n".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs),
        related=" ".join(related),
    ).encode()
