"""Régions: the comparison and one region in full say what the figures say, in every state."""

import datetime as dt
from fractions import Fraction
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.i18n import numbers
from ccm.metrics import At, Grouped, entity_reading, figures
from ccm.queries.regions import Regions, ranked
from ccm.queries.results import EntityRef, GroupLine
from ccm.render.sentences.entities import order, regions_headline
from ccm.store import open_store
from ccm.store.models import Axis, Entity
from tests.ui.conftest import OpenScreen, cells

ON = dt.date(2024, 3, 31)
DEMO_DAY, BEFORE = dt.date(2024, 6, 30), dt.date(2023, 12, 31)
REGIONS = [f"NE00{n}" for n in range(1, 9)]


def by_key(url: str, at: At) -> dict[str, Figures]:
    """The figures of every entity by its key, as `ccm.metrics` gives them."""
    store = open_store(url)
    with store.read() as connection:
        found: Grouped = figures(connection, at, GroupBy.ENTITY)
        keys = {row.id: row.key for row in connection.execute(select(Entity.id, Entity.key))}
    store.close()
    return {keys[number]: row for number, row in found.rows.items()}


def by_axis(url: str, at: At) -> dict[tuple[str, str], Figures]:
    """The figures of every entity and axis."""
    store = open_store(url)
    with store.read() as connection:
        keys = {row.id: row.key for row in connection.execute(select(Entity.id, Entity.key))}
        axes = {row.id: row.key for row in connection.execute(select(Axis.id, Axis.key))}
        found = entity_reading(connection, at).by_axis
    store.close()
    return {(keys[entity], axes[axis]): row for (entity, axis), row in found.items()}


def percent(value: Fraction | None) -> str:
    """As a page writes it, blanks made plain."""
    return " ".join(numbers.percent(value, "fr").split())


# The page ---------------------------------------------------------------------------------------------


def test_the_real_regions(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "regions", date=ON.isoformat())
    assert screen.exceptions == []
    assert screen.h1 == ["Huit régions, 282 réponses attendues, aucune reçue au 31/03/2024."]
    rows = cells(screen.section("Ce qui est attendu, par région"))
    assert [row[0] for row in rows][:2] == ["Diffa", "Tillabéri"]
    assert all(row[-1] == "à désigner" for row in rows)
    parts = by_axis(first_load_url, At(ON))
    assert [int(cell) for cell in rows[0][2:6]] == [
        parts["NE002", axis].expected for axis in ("G", "A1", "A2", "A3")
    ]
    assert "évolution" not in screen.text, "nothing can have moved"


def test_the_real_region_shown_by_default_says_why(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "regions", date=ON.isoformat())
    diffa = screen.section("Diffa")
    assert "Montré d’office : le plus grand nombre de réponses attendues." in diffa.text
    assert "Réponses manquantes (36)" in diffa.text
    assert "Afficher les 11 autres" in diffa.text
    assert "Sans échéance connue" in diffa.text
    assert "point focal à désigner" in diffa.text


def test_the_heat_table_equals_the_figures(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "regions")
    assert screen.exceptions == []
    now, before, parts = (
        by_key(demo_url, At(DEMO_DAY)),
        by_key(demo_url, At(BEFORE)),
        by_axis(demo_url, At(DEMO_DAY)),
    )
    section = screen.section("Régions et axes")
    (body,) = section.all("tbody")
    assert len(body.all("tr")) == 8
    for row in body.all("tr"):
        key = row.all("a")[0].attributes["href"].split("region=")[1].split("&")[0]
        texts = [cell.text for cell in row.all("td")]
        for axis, text in zip(("G", "A1", "A2", "A3"), texts, strict=False):
            part = parts[key, axis]
            assert text.replace(
                " ", ""
            ) == f"{percent(part.completion)}{part.answered}sur{part.expected}".replace(" ", "")
        assert texts[4:6] == [percent(now[key].completion), percent(now[key].coverage)]
        change = (now[key].completion or 0) - (before[key].completion or 0)
        assert texts[6] == numbers.delta(Fraction(change), "fr")
        assert int(texts[7]) == now[key].overdue


def test_the_total_is_the_regions_total(open_screen: OpenScreen, demo_url: str) -> None:
    store = open_store(demo_url)
    with store.read() as connection:
        total = figures(connection, At(DEMO_DAY), GroupBy.REGION).total
    store.close()
    (foot,) = open_screen(demo_url, "regions").section("Régions et axes").all("tfoot")
    assert foot.all("th")[0].text == "Huit régions"
    texts = [cell.text for cell in foot.all("td")]
    assert texts[4:6] == [percent(total.completion), percent(total.coverage)]
    assert int(texts[-1]) == total.overdue


@pytest.mark.parametrize("key", REGIONS)
def test_one_region_in_full_equals_its_figures(open_screen: OpenScreen, demo_url: str, key: str) -> None:
    screen = open_screen(demo_url, "regions", region=key)
    assert screen.exceptions == []
    of = by_key(demo_url, At(DEMO_DAY))[key]
    (box,) = screen.tree.all("dl", cls="ccm-trio")
    assert [value.text for value in box.all("dd")] == [
        percent(rate) for rate in (of.realised, of.completion, of.coverage)
    ]
    assert "Montré d’office" not in screen.text
    for count, words in ((of.answered, "Réponses reçues"), (of.not_reported, "Réponses manquantes")):
        assert (f"{words} ({count})" in screen.text) is (count > 0)
    (todo,) = screen.tree.all("aside", cls="ccm-act")
    said = [int(item.all("b")[0].text) for item in todo.all("li")]
    assert said[: len(said) - (not by_focal(screen.text))] == [
        count for count in (of.blocked, of.overdue, of.not_reported) if count
    ]
    assert f"/f/region/{key}?date={DEMO_DAY.isoformat()}" in screen.links


def by_focal(text: str) -> bool:
    """Whether the region in full has a focal point."""
    return "point focal désigné" in text


def test_figures_lead_to_the_answers_behind_them(open_screen: OpenScreen, demo_url: str) -> None:
    links = open_screen(demo_url, "regions", region="NE002").links
    assert "/recommandations?vue=reponses&region=NE002" in links
    assert "/recommandations?vue=reponses&axe=A2&region=NE002" in links
    assert "/recommandations?vue=reponses&region=NE002&statut=not_reported" in links
    assert "/recommandations?vue=reponses&region=NE002&retard=1" in links


def test_every_link_keeps_the_view(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "regions", region="NE002", date="2024-03-31", lang="en")
    assert screen.exceptions == []
    # The dates of the line over time are the way to other dates.
    (line,) = screen.tree.all("div", cls="ccm-trend")
    ways = [link.attributes["href"] for link in line.all("a")]
    earlier = {href for href in ways if href.startswith("/regions")}
    inside = [unquote(href) for href in screen.links if href.startswith("/")]
    assert inside
    assert all("lang=en" in href for href in inside)
    assert {href for href in inside if "date=2024-03-31" not in href} == earlier
    assert earlier


def test_english(open_screen: OpenScreen, first_load_url: str, demo_url: str) -> None:
    for url, figure in ((first_load_url, "282"), (demo_url, "%")):
        french = open_screen(url, "regions", date=ON.isoformat())
        english = open_screen(url, "regions", date=ON.isoformat(), lang="en")
        assert english.exceptions == []
        assert len(english.h1) == 1
        assert figure in english.h1[0]
        assert english.h1 != french.h1


def test_an_unknown_region_is_answered_with_the_list(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "regions", region="<b>NE9")
    assert screen.exceptions == []
    (box,) = screen.tree.all("div", role="status")
    assert "« <b>NE9 » n’est pas le code d’une région." in box.text.replace("\u00a0", " ")
    assert len(box.all("a")) == 8


def test_before_follow_up_there_is_one_plain_sentence(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "regions", date="2022-08-04")
    assert screen.exceptions == []
    assert screen.h1 == ["Aucune région n’était en suivi au 04/08/2022."]
    assert screen.tree.all("table") == []


# The sentence -----------------------------------------------------------------------------------------


def line(name: str, percent: int, answered: int, expected: int = 10, **counts: int) -> GroupLine:
    """A region that answered so many of its demands."""
    of = Figures(
        expected=expected,
        answered=answered,
        not_reported=expected - answered,
        completion=Fraction(percent) if expected else None,
        **counts,
    )
    return GroupLine(name, name, of, entity=EntityRef(name, name, name, EntityKind.REGION))


def headline(*lines: GroupLine) -> str:
    """The sentence over these regions, blanks made plain."""
    total = Figures(
        expected=sum(x.figures.expected for x in lines), answered=sum(x.figures.answered for x in lines)
    )
    found = Regions(
        Figures(), (), ranked(lines), GroupLine("", "", total, by_axis=tuple[FiguresRow, ...]()), ()
    )
    return " ".join(regions_headline(found, ON, "fr").split())


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Aucune région n’était en suivi au 31/03/2024."),
        ([line("A", 0, 0, 0)], "Une région, aucune réponse attendue au 31/03/2024."),
        (
            [line("A", 0, 0), line("B", 0, 0)],
            "Deux régions, 20 réponses attendues, aucune reçue au 31/03/2024.",
        ),
        (
            [line("A", 30, 4), line("B", 10, 0)],
            "Aucune région n’a répondu à la moitié de ses demandes ; "
            "deux régions ont répondu à moins d’une demande sur deux, dont B (0 sur 10).",
        ),
        (
            [line("A", 40, 8), line("B", 10, 1)],
            "Aucune région n’a fait la moitié du chemin (A, 40,0 %) ; B n’a répondu qu’à 1 demande sur 10.",
        ),
        (
            [line("A", 60, 8), line("B", 10, 0)],
            "Seule A a fait la moitié du chemin (60,0 %) ; B n’a encore rien transmis.",
        ),
        (
            [line("A", 60, 8), line("B", 50, 7), line("C", 20, 9)],
            "Deux régions ont fait la moitié du chemin, A en tête (60,0 %) ; "
            "6 réponses manquent encore, dont 3 attendues de B.",
        ),
        (
            [line("A", 90, 10, overdue=2), line("B", 80, 10)],
            "Les deux régions ont fait la moitié du chemin, A en tête (90,0 %) ; "
            "tout est renseigné, 2 réponses sont en retard.",
        ),
        (
            [line("A", 90, 10, blocked=1), line("B", 80, 10)],
            "Les deux régions ont fait la moitié du chemin, A en tête (90,0 %) ; "
            "tout est renseigné, 1 engagement est bloqué.",
        ),
        (
            [line("A", 100, 10), line("B", 100, 10)],
            "Les deux régions ont fait la moitié du chemin, A en tête (100,0 %) ; "
            "toutes les réponses attendues sont reçues.",
        ),
    ],
)
def test_the_headline_is_true_in_every_state(lines: list[GroupLine], sentence: str) -> None:
    assert headline(*lines) == sentence


def test_regions_that_answered_little_are_named_not_ranked() -> None:
    few = ranked([line("Z", 10, 1), line("B", 15, 2), line("M", 60, 8)])
    assert [x.label for x in few] == ["M", "B", "Z"]
    assert "sans classement, celles" in order(few, "fr")
    none = ranked([line("Z", 30, 4), line("B", 15, 2)])
    assert [x.label for x in none] == ["B", "Z"]
    assert order(none, "fr").startswith("Par nom")
    assert order(ranked([line("Z", 60, 9)]), "fr") == "Par avancement décroissant."
