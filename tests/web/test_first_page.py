"""The page that is sent first: its figures are in it, for whoever asks; Streamlit's page is the fallback."""

import logging
import re
import shutil
from collections.abc import Iterator
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from ccm.auth import PUBLIC
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.vocabulary import UserRole
from ccm.store import open_store
from ccm.web.compressed_files import prepare
from ccm.web.first import first_page, script_path
from ccm.web.programs import EVERY_PAGE, MORE
from ccm.web.static import FONTS, stock
from tests.support import people
from tests.support.application import serving

BROWSER = {"accept": "text/html,*/*", "accept-encoding": "gzip, deflate, br"}
#: Requirements: the first page, and all that a first visit loads, in bytes on the line.
PAGE_BUDGET, VISIT_BUDGET = 30_000, 600_000


@pytest.fixture(scope="module")
def url(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demonstration."""
    return f"sqlite:///{shutil.copyfile(demo_template, tmp_path_factory.mktemp('first') / 'store.db')}"


@pytest.fixture(scope="module")
def address(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on it."""
    with serving(url, tmp_path_factory.mktemp("log") / "application.log") as found:
        yield found


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    """A browser as most are."""
    with httpx.Client(base_url=address, headers=BROWSER, timeout=30) as opened:
        yield opened


def words(html: str) -> str:
    """What a reader sees of a page before any script has run."""
    inside = html.partition('<div id="ccm-first"')[2].partition('<div id="root">')[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


@pytest.mark.parametrize(
    ("path", "lang", "title", "said"),
    [
        ("/", "fr", "Vue d’ensemble", "situation au 30/06/2024"),
        ("/?date=2024-03-31&lang=en", "en", "Overview", "31/03/2024"),
        ("/recommandations?axe=A1", "fr", "Recommandations", "A1-05"),
        ("/recommandation?cle=CCM7-A1-05", "fr", "CCM7-A1-05", "A1-05"),
        ("/regions?region=NE002", "fr", "Diffa", "Diffa"),
        ("/institutions", "fr", "Institutions", "MI/D"),
        ("/methode", "fr", "Méthode", "Taux de réalisation"),
        ("/explorer?acteurs=ministeres", "fr", "Explorer", "L’avancement des ministères va de"),
        ("/repondre?engagement=CCM7-A1-03/NE006", "fr", "Répondre", "L’application se charge…"),
    ],
)
def test_the_figures_are_in_the_first_answer(
    client: httpx.Client, path: str, lang: str, title: str, said: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert unescape(re.findall(r"<title>(.*?)</title>", answer.text)[0]).startswith(f"{title} · ")
    assert said in words(answer.text)
    # What is read waits for nothing of Streamlit's: its scripts and its style come after. Where there is
    # nothing to read yet, its scripts come at once, after ours.
    first, root = answer.text.index('<div id="ccm-first"'), answer.text.index('<div id="root">')
    later = answer.text.index('<template id="ccm-later">')
    scripts = answer.text.index('<script type="module" crossorigin')
    if path.startswith("/repondre"):
        assert answer.text.index(script_path()) < scripts < first
    else:
        assert first < root < later < scripts
    assert answer.text.rindex('<link rel="stylesheet"') > root
    assert answer.text.count('<script type="module"') == 2
    assert "You need to enable JavaScript" not in answer.text
    # Without a script there is a page to go to, from every one of them.
    assert len(re.findall(r'<a href="/leger[^"]*">(?:Version légère|Light version)</a>', answer.text)) == 2


def test_the_light_page_of_an_answer_is_of_that_answer(client: httpx.Client) -> None:
    html = client.get("/repondre?engagement=CCM7-A1-03/NE006").text
    assert html.count('href="/leger/repondre?engagement=CCM7-A1-03%2FNE006"') == 2


def test_the_first_page_is_small_and_not_sent_again(client: httpx.Client) -> None:
    with client.stream("GET", "/") as answer:
        assert answer.headers["content-encoding"] == "br"
        assert sum(len(part) for part in answer.iter_raw()) <= PAGE_BUDGET
    again = client.get("/", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/?lang=en", headers={"if-none-match": answer.headers["etag"]}).status_code == 200


def test_it_is_each_readers_own(client: httpx.Client, url: str) -> None:
    store = open_store(url)
    people.add(store, "Ministre", UserRole.MINISTER)
    _, token = people.sign_in(store, "Ministre")
    store.close()
    cookie = {"cookie": f"{settings().session_cookie}={token}"}
    for path in ("/?provisoire=1", "/recommandations?provisoire=1"):
        mine, theirs = client.get(path, headers=cookie), client.get(path)
        assert "chiffres provisoires" in words(mine.text)
        assert "chiffres provisoires" not in words(theirs.text)
        assert mine.headers["etag"] != theirs.headers["etag"]
        for answer in (mine, theirs):
            assert answer.headers["cache-control"] == "private, no-cache"
            assert "Cookie" in answer.headers["vary"]


def test_the_script_is_a_file_and_the_policy_allows_no_other(client: httpx.Client) -> None:
    answer = client.get(script_path())
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/ccm-000000000000.js").status_code == 404
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("style-src")[0]


def test_the_programs_that_pages_name_are_those_of_this_streamlit(client: httpx.Client) -> None:
    for root in {*EVERY_PAGE, *(root for roots in MORE.values() for root in roots)}:
        assert len(list((stock() / "js").glob(f"{root}.*.js"))) == 1, root
    soon = client.get("/").text.partition('<template id="ccm-soon">')[2].partition("</template>")[0]
    named = re.findall(r'href="\./static/js/([^"]+)"', soon)
    assert len(named) == len(set(named)) >= len(EVERY_PAGE)
    assert all(client.head(f"/static/js/{name}").status_code == 200 for name in named)


# A page of Streamlit's that is not as we know it --------------------------------------------------------


def streamlits() -> bytes:
    """The page of the version that is installed."""
    found = find_spec("streamlit")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "static" / "index.html").read_bytes()


def sent(html: bytes, path: str = "/") -> str:
    """What is sent for a page of Streamlit's."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "server": ("x", 80),
    }
    return bytes(first_page(Request(scope), PUBLIC, Response(html)).body).decode()


def test_another_page_of_streamlits_is_sent_as_it_is(
    sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    assert 'id="ccm-first"' in sent(streamlits())
    for gone in (b'<div id="root"></div>', b"<title>Streamlit</title>", b'type="module"', b"</head>"):
        caplog.clear()
        other = streamlits().replace(gone, b"<!-- else -->")
        with caplog.at_level(logging.WARNING, "ccm"):
            answer = sent(other)
        # But for its language, and the style of the application that will come.
        style = answer[answer.index("<style>") : answer.index("</style>") + len("</style>")]
        assert ".st-key-ccm-nav" in style
        assert answer.replace(style, "") == other.decode().replace('<html lang="en">', '<html lang="fr">')
        assert "without figures" in caplog.text
    process_store(sqlite_store_url).close()


# Streamlit's files ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compressed copy, as `make` makes it beforehand."""
    folder = settings().static
    if not folder.is_dir():
        prepare(folder)
    return folder


def test_each_file_that_a_first_visit_loads_is_sent_compressed_and_for_good(
    client: httpx.Client, files: Path
) -> None:
    html = client.get("/").text
    paths = re.findall(r'(?:src|href)="\.?(/static/[^"]+\.(?:js|css))"', html)
    assert len(paths) > 50
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding") == "br" or len(answer.content) < 500
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "content-security-policy" in answer.headers
    plain = client.get(paths[0], headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    gzipped = client.get(paths[0], headers={"accept-encoding": "gzip"})
    assert gzipped.headers["content-encoding"] == "gzip"
    assert gzipped.text == plain.text
    assert client.get("/static/nothing.js").status_code == 404
    assert client.get("/static/../index.html").status_code in (200, 404)


@pytest.mark.parametrize(
    ("read", "sent"),
    [
        ("br;q=0", None),
        ("gzip;q=0, br; q=0.000", None),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR;q=0.1", "br"),
        ("gzip;q=nonsense, deflate, abracadabra;q=0", None),
        ("*;q=0", None),
    ],
)
def test_a_file_is_not_sent_in_a_form_that_the_browser_refuses(
    client: httpx.Client, files: Path, read: str, sent: str | None
) -> None:
    (path,) = re.findall(r'src="\.?(/static/[^"]+\.js)"', client.get("/").text)[:1]
    answer = client.get(path, headers={"accept-encoding": read})
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, sent)


def test_the_copy_is_streamlits_but_for_two_small_fonts(files: Path) -> None:
    theirs = {path.relative_to(stock()) for path in stock().rglob("*") if path.is_file()}
    ours = {path.relative_to(files) for path in files.rglob("*") if path.suffix not in (".br", ".gz")}
    assert theirs == {path for path in ours if (files / path).is_file()}
    changed = [path for path in theirs if (files / path).read_bytes() != (stock() / path).read_bytes()]
    assert sorted(path.name.partition(".")[0] for path in changed) == sorted(
        name.rstrip(".") for name in FONTS
    )
    for path in changed:
        assert (files / path).stat().st_size < 60_000


def test_who_asks_for_the_headers_alone_gets_those_of_the_page(client: httpx.Client) -> None:
    whole, head = client.get("/recommandations"), client.head("/recommandations")
    assert not head.content
    for name in ("etag", "cache-control", "vary", "content-type"):
        assert head.headers[name] == whole.headers[name]
    assert client.head("/nimportequoi").status_code == 404
