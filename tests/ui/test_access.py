"""Pages that are not for whoever asks: one sentence in their place, and the way on."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.people_changes import DisablePerson
from ccm.commands.periods import ChangeSetting
from ccm.store import Store, open_store
from tests.support.accounts import ADMINISTRATOR, DIFFA, DONOR, add, enter
from tests.ui.conftest import ACTING, PAGES, PARAMETERS, OpenScreen

HoldToken = Callable[[str | None], None]
PATHS = {
    "administration": "/administration",
    "answer": "/repondre",
    "journal": "/journal",
    "my_space": "/mon-espace",
    "silence": "/relances",
    "validation": "/validation",
}


@pytest.fixture
def people(sqlite_store: Store, quick_hashes: None) -> Store:
    """A store with a focal point, a donor and an administrator."""
    add(sqlite_store, DIFFA, "focal_point", "NE002")
    add(sqlite_store, DONOR, "donor")
    add(sqlite_store, ADMINISTRATOR, "administrator")
    return sqlite_store


@pytest.fixture
def sqlite_store(sqlite_store_url: str) -> Store:
    """An open SQLite store of this test's own."""
    return open_store(sqlite_store_url)


@pytest.mark.parametrize("page", ACTING)
def test_the_public_is_shown_the_way_in_and_back(
    open_screen: OpenScreen, sqlite_store_url: str, page: str
) -> None:
    screen = open_screen(sqlite_store_url, page, lang="en")
    assert screen.exceptions == []
    assert len(screen.h1) == 1
    (box,) = screen.tree.all("div", cls="ccm-empty")
    assert "requires signing in" in box.text
    (link,) = box.all("a")
    back = parse_qs(urlsplit(link.attributes["href"]).query)["next"][0]
    assert urlsplit(back).path == PATHS[page]
    assert parse_qs(urlsplit(back).query)["lang"] == ["en"]
    assert not screen.at.button


def test_somebody_without_the_right_is_told_so(
    open_screen: OpenScreen, people: Store, sqlite_store_url: str, hold_token: HoldToken
) -> None:
    hold_token(enter(people, DONOR))
    for page in ("administration", "validation", "my_space"):
        screen = open_screen(sqlite_store_url, page)
        (box,) = screen.tree.all("div", cls="ccm-empty")
        assert "pas le droit" in box.text
        assert box.all("a") == []


def test_a_sign_in_that_is_over_is_said_once_and_leads_back(
    open_screen: OpenScreen, people: Store, sqlite_store_url: str, hold_token: HoldToken
) -> None:
    hold_token(enter(people, DIFFA))
    screen = open_screen(sqlite_store_url, "answer", engagement="CCM7-A1-05/NE002")
    assert "pris fin" not in screen.text
    submit(people, CONSOLE, DisablePerson(DIFFA))
    screen = type(screen)(screen.at.run())
    assert screen.text.count("Votre connexion a pris fin") == 1
    boxes = [box for box in screen.tree.all("div", cls="ccm-empty") if "pris fin" in box.text]
    link = boxes[0].all("a")[0].attributes["href"]
    assert parse_qs(urlsplit(link).query)["next"] == ["/repondre?engagement=CCM7-A1-05%2FNE002"]


@pytest.mark.parametrize("page", PAGES)
def test_without_public_reading_no_page_shows_anything(
    open_screen: OpenScreen, people: Store, sqlite_store_url: str, page: str
) -> None:
    submit(people, CONSOLE, ChangeSetting("public_reading", "off"))
    screen = open_screen(sqlite_store_url, page, **PARAMETERS.get(page, {}))
    assert screen.exceptions == []
    assert screen.tree.all("table") == []
    assert "demande de se connecter" in screen.text
    assert len(screen.text) < 200
    assert len(screen.at.button) == 0


def test_an_administrator_who_owes_a_second_factor_is_sent_to_the_account(
    open_screen: OpenScreen, people: Store, sqlite_store_url: str, hold_token: HoldToken
) -> None:
    hold_token(enter(people, ADMINISTRATOR))
    submit(people, CONSOLE, ChangeSetting("second_factor_for_administrators", "required"))
    for page in ("administration", "overview"):
        screen = open_screen(sqlite_store_url, page)
        assert "second facteur" in screen.text
        assert screen.links == ["/compte"]


def test_a_session_of_another_browser_is_emptied_and_shows_nothing(
    open_screen: OpenScreen, people: Store, sqlite_store_url: str, hold_token: HoldToken
) -> None:
    hold_token(enter(people, DIFFA))
    screen = open_screen(sqlite_store_url, "my_space")
    assert DIFFA in screen.text
    screen.at.session_state["typed"] = "what the first one typed"
    hold_token(enter(people, DONOR))
    for _ in range(2):
        screen = type(screen)(screen.at.run())
        assert "sous une autre connexion" in screen.text
        assert DIFFA not in screen.text
        assert "typed" not in screen.at.session_state
