"""Every figure leads to its rows: what a link counts is what the view it leads to says, and shows."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.ui.conftest import PARAMETERS, Node, OpenScreen, Screen, cells

PAGES = ("overview", "regions", "institutions", "recommendation")
#: No default among them, so that each address has to say them; the date is the demonstration's own.
DEMO = {"depuis": "2023-10-01", "session": "7"}
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

    def __init__(self, open_screen: OpenScreen, store: str, view: dict[str, str]) -> None:
        self.at, self.view = open_screen(store, "register", **view).at, view

    def counts(self, href: str) -> int:
        """How many rows the view at this address says it has; fails where it shows another number."""
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
    assert {href: register.counts(href) for href in found} == found


@pytest.mark.parametrize("store", ["demo_url", "first_load_url"])
def test_no_figure_of_the_overview_is_left_without_a_way(
    open_screen: OpenScreen, request: pytest.FixtureRequest, store: str
) -> None:
    screen = open_screen(request.getfixturevalue(store), **(DEMO if store == "demo_url" else REAL))
    (trio,) = screen.tree.all("dl", cls="ccm-trio")
    assert [len(figure.all("a")) for figure in trio.all("dd", cls="ccm-fig")] == [1, 1, 1]
    short = [
        bar for scale in screen.tree.all("div", cls="ccm-scale") for bar in scale.all("div", cls="ccm-bar")
    ]
    for bar in screen.tree.all("div", cls="ccm-bar"):
        # A narrow segment has its count on the line's own page; a short bar may have no other.
        assert bar.all("a") or bar in short
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


def test_what_several_regions_owe_is_theirs_alone(open_screen: OpenScreen, demo_url: str) -> None:
    """« Réponses manquent à Diffa, Zinder… » is no way to what all others owe."""
    (box,) = open_screen(demo_url, date="2023-05-02").tree.all("aside", cls="ccm-act")
    (item,) = [item for item in box.all("li") if "manquent à" in item.text]
    asked = dict(parse_qsl(urlsplit(item.all("a")[0].attributes["href"]).query))
    assert asked["statut"] == "not_reported"
    screen = open_screen(demo_url, "register", **asked)
    holders = {row[2] for table in screen.tree.all("table") for row in cells(table)}
    assert 1 < len(holders) == len(asked["acteurs"].split(","))
