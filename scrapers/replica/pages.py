"""The announcement page of a batch on www.cac.gov.cn, and the URL of its attachment."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from string import Template
from urllib.parse import quote

from scrapers.replica.facts import AnnouncementFact
from scrapers.replica.notices import announcement_title
from scrapers.replica.wording import list_title

ATTACHMENT_PATH = "/cms/pub/interact/downloadfile.jsp"

# The "&" in the link is not escaped, as on the real pages.
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
<p>　　$body</p>
<p>　　附件：<a href="$attachment" target="_blank">$label</a></p>
</div>
</div>
<div class="related">相关链接：<a href="/2022-12/11/c_0000000000000001.htm">管理规定</a></div>
<script src="/static/js/page.js"></script>
</body>
</html>
""")
_BODY = "新一期完成备案的深度合成服务算法名单见附件。对名单有疑问的，可按备案系统公布的方式反映。"


def announcement_page(announcement: AnnouncementFact) -> bytes:
    """The page as UTF-8 HTML. It states no count, because lists are amended and pages are not."""
    return _PAGE.substitute(
        title=announcement_title(announcement.batch_no),
        published_on=f"{announcement.published_on:%Y年%m月%d日}",
        body=_BODY,
        attachment=attachment_path(announcement),
        label=escape(list_title(announcement.list_month)),
    ).encode()


def attachment_token(announcement: AnnouncementFact) -> str:
    """The opaque `filepath` of the attachment: stable, and containing "~", "/" and "="."""
    digest = b64encode(sha256(announcement.page_path.encode()).digest(), altchars=b"~/").decode()
    return f"~{digest[:16]}/{digest[16:]}"


def attachment_path(announcement: AnnouncementFact) -> str:
    """The relative URL of the attachment, as in the page's link."""
    label = quote(list_title(announcement.list_month))
    return f"{ATTACHMENT_PATH}?filepath={attachment_token(announcement)}&fText={label}"
