"""What every answer carries, whoever gave it, and what nobody is given."""

import asyncio
import gc
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ccm import web
from ccm.config import settings
from ccm.web.headers import HEADERS, SecurityHeaders
from tests.web.asgi import application, ask


async def _page(_request: Request) -> Response:
    return PlainTextResponse("page", headers={"server": "uvicorn", "X-Frame-Options": "ALLOWALL"})


OWN = [Route(path, _page) for path in ("/page", "/_stcore/health", "/_stcore/metrics", "/_stcore/agent/mcp")]
APP = application(*OWN)
ANSWERS = {
    "/page": 200,
    "/r/CCM7-A1-05": 302,
    "/f/axis/A1": 302,
    "/topo/world_110m.json": 200,
    "/nothing": 404,
    "/r/": 404,
    "/_stcore/metrics": 404,
    "/_stcore/agent/mcp": 404,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_answer_carries_the_headers(path: str, status: int) -> None:
    answer = ask(APP, path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name.decode()) == [value.decode()]
    assert "server" not in answer.headers


def test_the_headers_are_those_that_protect() -> None:
    headers = ask(APP, "/page").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer", "strict-origin")
    for sense in ("camera", "microphone", "geolocation"):
        assert f"{sense}=()" in headers["permissions-policy"]


def test_no_page_that_opened_a_personal_one_keeps_a_hold_of_it() -> None:
    name = "cross-origin-opener-policy"
    signed_in = {"cookie": f"other=1; {settings().session_cookie}=x"}
    assert ask(APP, "/page", headers=signed_in).headers[name] == "same-origin"
    # The form to sign in gives its cookie with its first answer.
    assert ask(APP, "/connexion").headers[name] == "same-origin"
    assert name not in ask(APP, "/page").headers


def test_a_wrong_method_is_refused_with_the_headers() -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = ask(APP, "/r/CCM7-A1-05", method)
        assert answer.status_code == 405
        assert "content-security-policy" in answer.headers


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    policy = ask(APP, "/page").headers["content-security-policy"]
    directives = {name: values for name, *values in (part.split() for part in policy.split("; "))}
    assert directives["default-src"] == ["'self'"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert directives["object-src"] == ["'none'"]
    assert directives["base-uri"] == directives["form-action"] == directives["connect-src"] == ["'self'"]
    assert "'unsafe-inline'" not in directives["script-src"]
    assert "'unsafe-eval'" not in directives["script-src"]
    # One hash for each inline script of Streamlit's page: without it the page would not start.
    assert [value for value in directives["script-src"] if value.startswith("'sha256-")]
    own = {"'self'", "'none'", "'unsafe-inline'", "'wasm-unsafe-eval'", "data:", "blob:"}
    given = {value for values in directives.values() for value in values if not value.startswith("'sha256-")}
    assert given <= own


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/openapi.json"]
)
def test_closed_paths_say_nothing(path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        answer = ask(APP, path, method)
        assert (answer.status_code, answer.content) == (404, b"")
    assert ask(APP, "/_stcore/health").status_code == 200


def test_the_socket_of_the_pages_is_let_through() -> None:
    seen = []

    async def inner(scope: MutableMapping[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    for kind in ("websocket", "lifespan"):
        asyncio.run(SecurityHeaders(inner)({"type": kind, "path": "/_stcore/stream"}, nothing, nothing))
    assert seen == ["websocket", "lifespan"]


def test_start_and_stop() -> None:
    """Start-up freezes what is loaded; a stop leaves no task behind."""

    async def run() -> tuple[int, set[str]]:
        before = asyncio.all_tasks()
        async with web.lifespan(None):
            frozen = gc.get_freeze_count()
            assert len(asyncio.all_tasks() - before) == 1
        return frozen, {task.get_name() for task in asyncio.all_tasks() - before}

    gc.unfreeze()
    frozen, left = asyncio.run(run())
    assert frozen > 0
    assert left == set()
