"""The Explorer: charts, their tables, and the selection that the address holds."""

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import Status
from ccm.i18n import numbers, translator
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.explorer import Behind, BehindQuery, Explorer, ExplorerQuery, Selection
from ccm.store import open_store
from ccm.ui.charts.hatch import hatching
from ccm.ui.charts.style import plain
from ccm.ui.explorer_selection import address, pointed
from tests.ui.conftest import OpenScreen, Screen, cells

LOCALES = ("fr", "en")
DEMO_DAY = dt.date(2024, 6, 30)


def known(url: str, day: dt.date = DEMO_DAY) -> Explorer:
    store = open_store(url)
    try:
        return ask(store, ExplorerQuery(At(day)))
    finally:
        store.close()


def behind(url: str, **selection: Any) -> Behind:
    store = open_store(url)
    try:
        return ask(store, BehindQuery(At(DEMO_DAY), Selection(**selection)))
    finally:
        store.close()


def charts(screen: Screen) -> list[dict[str, Any]]:
    """What each chart asks the browser to draw, and its configuration."""
    return [
        {**json.loads(found.proto.spec), "config": json.loads(found.proto.config), "alt": found.proto.alt}
        for found in screen.at.get("plotly_chart")
    ]


def listed(screen: Screen) -> list[list[str]]:
    """The rows of the register under the charts, the last table of the page."""
    found = screen.tree.all("table", cls="ccm-cards")
    return cells(found[-1]) if found else []


def spaced(text: str) -> str:
    """A text as `Screen` reads it: every blank is one space."""
    return " ".join(text.split())


def words(chart: dict[str, Any]) -> str:
    """Every text that a chart shows at once."""
    return " ".join(note["text"] for note in chart["layout"].get("annotations", []))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_demonstration_draws_five_charts_and_none_asks_another_host(
    open_screen: OpenScreen, demo_url: str, locale: str
) -> None:
    screen = open_screen(demo_url, "explorer", lang=locale)
    assert screen.exceptions == []
    drawn = charts(screen)
    assert [chart["data"][0]["type"] for chart in drawn] == ["bar", "choropleth", "scatter", "bar", "bar"]
    for chart in drawn:
        assert chart["config"]["topojsonURL"] == "/topo/"
        assert chart["layout"]["separators"][0] == ("," if locale == "fr" else ".")
        assert chart["alt"]
    assert len(drawn[1]["data"][0]["locations"]) == 8
    diffa = next(line for line in known(demo_url).regions if line.key == "NE002")
    percent = numbers.percent(diffa.figures.completion, locale)
    assert plain(percent) in words(drawn[0])
    assert spaced(percent) in spaced(screen.text)


@pytest.mark.parametrize("locale", LOCALES)
def test_while_nobody_answers_every_cell_is_hatched_and_says_what_is_expected(
    open_screen: OpenScreen, first_load_url: str, locale: str
) -> None:
    screen = open_screen(first_load_url, "explorer", lang=locale)
    assert screen.exceptions == []
    heat, country, *others = charts(screen)
    assert len(others) == 2, "no line over time while nothing was said"
    tinted, silent, strips = heat["data"]
    assert tinted.get("x", []) == []
    assert len(silent["x"]) == 8 * 5
    assert silent["marker"]["pattern"]["shape"] == "/"
    assert strips.get("x", []) == []
    expected = translator(locale).ngettext("attendue", "attendues", 2)
    assert {note["text"] for note in heat["layout"]["annotations"]} == {
        f"<b>{n}</b><br>{expected}" for n in (3, 7, 11, 12, 14, 35, 36)
    }
    # No count is explained that no cell says.
    assert "« n sur N »" not in screen.text
    assert "“n of N”" not in screen.text
    assert set(country["data"][0]["z"]) == {0}
    assert {row[4] for row in listed(screen)} == {numbers.NONE}


def test_before_adoption_a_sentence_and_no_chart(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "explorer", date="2022-08-04")
    assert screen.exceptions == []
    assert charts(screen) == []
    assert screen.h1 == ["Aucune recommandation n’était en suivi au 04/08/2022."]


@pytest.mark.parametrize("actors", ["regions", "ministeres", "institutions"])
@pytest.mark.parametrize("measure", ["avancement", "realisation", "renseignement"])
def test_each_figure_of_each_kind_of_actor(
    open_screen: OpenScreen, demo_url: str, actors: str, measure: str
) -> None:
    screen = open_screen(demo_url, "explorer", acteurs=actors, mesure=measure)
    assert screen.exceptions == []
    explorer = known(demo_url)
    lines = {
        "regions": explorer.regions,
        "ministeres": explorer.ministries,
        "institutions": explorer.institutions,
    }[actors]
    heat = charts(screen)[0]
    labels = [text.strip() for text in heat["layout"]["yaxis"]["ticktext"]]
    assert labels == [line.label for line in lines]
    boxes = sum(len(trace.get("x", [])) for trace in heat["data"][:2])
    assert boxes == len(lines) * 5
    crosses = [row.figures for line in lines for row in (line, *line.by_axis)]
    nothing = [figures for figures in crosses if not figures.expected]
    assert words(heat).split().count(numbers.NONE) == len(nothing)


def test_a_table_under_each_chart_holds_its_numbers(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer")
    tables = screen.tree.all("table", cls="ccm-tight")
    assert len(tables) == 4
    explorer = known(demo_url)
    rows = {row[0]: [spaced(text) for text in row] for row in cells(tables[1])}
    for line in explorer.regions:
        assert rows[line.label] == row_of(line.label, line.figures)
    assert len(cells(tables[0])) == 8 * 4
    assert row_of("Tout", explorer.plan)[1:] == [spaced(text) for text in cells(tables[2])[-1][1:]]


def row_of(name: str, figures: Figures) -> list[str]:
    rates = [
        spaced(numbers.percent(rate, "fr"))
        for rate in (figures.completion, figures.realised, figures.coverage)
    ]
    counts = [figures.expected, figures.completed, figures.in_progress, figures.blocked]
    counts += [figures.not_started, figures.not_reported, figures.dropped]
    return [name, *rates, *map(str, counts)]


def test_the_address_selects_the_rows_below(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", axe="A2", region="NE002")
    wanted = behind(demo_url, axes=("A2",), entities=("NE002",))
    assert len(listed(screen)) == wanted.count
    assert {row[2] for row in listed(screen)} == {"Diffa"}
    assert all(row[0].startswith("A2-") for row in listed(screen))
    assert "Axe 2 · Diffa" in screen.text
    register = next(link for link in screen.links if "vue=reponses" in link and "axe=A2" in link)
    assert parse_qs(urlsplit(register).query)["region"] == ["NE002"]
    frames = charts(screen)[0]["layout"]["shapes"]
    assert len(frames) == 1


def test_a_status_and_several_values(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", statut="blocked", region="NE001,NE007")
    wanted = behind(demo_url, statuses=(Status.BLOCKED,), entities=("NE001", "NE007"))
    assert len(listed(screen)) == wanted.count
    assert {row[3] for row in listed(screen)} <= {"Bloqué"}


def test_an_earlier_day(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", region="NE001", jour="2023-09-30")
    assert "situation au 30/09/2023" in screen.text
    assert len(charts(screen)[2]["layout"]["shapes"]) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"axe": "A9"},
        {"region": "MJ"},
        {"institution": "<b>"},
        {"statut": "fini"},
        {"jour": "2030-01-01"},
        {"jour": "hier"},
        {"mesure": "moyenne"},
        {"acteurs": "tous"},
    ],
)
def test_what_names_nothing_is_left_out(open_screen: OpenScreen, demo_url: str, bad: dict[str, str]) -> None:
    screen = open_screen(demo_url, "explorer", **bad)
    assert screen.exceptions == []
    assert len(listed(screen)) == 10
    assert "Les réponses du plan" in screen.text


def test_a_selection_is_taken_off(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", axe="A2", region="NE002")
    screen.at.button(key="explorer-clear-top").click().run()
    assert Screen(screen.at).exceptions == []
    assert {"axe", "region"}.isdisjoint(screen.at.query_params)
    assert "Les réponses du plan" in Screen(screen.at).text


def test_a_long_selection_is_cut_and_says_so(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "explorer", statut="completed,in_progress")
    wanted = behind(demo_url, statuses=(Status.COMPLETED, Status.IN_PROGRESS))
    assert wanted.count > 50
    assert len(listed(screen)) == 50
    assert "les 50 premières" in screen.text


def test_what_is_chosen_on_a_chart() -> None:
    def event(*data: Any) -> dict[str, Any]:
        return {"selection": {"points": [{"customdata": text} for text in data]}}

    assert pointed(event("A2|NE002||")) == {
        "axes": ("A2",),
        "entities": ("NE002",),
        "statuses": (),
        "days": (),
    }
    several = pointed(event("A1|NE001||", "A2|NE001||", "A1|NE002||"))
    assert (several["axes"], several["entities"]) == (("A1", "A2"), ("NE001", "NE002"))
    # With an actor's own figures among them, every axis is meant.
    assert pointed(event("|NE001||", "A2|NE001||"))["axes"] == ()
    assert pointed(event("|||2024-03-31"))["days"] == ("2024-03-31",)
    assert not any(pointed(event("", None, "forged", ["A1"])).values())
    assert not any(pointed({}).values())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_rectangle_chooses_regions_by_their_names(
    open_screen: OpenScreen, demo_url: str, locale: str
) -> None:
    country = charts(open_screen(demo_url, "explorer", lang=locale, rectangle="true"))[1]
    shapes, *others = country["data"]
    assert country["layout"]["dragmode"] == "select"
    # Of a shape a rectangle would find the mean of its corners, which may lie in its neighbour.
    assert "customdata" not in shapes
    by_name = [point for trace in others for point in trace.get("customdata", [])]
    assert sorted(by_name) == [f"|NE00{n}||" for n in range(1, 9)]
    shapes, *_ = charts(open_screen(demo_url, "explorer", lang=locale))[1]["data"]
    assert len(shapes["customdata"]) == 8


def test_the_address_of_a_selection_is_read_back(demo_url: str) -> None:
    chosen = Selection(("A1",), ("NE001", "MJ"), (Status.BLOCKED,), dt.date(2023, 9, 30))
    assert address(chosen, known(demo_url)) == {
        "axe": "A1",
        "region": "NE001",
        "institution": "MJ",
        "statut": "blocked",
        "jour": "2023-09-30",
    }
    assert address(Selection(), known(demo_url)) == {}


def test_hatching_stays_inside_its_outline() -> None:
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0)]
    hole = [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]
    longitudes, latitudes = hatching([square, hole], 0.3)
    ends = [(lon, lat) for lon, lat in zip(longitudes, latitudes, strict=True) if lon is not None]
    assert ends
    for lon, lat in ends:
        assert lat is not None
        assert 0 <= lon <= 2
        assert 0 <= lat <= 2
        assert not (0.51 < lon < 1.49 and 0.51 < lat < 1.49)


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "Exporter ces chiffres"), ("en", "Export these figures")]
)
def test_the_figures_by_actor_and_axis_are_a_file_too(
    open_screen: OpenScreen, demo_url: str, locale: str, said: str
) -> None:
    def files(**asked: str) -> list[dict[str, list[str]]]:
        screen = open_screen(demo_url, "explorer", lang=locale, date="2023-12-31", **asked)
        assert said in screen.text
        links = [urlsplit(link) for link in screen.links]
        found = [link for link in links if link.path.startswith("/export/explorer.")]
        assert [link.path.rpartition(".")[2] for link in found[:3]] == ["xlsx", "csv", "json"]
        assert all("2023-12-31" in link.query for link in found)
        return [parse_qs(link.query) for link in found[::3]]

    assert [query["acteurs"] for query in files(acteurs="ministeres")] == [["ministeres"]]
    whole, chosen = files(region="NE002", axe="A1,A2")
    assert "region" not in whole
    assert (chosen["acteurs"], chosen["region"], chosen["axe"]) == (["regions"], ["NE002"], ["A1,A2"])
    # Figures are of no state, and those that are compared have no region.
    assert len(files(region="NE002", statut="blocked")) == 1
    assert len(files(region="NE002", acteurs="ministeres")) == 1
