"""A page goes out in two pieces, each as soon as it is there."""

import asyncio
import shutil
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from ccm.render import FOLD
from tests.web.asgi import application

PATHS = (
    "/",
    "/leger",
    "/leger/recommandations",
    "/leger/recommandations?vue=reponses",
    "/leger/recommandation?cle=CCM7-A1-05",
    "/leger/regions?region=NE002",
    "/leger/institutions",
    "/leger/methode",
)


@pytest.fixture(scope="module")
def app(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """Our routes on a demonstration, around Streamlit's own page as its file stands."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path_factory.mktemp('pieces') / 'store.db')}"
    found = find_spec("streamlit")
    assert found
    assert found.origin
    page = (Path(found.origin).parent / "static" / "index.html").read_bytes()

    async def stock(_request: object) -> Response:
        return Response(page, media_type="text/html")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCM_STORE", url)
        yield application(Route("/", stock))


def pieces(app: Starlette, address: str, encoding: str) -> list[bytes]:
    """The body of an answer as it is handed to the server, piece by piece."""
    path, _, query = address.partition("?")
    asked = {"accept": "text/html", "accept-encoding": encoding, "host": "testserver"}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in asked.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": {},
    }
    asyncio.run(app(scope, receive, send))
    head = dict(sent[0]["headers"])
    assert head.get(b"content-encoding", b"identity") == encoding.encode()
    return [message["body"] for message in sent[1:] if message.get("body")]


def opened(parts: list[bytes], encoding: str) -> str:
    """What a browser can read once these pieces are there."""
    packed = b"".join(parts)
    if encoding == "br":
        # Fed little by little: of more than 32 kB at once this reader keeps the end for its next call.
        reader = brotli.Decompressor()
        steps = range(0, len(packed), 256)
        return b"".join(reader.process(packed[at : at + 256]) for at in steps).decode()
    if encoding == "gzip":
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed).decode()
    return packed.decode()


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("path", PATHS)
def test_the_first_screen_does_not_wait_for_the_rest(app: Starlette, path: str, encoding: str) -> None:
    parts = pieces(app, path, encoding)
    first, whole = opened(parts[:1], encoding), opened(parts, encoding)
    assert whole.startswith(first)
    assert "</h1>" in first
    assert "</body>" not in first
    assert whole.rstrip().endswith("</html>")
    # The figures of a page that has them in a row of three come first.
    row = 'class="ccm-trio'
    assert (row in first) == (row in whole.partition("<table")[0])
    assert FOLD not in whole
    assert len(first) < 0.8 * len(whole)
