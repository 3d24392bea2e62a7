"""The marks draw what the figures say: no more, no less."""

import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import BAR_ORDER, EntityKind, Status
from ccm.queries.results import TrendPoint
from ccm.render import Links, geography, mark
from ccm.render.marks import bars, heat, matrix, tiles
from ccm.render.tokens import TOKENS
from tests.unit.render import results
from tests.unit.render.results import ADOPTED, AS_OF, DIFFA, EMPTY, PLAN, SILENT

LINKS = Links(as_of=AS_OF)
HARD = "\N{NO-BREAK SPACE}"


def test_the_segments_make_the_expected_answers_in_their_order() -> None:
    segments = bars.segments(PLAN)
    assert sum(segment.count for segment in segments) == PLAN.expected
    assert [segment.status for segment in segments] == list(BAR_ORDER)
    assert Status.NOT_STARTED not in [segment.status for segment in bars.segments(DIFFA)]


def test_the_bar_can_be_heard() -> None:
    html = mark("status_bar", "fr", DIFFA)
    assert f"Sur 36 réponses attendues{HARD}: réalisé 3, en cours 3, bloqué 1, non renseigné 29" in html
    assert 'style="left:11.8%"' in html
    assert "Of 36 expected answers: completed 3" in mark("status_bar", "en", DIFFA)


def test_a_bar_without_answers_has_no_mean_and_one_without_expectation_is_none() -> None:
    assert "left:" not in mark("status_bar", "fr", SILENT)
    assert mark("status_bar", "fr", EMPTY) == '<span class="ccm-note">aucune réponse attendue</span>'


def test_length_says_the_load_where_asked() -> None:
    assert bars.scale([PLAN, DIFFA]) == PLAN.expected
    assert bars.scale([]) == 1
    assert 'style="width:50%"' in mark("status_bar", "fr", DIFFA, full=72)


def test_the_trio_stands_together_with_its_sources() -> None:
    html = mark("trio", "fr", PLAN, before=DIFFA)
    assert html.count("ccm-fig") == 3
    assert "90 réponses «" in html
    assert f"233 réponses reçues sur 317{HARD}; 103 de moins de 90 jours" in html
    assert "▲ +34,2" in html
    assert "1 engagement abandonné ou sans objet" in html


def test_zero_answers_take_the_singular_and_are_pale() -> None:
    html = mark("trio", "fr", SILENT)
    assert "0 réponse reçue sur 318" in html
    assert html.count("ccm-mute") == 3
    assert "rien n’a été dit, non que rien n’a été fait" in html
    assert "0 answers received of 318" in mark("trio", "en", SILENT)


def test_no_figure_is_a_dash() -> None:
    html = mark("trio", "fr", EMPTY)
    assert re.findall(r"ccm-fig[^>]*>([^<]*)<", html) == ["—", "—", "—"]
    assert "0,0" not in html


def test_an_entity_with_little_said_shows_the_mean_of_what_was() -> None:
    html = mark("trio", "fr", DIFFA, group="entity", size="sm")
    assert "compte 29 silences pour 0" in html
    assert "Sur les 7 réponses reçues, la moyenne est de 60,7" in html


def test_n_of_n() -> None:
    html = mark("unit_squares", "fr", 10, 48)
    assert (html.count("<i"), html.count("ccm-on")) == (48, 10)
    assert 'aria-label="10 sur 48"' in html
    assert mark("unit_squares", "fr", 10, 61) == ""


def test_tiles_are_links_and_hatched_where_nobody_spoke() -> None:
    html = mark("tile_map", "fr", results.region_lines(DIFFA), LINKS)
    assert html.count("<a ") == 8
    assert "/recommandations?vue=reponses&amp;region=NE002&amp;date=2024-06-30" in html
    assert html.count("11,8") == 16
    silent = mark("tile_map", "fr", results.region_lines(results.figures((0, 0, 0, 0, 36), "0")), LINKS)
    assert silent.count("attendues</text>") == 8
    assert "%" not in re.sub(r"<[^>]*>", "", silent)


def test_the_missing_share_of_a_tile_is_drawn_to_scale() -> None:
    tile = next(tile for tile in tiles.place(results.region_lines(DIFFA)) if tile.key == "NE002")
    assert tile.missing == pytest.approx(96 * 29 / 36, abs=0.05)


def test_the_map_draws_eight_regions_and_outlines_the_chosen_one() -> None:
    html = mark("region_map", "fr", results.region_lines(DIFFA), results.REGIONS, LINKS, selected="NE002")
    assert html.count("<a ") == 8
    assert len(set(re.findall(r"region=(NE00\d)", html))) == 8
    assert html.count('stroke-width="2.6"') == 1
    # The regions, and what hatching means.
    assert html.count('fill="url(#ccm-h)"') == 8 + 1


def test_the_outlines_are_small_and_kept() -> None:
    outlines = geography(results.REGIONS)
    assert geography(results.REGIONS) is outlines
    assert len(outlines.paths) == 8
    assert sum(map(len, outlines.paths.values())) < 4000
    assert all(int(n) % 2 == 0 for path in outlines.paths.values() for n in re.findall(r"\d+", path))


@pytest.mark.parametrize(("completion", "step"), [(None, 0), (0, 1), (19.9, 1), (20, 2), (80, 5), (100, 5)])
def test_tints(completion: float | None, step: int) -> None:
    assert heat.step(None if completion is None else Fraction(completion)) == step


def test_heat_cells_say_number_and_count_and_hatch_silence() -> None:
    assert "ccm-q3" in mark("heat_cell", "fr", PLAN)
    assert "233 sur 317" in mark("heat_cell", "fr", PLAN)
    assert "ccm-q0" in mark("heat_cell", "fr", DIFFA)
    assert mark("heat_cell", "fr", EMPTY) == '<td class="ccm-heat">—</td>'


def test_a_heat_cell_leads_to_its_rows() -> None:
    assert 'href="/recommandations">' in mark("heat_cell", "fr", PLAN, href="/recommandations")


@pytest.mark.parametrize(
    ("figures", "ground"),
    [
        (PLAN, heat.Cell(tint=3)),
        (DIFFA, heat.Cell(hatched=True)),
        (SILENT, heat.Cell(hatched=True)),
        (EMPTY, heat.Cell()),
    ],
)
def test_silence_is_hatched_never_a_tint_and_nothing_expected_is_a_dash(
    figures: Figures, ground: heat.Cell
) -> None:
    assert heat.cell(figures, figures.completion) == ground
    assert ground.told == bool(figures.expected)


def test_a_silent_region_has_visible_edges() -> None:
    html = mark("region_map", "fr", results.region_lines(SILENT), results.REGIONS, LINKS)
    assert html.count(f'fill="none" stroke="{TOKENS["U-edge"]}"') == 7, "all but Niamey, which is a disc"
    assert "aucune réponse reçue." in html
    assert f'fill="none" stroke="{TOKENS["U-edge"]}"' not in mark(
        "region_map", "fr", results.region_lines(PLAN), results.REGIONS, LINKS
    )


def _matrix() -> tuple[list[dt.date], list[matrix.Group]]:
    diffa, zinder = results.entity("NE002"), results.entity("NE007")
    ministry = results.entity("MF", EntityKind.MINISTRY)
    reports = [
        results.report(2, zinder, dt.date(2024, 2, 1), Status.BLOCKED, 25),
        results.report(1, zinder, dt.date(2023, 2, 1), Status.NOT_STARTED, 0),
        results.report(3, ministry, dt.date(2024, 6, 25), Status.COMPLETED, 100),
        results.report(4, ministry, dt.date(2024, 7, 1), Status.DROPPED, None),
    ]
    answers = [
        results.answer(ministry, Status.COMPLETED, 100),
        results.answer(diffa, Status.NOT_REPORTED, None),
        results.answer(zinder, Status.BLOCKED, 25),
    ]
    ends, groups = matrix.groups(answers, reports, ADOPTED, AS_OF)
    return list(ends), list(groups)


def test_the_matrix_parts_what_was_said_then_from_what_is_carried_over() -> None:
    ends, groups = _matrix()
    assert [end.isoformat() for end in ends][::7] == ["2022-09-30", "2024-06-30"]
    assert [group.kind for group in groups] == [EntityKind.REGION, EntityKind.MINISTRY]
    silent, zinder = (row.cells for row in groups[0].rows)
    assert {(cell.status, cell.text) for cell in silent} == {(Status.NOT_REPORTED, "")}
    assert [cell.text for cell in zinder] == ["", "", "0", "·", "·", "·", "25", "·"]
    assert [cell.carried for cell in zinder] == [False, False, False, True, True, True, False, True]
    assert groups[1].rows[0].cells[-1].text == "✓"


def test_the_matrix_is_said_in_words() -> None:
    diffa = results.entity("NE002")
    answers = [results.answer(diffa, Status.NOT_REPORTED, None)]
    html = mark("answer_matrix", "fr", answers, [], ADOPTED, AS_OF, LINKS, remind=LINKS.entity)
    assert html.count("ccm-cell ccm-U") == 8
    assert f"T2 2024{HARD}: Non renseigné" in html
    assert "jamais" in html
    assert "Relancer" in html


def _trend(*percents: int | None) -> list[TrendPoint]:
    return [
        TrendPoint(
            ADOPTED + dt.timedelta(days=90 * i), replace(PLAN, completion=None if p is None else Fraction(p))
        )
        for i, p in enumerate(percents)
    ]


def test_the_trend_has_two_lines_and_the_silence_above() -> None:
    points = _trend(0, 10, 46)
    html = mark("trend", "fr", points, since=points[1].on)
    assert "sans réponse" in html
    assert html.count("<circle") == 2
    assert 'stroke-dasharray="1 3"' in html
    assert "73,5" in html


@pytest.mark.parametrize("percents", [(), (None,), (None, None)])
def test_a_trend_without_figures_says_so(percents: tuple[None, ...]) -> None:
    assert "le suivi n’a pas commencé" in mark("trend", "fr", _trend(*percents))


@pytest.mark.parametrize("percents", [(0,), (100,), (None, 46)])
def test_a_trend_of_one_point_has_no_line(percents: tuple[int | None, ...]) -> None:
    html = mark("trend", "fr", _trend(*percents))
    assert html.count("<circle") == 1
    assert "sans réponse" not in html


@pytest.mark.parametrize("completion", [0, 50, 73, 100])
def test_the_labels_of_a_trend_never_meet(completion: int) -> None:
    html = mark("trend", "fr", _trend(0, completion))
    heights = [float(y) for y in re.findall(r'x="317" y="([\d.]+)"', html)]
    assert abs(heights[0] - heights[1]) >= 34
    assert all(12 <= y <= 152 for y in heights)


@pytest.mark.parametrize("status", Status)
def test_a_status_is_a_shape_and_a_word(status: Status) -> None:
    html = mark("status_label", "fr", status)
    assert "<svg" in html
    assert 'class="ccm-word"' in html


def test_ages_and_due_dates() -> None:
    assert "ccm-old" in mark("age", "fr", None)
    assert "ccm-old" not in mark("age", "fr", 90)
    assert mark("late", "fr", AS_OF) == f'<span class="ccm-late">En retard{HARD}: échéance 30/06/2024</span>'
    assert "ccm-late" in mark("due", "fr", AS_OF, True)
    assert mark("due", "fr", AS_OF, False) == "30/06/2024"
    assert "sans échéance connue" in mark("due", "fr", None, False)


def test_patterns_are_placed_once() -> None:
    html = mark("defs", "fr")
    assert re.findall(r'id="([\w-]+)"', html) == ["ccm-h", "ccm-b"]


def test_continuous_recommendations_are_named() -> None:
    html = mark("notes", "fr", Figures(continuous=3, continuous_active=1, continuous_silent=2))
    assert f"3 recommandations continues (actives{HARD}: 1{HARD}; sans réponse récente{HARD}: 2)" in html
