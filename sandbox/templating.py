"""The sandbox's own pages: Jinja with escaping, in Chinese, no script and no style inside the markup."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHANGHAI = timezone(timedelta(hours=8))
TINTS = 6
MARKS = re.compile(r"\*\*|</?font[^>]*>|^#+ |^> ?|\[(?P<link>[^\]]*)\]\([^)]*\)", re.MULTILINE)
LINK = re.compile(r"""<a\s+href=(?P<quote>["'])(?P<url>https?://[^"'<>\s]+)(?P=quote)[^<>]*>(?P<words>[^<>]*)</a>""")
CSP = "default-src 'self'; img-src 'self' data: http: https:; frame-ancestors 'none'; base-uri 'none'"

environment = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def clock_time(at: float) -> str:
    """Hours and minutes in Shanghai, as over a bubble."""
    return datetime.fromtimestamp(at, UTC).astimezone(SHANGHAI).strftime("%H:%M")


def tint(text: str) -> int:
    """A colour for somebody without a picture, always the same for the same name."""
    return sum(text.encode()) % TINTS


def unmarked(text: str) -> str:
    """WeCom's Markdown without its marks: bold, colours and links as plain words."""
    return MARKS.sub(lambda mark: mark["link"] or "", text)


def linked(text: str) -> Markup:
    """An account's text as WeChat shows it: web links can be tapped, every other mark is just its letters."""
    shown, at = Markup(""), 0
    for link in LINK.finditer(text):
        shown += escape(text[at : link.start()]) + Markup('<a href="{}">{}</a>').format(link["url"], link["words"])
        at = link.end()
    return shown + escape(text[at:])


def render(name: str, /, **context: Any) -> str:
    """A page or a part of one as text."""
    return environment.get_template(name).render(**context)


def page(name: str, /, *, status_code: int = 200, **context: Any) -> HTMLResponse:
    """A whole page."""
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
    return HTMLResponse(render(name, **context), status_code=status_code, headers=headers)


environment.filters["clock_time"] = clock_time
environment.filters["tint"] = tint
environment.filters["unmarked"] = unmarked
environment.filters["linked"] = linked
