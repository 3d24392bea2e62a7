"""Security headers on every response, the server's internals kept private, and nothing said twice."""

import base64
import hashlib
import re
from collections.abc import Iterable, MutableMapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from ccm.config import settings
from ccm.web.hosts import HostGate
from ccm.web.methods import MethodGate
from ccm.web.pages import PageGate
from ccm.web.routes import routes
from ccm.web.static import StaticFiles
from ccm.web.unavailable import StoreGate
from ccm.web.uploads import UploadGate


def _inline_scripts() -> str:
    """The inline scripts of Streamlit's own page, each allowed by its hash and by nothing else."""
    found = find_spec("streamlit")
    if found is None or found.origin is None:
        return ""
    page = (Path(found.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return "".join(f" 'sha256-{digest}'" for digest in digests)


#: Streamlit needs `unsafe-inline` for styles and `wasm-unsafe-eval` for its tables; nothing else.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval' blob:" + _inline_scripts(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
#: For pages of somebody who is signed in, or is about to be: no page that opened theirs keeps a hold of it. A
#: browser begins a new process for such a page (90 ms, measured), and public ones hold nothing to be kept.
OPENER = (b"cross-origin-opener-policy", b"same-origin")
#: What a page loads of Streamlit's is no page: it says what it is, and that it loads nothing from elsewhere.
#: The rest, on some 75 answers of a first visit, would be a tenth of its bytes.
FILES = "/static/"
FILE_HEADERS = {b"content-security-policy": b"default-src 'self'", b"x-content-type-options": b"nosniff"}
#: Streamlit paths nobody outside needs: session counts, and the agent interface.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")


class SecurityHeaders:
    """Adds the headers to every HTTP response and answers 404 on closed paths."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in _REPLACED]
                policy = [pair for pair in message["headers"] if _is_stricter(*pair)]
                headers = FILE_HEADERS if scope["path"].startswith(FILES) else HEADERS
                opener = [OPENER] if _is_personal(scope["headers"], kept) else []
                own = [*{**headers, **dict(policy)}.items(), *opener]
                message["headers"] = _for_https(_varying_once(kept)) + own
            await send(message)

        if scope["path"].startswith(CLOSED):
            await send_with_headers({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, send_with_headers)


def _is_personal(asked: Iterable[tuple[bytes, bytes]], said: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a cookie of ours comes with a request, or goes with its answer."""
    return any(name.lower() == b"cookie" and b"ccm_" in value for name, value in asked) or any(
        name.lower() == b"set-cookie" and b"ccm_" in value for name, value in said
    )


def _is_stricter(name: bytes, value: bytes) -> bool:
    """Whether a route forbids its answer more than the site's policy does: a file that somebody sent in."""
    return name.lower() == b"content-security-policy" and value.startswith(b"sandbox")


def _varying_once(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What an answer depends on, each name once: pages and two compressors say theirs."""
    said = [value.decode("latin-1").split(",") for name, value in headers if name.lower() == b"vary"]
    names = {name.strip().lower(): name.strip() for names in said for name in names}
    once = [(b"vary", ", ".join(names.values()).encode("latin-1"))] if said else []
    return [*(pair for pair in headers if pair[0].lower() != b"vary"), *once]


def _for_https(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Where readers reach us by https, every cookie keeps to it, Streamlit's own included."""
    if not settings().tls:
        return headers
    marked = [(name, _secure(value) if name.lower() == b"set-cookie" else value) for name, value in headers]
    return [*marked, (b"strict-transport-security", b"max-age=31536000")]


def _secure(cookie: bytes) -> bytes:
    attributes = {part.strip().lower() for part in cookie.split(b";")[1:]}
    return cookie if b"secure" in attributes else cookie + b"; Secure"


_REPLACED = {*HEADERS, OPENER[0], b"server"}


def middleware(hosts: Sequence[str] = ()) -> list[Middleware]:
    """What every request goes through; `hosts` are the names we answer to, any where there is none."""
    public = urlsplit(settings().address).hostname
    allowed = [*hosts, public] if hosts and public else hosts
    own = routes()
    gates = [
        Middleware(StaticFiles),
        # Smaller than gzip, and every browser of late years reads it: Streamlit's gzip is not asked.
        Middleware(CompressMiddleware, zstd=False, brotli_quality=5, remove_accept_encoding=True),
        Middleware(StoreGate),
        Middleware(UploadGate),
        Middleware(MethodGate, own=own),
        Middleware(PageGate, own=own),
    ]
    return [Middleware(SecurityHeaders), Middleware(HostGate, allowed=allowed), *gates]
