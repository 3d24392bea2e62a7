"""Fields of the forms of those who act: days that are typed, and what is wrong told under its field."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from ccm.commands.cells import Refusal, day, is_blank
from ccm.domain.errors import Invalid, Problem
from ccm.i18n import N_, numbers
from ccm.ui import state
from ccm.ui.context import Page

_MISSING = N_("donnez ce jour")
#: Characters of a day, however it is written.
_LONGEST = 20


def day_field(page: Page, label: str, usual: dt.date | None, key: str) -> None:
    """A day to be typed: Streamlit's calendar speaks English alone."""
    shown = numbers.day(usual, page.locale) if usual else ""
    st.text_input(label, shown, placeholder=page._("jj/mm/aaaa"), max_chars=_LONGEST, key=key)


def typed_days(keys: Mapping[str, str], *, required: bool = True) -> dict[str, Any]:
    """The days that were typed, by column, of fields whose keys are given so; None for an empty one.

    Raises Invalid with every one that is no day, or is `required` and missing.
    """
    found, problems = dict[str, Any](), []
    for column, key in keys.items():
        text = str(state.held(key) or "")
        try:
            if is_blank(text) and required:
                raise Refusal(Problem(_MISSING))
            found[column] = None if is_blank(text) else day(text)
        except Refusal as refusal:
            problems.append(replace(refusal.problem, column=column))
    if problems:
        raise Invalid(problems)
    return found


def hold_problems(form: str, told: Mapping[str, str]) -> None:
    """Keep what is wrong with a form's fields, by column, for its next drawing."""
    state.hold(f"mend-{form}", dict(told))


def take_problems(form: str) -> dict[str, str]:
    """What is wrong with a form's fields, said once."""
    return state.take(f"mend-{form}") or {}


def mend(page: Page, problem: str | None) -> None:
    """Under a field: what is to be mended in it."""
    if problem:
        page.show("answer_said.html", problem=problem)
