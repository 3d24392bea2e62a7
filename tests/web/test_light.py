"""The light pages that are read: no script, few bytes, the same figures, the same rights, ways on."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import httpx
import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.periods import ChangeSetting
from ccm.config import settings
from ccm.domain.vocabulary import GroupBy, UserRole
from ccm.exports.figures import figures_json
from ccm.metrics import At
from ccm.queries.figures import figures_table
from ccm.render.pages import PAGES
from ccm.store import Store, open_store
from ccm.web.exports import PATHS as PATHS_OF_FILES
from tests.support import people
from tests.web.asgi import application, ask

#: The day that the demonstration opens on.
DEMO_DAY = dt.date(2024, 6, 30)
PATHS = (
    "/leger",
    "/leger/recommandations",
    "/leger/recommandations?vue=reponses",
    "/leger/recommandations?axe=A1&statut=not_reported",
    "/leger/recommandation?cle=CCM7-A1-05",
    "/leger/regions",
    "/leger/regions?region=NE002",
    "/leger/institutions",
    "/leger/institutions?entite=MI-D",
    "/leger/methode",
)
#: Requirement: a light page weighs at most this on the line, its style sheet with it.
BUDGET = 25_000
BROWSER = {"accept": "text/html,*/*", "accept-encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def client(demonstration_application: str) -> Iterator[httpx.Client]:
    """A browser that reads what every browser reads, and follows no redirection."""
    with httpx.Client(base_url=demonstration_application, headers=BROWSER, timeout=30) as opened:
        yield opened


def words(html: str) -> str:
    """What a reader sees of a page; every space is one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def on_the_wire(client: httpx.Client, path: str) -> int:
    """The bytes of an answer as it was sent, with its headers."""
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        assert answer.headers["content-encoding"] == "br"
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
        return head + sum(len(part) for part in answer.iter_raw())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_is_small_and_has_no_script(client: httpx.Client, path: str, lang: str) -> None:
    path = path if lang == "fr" else f"{path}{'&' if '?' in path else '?'}lang=en"
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert "<script" not in answer.text
    assert not re.search(r'\son[a-z]+="', answer.text)
    # Nothing else is fetched: its style comes with it.
    assert not re.search(r"<link|<img|@import|url\((?!#)", answer.text)
    assert on_the_wire(client, path) <= BUDGET


def test_what_is_sent_is_what_is_meant(client: httpx.Client) -> None:
    with client.stream("GET", "/leger") as answer:
        packed = b"".join(answer.iter_raw())
    assert "Vue d’ensemble" in brotli.decompress(packed).decode()
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "Cookie" in answer.headers["vary"]


def test_every_link_leads_to_a_page(client: httpx.Client) -> None:
    """From page to page as a reader goes, without leaving the light ones but for what has no light form."""
    seen: set[str] = set()
    left = ["/leger"]
    outside: set[str] = set()
    while left and len(seen) < 60:
        path = left.pop(0)
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        for href in map(unescape, re.findall(r'<a [^>]*href="([^"#]+)', answer.text)):
            place = urlsplit(href)
            if not place.path.startswith("/leger"):
                outside.add(place.path)
            elif href not in seen and href not in left:
                left.append(href)
    assert {urlsplit(path).path for path in seen} >= {urlsplit(path).path for path in PATHS}
    full = {page.path for page in PAGES.values() if page.light}
    permanent = ("/f/", "/r/", "/note.")
    assert {path for path in outside if not path.startswith(permanent)} <= {
        *full,
        "/connexion",
        "/explorer",
        *PATHS_OF_FILES,
    }


@pytest.mark.parametrize("by", [GroupBy.AXIS, GroupBy.REGION])
def test_its_figures_are_those_of_the_command(
    client: httpx.Client, demo_template: Path, tmp_path: Path, by: GroupBy
) -> None:
    store = open_store(f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demo.db')}")
    with store.read() as connection:
        table = figures_table(connection, At(DEMO_DAY), by)
        rows = json.loads(figures_json(table))["rows"]
    store.close()
    page = words(client.get("/leger").text)
    for row in rows:
        shown = f"{row['completion']:.1f}".replace(".", ",")
        assert f"{shown} %" in page, row["key"]


def test_a_page_that_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/leger/regions")
    again = client.get("/leger/regions", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/leger/regions?region=NE002", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/leger?date=hier", "« hier »"),
        ("/leger/recommandations?axe=Z9", "« Z9 »"),
        ("/leger/recommandations?page=999", "page"),
        ("/leger/regions?region=NE999", "« NE999 » n’est pas le code d’une région"),
        ("/leger/institutions?entite=%3Cb%3E", "« <b> » n’est pas le code d’une institution"),
    ],
)
def test_what_is_not_understood_is_said_and_the_page_is_there(
    client: httpx.Client, path: str, sentence: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert sentence in words(answer.text)


@pytest.mark.parametrize(
    "path", ["/leger/recommandation?cle=CCM7-Z9-99", "/leger/recommandation", "/leger/rien"]
)
def test_what_is_not_there_is_told_with_a_way_on(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "/recommandations" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/leger/", "/leger"),
        ("/leger/explorer?date=2024-01-31", "/explorer?date=2024-01-31"),
        ("/leger/journal", "/journal"),
    ],
)
def test_a_page_without_a_light_form_is_opened_in_full(client: httpx.Client, path: str, place: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, place)


# Who may read -------------------------------------------------------------------------------------------


def test_where_nobody_reads_without_an_account_nobody_does_here(asked_store: Store) -> None:
    submit(asked_store, CONSOLE, ChangeSetting("public_reading", "off"))
    for path in PATHS:
        answer = ask(application(), path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion?next=%2Fleger")


def test_no_page_of_one_reader_is_kept_for_another(asked_store: Store) -> None:
    people.add(asked_store, "Ministre", UserRole.MINISTER)
    _, token = people.sign_in(asked_store, "Ministre")
    cookie = {"cookie": f"{settings().session_cookie}={token}"}
    mine = ask(application(), "/leger", headers=cookie)
    theirs = ask(application(), "/leger", headers={"if-none-match": mine.headers["etag"]})
    assert theirs.status_code == 200
    assert "Ministre" in mine.text
    assert "Ministre" not in theirs.text
    for answer in (mine, theirs):
        assert answer.headers["cache-control"] == "private, no-cache"
    # Provisional figures are for those who follow the plan.
    asked = ask(application(), "/leger?provisoire=1")
    assert "chiffres provisoires" not in asked.text
    assert "chiffres provisoires" in ask(application(), "/leger?provisoire=1", headers=cookie).text
