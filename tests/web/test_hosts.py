"""A request under another name than ours gets one sentence, whatever it asks for; links are made of ours."""

import http.client
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from ccm import web
from tests.web.asgi import ask
from tests.web.test_headers import OWN

BAD = (
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "user@localhost",
    "localhost:port",
    "[::1",
    "",
)
PATHS = (
    "/",
    "/recommandations",
    "/connexion",
    "/compte",
    "/lien/x",
    "/premier-compte",
    "/brouillon",
    "/preuve/1",
    "/relance.eml",
    "/journal/tete.json",
    "/r/CCM7-A1-05",
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/index.html",
    "/nothing",
)
SENTENCE = "Ce tableau de bord ne répond pas sous ce nom"


_UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def _get(application: str, path: str, *hosts: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """The answer to a request that names these hosts."""
    connection = http.client.HTTPConnection(urlsplit(application).netloc, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    for host in hosts:
        connection.putheader("Host", host)
    for name, value in ({"Accept": "text/html"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    with connection.getresponse() as answer:
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("path", PATHS)
def test_no_address_answers_under_another_name(application: str, path: str) -> None:
    status, text = _get(application, path, "evil.example")
    assert (status, text.startswith(SENTENCE)) == (400, True)
    assert _get(application, path, urlsplit(application).netloc)[0] != 400
    assert _get(application, path, "evil.example", method="POST")[0] == 400


@pytest.mark.parametrize("host", BAD)
def test_no_wrong_name_is_answered_to(application: str, host: str) -> None:
    assert _get(application, "/connexion", host)[0] == 400


def test_two_names_are_none(application: str) -> None:
    assert _get(application, "/connexion", "localhost", "evil.example")[0] == 400


@pytest.mark.parametrize("host", BAD)
def test_no_socket_opens_under_another_name(application: str, host: str) -> None:
    assert _get(application, "/_stcore/stream", host, **_UPGRADE)[0] in (400, 403)


def test_a_socket_opens_under_ours(application: str) -> None:
    assert _get(application, "/_stcore/stream", urlsplit(application).netloc, **_UPGRADE)[0] == 101


def test_the_public_address_is_answered_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCM_ADDRESS", "https://testserver")
    with_address = Starlette(routes=OWN, middleware=web.middleware(["localhost"]))
    monkeypatch.delenv("CCM_ADDRESS")
    without = Starlette(routes=OWN, middleware=web.middleware(["localhost"]))
    assert [ask(app, "/page").status_code for app in (with_address, without)] == [200, 400]
