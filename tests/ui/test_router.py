"""Every page, in both languages, on the real plan and on a demonstration; bad addresses; stores that fail."""

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import insert, select, update

from ccm.commands import current_state
from ccm.domain.dates import today
from ccm.domain.vocabulary import ReportState, Status
from ccm.i18n import numbers
from ccm.store import Store, open_store
from ccm.store.journal import Entry, append
from ccm.store.models import Assignment, Entity, EntityName, ProgressReport, StoreState
from tests.support.machine import free_port
from tests.ui.conftest import PAGES, PARAMETERS, OpenScreen, Screen

LOCALES = ("fr", "en")
#: The last day that the demonstration invents: the one it opens on.
DEMO_DAY = dt.date(2024, 6, 30)
MARCH = dt.date(2024, 3, 31)
BANNER = {"fr": "Données de démonstration", "en": "Demonstration data"}


@pytest.fixture(scope="module")
def seen() -> dict[object, Screen]:
    """What was drawn before in this module: looking at it again needs no second run."""
    return {}


@pytest.fixture
def see(open_screen: OpenScreen, seen: dict[object, Screen]) -> OpenScreen:
    """As `open_screen`, for tests that only look; a page gets what it needs in its address."""

    def go(store_url: str, page: str = "overview", /, **parameters: str) -> Screen:
        parameters = {**PARAMETERS.get(page, {}), **parameters}
        address = (store_url, page, *sorted(parameters.items()))
        if address not in seen:
            seen[address] = open_screen(store_url, page, **parameters)
        return seen[address]

    return go


#: Elements that run, load or send something: no template has one.
ACTIVE = (
    "script",
    "img",
    "image",
    "iframe",
    "object",
    "embed",
    "link",
    "meta",
    "base",
    "form",
    "video",
    "audio",
)


def sound(screen: Screen) -> None:
    """A page that ran to its end: one main heading, nothing thrown, all of it in our own blocks."""
    assert screen.exceptions == []
    assert len(screen.h1) == 1
    assert screen.h1[0]
    assert [markdown.value for markdown in screen.at.markdown if not markdown.allow_html] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_real_plan(see: OpenScreen, first_load_url: str, page: str, locale: str) -> None:
    screen = see(first_load_url, page, lang=locale)
    sound(screen)
    assert numbers.day(today(), locale) in screen.text
    assert screen.tree.all("*", cls="ccm-demo") == []
    assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {locale}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_demonstration(see: OpenScreen, demo_url: str, page: str, locale: str) -> None:
    screen = see(demo_url, page, lang=locale)
    sound(screen)
    # It opens on its own last day, not on the reader's.
    assert numbers.day(DEMO_DAY, locale) in screen.text
    assert [banner.text.startswith(BANNER[locale]) for banner in screen.tree.all("*", cls="ccm-demo")] == [
        True
    ]
    assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {locale}


@pytest.mark.parametrize("page", [page for page in PAGES if page != "method"])
def test_a_page_with_figures_ends_on_the_rule_and_the_way_to_its_method(
    see: OpenScreen, demo_url: str, page: str
) -> None:
    screen = see(demo_url, page)
    (footer,) = screen.tree.all("footer")
    assert numbers.day(DEMO_DAY, "fr") in footer.text
    assert "/methode" in [node.attributes["href"] for node in footer.all("a")]


@pytest.mark.parametrize("page", PAGES)
def test_date_and_language_change_the_page_and_its_links(see: OpenScreen, demo_url: str, page: str) -> None:
    screen = see(demo_url, page, date=MARCH.isoformat(), lang="en")
    sound(screen)
    assert numbers.day(MARCH, "en") in screen.text
    inside = [link for link in _same_view(screen) if not link.startswith(("#", "/r/", "/f/"))]
    assert all(link.startswith("/") and not link.startswith("//") for link in inside), inside
    for link in inside:
        query = parse_qs(urlsplit(link).query)
        if link.startswith("/connexion"):
            # One is back at the same view after signing in.
            query = parse_qs(urlsplit(query["next"][0]).query)
        assert (query.get("date"), query.get("lang")) == ([MARCH.isoformat()], ["en"]), link
    # Without a target of its own, Streamlit would open each link in a new tab.
    assert {node.attributes.get("target") for node in screen.tree.all("a")} <= {"_self"}


def _same_view(screen: Screen) -> list[str]:
    """Where the page leads, but for what leads to another date: the trend's, and days to compare with."""
    parts = [part for cls in ("ccm-trend", "ccm-choice") for part in screen.tree.all("*", cls=cls)]
    others = {id(link) for part in parts for link in part.all("a")}
    return [link.attributes.get("href", "") for link in screen.tree.all("a") if id(link) not in others]


@pytest.mark.parametrize("page", PAGES)
def test_where_nothing_was_chosen_links_stay_short(see: OpenScreen, demo_url: str, page: str) -> None:
    # A permanent link says its date, so that it shows the same figures for good.
    links = [link for link in _same_view(see(demo_url, page)) if not link.startswith(("/f/", "/r/"))]
    for link in links:
        assert {"date", "lang", "depuis", "session"} & parse_qs(urlsplit(link).query).keys() == set()


@pytest.mark.parametrize("page", PAGES)
def test_the_language_outlives_the_next_click(see: OpenScreen, demo_url: str, page: str) -> None:
    screen = see(demo_url, page, lang="en")
    for _ in range(2):
        screen = Screen(screen.at.run())
        assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {"en"}
        assert screen.at.query_params.get("lang") == "en"


def test_the_switch_changes_all_of_the_page(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "overview", date=MARCH.isoformat())
    assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {"fr"}
    (switch,) = [group for group in screen.at.get("button_group") if group.options == ["Français", "English"]]
    english = Screen(switch.set_value("en").run())
    assert english.exceptions == []
    assert {node.attributes["lang"] for node in english.tree.all("div", cls="ccm")} == {"en"}
    assert english.at.query_params == {"date": MARCH.isoformat(), "lang": "en"}


# Addresses that mean nothing ---------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script>"
ADDRESSES: dict[str, dict[str, str]] = {
    "unknown names": {"foo": "bar", "a b": "c", "__proto__": "1"},
    "not a date": {"date": "hier", "depuis": "2024-02-30"},
    "a date long ago": {"date": "0001-01-01", "depuis": "0001-01-01"},
    "a date far away": {"date": "9999-12-31", "depuis": "9999-12-31"},
    "dates the wrong way round": {"date": "2023-01-01", "depuis": "2024-01-01"},
    "an unknown language": {"lang": "xx"},
    "a hostile language": {"lang": HOSTILE},
    "an unknown session": {"session": "99"},
    "no session at all": {"session": "sept"},
    "unknown codes": {
        "axe": "A9",
        "defi": "CCM9-D99",
        "region": "NE999",
        "institution": "XX",
        "entite": "XX",
        "statut": "fini",
        "cle": "CCM9-Z-99",
        "acteurs": "personne",
        "mesure": "rien",
    },
    "markup as codes": dict.fromkeys(
        ("axe", "defi", "region", "institution", "entite", "statut", "cle", "q", "jour", "vue", "tri"),
        HOSTILE,
    ),
    "numbers that are none": {"page": "-1", "retard": "peut-être", "non_attribuee": "2", "doute": "½"},
    "a page beyond the last": {"page": "9" * 30},
    "a digit that is no number": {"page": "²"},
    "a search for quotes": {"q": "%_' OR 1=1 --\\"},
    "a long search": {"q": "eau " * 3000},
    "a search for nothing": {"q": " \t "},
    "control characters": {"q": "a\x00b", "cle": "a\x00b", "region": "a\x00b"},
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
def test_an_address_that_means_nothing_is_harmless(
    open_screen: OpenScreen, demo_url: str, address: dict[str, str]
) -> None:
    at = open_screen(demo_url, **address).at
    for page in PAGES:
        at.switch_page(f"pages/{page}.py")
        for name, value in {**PARAMETERS.get(page, {}), **address}.items():
            at.query_params[name] = value
        screen = Screen(at.run())
        assert screen.exceptions == [], page
        assert len(screen.h1) == 1, page
        assert not [node for tag in ACTIVE for node in screen.tree.all(tag)], page
        assert screen.links, page


# Stores that fail --------------------------------------------------------------------------------------


def _newer(folder: Path, template: Path) -> str:
    path = shutil.copyfile(template, folder / "newer.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    return f"sqlite:///{path}"


def _no_store(folder: Path, template: Path) -> str:
    (folder / "letter.db").write_text("Monsieur le Ministre, " * 200, encoding="utf-8")
    return f"sqlite:///{folder / 'letter.db'}"


#: How each failing store is made: a function of a folder and of the template's path, to a URL.
FAILURES: dict[str, Callable[[Path, Path], str]] = {
    "a newer version's": _newer,
    "no server": lambda _folder, _template: f"postgresql://ccm:hunter2@127.0.0.1:{free_port()}/ccm",
    "a folder": lambda folder, _template: f"sqlite:///{folder}",
    "in no folder": lambda folder, _template: f"sqlite:///{folder / 'none' / 'store.db'}",
    "another kind of file": _no_store,
    "no address": lambda _folder, _template: "entrepôt du CCM",
    "another scheme": lambda _folder, _template: "postgres://ccm:hunter2@127.0.0.1/ccm",
    "another database": lambda _folder, _template: "mysql://ccm:hunter2@127.0.0.1/ccm",
    "a driver that is not here": lambda _folder, _template: "postgresql+pg8000://ccm:hunter2@127.0.0.1/ccm",
}


@pytest.fixture(params=FAILURES.values(), ids=list(FAILURES))
def failing_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a store that cannot be read."""
    url: str = request.param(tmp_path, sqlite_template)
    return url


def test_a_store_that_cannot_be_read_gives_one_sentence(open_screen: OpenScreen, failing_url: str) -> None:
    said = {}
    for locale in LOCALES:
        screen = open_screen(failing_url, lang=locale)
        assert screen.exceptions == []
        (failure,) = screen.tree.all("*", cls="ccm-empty")
        said[locale] = failure.text
        assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {locale}
        assert screen.text == failure.text
        assert failing_url not in failure.text
        for word in ("Traceback", "sqlalchemy", "psycopg.", "Error", "hunter2", 'File "', "%("):
            assert word not in failure.text
        assert failure.text.endswith(".")
    assert "réessayez" in said["fr"]
    assert "try again" in said["en"]


def test_a_newer_store_is_left_as_it_is(
    open_screen: OpenScreen, tmp_path: Path, sqlite_template: Path
) -> None:
    url = _newer(tmp_path, sqlite_template)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    open_screen(url)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    assert after["newer.db"] == before["newer.db"]
    assert after.get("newer.db-wal", b"") == b""


def test_a_store_that_comes_back_is_read_at_the_next_click(
    open_screen: OpenScreen, tmp_path: Path, sqlite_template: Path
) -> None:
    folder = tmp_path / "later"
    screen = open_screen(f"sqlite:///{folder / 'store.db'}")
    assert screen.h1 == []
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "store.db")
    sound(Screen(screen.at.run()))


# Text that somebody typed ------------------------------------------------------------------------------

LINK = '<a href="https://evil.example">[x](https://evil.example)</a>'
MONEY = "US$5 and US$6 :material/home: :red[x] **b** <img src=x>"
NOTE = (
    "Point\n\n# Titre\n\n    code\n\n</div></details><script>alert(1)</script>"
    '<img src="https://evil.example/i.png" onerror=alert(1)>\n\n![i](https://evil.example/i.png) '
    "[l](javascript:alert(1)) `code` $$x^2$$ US$5 and US$6 :material/home: :red[rouge] "
    "www.evil.example https://evil.example &lt;b&gt; {{ 7*7 }} %(n)s %s"
)


@pytest.fixture(scope="module")
def hostile_url(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration in which somebody typed what a page must not interpret."""
    path = shutil.copyfile(demo_template, tmp_path_factory.mktemp("hostile") / "store.db")
    store = open_store(f"sqlite:///{path}")
    _type_hostile_texts(store)
    store.close()
    yield f"sqlite:///{path}"


def _type_hostile_texts(store: Store) -> None:
    with store.write("test") as transaction:
        connection = transaction.connection
        # Answers are kept under a store's identity: this one is no longer the template's.
        connection.execute(update(StoreState).values(store_uuid="hostile"))
        for key, name in (("NE002", LINK), ("MI-D", MONEY)):
            entity = connection.execute(select(Entity.id).where(Entity.key == key)).scalar_one()
            names = update(EntityName).where(EntityName.entity_id == entity)
            connection.execute(names.values(short_name=name, name=f"{name} {NOTE}"[:300], note=NOTE))
        for key, status in (("CCM7-A1-05/NE002", Status.IN_PROGRESS), ("CCM7-A1-05/MI-D", Status.BLOCKED)):
            answer = select(Assignment.id).where(Assignment.key == key)
            connection.execute(
                insert(ProgressReport).values(
                    assignment_id=connection.execute(answer).scalar_one(),
                    as_of=DEMO_DAY,
                    status=status,
                    percent=10,
                    note=NOTE,
                    blocked_reason=NOTE if status is Status.BLOCKED else "",
                    author=NOTE,
                    state=ReportState.VALIDATED,
                    submitted_at=transaction.now,
                    validated_at=transaction.now,
                    validated_by=NOTE,
                )
            )
        current_state.refresh(transaction)
        append(transaction, [Entry("test.typed", "store", NOTE[:120], {"note": NOTE})])


WHERE: dict[str, dict[str, str]] = {
    "overview": {},
    "register": {"vue": "reponses", "region": "NE002", "q": MONEY},
    "recommendation": {"cle": "CCM7-A1-05"},
    "regions": {"region": "NE002"},
    "institutions": {"entite": "MI-D"},
    "explorer": {"region": "NE002"},
    "method": {},
}


@pytest.mark.parametrize("page", PAGES)
def test_what_was_typed_stays_text(see: OpenScreen, hostile_url: str, page: str) -> None:
    screen = see(hostile_url, page, **WHERE.get(page, {}))
    sound(screen)
    for block in screen.blocks:
        # One Markdown HTML block: it starts with an element, and ends only where it ends.
        assert block.startswith("<div"), block[:80]
        assert all(line.strip() and not line.startswith("    ") for line in block.split("\n"))
    for node in screen.tree.walk():
        assert node.tag not in ACTIVE, node
        assert [name for name in node.attributes if name.startswith("on") or name in ("src", "srcset")] == []
        assert node.attributes.get("href", "/").startswith(("/", "#")), node.attributes
    for name in WHERE.get(page, {}).keys() & {"region", "entite", "cle"}:
        shown = MONEY if name == "entite" else LINK
        assert shown in screen.text, f"the text is not there to be seen: {shown}"


def test_a_note_is_shown_whole_and_as_it_was_typed(see: OpenScreen, hostile_url: str) -> None:
    screen = see(hostile_url, "recommendation", cle="CCM7-A1-05")
    assert " ".join(NOTE.split()) in screen.text


@pytest.mark.parametrize("page", PAGES)
def test_what_was_typed_is_no_markdown_in_a_widget(see: OpenScreen, hostile_url: str, page: str) -> None:
    """Labels, options of pills, headings of expanders and the like are Markdown; those of a list are not."""
    screen = see(hostile_url, page, **WHERE.get(page, {}))
    interpreted = [
        option.content for group in screen.at.get("button_group") for option in group.proto.options
    ]
    interpreted += [str(getattr(found.proto, "label", "")) for found in _elements(screen.at.main)]
    interpreted += [str(getattr(found.proto, "help", "")) for found in _elements(screen.at.main)]
    for text in interpreted:
        for mark in ("](https", ":material/home:", ":red[", "US$5 and US$", "**b**"):
            assert mark not in text


def test_what_was_typed_is_no_markup_in_a_chart(see: OpenScreen, hostile_url: str) -> None:
    """Plotly reads `<a>`, `<b>`, `<br>` in every text it draws."""
    screen = see(hostile_url, "explorer", acteurs="Régions")
    charts = [found.proto for found in _elements(screen.at.main) if found.type == "plotly_chart"]
    drawn = [text for chart in charts for text in _texts(json.loads(chart.spec))]
    assert charts
    assert not [text for text in drawn if "<a " in text.lower() or "<img" in text.lower()]
    assert [text for text in drawn if "evil.example" in text], "the name is not there to be seen"


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        elif hasattr(child, "proto"):
            yield child


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "geojson":
                yield from _texts(part)
