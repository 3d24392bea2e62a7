"""The page that the server sends first: Streamlit's, in the reader's language, with its figures in it."""

import hashlib
import logging
import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ccm.auth import Actor
from ccm.domain.errors import CcmError, StoreUnavailable
from ccm.i18n import translator
from ccm.render import render, stylesheet
from ccm.render.pages import PAGES, PageName, light_path, page_at
from ccm.screens import view
from ccm.web import programs, requests
from ccm.web.caching import tag
from ccm.web.drawing import DRAWN_FIRST, menu
from ccm.web.pieces import PageInPieces
from ccm.web.requests import locale_of

_log = logging.getLogger("ccm")
_SCRIPT = Path(__file__).parent / "assets" / "first.js"
#: Streamlit's style sheet and scripts: what comes after them in the page waits for them.
_LATER = re.compile(
    rb'\s*<(?:script type="module"[^>]*></script>|link rel="(?:modulepreload|stylesheet)"[^>]*>)'
)
#: The font of its texts, and ours: named again in our style, it is fetched after what is read in it.
_FONT = re.compile(rb'\s*<link\s+rel="preload"\s+href="\.?([^"]+)"[^>]*as="font"[^>]*>')
#: The parameters of pages that the application alone draws, which their light page takes too.
_OF_FORMS = {PAGES["answer"]: ("engagement",)}
_BODY, _ROOT = b"<body>", b'<div id="root"></div>'
_REPLACED = (
    b"content-length",
    b"content-type",
    b"content-encoding",
    b"etag",
    b"last-modified",
    b"accept-ranges",
    b"cache-control",
)


class NotStreamlits(Exception):
    """The page is not as we know Streamlit's: it is sent as it is."""


@cache
def script_path() -> str:
    """Where our one script is, under a name that changes with it."""
    return f"/ccm-{hashlib.sha256(_SCRIPT.read_bytes()).hexdigest()[:12]}.js"


async def script(request: Request) -> Response:
    """The script that takes the first drawing away."""
    if request.url.path != script_path():
        return Response(status_code=404)
    year = "public, max-age=31536000, immutable"
    return Response(_SCRIPT.read_bytes(), media_type="text/javascript", headers={"cache-control": year})


def first_page(request: Request, actor: Actor, stock: Response) -> Response:
    """Streamlit's page as we send it; 304 where the browser has it as it is, and no more than it may see."""
    html = bytes(stock.body)
    if stock.status_code != 200:
        return stock
    try:
        version = tag(request, actor, html)
    except StoreUnavailable:
        # The application says so itself, in its own place.
        version = ""
    if version and version in request.headers.get("if-none-match", ""):
        page: Response = Response(status_code=304)
    else:
        page = PageInPieces(_composed(html, request, actor) if version else _in_language(html, request))
    kept = [pair for pair in stock.raw_headers if pair[0].lower() not in _REPLACED]
    page.raw_headers += kept
    page.headers["cache-control"] = "private, no-cache"
    page.headers["vary"] = "Cookie"
    if version:
        page.headers["etag"] = version
    return page


def _composed(stock: bytes, request: Request, actor: Actor) -> bytes:
    """Streamlit's page with the drawing of the page that is asked for; as it is where it is not as known."""
    try:
        return _compose(stock, request, actor, locale_of(request))
    except NotStreamlits as problem:
        _log.warning("the first page is sent without figures: %s", problem)
    except CcmError as error:
        # The application says so itself, in its own place.
        _log.warning("the first page is sent without figures: %s", error)
    except Exception:
        # What breaks a drawing must not keep the application away, which says it with an incident's number.
        _log.exception("the first page is sent without figures")
    return _in_language(stock, request)


def _in_language(stock: bytes, request: Request) -> bytes:
    """Streamlit's page without a drawing, in the reader's language and our style."""
    html = stock.replace(b'<html lang="en"', b'<html lang="' + locale_of(request).encode() + b'"', 1)
    return html.replace(_BODY, _style().encode(), 1)


def _style(font: str = "") -> str:
    """The body's beginning, with the style of the drawing and of the application: it stays with the page.

    There and not in the head, where Streamlit puts its own as it draws, which would stand after it.
    """
    return f"<body><style>{font}{stylesheet('host.css', 'first.css')}</style>"


def _compose(stock: bytes, request: Request, actor: Actor, locale: str) -> bytes:
    page = page_at(request.url.path)
    drawing, title, is_read = _drawing(request, actor, page)
    site = translator(locale).gettext("Suivi des recommandations du CCM")
    files = _LATER.findall(stock)
    # Where there is nothing to read yet, nothing is held up by them; but for the style sheet, what is said.
    at_once = [] if is_read else [file for file in files if b"stylesheet" not in file]
    later = b"".join(file for file in files if file not in at_once)
    html = _FONT.sub(b"", _LATER.sub(b"", stock))
    html = _put(html, b'<html lang="en">', f'<html lang="{locale}">')
    html = _put(html, b"<title>Streamlit</title>", render("first_title.html", locale, title=title, site=site))
    html = _put(html, _BODY, _style(_font(stock)))
    html = re.sub(rb"<noscript>.*?</noscript>", b"", html, count=1, flags=re.DOTALL)
    if not any(b"<script" in file for file in files):
        raise NotStreamlits("no script of Streamlit's was found in its page")
    ours = f'<script type="module" src="{script_path()}"></script>'.encode()
    html = _put(html, b"</head>", ours + b"".join(at_once) + b"</head>")
    soon = programs.links(page, stock)
    return _put(html, _ROOT, drawing.encode() + _ROOT + _waiting("later", later) + _waiting("soon", soon))


def _waiting(name: str, part: bytes) -> bytes:
    """A part of the page that our script puts into it when its time has come."""
    return f'<template id="ccm-{name}">'.encode() + part + b"</template>"


def _font(stock: bytes) -> str:
    font = _FONT.search(stock)
    if font is None:
        raise NotStreamlits("no font is named in Streamlit's page")
    source = f'url("{font[1].decode()}") format("woff2")'
    named = 'font-family: "Source Sans"; font-weight: 400 700; font-display: swap'
    return f"@font-face {{ {named}; src: {source} }}"


def _put(html: bytes, mark: bytes, instead: str | bytes) -> bytes:
    if html.count(mark) != 1:
        raise NotStreamlits(f"{mark.decode()} stands in it {html.count(mark)} times")
    return html.replace(mark, instead.encode() if isinstance(instead, str) else instead)


def _drawing(request: Request, actor: Actor, page: PageName) -> tuple[str, str, bool]:
    """The drawing and the title of a page, and whether it is one that is read; of another, its name."""
    parameters = dict(request.query_params)
    seen = view(requests.store(), actor, parameters)
    draw = DRAWN_FIRST.get(page)
    drawn = draw(seen, parameters) if draw else None
    title = (drawn.title if drawn else None) or translator(seen.locale).gettext(page.title)
    names = drawn.parameters if drawn else _OF_FORMS.get(page, ())
    own = {name: parameters[name] for name in names if parameters.get(name)}
    there = seen.links.in_light()
    light = there.to(page.path, **own) if light_path(page.path) != page.path else there.overview()
    html = render(
        "first.html",
        seen.locale,
        demo=seen.facts.demo,
        links=seen.links,
        path=page.path,
        pages=menu(actor),
        parts=drawn.parts if drawn else (),
        chosen=drawn.chosen if drawn else False,
        title=title,
        light=light,
    )
    return html, title, drawn is not None
