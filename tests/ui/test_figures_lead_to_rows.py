"""Every figure leads to its rows: what a link counts is what the view it leads to says, and shows."""

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from ccm.metrics import At, plan_reading
from ccm.queries.answers import answers
from ccm.queries.names import entities
from ccm.render.sentences.words import short_key
from ccm.store import open_store
from ccm.store.models import Recommendation
from tests.support.proof import some
from tests.ui.conftest import PARAMETERS, Node, OpenScreen, Screen, cells

PAGES = ("overview", "regions", "institutions", "recommendation")
#: No default among them, so that each address has to say them; the date is the demonstration's own.
DEMO = {"depuis": "2023-10-01", "session": "7"}
DEMO_DAY = dt.date(2024, 6, 30)
REAL = {"date": "2026-01-15"}
REGISTER = "/recommandations"
#: More rows than this stand on several pages.
ONE_PAGE = 50


def whole(text: str) -> list[int]:
    """The whole numbers in a text, in their order."""
    return [int(number) for number in re.findall(r"\d+", text.replace("\u202f", ""))]


def promised(screen: Screen) -> dict[str, int]:
    """Every linked figure of a page: {address: how many rows it counts}; fails where two disagree."""
    found: dict[str, int] = {}
    for link, count in linked_figures(screen):
        href = link.attributes["href"]
        assert link.attributes["target"] == "_self"
        assert found.setdefault(href, count) == count, f"{href} counts {found[href]} and {count}"
    return found


def linked_figures(screen: Screen) -> Iterator[tuple[Node, int]]:
    """The links of figures, each with the number of rows that a reader is told is behind it."""
    for link in screen.tree.all("a", cls="ccm-f"):
        yield link, whole(link.attributes.get("title") or link.text)[0]
    for bar in screen.tree.all("div", cls="ccm-bar"):
        yield from ((segment, whole(segment.attributes["title"])[0]) for segment in bar.all("a"))
    for tiles in screen.tree.all("div", cls="ccm-tiles"):
        yield from ((tile, whole(tile.attributes["aria-label"])[-1]) for tile in tiles.all("a"))
    for box in screen.tree.all("aside", cls="ccm-act"):
        for item in box.all("li"):
            for link in (found for found in item.all("a") if REGISTER in found.attributes["href"]):
                yield link, (whole(link.text) or whole(item.all("b")[0].text))[0]


class Register:
    """The register, where a figure's link leads: one visitor who follows one link after another."""

    #: What was counted where: several pages lead to one address, and no store here ever changes.
    counted: ClassVar[dict[tuple[str, str], int]] = {}

    def __init__(self, open_screen: OpenScreen, store: str, view: dict[str, str]) -> None:
        self.at, self.store, self.view = open_screen(store, "register", **view).at, store, view

    def counts(self, href: str) -> int:
        """How many rows the view at this address says it has; fails where it shows another number."""
        if (self.store, href) not in self.counted:
            self.counted[self.store, href] = self._read(href)
        return self.counted[self.store, href]

    def _read(self, href: str) -> int:
        place = urlsplit(href)
        asked = dict(parse_qsl(place.query))
        assert place.path == REGISTER
        assert asked == asked | self.view
        for name in [name for name in self.at.query_params if name not in self.view]:
            del self.at.query_params[name]
        for name, value in asked.items():
            self.at.query_params[name] = value
        screen = Screen(self.at.run())
        assert screen.exceptions == []
        assert not [p for p in screen.tree.all("p") if "est laissé de côté" in p.text]
        (line,) = [p for p in screen.tree.all("p") if p.attributes.get("role") == "status"]
        said = whole(line.text)[0]
        if said <= ONE_PAGE and "lignes" not in line.text:
            assert shown(screen, answers=asked.get("vue") == "reponses") == said, href
        return said


def shown(screen: Screen, answers: bool) -> int:
    """How many rows of the count a view of the register shows; those out of the count stand in a section."""
    apart = sum(len(cells(table)) for s in screen.tree.all("section") for table in s.all("table"))
    every = sum(len(cells(table)) for table in screen.tree.all("table"))
    return every - apart if answers else every


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("store", ["demo_url", "first_load_url"])
def test_each_figure_leads_to_as_many_rows(
    open_screen: OpenScreen, request: pytest.FixtureRequest, store: str, page: str
) -> None:
    url, view = request.getfixturevalue(store), DEMO if store == "demo_url" else REAL
    found = promised(open_screen(url, page, **view, **PARAMETERS.get(page, {})))
    assert len(found) >= (5 if page == "recommendation" else 30)
    register = Register(open_screen, url, view)
    followed = some(found, store, one_in=2 if store == "demo_url" else 4)
    assert {href: register.counts(href) for href in followed} == {href: found[href] for href in followed}


@pytest.mark.parametrize("store", ["demo_url", "first_load_url"])
def test_no_figure_of_the_overview_is_left_without_a_way(
    open_screen: OpenScreen, request: pytest.FixtureRequest, store: str
) -> None:
    screen = open_screen(request.getfixturevalue(store), **(DEMO if store == "demo_url" else REAL))
    (trio,) = screen.tree.all("dl", cls="ccm-trio")
    assert [len(figure.all("a")) for figure in trio.all("dd", cls="ccm-fig")] == [1, 1, 1]
    (legend,) = screen.tree.all("ul", cls="ccm-legend")
    for entry in legend.all("li"):
        # The mean stands in the legend too; its link is the figure's own.
        assert entry.all("a") or whole(entry.text)[0] == 0 or "," in entry.text
    named = {"Depuis", "Depuis 01/10/2023", "Point focal", "De → à", "Points", "Dernier point"}
    for table in screen.tree.all("table"):
        heads = [head.text for head in table.all("thead")[0].all("th")]
        if "Réf." in heads:
            continue
        for row in table.all("tbody")[0].all("tr"):
            for head, cell in zip(heads[1:], row.all("td"), strict=True):
                bar = cell.all("div", cls="ccm-bar")
                if head not in named and not bar and any(whole(cell.text)) and cell.text[:5] != "0 sur":
                    assert cell.all("a"), f"{heads[0]}, {head}: {cell.text}"


@pytest.mark.parametrize("page", ["overview", "regions", "institutions"])
@pytest.mark.parametrize("store", ["demo_url", "first_load_url"])
def test_every_count_of_a_bar_has_its_way_however_narrow(
    open_screen: OpenScreen, request: pytest.FixtureRequest, store: str, page: str
) -> None:
    view = {"region": "NE006"} if page == "regions" else {}
    screen = open_screen(request.getfixturevalue(store), page, **view)
    barred = [cell for cell in screen.tree.all("td") if cell.all("div", cls="ccm-bar")]
    assert len(barred) >= 4
    for cell in barred:
        (bar,) = cell.all("div", cls="ccm-bar")
        said, *counts = whole(bar.attributes["aria-label"].partition(";")[0])
        links = cell.all("a")
        found = [whole(link.attributes.get("title") or link.text)[0] for link in links]
        asked = [dict(parse_qsl(urlsplit(link.attributes["href"]).query))["statut"] for link in links]
        assert sorted(found) == sorted(counts)
        assert (sum(found), len(set(asked))) == (said, len(asked))


def completions(url: str, day: dt.date, entity: str = "") -> dict[str, Fraction | int | None]:
    """The completion of each recommendation at a day, or of one entity's answers to it, by its short key."""
    store, at = open_store(url), At(day, session=7)
    try:
        with store.read() as connection:
            if entity:
                (number,) = [n for n, found in entities(connection, day).items() if found.key == entity]
                return {
                    short_key(answer.recommendation): answer.percent or 0
                    for answer in answers(connection, at, entity=number)
                    if (answer.role, answer.nature) == ("responsible", "finite")
                    and answer.status != "dropped"
                }
            keys = {
                row.id: row.key for row in connection.execute(select(Recommendation.id, Recommendation.key))
            }
            every = plan_reading(connection, at).recommendations
            return {short_key(keys[number]): figures.completion for number, figures in every.items()}
    finally:
        store.close()


def moved(url: str, entity: str = "") -> set[str]:
    """What moved between the two dates of the view, for better or worse."""
    then = completions(url, dt.date.fromisoformat(DEMO["depuis"]), entity)
    now = completions(url, DEMO_DAY, entity)
    return {
        key
        for key, value in now.items()
        if value is not None and then.get(key) is not None and value != then[key]
    }


def test_a_change_leads_to_what_moved(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, **DEMO)
    links = [link.attributes["href"] for link in screen.tree.all("a", cls="ccm-delta")]
    asked = [dict(parse_qsl(urlsplit(href).query)) for href in links]
    assert len(asked) == 3 + 4 + 8
    register = open_screen(demo_url, "register", **DEMO).at
    every = moved(demo_url)
    wanted = {("",): every} | {
        (axis,): {k for k in every if k.startswith(axis)} for axis in ("G", "A1", "A2", "A3")
    }
    wanted |= {(f"NE00{n}",): moved(demo_url, f"NE00{n}") for n in range(1, 9)}
    for place in asked:
        if "evolution" not in place:
            continue
        for name in [name for name in register.query_params if name not in DEMO]:
            del register.query_params[name]
        for name, value in place.items():
            register.query_params[name] = value
        shown = Screen(register.run())
        keys = {row[0] for table in shown.tree.all("table") for row in cells(table)}
        assert keys == wanted.pop((place.get("axe") or place.get("region") or "",))
    assert wanted == {}


def test_the_line_over_time_leads_to_its_dates_and_its_ends_to_their_rows(
    open_screen: OpenScreen, demo_url: str
) -> None:
    screen = open_screen(demo_url, **DEMO)
    (line,) = screen.tree.all("div", cls="ccm-trend")
    (trio,) = screen.tree.all("dl", cls="ccm-trio")
    ends = [figure.all("a")[0].attributes["href"] for figure in trio.all("dd", cls="ccm-fig")]
    links = line.all("a")
    assert [link.attributes["href"] for link in links if REGISTER in link.attributes["href"]] == ends[1:]
    others = [link for link in links if REGISTER not in link.attributes["href"]]
    assert others
    for link in others:
        view = dict(parse_qsl(urlsplit(link.attributes["href"]).query))
        day = dt.date.fromisoformat(view.pop("date"))
        assert link.attributes["aria-label"].endswith(f"ituation au {day:%d/%m/%Y}")
        assert view == {"session": "7"}
        # The same page, at that date.
        assert f"situation au {day:%d/%m/%Y}" in open_screen(demo_url, date=day.isoformat(), **view).text


def test_what_several_regions_owe_is_theirs_alone(open_screen: OpenScreen, demo_url: str) -> None:
    """« Réponses manquent à Diffa, Zinder… » is no way to what all others owe."""
    (box,) = open_screen(demo_url, date="2023-05-02").tree.all("aside", cls="ccm-act")
    (item,) = [item for item in box.all("li") if "manquent à" in item.text]
    asked = dict(parse_qsl(urlsplit(item.all("a")[0].attributes["href"]).query))
    assert asked["statut"] == "not_reported"
    screen = open_screen(demo_url, "register", **asked)
    holders = {row[2] for table in screen.tree.all("table") for row in cells(table)}
    assert 1 < len(holders) == len(asked["acteurs"].split(","))
