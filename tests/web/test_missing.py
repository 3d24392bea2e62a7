"""A wrong path, and a link to no figure: our own sentence in the reader's language, a way on, a 404."""

import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ccm.render.pages import PAGES, key_in, meant
from tests.web.asgi import application, ask

pytestmark = pytest.mark.usefixtures("read_store")
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def _streamlit(request: Request) -> Response:
    return PlainTextResponse(f"Streamlit's own: {request.url.path}")


APP = application(Route("/{path:path}", _streamlit, methods=["GET", "HEAD", "POST"]))


def links(html: str) -> list[str]:
    """Where the page's own part leads."""
    main = html.partition("<main")[2]
    return [found.replace("&amp;", "&") for found in re.findall(r'<a [^>]*href="([^"]+)"', main)]


@pytest.mark.parametrize(
    "path",
    [
        "/nimportequoi",
        "/recommandations/xx",
        "/en/foo",
        "//regions",
        "/a.html",
        "/regions/_stcore/x",
        "/f",
        "/r",
    ],
)
def test_a_wrong_path_is_told_in_a_sentence(path: str) -> None:
    answer = ask(APP, path, headers=HTML)
    assert answer.status_code == 404
    assert "<h1>Cette page n’existe pas</h1>" in answer.text
    assert '<html lang="fr">' in answer.text
    assert {"/", "/recommandations"} <= set(links(answer.text))
    assert "<script" not in answer.text


def test_a_wrong_path_is_told_in_english() -> None:
    answer = ask(APP, "/nowhere?lang=en", headers=HTML)
    assert answer.status_code == 404
    assert "<h1>There is no such page</h1>" in answer.text
    assert {"/?lang=en", "/recommandations?lang=en"} <= set(links(answer.text))


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/region", "/regions"),
        ("/en/institution", "/institutions"),
        ("/Méthode", "/methode"),
        ("/recommendations", "/recommandations"),
        ("/recommandation/ccm7-a1-05", "/recommandation?cle=CCM7-A1-05"),
    ],
)
def test_the_likeliest_page_comes_first(path: str, first: str) -> None:
    answer = ask(APP, path, headers=HTML)
    assert answer.status_code == 404
    assert links(answer.text.partition("<ul")[2].join(["<main", ""]))[0] == first


def test_what_was_asked_for_is_shown_as_text() -> None:
    answer = ask(APP, "/%3Cscript%3Ealert(1)%3C/script%3E%0d%0a%E2%80%AE", headers=HTML)
    assert answer.status_code == 404
    assert "<script" not in answer.text
    assert "\u202e" not in answer.text


def test_a_very_long_path_is_answered() -> None:
    answer = ask(APP, "/" + "recommandation" * 2000, headers=HTML)
    assert answer.status_code == 404
    assert len(answer.text) < 50_000


@pytest.mark.parametrize("page", [page.path for page in PAGES.values()])
def test_every_page_is_opened(page: str) -> None:
    assert ask(APP, page, headers=HTML).status_code == 200


#: What is no page of ours, and goes on to Streamlit as before.
OTHERS = [
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/js/x.js",
    "/media/x.png",
    "/component/x/y",
    "/favicon.png",
    "/favicon.ico",
    "/manifest.json",
    "/index.html",
    "/robots.txt",
    "/regions/",
]


@pytest.mark.parametrize("path", OTHERS)
def test_what_is_no_page_goes_on(path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # As long as no compressed copy of Streamlit's files is there.
    monkeypatch.setenv("CCM_STATIC", str(tmp_path / "none"))
    assert ask(APP, path, headers=HTML).text == f"Streamlit's own: {path}"


@pytest.mark.parametrize(
    ("method", "headers"),
    [("POST", HTML), ("GET", {"accept": "*/*"}), ("GET", {"accept": "image/png"})],
)
def test_only_a_page_that_is_opened_is_looked_at(method: str, headers: dict[str, str]) -> None:
    assert ask(APP, "/nimportequoi", method, headers).status_code == 200


#: Groupings, metrics, states and sessions there are none of.
NO_FIGURES = [
    "/f/foo/bar",
    "/f/foo/bar/realised",
    "/f/plan/zorglub",
    "/f/axis/A1/zorglub",
    "/f/donor/EU",
    "/f/donor/EU/realised",
    "/f/session/abc",
    "/f/session/abc/realised",
    "/f/session/" + "9" * 5000,
    "/f/status/completed/blocked",
    "/f/status/dropped/expected",
]


@pytest.mark.parametrize("path", NO_FIGURES)
def test_a_link_to_no_figure_is_told_in_a_sentence(path: str) -> None:
    answer = ask(APP, path, headers=HTML)
    assert answer.status_code == 404
    assert "<h1>Ce chiffre n’existe pas</h1>" in answer.text
    assert "/methode#chiffres" in links(answer.text)


def test_a_link_to_no_figure_is_told_in_english() -> None:
    answer = ask(APP, "/f/foo/bar?lang=en", headers=HTML)
    assert answer.status_code == 404
    assert "<h1>There is no such figure</h1>" in answer.text
    assert "/methode?lang=en#chiffres" in links(answer.text)


def test_what_a_path_meant() -> None:
    assert [page.path for page in meant("/explore/admin")] == ["/explorer", "/", "/recommandations"]
    assert key_in("/x/ccm7-a1-05.html") == "CCM7-A1-05"
    assert key_in("/recommandations/xx") is None


def test_from_light_pages_the_ways_on_are_light() -> None:
    missing = ask(APP, "/leger/nulle", headers=HTML).text
    assert 'href="/leger">' in missing
    assert 'href="/leger/recommandations"' in missing
    assert 'href="/">' not in missing
    assert 'href="/recommandations"' in ask(APP, "/nulle", headers=HTML).text
