"""Buttons that change something: one gesture, one command, and what became of it told where one looks."""

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from ccm.commands import Command
from ccm.commands.own_account import ConfirmationNeeded
from ccm.domain.errors import CcmError, Invalid, Problem
from ccm.i18n import translator
from ccm.ui import state
from ccm.ui.context import Page
from ccm.ui.plain import plain_label


def button(
    page: Page,
    label: str,
    key: str,
    make: Callable[[], Command[Any]],
    done: str,
    *,
    primary: bool = False,
    clears: tuple[str, ...] = (),
) -> None:
    """A button that carries out the command `make` builds when it is pressed.

    Its gesture is numbered when it is drawn: pressed twice before the next drawing, it acts once. `told`
    says what became of it. What was typed in the controls `clears` names goes only once it is kept.
    """
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        on_click=_act,
        args=(page, make, done, secrets.token_urlsafe(16), clears),
    )


def carry_out(page: Page, command: Command[Any], done: str, gesture: str | None = None) -> Any:
    """Submit a command and note what became of it for `told`; its result, or True, or None where refused."""
    try:
        result = page.submit(command, key=gesture)
    except CcmError as error:
        confirming = isinstance(error, ConfirmationNeeded)
        link = page.links.to("/compte", confirmer="1", next=page.here) if confirming else None
        note(said(error, page.locale), done=False, href=link)
        return None
    note(done, done=True)
    return True if result is None else result


def note(text: str, *, done: bool, href: str | None = None) -> None:
    """Keep what became of a gesture until `told` says it."""
    state.hold(_TOLD, (text, done, href))


def told(page: Page) -> None:
    """What became of the last gesture, said once: at the head of the page, and where one is looking."""
    kept = state.held(_TOLD)
    if kept:
        page.show("told.html", text=kept[0], done=kept[1], href=kept[2])
        st.toast(plain_label(kept[0]))
        state.forget(_TOLD)


def said(error: CcmError, locale: str) -> str:
    """An error in the reader's language: its sentence, or one for each problem, without its column's code."""
    if isinstance(error, Invalid):
        return " ".join(sentence(problem, locale) for problem in error.problems)
    message = translator(locale).gettext(error.message)
    return message % error.values if error.values else message


def sentence(problem: Problem, locale: str) -> str:
    """A problem as one sentence, without the code of its column."""
    text = translator(locale).gettext(problem.message) % dict(problem.values)
    return text[:1].upper() + text[1:] + "." * (not text.endswith("."))


_TOLD = "ccm-told"


def _act(
    page: Page, make: Callable[[], Command[Any]], done: str, gesture: str, clears: tuple[str, ...]
) -> None:
    if carry_out(page, make(), done, gesture) is not None:
        state.forget(*clears)
