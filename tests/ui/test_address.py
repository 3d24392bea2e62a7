"""What an address asks for: understood, or said not to be; in both languages."""

import datetime as dt

import pytest
from streamlit.runtime.pages_manager import PagesManager

from ccm.i18n import numbers
from ccm.queries.scope import SessionRef, StoreFacts
from ccm.screens import SHARED, Choice, read_choice
from tests.ui.conftest import PAGES, PARAMETERS, OpenScreen, Screen

JUNE = dt.date(2024, 6, 30)
FACTS = StoreFacts(
    demo=True,
    default_date=JUNE,
    today=dt.date(2024, 7, 15),
    fresh_days=90,
    sessions=(SessionRef(7, "7", dt.date(2022, 8, 5), False),),
)
DECEMBER = dt.date(2023, 12, 31)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Choice("fr", JUNE, DECEMBER, None)),
        ({"date": "31/03/2024"}, Choice("fr", dt.date(2024, 3, 31), DECEMBER, None)),
        ({"date": "2022-08-05"}, Choice("fr", dt.date(2022, 8, 5), None, None)),
        ({"depuis": "non", "session": "7"}, Choice("fr", JUNE, None, 7)),
        ({"depuis": "2023-01-01", "lang": "en-GB"}, Choice("en", JUNE, dt.date(2023, 1, 1), None)),
        ({"date": "hier"}, Choice("fr", JUNE, DECEMBER, None, unknown=("date",))),
        ({"date": "2021-12-31"}, Choice("fr", JUNE, DECEMBER, None, unknown=("date",))),
        ({"depuis": "2024-06-30"}, Choice("fr", JUNE, DECEMBER, None, unknown=("depuis",))),
        ({"session": "07", "lang": "xx"}, Choice("fr", JUNE, DECEMBER, None, unknown=("session", "lang"))),
    ],
)
def test_what_an_address_asks_for(said: dict[str, str], expected: Choice) -> None:
    assert read_choice({**dict.fromkeys(SHARED, ""), **said}, FACTS) == expected


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_what_is_not_understood_is_said(open_screen: OpenScreen, demo_url: str, locale: str) -> None:
    wrong = {"date": "2024-02-30", "depuis": "2030-01-01", "session": "99"}
    screen = open_screen(demo_url, lang=locale, **wrong)
    notice = screen.tree.all("*", cls="ccm-empty")[0]
    assert [text for text in wrong.values() if text not in notice.text] == []
    assert numbers.day(JUNE, locale) in notice.text
    (link,) = notice.all("a")
    assert link.attributes["href"] == f"/?lang={locale}"
    unknown = open_screen(demo_url, lang="xx").tree.all("*", cls="ccm-empty")[0]
    assert "« xx » n’est pas une langue" in unknown.text


def test_the_explorer_says_what_it_does_not_understand(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", axe="A1,A9", mesure="rien", jour="hier", region="NE002")
    (notice,) = screen.tree.all("*", cls="ccm-empty")
    assert [word in notice.text for word in ("« A9 »", "rien", "hier", "A1,", "NE002")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    (link,) = notice.all("a")
    assert link.attributes["href"] == "/explorer?mesure=avancement&acteurs=regions&axe=A1&region=NE002"


def test_a_view_without_comparison_keeps_it_from_page_to_page(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, depuis="non")
    links = [link for link in screen.links if link.startswith("/regions")]
    assert links
    assert [link for link in links if "depuis=non" not in link] == []


def test_an_emptied_comparison_is_none_and_the_default_leaves_the_address(
    open_screen: OpenScreen, demo_url: str
) -> None:
    at = open_screen(demo_url, date="2024-03-31").at
    at.session_state["ccm-quand"] = True  # « Date et session » is opened.
    at.run()
    date, since = at.text_input(key="ccm-date"), at.text_input(key="ccm-depuis")
    assert (date.value, since.value) == ("31/03/2024", "31/12/2023")
    since.set_value("")
    at.button[0].click().run()
    assert at.query_params == {"date": "2024-03-31", "depuis": "non"}
    at.text_input(key="ccm-date").set_value("30/06/2024")
    at.text_input(key="ccm-depuis").set_value("31/12/2023")
    at.button[0].click().run()
    assert at.query_params == {}
    at.text_input(key="ccm-date").set_value("demain")
    at.button[0].click().run()
    assert at.query_params == {"date": "demain"}
    (notice,) = Screen(at).tree.all("*", cls="ccm-empty")
    assert "« demain »" in notice.text
    # What was typed is there to be mended.
    assert at.text_input(key="ccm-date").value == "demain"
    at.text_input(key="ccm-date").set_value("31/02/2024")
    at.text_input(key="ccm-depuis").set_value("hier")
    at.button[0].click().run()
    typed = [at.text_input(key=f"ccm-{name}").value for name in ("date", "depuis")]
    assert typed == ["31/02/2024", "hier"]
    assert at.query_params == {"date": "31/02/2024", "depuis": "hier"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_run_without_the_router_keeps_date_and_language(
    open_screen: OpenScreen, demo_url: str, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)
    screen = open_screen(demo_url, page, date="2024-03-31", lang="en", **PARAMETERS.get(page, {}))
    assert screen.exceptions == []
    assert numbers.day(dt.date(2024, 3, 31), "en") in screen.text
    assert {node.attributes["lang"] for node in screen.tree.all("div", cls="ccm")} == {"en"}
