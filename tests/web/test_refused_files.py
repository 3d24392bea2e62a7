"""A file that is refused: a page with the way back for whoever asks for one, one sentence for programs."""

import asyncio
import threading
from html import unescape
from re import search

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ccm.render.pages import PAGES
from ccm.web import turns
from ccm.web.exports import PATHS
from ccm.web.headers import HEADERS
from tests.web.asgi import application, ask

pytestmark = pytest.mark.usefixtures("read_store")
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
APP = application()
#: Where the rows of a file are seen; of all others in the register.
SEEN = {
    "/export/axes": "/",
    "/export/regions": "/regions",
    "/export/institutions": "/institutions",
    "/export/explorer": "/explorer",
    "/hors-ligne": "/",
    "/note": "/",
}
ASKED = [*PATHS, "/note.pdf", "/note.docx", "/note.html"]


@pytest.mark.parametrize("path", ASKED)
def test_a_browser_is_shown_why_on_a_page_and_the_way_back(path: str) -> None:
    answer = ask(APP, f"{path}?date=hier&lang=en", headers=HTML)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "<h1>This file was not made</h1>" in answer.text
    assert "Nothing is exported: “date=hier” is not understood" in answer.text
    page = SEEN.get(path.partition(".")[0], "/recommandations")
    assert f'href="{page}?date=hier&amp;lang=en"' in answer.text
    assert "<script" not in answer.text
    assert "content-disposition" not in answer.headers
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name.decode()) == [value.decode()]


@pytest.mark.parametrize("path", ASKED)
def test_a_program_is_told_in_one_sentence(path: str) -> None:
    answer = ask(APP, f"{path}?date=hier", headers={"accept": "*/*"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("Rien n’est exporté")
    assert "<" not in answer.text


def test_the_way_back_keeps_what_was_asked_and_nothing_typed_is_markup() -> None:
    answer = ask(APP, "/export/regions.csv?region=%3Cb%3E%22&date=2024-03-31", headers=HTML)
    assert answer.status_code == 400
    assert "<b>" not in answer.text.partition("<h1>")[2].partition("</h1>")[2]
    way = search(r'class="ccm-btn" href="([^"]+)"', answer.text)
    assert way and unescape(way[1]) == "/regions?region=%3Cb%3E%22&date=2024-03-31"
    assert 'href="/leger/regions?region=' in answer.text


@pytest.mark.parametrize(("accept", "kind"), [(HTML["accept"], "text/html"), ("*/*", "text/plain")])
def test_whose_turn_does_not_come_may_ask_again_from_the_page(
    monkeypatch: pytest.MonkeyPatch, accept: str, kind: str
) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    # A semaphore stays with the loop that it was waited for in.
    monkeypatch.setattr(turns, "_turns", asyncio.Semaphore(turns.AT_ONCE))
    begun, go = threading.Semaphore(0), threading.Event()

    def slow(_request: Request) -> Response:
        begun.release()
        go.wait(10)
        return PlainTextResponse("made")

    async def ask_all() -> httpx.Response:
        app = Starlette(routes=[Route("/file.csv", turns.in_turn(slow, PAGES["register"]))])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            making = [asyncio.create_task(client.get("/file.csv")) for _ in range(turns.AT_ONCE)]
            for _ in making:
                await asyncio.to_thread(begun.acquire)
            refused = await client.get("/file.csv?axe=A1", headers={"accept": accept})
            go.set()
            await asyncio.gather(*making)
            return refused

    refused = asyncio.run(ask_all())
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert refused.headers["cache-control"] == "private, no-store"
    assert refused.headers["content-type"].startswith(kind)
    assert "redemandez-le dans une minute" in refused.text
    if kind == "text/html":
        assert 'href="/file.csv?axe=A1"' in refused.text
        assert 'href="/recommandations?axe=A1"' in refused.text
