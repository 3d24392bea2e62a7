"""Institutions: who is asked for what, how much of the plan that is, and what nobody is responsible for."""

import datetime as dt

import pytest

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.metrics import At, figures
from ccm.queries.entity import AnswerList, EntityInFull
from ccm.queries.results import EntityRef, GroupLine
from ccm.render import Links
from ccm.render.sentences.entities import answers_href, entity_actions, figure_href
from ccm.store import open_store
from tests.ui.conftest import OpenScreen, Screen, cells
from tests.ui.test_regions import by_key, percent

ON = dt.date(2024, 3, 31)
DEMO_DAY = dt.date(2024, 6, 30)
INSTITUTIONS = ["MI-D", "MJ", "MAT-DC", "MU-H", "MAEC", "MF", "INS", "DST", "ANLTP-TIM", "ETAT", "CT", "PTF"]


def rows(screen: Screen) -> dict[str, list[str]]:
    """The comparison's rows by entity key: the texts of their cells after the name."""
    found = {}
    for title in ("Ministères", "Autres institutions et acteurs"):
        for row in screen.section(title).all("tr"):
            for name in row.all("th", scope="row"):
                key = name.all("a")[0].attributes["href"].split("entite=")[1].split("&")[0]
                found[key] = [cell.text for cell in row.all("td")]
    return found


def test_the_real_institutions(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "institutions", date=ON.isoformat())
    assert screen.exceptions == []
    assert screen.h1 == [
        "Neuf institutions et trois catégories d’acteurs, 36 réponses attendues, aucune reçue au 31/03/2024."
    ]
    text = " ".join(screen.text.split())
    assert (
        "10 recommandations sur 48 nomment un ministère (20,8 % du plan) ; ce tableau ne dit rien des 38"
        in text
    )
    (squares,) = screen.tree.all("span", cls="ccm-unit")
    assert len(squares.all("i")) == 48
    assert len(squares.all("i", cls="ccm-on")) == 10


def test_expected_answers_and_focal_points(open_screen: OpenScreen, first_load_url: str) -> None:
    found = rows(open_screen(first_load_url, "institutions", date=ON.isoformat()))
    assert set(found) == set(INSTITUTIONS)
    now = by_key(first_load_url, At(ON))
    assert {key: int(row[1]) for key, row in found.items()} == {key: now[key].expected for key in found}
    assert {row[-1] for key, row in found.items() if key not in ("ETAT", "CT", "PTF")} == {"à désigner"}
    assert {found[key][-1] for key in ("ETAT", "CT", "PTF")} == {"à préciser"}


def test_names_to_confirm_and_other_spellings_are_said(open_screen: OpenScreen, first_load_url: str) -> None:
    section = open_screen(first_load_url, "institutions").section("Ministères")
    heads = {head.all("a")[0].text: head.text for head in section.all("th", scope="row")}
    assert "nom à confirmer" not in heads["MI/D"], "the source gives it"
    assert all("nom à confirmer par le Secrétariat" in text for name, text in heads.items() if name != "MI/D")
    assert "aussi écrit : MAE/C" in heads["MAEC"]


def test_what_is_unassigned_is_listed(open_screen: OpenScreen, first_load_url: str) -> None:
    section = open_screen(first_load_url, "institutions").section("4 recommandations sans responsable")
    assert [row[0] for row in cells(section)] == ["A3-10", "A3-11", "A3-12", "A3-13"]
    assert "/recommandations?non_attribuee=1" in [link.attributes["href"] for link in section.all("a")]
    assert "Secrétariat permanent : attribuer" in section.text


def test_the_comparison_equals_the_figures(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "institutions")
    assert screen.exceptions == []
    found, now = rows(screen), by_key(demo_url, At(DEMO_DAY))
    assert set(found) == set(INSTITUTIONS)
    for key, row in found.items():
        of = now[key]
        assert int(row[1]) == of.expected
        assert row[2:4] == [percent(of.completion), percent(of.coverage)]
        assert int(row[5]) == of.overdue
    store = open_store(demo_url)
    with store.read() as connection:
        by_ministry = figures(connection, At(DEMO_DAY), GroupBy.MINISTRY)
    store.close()
    named, of = by_ministry.total.recommendations, by_ministry.plan.recommendations
    assert f"{named} recommandations sur {of}" in screen.section("Ministères").text


@pytest.mark.parametrize("key", INSTITUTIONS)
def test_one_institution_in_full_equals_its_figures(open_screen: OpenScreen, demo_url: str, key: str) -> None:
    screen = open_screen(demo_url, "institutions", entite=key)
    assert screen.exceptions == []
    of = by_key(demo_url, At(DEMO_DAY))[key]
    (box,) = screen.tree.all("dl", cls="ccm-trio")
    assert [value.text for value in box.all("dd")] == [
        percent(rate) for rate in (of.realised, of.completion, of.coverage)
    ]
    assert f"/recommandations?vue=reponses&institution={key}" in screen.links


def test_a_class_of_actors_is_to_be_specified(open_screen: OpenScreen, first_load_url: str) -> None:
    section = open_screen(first_load_url, "institutions", entite="PTF").section("PTF")
    assert "acteur collectif : à préciser par le Secrétariat" in section.text
    assert "institution à préciser" in section.text


def test_an_unknown_institution_is_answered_with_the_list(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    screen = open_screen(first_load_url, "institutions", entite="NE002")
    assert screen.exceptions == []
    (box,) = screen.tree.all("div", role="status")
    assert "« NE002 » n’est pas le code d’une institution." in box.text.replace("\u00a0", " ")
    assert len(box.all("a")) == len(INSTITUTIONS)


def test_english(open_screen: OpenScreen, first_load_url: str, demo_url: str) -> None:
    for url, figure in ((first_load_url, "36"), (demo_url, " 31 ")):
        french = open_screen(url, "institutions", date=DEMO_DAY.isoformat())
        english = open_screen(url, "institutions", date=DEMO_DAY.isoformat(), lang="en")
        assert english.exceptions == []
        assert figure in english.h1[0]
        assert english.h1 != french.h1


def test_before_follow_up_there_is_one_plain_sentence(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "institutions", date="2022-08-04")
    assert screen.exceptions == []
    assert screen.h1 == ["Aucune institution n’était en suivi au 04/08/2022."]
    assert screen.tree.all("table") == []


# Who must act -----------------------------------------------------------------------------------------

MJ = EntityRef("MJ", "MJ", "Ministère de la Justice", EntityKind.MINISTRY, focal_points=1)
MF = EntityRef("MF", "MF", "Ministère des Finances", EntityKind.MINISTRY)


def acts(
    entity: EntityRef, of: Figures, *lifters: tuple[EntityRef | None, int]
) -> list[tuple[int, str, str]]:
    """What is asked: how many, what, of whom."""
    empty = AnswerList()
    found = EntityInFull(entity, (), "", empty, empty, empty, empty, empty, lifters)
    actions = entity_actions(
        found, GroupLine(entity.key, entity.short_name, of, entity=entity), Links(), "fr"
    )
    return [(action.mark, action.title, action.who) for action in actions]


def test_who_must_act() -> None:
    assert acts(MJ, Figures(expected=3, answered=3, completed=3)) == []
    assert acts(MJ, Figures(blocked=2, overdue=1, not_reported=1), (MF, 1), (None, 1)) == [
        (2, "engagements bloqués", "MF et Secrétariat permanent"),
        (1, "réponse en retard", "MJ"),
        (1, "réponse manque", "MJ"),
    ]
    assert acts(MF, Figures()) == [(1, "point focal à désigner", "Secrétariat permanent")]


def test_addresses() -> None:
    region = EntityRef("NE002", "Diffa", "Région de Diffa", EntityKind.REGION)
    agency = EntityRef("INS", "INS", "Institut national de la statistique", EntityKind.AGENCY)
    links = Links(locale="en")
    assert (
        answers_href(links, region, axis="A1") == "/recommandations?vue=reponses&axe=A1&region=NE002&lang=en"
    )
    assert (
        answers_href(links, MJ, overdue="1")
        == "/recommandations?vue=reponses&institution=MJ&retard=1&lang=en"
    )
    assert figure_href(links, region, ON) == "/f/region/NE002?date=2024-03-31&lang=en"
    assert figure_href(links, MJ, ON) == "/f/ministry/MJ?date=2024-03-31&lang=en"
    assert figure_href(links, agency, ON) == "/f/entity/INS?date=2024-03-31&lang=en"
