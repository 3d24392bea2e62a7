"""The colours can be told apart: by everybody, in grey, on paper, on a poor screen."""

from itertools import combinations, pairwise

import pytest

from ccm.domain.vocabulary import Status
from ccm.render import SEQUENCE, STATUS, TOKENS
from tests.unit.render.palette import VISIONS, contrast, distance, lab, linear, seen

WHITE = "#FFFFFF"


@pytest.mark.parametrize("status", Status)
def test_a_status_shows_on_white_by_its_fill_or_its_edge(status: Status) -> None:
    tokens = STATUS[status]
    assert max(contrast(tokens.fill, WHITE), contrast(tokens.edge, WHITE)) >= 3


@pytest.mark.parametrize("status", Status)
def test_the_words_of_a_status_can_be_read(status: Status) -> None:
    tokens = STATUS[status]
    assert contrast(tokens.text, WHITE) >= 4.5
    assert contrast(tokens.text, tokens.tint) >= 4.5
    assert contrast(tokens.on, tokens.fill) >= 4.5


@pytest.mark.parametrize("name", ["ink", "ink-2", "ink-3", "green", "action"])
@pytest.mark.parametrize("ground", ["page", "wash", "action-wash"])
def test_text_can_be_read_on_every_ground(name: str, ground: str) -> None:
    assert contrast(TOKENS[name], TOKENS[ground]) >= 4.5


def test_numbers_can_be_read_on_every_tint() -> None:
    inks = [TOKENS["ink"]] * 4 + [WHITE]
    assert all(contrast(ink, tint) >= 4.5 for ink, tint in zip(inks, SEQUENCE, strict=True))


def test_white_can_be_read_on_the_button_and_on_the_demonstration_banner() -> None:
    assert contrast(WHITE, TOKENS["action"]) >= 4.5
    assert contrast(WHITE, TOKENS["ink"]) >= 4.5


@pytest.mark.parametrize("vision", VISIONS)
def test_two_statuses_are_never_alike(vision: str) -> None:
    shades = {status: lab(seen(tokens.fill, vision)) for status, tokens in STATUS.items()}
    gaps = {(a, b): distance(shades[a], shades[b]) for a, b in combinations(shades, 2)}
    assert min(gaps.values()) >= 12, min(gaps, key=lambda pair: gaps[pair])


def test_statuses_are_levels_of_grey_apart() -> None:
    greys = sorted(lab(linear(tokens.fill))[0] for tokens in STATUS.values())
    assert all(lighter - darker >= 8 for darker, lighter in pairwise(greys))


def test_the_distance_is_the_published_one() -> None:
    """Three of the pairs of Sharma, Wu and Dalal."""
    assert distance((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert distance((50, -1, 2), (50, 0, 0)) == pytest.approx(2.3669, abs=1e-4)
    assert distance((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)) == pytest.approx(0.9082, abs=1e-4)
