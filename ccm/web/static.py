"""Streamlit's own files, compressed beforehand and with small fonts: five times fewer bytes on the line.

Streamlit sends them as they are. A copy of them, each file beside its forms for browsers that read brotli or
gzip, is made once for each version of Streamlit (`compressed_files`). It is sent in their place; until it is
there, or where its folder cannot be written, Streamlit's are sent.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from blacknoise import BlackNoise
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccm.config import settings

_PREFIX = "/static"
#: The two fonts that every page loads, by how Streamlit's files of them begin, and what we send instead.
FONTS = {"SourceSansVF-Upright.": "source-sans.woff2", "MaterialSymbols-Rounded.": "material-symbols.woff2"}


def stock() -> Path:
    """The folder of Streamlit's own files."""
    found = find_spec("streamlit")
    if found is None or found.origin is None:
        raise FileNotFoundError("Streamlit is not installed")
    return Path(found.origin).parent / "static" / "static"


def missing() -> bool:
    """Whether the copy has still to be made."""
    return not settings().static.is_dir()


class StaticFiles:
    """Sends the copy in place of Streamlit's files, once it is there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed: BlackNoise | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(f"{_PREFIX}/"):
            await self.app(scope, receive, send)
            return
        if self.compressed is None and settings().static.is_dir():
            # Every name holds a digest of its file: what is there never changes.
            self.compressed = BlackNoise(self.app, immutable_file_test=lambda _path: True)
            self.compressed.add(settings().static, _PREFIX)
        if self.compressed is None:
            await self.app(scope, receive, send)
        else:
            await self.compressed(_without_refusals(scope), receive, _varying(send))


def _without_refusals(scope: Scope) -> Scope:
    """The request, naming what its browser reads and nothing else: `blacknoise` reads no weights."""
    wanted = ",".join(Headers(scope=scope).getlist("accept-encoding"))
    read = ", ".join(coding for coding, weight in _weighed(wanted) if weight > 0)
    others = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": [*others, (b"accept-encoding", read.encode("latin-1"))]}


def _weighed(header: str) -> Iterator[tuple[str, float]]:
    """What a header names, each with its weight; what cannot be read weighs nothing."""
    for one in header.lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        weight = next((value for key, _, value in (p.partition("=") for p in parameters) if key == "q"), "1")
        yield name, float(weight) if re.fullmatch(r"[01](\.\d*)?", weight) else 0


def _varying(send: Send) -> Send:
    """Say that an answer depends on what the browser can read; and that it is ours alone to show."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0] != b"access-control-allow-origin"]
            message["headers"] = [*kept, (b"vary", b"Accept-Encoding")]
        await send(message)

    return sending
