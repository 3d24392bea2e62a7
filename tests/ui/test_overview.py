"""The overview says what the figures say: every number, and the sentence above them, in every state."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ccm.domain.dates import today
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import BAR_ORDER, EntityKind, GroupBy
from ccm.i18n import numbers
from ccm.metrics import At, Grouped, figures
from ccm.queries.decisions import Blocked, Decisions, Tally
from ccm.queries.results import EntityRef
from ccm.render import Links
from ccm.render.sentences.overview import to_decide
from ccm.store import open_store, upgrade
from ccm.store.models import Axis, Entity
from tests.support.plan_builder import new_store
from tests.ui.conftest import Node, OpenScreen, Screen, cells

ON = dt.date(2024, 3, 31)
DEMO_DAY, BEFORE = dt.date(2024, 6, 30), dt.date(2023, 12, 31)


@cache
def grouped(store_url: str, by: GroupBy, at: At) -> Grouped:
    """The figures under the keys of their groups, as `ccm.metrics` gives them."""
    store = open_store(store_url)
    with store.read() as connection:
        found = figures(connection, at, by)
        table = Axis if by is GroupBy.AXIS else Entity
        keys = {row.id: row.key for row in connection.execute(table.__table__.select())}
    store.close()
    return Grouped({keys[number]: row for number, row in found.rows.items()}, found.total, found.plan)


def trio(screen: Screen) -> list[tuple[str, str]]:
    """The three figures that stand together: name and value."""
    (box,) = screen.tree.all("dl", cls="ccm-trio")
    return [(group.all("dt")[0].text, group.all("dd")[0].text) for group in box.all("div")]


def bar(cell: Node) -> dict[str, int]:
    """The numbers of a bar's segments by their status letter."""
    found = {}
    (drawn,) = cell.all("div", cls="ccm-bar")
    for segment in (*drawn.all("a"), *drawn.all("i")):
        (letter,) = [
            name[4:] for name in segment.attributes["class"].split() if re.fullmatch("ccm-[A-Z]", name)
        ]
        flex = re.match(r"flex:(\d+)", segment.attributes["style"])
        assert flex
        found[letter] = int(flex[1])
    return found


def said(text: str) -> list[int]:
    """The whole numbers in a text, in their order."""
    return [int(number) for number in re.findall(r"\d+", text.replace("\u202f", ""))]


# The plan before anything was reported ------------------------------------------------------------------


def test_the_real_plan(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, date=ON.isoformat())
    assert screen.h1 == ["48 recommandations, 318 réponses attendues, aucune reçue au 31/03/2024."]
    assert [value for _, value in trio(screen)] == ["0,0 %"] * 3
    rows = cells(screen.section("Ce qui est attendu, par axe"))
    # Axis, bar, recommendations, expected answers, unassigned.
    assert [int(row[2]) for row in rows] == [6, 12, 15, 15]
    assert sum(int(row[3]) for row in rows) == 318
    assert [int(row[4]) for row in rows] == [0, 0, 0, 4]
    (footer,) = screen.tree.all("footer")
    assert "318 réponses attendues, 48 recommandations, 4 non attribuées." in footer.text


def test_every_step_of_the_beginning_leads_somewhere(open_screen: OpenScreen, first_load_url: str) -> None:
    (box,) = open_screen(first_load_url).tree.all("aside", cls="ccm-act")
    assert [len(item.all("a")) for item in box.all("li")] == [1, 1, 1, 1]
    assert [rank.text for rank in box.all("sup")] == ["e"]


@pytest.mark.parametrize(("locale", "said"), [("fr", "date à venir : d’après"), ("en", "a date to come")])
def test_a_date_to_come_is_said_to_be(
    open_screen: OpenScreen, first_load_url: str, locale: str, said: str
) -> None:
    to_come = today() + dt.timedelta(days=90)
    for page in ("overview", "register", "regions", "institutions", "method"):
        (line,) = open_screen(first_load_url, page, date=to_come.isoformat(), lang=locale).tree.all(
            "*", cls="ccm-scope-row"
        )
        assert said in line.text
        assert numbers.day(today(), locale) in line.text
    assert said not in open_screen(first_load_url, lang=locale).text


def test_the_headline_speaks_of_a_date_to_come_as_of_one(
    open_screen: OpenScreen, first_load_url: str, demo_url: str
) -> None:
    to_come = today() + dt.timedelta(days=90)
    (head,) = open_screen(first_load_url, date=to_come.isoformat()).h1
    assert head.endswith(f"aucune reçue au {numbers.day(today(), 'fr')}.")
    (head,) = open_screen(demo_url, date=to_come.isoformat()).h1
    assert head.startswith(
        f"Sans réponse nouvelle d’ici au {numbers.day(to_come, 'fr')}, le plan en reste à "
    )
    assert ", et " in head


def test_a_but_stands_against_something_good_alone(open_screen: OpenScreen, demo_url: str) -> None:
    moved = At(DEMO_DAY), At(BEFORE)
    now, before = (grouped(demo_url, GroupBy.AXIS, at).total.completion for at in moved)
    assert now > before
    on, since = DEMO_DAY.isoformat(), BEFORE.isoformat()
    assert ", mais " in open_screen(demo_url, date=on, depuis=since).h1[0]
    assert ", mais " in open_screen(demo_url, date=on, depuis="non").h1[0]


def test_a_figure_to_quote_says_its_day(open_screen: OpenScreen, demo_url: str) -> None:
    quoted = [link for link in open_screen(demo_url).links if link.startswith("/f/plan/")]
    assert quoted
    assert {parse_qs(urlsplit(link).query)["date"][0] for link in quoted} == {DEMO_DAY.isoformat()}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_where_one_region_is_silent_it_is_named_once(locale: str) -> None:
    diffa = EntityRef("NE002", "Diffa", "Région de Diffa", EntityKind.REGION)
    dosso = replace(diffa, key="NE003", short_name="Dosso")

    def details(*silent: tuple[EntityRef, int]) -> tuple[str, ...]:
        missing = Tally(sum(n for _, n in silent), silent)
        found = Decisions(Blocked(0, None, ()), Tally(0, ()), missing, (), 0)
        (action,) = to_decide(found, Links(locale), locale)
        return action.details

    assert details((diffa, 26)) == ()
    assert "Diffa 26" in details((diffa, 26), (dosso, 4))[0]


def test_expected_answers_are_those_of_the_figures(open_screen: OpenScreen, first_load_url: str) -> None:
    screen, at = open_screen(first_load_url, date=ON.isoformat()), At(ON)
    by_axis = grouped(first_load_url, GroupBy.AXIS, at)
    shown = {
        row.all("a")[0].attributes["href"].split("axe=")[1].split("&")[0]: [
            int(cell.text) for cell in row.all("td")[1:]
        ]
        for row in screen.section("Ce qui est attendu, par axe").all("tbody")[0].all("tr")
    }
    assert shown == {
        key: [row.recommendations, row.expected, row.unassigned] for key, row in by_axis.rows.items()
    }
    by_region = grouped(first_load_url, GroupBy.REGION, at)
    bars = {
        row.all("a")[0].attributes["href"].split("region=")[1].split("&")[0]: bar(row.all("td")[0])
        for row in screen.section("Par région").all("tbody")[0].all("tr")
    }
    assert bars == {key: {"U": row.expected} for key, row in by_region.rows.items()}
    assert len(bars) == 8
    by_entity = grouped(first_load_url, GroupBy.ENTITY, at)
    institutions = {
        row.all("a")[0].attributes["href"].split("entite=")[1].split("&")[0]: int(row.all("td")[1].text)
        for table in screen.section("Par ministère et institution").all("tbody")
        for row in table.all("tr")
    }
    others = {key: row.expected for key, row in by_entity.rows.items() if not key.startswith("NE0")}
    assert institutions == others


def test_ministries_say_how_much_of_the_plan_they_cover(open_screen: OpenScreen, first_load_url: str) -> None:
    section = open_screen(first_load_url, date=ON.isoformat()).section("Par ministère et institution")
    ministries = grouped(first_load_url, GroupBy.MINISTRY, At(ON))
    (sentence,) = section.all("p", cls="ccm-units")
    named, plan = ministries.total.recommendations, ministries.plan.recommendations
    assert (named, plan) == (10, 48)
    assert said(sentence.text)[:2] == [named, plan]
    assert said(sentence.text)[-1] == plan - named


# The plan in its life ------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize(("on", "since"), [(DEMO_DAY, BEFORE), (dt.date(2023, 5, 2), dt.date(2022, 12, 31))])
def test_the_demonstration_shows_its_figures(
    open_screen: OpenScreen, demo_url: str, on: dt.date, since: dt.date, locale: str
) -> None:
    screen = open_screen(demo_url, date=on.isoformat(), depuis=since.isoformat(), lang=locale)
    now, then = grouped(demo_url, GroupBy.AXIS, At(on)), grouped(demo_url, GroupBy.AXIS, At(since))

    def shown(figure: Any) -> str:
        return " ".join(numbers.percent(figure, locale).split())

    plan = now.plan
    assert [value for _, value in trio(screen)] == [
        shown(plan.realised),
        shown(plan.completion),
        shown(plan.coverage),
    ]
    axes = screen.tree.all("section", cls="ccm-first")[0].all("tbody")[0].all("tr")
    assert len(axes) == len(now.rows) == 4
    for row in axes:
        key = row.all("a")[0].attributes["href"].split("axe=")[1].split("&")[0]
        axis, (status, completion, change, realised) = now.rows[key], row.all("td")
        assert bar(status) == counts(axis)
        assert completion.text == shown(axis.completion)
        assert change.text == numbers.delta(axis.completion - then.rows[key].completion, locale)
        assert said(realised.text) == [axis.recommendations_realised, axis.recommendations]
    regions = grouped(demo_url, GroupBy.REGION, At(on))
    (tiles,) = screen.tree.all("div", cls="ccm-tiles")
    for tile in tiles.all("a"):
        key = tile.attributes["href"].split("region=")[1].split("&")[0]
        assert shown(regions.rows[key].completion) in tile.text
    assert len(tiles.all("a")) == len(regions.rows) == 8


def counts(row: Figures) -> dict[str, int]:
    """The segments a bar of these figures has: the statuses that hold something, by letter."""
    letters = {
        "completed": "R",
        "in_progress": "C",
        "blocked": "B",
        "not_started": "N",
        "not_reported": "U",
    }
    assert [status.value for status in BAR_ORDER] == list(letters)
    return {letter: getattr(row, name) for name, letter in letters.items() if getattr(row, name)}


def test_what_needs_a_decision_is_counted_right(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url)
    plan = grouped(demo_url, GroupBy.AXIS, At(DEMO_DAY)).plan
    (box,) = screen.tree.all("aside", cls="ccm-act")
    counted = {item.all("a")[0].attributes["href"]: int(item.all("b")[0].text) for item in box.all("li")}
    assert counted["/recommandations?vue=reponses&statut=blocked"] == plan.blocked
    assert counted["/recommandations?vue=reponses&retard=1"] == plan.overdue
    assert counted["/recommandations?non_attribuee=1"] == plan.unassigned


@pytest.mark.parametrize("by", [GroupBy.AXIS, GroupBy.REGION])
def test_figures_of_a_cohort_are_asked_for_it(open_screen: OpenScreen, demo_url: str, by: GroupBy) -> None:
    """The demonstration announces an eighth session that holds nothing yet."""
    screen = open_screen(demo_url, session="8")
    assert grouped(demo_url, by, At(DEMO_DAY, session=8)).plan.recommendations == 0
    assert screen.h1 == ["Aucune recommandation n’était en suivi au 30/06/2024."]


# Its sentence --------------------------------------------------------------------------------------------

TWO = """
recommendations
key
R1
R2

assignments
recommendation  entities
R1              NE001,NE002
R2              MJ
"""
#: Reports at 2023-06-01 and, after the comparison date, at 2023-09-01.
STATES: dict[str, tuple[str, str, str]] = {
    "moving up": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-06-01  in_progress  50
R1/NE001  2023-09-01  completed    100
""",
        "Le plan avance (25,0 %, +12,5 points depuis le 30/06/2023), "
        "mais 2 réponses sur 3 manquent, surtout à NE002.",
        "25.0% 12.5 30/06/2023 2 3 NE002",
    ),
    "moving down": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-06-01  in_progress  50
R1/NE002  2023-06-01  in_progress  50
R2/MJ     2023-06-01  in_progress  50
R2/MJ     2023-09-01  in_progress  30
""",
        "Le plan recule (40,0 %, −10,0 points depuis le 30/06/2023), "
        "et toutes les réponses attendues sont reçues.",
        "40.0% −10.0 30/06/2023",
    ),
    "unmoved": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-06-01  in_progress  50
R1/NE001  2023-09-01  in_progress  50
R1/NE002  2023-06-01  not_started  0
""",
        "Le plan n’a pas bougé depuis le 30/06/2023 (12,5 %), et 1 réponse sur 3 manque.",
        "30/06/2023 12.5% 1 3",
    ),
    "all answered": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-09-01  completed    100
R1/NE002  2023-09-01  completed    100
R2/MJ     2023-09-01  in_progress  90
""",
        "Le plan avance (95,0 %, +95,0 points depuis le 30/06/2023), "
        "et toutes les réponses attendues sont reçues.",
        "95.0% 95.0 30/06/2023",
    ),
    "one blocked": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-09-01  completed    100
R1/NE002  2023-09-01  blocked      20
R2/MJ     2023-09-01  in_progress  90
""",
        "Le plan avance (75,0 %, +75,0 points depuis le 30/06/2023), mais 1 réponse est bloquée.",
        "75.0% 75.0 30/06/2023 1",
    ),
    "all dropped": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-09-01  dropped      -
R1/NE002  2023-09-01  dropped      -
R2/MJ     2023-09-01  dropped      -
""",
        "Aucune réponse n’entre plus dans le compte.",
        "",
    ),
    "one late": (
        """
reports
answer    as_of       status       percent
R1/NE001  2023-09-01  completed    100
R1/NE002  2023-09-01  completed    100
R2/MJ     2023-09-01  in_progress  90

changes
key    field     value       effective_on
R2/MJ  due_date  2023-10-01  2023-01-01
""",
        "Le plan avance (95,0 %, +95,0 points depuis le 30/06/2023), mais 1 réponse est en retard.",
        "95.0% 95.0 30/06/2023 1",
    ),
}


@pytest.fixture(scope="module")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables and nothing in them, to be copied."""
    template = tmp_path_factory.mktemp("empty") / "store.db"
    store = open_store(f"sqlite:///{template}")
    upgrade(store)
    store.close()
    return template


@pytest.fixture
def with_reports(empty_template: Path, tmp_path: Path) -> Callable[[str], str]:
    """`with_reports(tables)`: the URL of a store of two recommendations, three answers, and these tables."""

    def make(tables: str) -> str:
        url = f"sqlite:///{shutil.copyfile(empty_template, tmp_path / 'plan.db')}"
        new_store(url, f"{TWO}\n{tables}").close()
        return url

    return make


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_is_true(
    open_screen: OpenScreen, with_reports: Callable[[str], str], state: str
) -> None:
    tables, french, numbers_said = STATES[state]
    url = with_reports(tables)
    asked = {"date": "2023-12-31", "depuis": "2023-06-30"}
    assert open_screen(url, **asked).h1 == [french.replace(" %", "\u202f%").replace("\u202f", " ")]
    (english,) = open_screen(url, **asked, lang="en").h1
    assert english != french
    for number in numbers_said.split():
        assert number in english
    assert not re.search(r"plan (avance|recule)|réponse|depuis", english)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_day_after_the_adoption_nothing_is_said_to_move(
    open_screen: OpenScreen, with_reports: Callable[[str], str], locale: str
) -> None:
    """Without an earlier date to compare with, the sentence compares with nothing."""
    url = with_reports("reports\nanswer as_of status percent\nR1/NE001 2022-08-06 in_progress 50\n")
    (sentence,) = open_screen(url, date="2022-08-06", lang=locale).h1
    assert "points" not in sentence
    assert "12,5" in sentence if locale == "fr" else "12.5" in sentence


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_before_the_adoption_there_is_no_figure(
    open_screen: OpenScreen, first_load_url: str, locale: str
) -> None:
    screen = open_screen(first_load_url, date="2022-01-01", lang=locale)
    assert screen.exceptions == []
    (sentence,) = screen.h1
    assert "01/01/2022" in sentence
    assert screen.tree.all("dl", cls="ccm-trio") == []
    assert not re.search(r"\d %|\d%", screen.text)
    # The way back to the present keeps the language, and drops the date.
    # Before the way to the light page, which every page ends with.
    assert screen.links[-2] == ("/" if locale == "fr" else "/?lang=en")


def test_on_the_day_of_the_adoption_the_plan_is_in_follow_up(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    assert open_screen(first_load_url, date="2022-08-04").h1[0].startswith("Aucune recommandation")
    assert open_screen(first_load_url, date="2022-08-05").h1[0].startswith("48 recommandations")


def test_nothing_is_late_while_nobody_knows_a_date(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, date="2030-01-01")
    assert "en retard" not in screen.text
    assert "retard" not in screen.h1[0]


def test_what_nobody_is_to_do_stands_in_one_row(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url)
    section = screen.section("Ce qui a bougé depuis le 31/12/2023")
    still = cells(section.all("table")[1])
    assert still[-1][:2] == ["A3-10 à A3-13", "4 recommandations sans responsable désigné"]
    assert not any(row[0] in ("A3-10", "A3-11", "A3-12", "A3-13") for row in still)
    assert "4 n’ont pas bougé (dont 4 sans responsable)" in section.text


def test_the_comparison_can_begin_on_other_days(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url)
    (choice,) = screen.tree.all("details", cls="ccm-choice")
    assert choice.all("summary")[0].text == "Choisir une autre date"
    assert [link.text for link in choice.all("a")] == ["30/06/2023", "31/12/2022", "05/08/2022"]
    for link in choice.all("a"):
        (day,) = parse_qs(urlsplit(link.attributes["href"]).query)["depuis"]
        other = open_screen(demo_url, depuis=day)
        assert other.section(f"Ce qui a bougé depuis le {link.text}")
        # The usual day is then among the others.
        assert "31/12/2023" in [way.text for way in other.tree.all("details", cls="ccm-choice")[0].all("a")]
