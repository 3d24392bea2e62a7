"""One set of tokens: the style sheet's, from which Python and the pictures take theirs."""

import re
from pathlib import Path

import pytest

import ccm.render
from ccm.domain.vocabulary import Status
from ccm.render import STATUS, TOKENS, color, stylesheet
from ccm.render.tokens import SHEETS

FOLDER = Path(ccm.render.__file__).parent
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_opening_angle_bracket_stands_in_a_sheet(sheet: str) -> None:
    """Streamlit's `st.html` drops a whole sheet for one, even in a comment."""
    assert "<" not in (FOLDER / sheet).read_text(encoding="utf-8")


def test_python_and_the_style_sheet_have_the_same_colours() -> None:
    css = stylesheet()
    for name, value in TOKENS.items():
        assert f"--ccm-{name}:{value.replace(', ', ',')}" in css
    assert {tokens.fill for tokens in STATUS.values()} == {color(code) for code in "RCBNUA"}
    assert set(STATUS) == set(Status)


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet != "tokens.css"])
def test_colours_are_written_once(sheet: str) -> None:
    """White is the only colour a rule may name itself: on dark grounds it is no token of the page."""
    assert set(COLOUR.findall((FOLDER / sheet).read_text(encoding="utf-8"))) <= {"#FFFFFF"}


@pytest.mark.parametrize(
    "path", sorted((FOLDER / "templates" / "marks").glob("*.html")), ids=lambda p: p.name
)
def test_marks_name_no_colour_of_their_own(path: Path) -> None:
    assert not COLOUR.findall(path.read_text(encoding="utf-8"))


def test_every_token_a_sheet_uses_is_there() -> None:
    used = set(re.findall(r"var\(--ccm-([\w-]+)", stylesheet()))
    assert used <= set(TOKENS)


def test_the_sheet_is_whole() -> None:
    css = stylesheet()
    assert css.count("{") == css.count("}")
    assert "/*" not in css
    assert "@media screen and (max-width:760px)" in css
    assert "@media print" in css


def test_classes_are_ours() -> None:
    rules = re.sub(r"\{[^{}]*\}", "{}", stylesheet())
    assert all(name.startswith("ccm") for name in re.findall(r"\.([A-Za-z][\w-]*)", rules))
