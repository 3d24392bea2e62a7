"""Files are made few at a time: the others wait, and are told when that lasts."""

import asyncio
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ccm.render.pages import PAGES
from ccm.web import turns


def test_whoever_comes_when_all_turns_are_taken_waits_and_is_then_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.2)
    begun, go = threading.Semaphore(0), threading.Event()

    def slow(_request: Request) -> Response:
        begun.release()
        go.wait(10)
        return PlainTextResponse("made")

    async def ask_all() -> tuple[list[httpx.Response], httpx.Response, httpx.Response]:
        app = Starlette(routes=[Route("/file", turns.in_turn(slow, PAGES["register"]))])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://testserver"
        ) as client:
            making = [asyncio.create_task(client.get("/file")) for _ in range(turns.AT_ONCE)]
            for _ in making:
                await asyncio.to_thread(begun.acquire)
            refused = await client.get("/file?lang=en")
            waiting = asyncio.create_task(client.get("/file"))
            await asyncio.sleep(0)
            go.set()
            return [await one for one in making], refused, await waiting

    made, refused, waited = asyncio.run(ask_all())
    assert [one.text for one in made] == ["made"] * turns.AT_ONCE
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "60"
    assert refused.text.startswith("Many files are being prepared")
    # Who came before a turn was free and waited for it has the file, and no turn is lost.
    assert waited.text == "made"
    assert not turns._turns.locked()
