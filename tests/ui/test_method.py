"""Méthode: every figure of the registry, the worked example as the engine gives it, and the anchors."""

import re

import pytest

from ccm.domain.vocabulary import Status
from ccm.i18n import numbers, translator
from ccm.metrics.registry import METRICS
from ccm.metrics.worked_example import AXIS, MEAN_OVER_ANSWERS, RECOMMENDATIONS
from ccm.queries.recommendation import source_lines
from ccm.screens.method import COMMANDS, figures
from tests.ui.conftest import OpenScreen, Screen, cells

LOCALES = ("fr", "en")


def spaced(text: str) -> str:
    return " ".join(text.split())


def anchors(screen: Screen) -> set[str]:
    return {node.attributes["data-anchor"] for node in screen.tree.walk() if "data-anchor" in node.attributes}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_metric_is_defined_under_its_own_anchor(
    open_screen: OpenScreen, first_load_url: str, locale: str
) -> None:
    screen = open_screen(first_load_url, "method", lang=locale)
    assert screen.exceptions == []
    assert len(screen.h1) == 1
    assert {metric.key for metric in METRICS} <= anchors(screen)
    said, t = spaced(screen.text), translator(locale)
    for metric in METRICS:
        assert spaced(t.gettext(metric.label)) in said
        assert spaced(t.gettext(metric.definition)) in said
    assert not re.search(r"%\(\w+\)s|%%", said)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_other_pages_link_to_is_there(open_screen: OpenScreen, first_load_url: str, locale: str) -> None:
    screen = open_screen(first_load_url, "method", lang=locale)
    assert {"completion", "realised", "coverage", "source"} <= anchors(screen)
    inside = {link[1:] for link in screen.links if link.startswith("#")}
    assert inside
    assert inside <= anchors(screen)


def test_the_worked_example_is_shown_with_the_numbers_of_the_engine(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    screen = open_screen(first_load_url, "method")
    table = next(found for found in screen.tree.all("table") if cells(found)[0][0] == RECOMMENDATIONS[0].key)
    shown = {row[0]: spaced(row[-1]) for row in cells(table)}
    assert shown == {
        example.key: spaced(numbers.percent(example.completion, "fr")) for example in RECOMMENDATIONS
    }
    for percent in (AXIS.completion, AXIS.realised, AXIS.coverage, MEAN_OVER_ANSWERS):
        assert numbers.decimal(percent, "fr") in screen.text


def test_the_examples_parts_add_up_to_its_axis() -> None:
    parts = [figures(example) for example in RECOMMENDATIONS]
    for name in ("recommendations", "expected", "answered", "completed", "in_progress", "not_started"):
        assert sum(getattr(part, name) for part in parts) == getattr(AXIS, name), name
    assert sum(part.not_reported for part in parts) == AXIS.not_reported
    assert sum(part.overdue for part in parts) == AXIS.overdue


def test_every_status_has_its_mark_and_its_meaning(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "method")
    assert len(screen.section("Les six états d’une réponse").all("span", cls="ccm-st")) == len(Status)


def test_the_commands_to_make_the_figures_again(open_screen: OpenScreen, first_load_url: str) -> None:
    said = spaced(open_screen(first_load_url, "method").text)
    assert all(command in said for command in COMMANDS)


def test_doubts_are_one_link_away(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "method")
    assert any("doute=1" in link for link in screen.links)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_observations_of_the_meeting_are_quoted_with_their_lines(
    open_screen: OpenScreen, first_load_url: str, locale: str
) -> None:
    screen = open_screen(first_load_url, "method", lang=locale)
    lines = source_lines(7)
    table = next(found for found in screen.tree.all("table") if cells(found)[0][0] == "O1")
    assert [row[0] for row in cells(table)] == [f"O{n}" for n in range(1, 10)]
    for _key, text, state, line in cells(table):
        assert text in spaced(lines[int(line) - 1])
        assert state == translator(locale).gettext("ouverte")
    assert {cell.attributes["lang"] for cell in table.all("td", cls="ccm-w")} == {"fr"}


def test_before_the_meeting_nothing_was_observed(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "method", date="2022-07-27")
    assert "Aucune observation de réunion n’est enregistrée au 27/07/2022." in spaced(screen.text)
    assert "CCM7-O" not in screen.text


def test_the_register_leads_to_the_observations(open_screen: OpenScreen, first_load_url: str) -> None:
    assert "/methode#observations" in open_screen(first_load_url, "register").links
