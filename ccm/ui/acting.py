"""Buttons that change something: one gesture, one command, and what became of it told where one looks."""

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from ccm.commands import Command
from ccm.commands.own_account import ConfirmationNeeded
from ccm.domain.errors import CcmError, Invalid
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
        link = "/compte" if isinstance(error, ConfirmationNeeded) else None
        state.hold(_TOLD, (said(error, page.locale), False, link))
        return None
    state.hold(_TOLD, (done, True, None))
    return True if result is None else result


def told(page: Page) -> None:
    """What became of the last gesture, said once: at the head of the page, and where one is looking."""
    kept = state.held(_TOLD)
    if kept:
        page.show("told.html", text=kept[0], done=kept[1], href=kept[2])
        st.toast(plain_label(kept[0]))
        state.forget(_TOLD)


def said(error: CcmError, locale: str) -> str:
    """An error in the reader's language: its sentence, or one for each problem, without its column's code."""
    t = translator(locale)
    if isinstance(error, Invalid):
        texts = [t.gettext(problem.message) % dict(problem.values) for problem in error.problems]
        return " ".join(text[:1].upper() + text[1:] + "." * (not text.endswith(".")) for text in texts)
    message = t.gettext(error.message)
    return message % error.values if error.values else message


_TOLD = "ccm-told"


def _act(
    page: Page, make: Callable[[], Command[Any]], done: str, gesture: str, clears: tuple[str, ...]
) -> None:
    if carry_out(page, make(), done, gesture) is not None:
        state.forget(*clears)
