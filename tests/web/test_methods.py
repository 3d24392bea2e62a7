"""An address of ours asked in a way it does not answer: our own words, where to begin again, `Allow`."""

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from ccm.web.headers import HEADERS
from tests.web.asgi import application, ask

pytestmark = pytest.mark.usefixtures("read_store")
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def _streamlit(scope: dict[str, object], receive: object, send: object) -> None:
    response: Response = PlainTextResponse("Streamlit's own")
    await response(scope, receive, send)  # type: ignore[arg-type]


# Streamlit's files take whatever path there is, as here.
APP = application(Mount("/", _streamlit))
WRONG = [
    ("POST", "/leger/recommandations", {"GET", "HEAD"}),
    ("DELETE", "/leger", {"GET", "HEAD"}),
    ("PUT", "/leger/repondre", {"GET", "HEAD", "POST"}),
    ("PUT", "/connexion", {"GET", "HEAD", "POST"}),
    ("POST", "/r/CCM7-A1-05", {"GET", "HEAD"}),
    ("POST", "/recommandations", {"GET", "HEAD"}),
    ("PATCH", "/", {"GET", "HEAD"}),
    ("GET", "/brouillon", {"POST"}),
]


@pytest.mark.parametrize(("method", "path", "taken"), WRONG)
def test_a_wrong_method_is_told_on_a_page_of_ours(method: str, path: str, taken: set[str]) -> None:
    answer = ask(APP, path, method, HTML)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == taken
    assert "<h1>Cette adresse ne se demande pas ainsi</h1>" in answer.text
    assert "Rien n’a été enregistré" in answer.text
    assert f'href="{path if "GET" in taken else "/"}"' in answer.text
    assert "<script" not in answer.text
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name.decode()) == [value.decode()]


@pytest.mark.parametrize(("method", "path", "taken"), WRONG)
def test_a_wrong_method_is_told_in_english(method: str, path: str, taken: set[str]) -> None:
    answer = ask(APP, f"{path}?lang=en", method, HTML)
    assert answer.status_code == 405
    assert "Nothing was recorded" in answer.text
    assert f'href="{path if "GET" in taken else "/"}?lang=en"' in answer.text


@pytest.mark.parametrize(("lang", "said"), [("", "ne se demande pas ainsi"), ("?lang=en", "was recorded")])
def test_a_program_is_told_in_one_sentence(lang: str, said: str) -> None:
    answer = ask(APP, f"/leger{lang}", "DELETE", {"accept": "*/*"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"].startswith("text/plain")
    assert said in answer.text
    assert "<" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/nimportequoi"), ("PUT", "/_stcore/upload_file/x"), ("POST", "//example.org"), ("HEAD", "/")],
)
def test_what_is_not_ours_goes_on(method: str, path: str) -> None:
    assert ask(APP, path, method, HTML).status_code != 405
