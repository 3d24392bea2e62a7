"""Numbers, days and ages as each language writes them."""

import datetime as dt
from fractions import Fraction

import pytest

from ccm.i18n import numbers

THIN, HARD, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (Fraction(46), f"46,0{THIN}%", "46.0%"),
        (Fraction(53125, 1000), f"53,1{THIN}%", "53.1%"),
        (Fraction(1, 20), f"0,1{THIN}%", "0.1%"),
        (Fraction(9995, 100), f"100,0{THIN}%", "100.0%"),
        (Fraction(9994, 100), f"99,9{THIN}%", "99.9%"),
        (Fraction(0), f"0,0{THIN}%", "0.0%"),
        (Fraction(12345, 10), f"1{THIN}234,5{THIN}%", "1,234.5%"),
        (None, "—", "—"),
    ],
)
def test_a_percent_has_one_decimal_rounded_once_half_up(
    value: Fraction | None, french: str, english: str
) -> None:
    assert numbers.percent(value, "fr") == french
    assert numbers.percent(value, "en") == english


@pytest.mark.parametrize(
    ("points", "french", "english"),
    [
        (Fraction(171, 10), "▲ +17,1", "▲ +17.1"),
        (Fraction(-5, 2), f"▼ {MINUS}2,5", f"▼ {MINUS}2.5"),
        (Fraction(0), "= 0,0", "= 0.0"),
        (Fraction(1, 30), "= 0,0", "= 0.0"),
        (Fraction(-1, 30), "= 0,0", "= 0.0"),
        (Fraction(-1, 20), f"▼ {MINUS}0,1", f"▼ {MINUS}0.1"),
        (None, "—", "—"),
    ],
)
def test_a_delta_has_its_arrow_and_its_sign(points: Fraction | None, french: str, english: str) -> None:
    assert numbers.delta(points, "fr") == french
    assert numbers.delta(points, "en") == english


def test_a_delta_may_carry_its_unit() -> None:
    assert numbers.delta(Fraction(171, 10), "fr", unit=True) == f"▲ +17,1{HARD}pts"


def test_whole_numbers_part_their_thousands() -> None:
    assert numbers.integer(12500, "fr") == f"12{THIN}500"
    assert numbers.integer(12500, "en") == "12,500"
    assert numbers.whole_percent(25, "fr") == f"25{THIN}%"
    assert numbers.whole_percent(None, "fr") == "—"


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_days_are_written_day_first(locale: str) -> None:
    assert numbers.day(dt.date(2022, 8, 5), locale) == "05/08/2022"
    assert numbers.day(None, locale) == "—"


def test_quarters() -> None:
    assert numbers.quarter(dt.date(2024, 6, 30), "fr") == "T2 2024"
    assert numbers.quarter(dt.date(2024, 10, 1), "en") == "Q4 2024"


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        (0, "0 j", "0 d"),
        (89, "89 j", "89 d"),
        (90, "3 mois", "3 mo"),
        (213, "7 mois", "7 mo"),
        (730, "2 ans", "2 yr"),
        (None, "jamais", "never"),
    ],
)
def test_ages_are_said_in_one_unit(days: int | None, french: str, english: str) -> None:
    assert numbers.age(days, "fr") == french
    assert numbers.age(days, "en") == english


def test_an_age_is_old_beyond_the_reporting_period() -> None:
    assert [numbers.is_old(days) for days in (0, 90, 91, None)] == [False, False, True, True]


def test_sessions_have_a_rank() -> None:
    assert [numbers.ordinal(n, "fr") for n in (1, 7, 21)] == ["1re", "7e", "21e"]
    assert [numbers.ordinal(n, "en") for n in (1, 2, 3, 7, 11, 12, 13, 21)] == [
        "1st", "2nd", "3rd", "7th", "11th", "12th", "13th", "21st",
    ]  # fmt: skip
