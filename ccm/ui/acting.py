"""Buttons that change something: one gesture, one command, and what became of it told where one looks."""

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from ccm.commands import Command
from ccm.commands.own_account import ConfirmationNeeded
from ccm.domain.errors import CcmError
from ccm.i18n import translator
from ccm.ui import state
from ccm.ui.context import Page


def button(
    page: Page,
    label: str,
    key: str,
    make: Callable[[], Command[Any]],
    done: str,
    *,
    primary: bool = False,
) -> None:
    """A button that carries out the command `make` builds when it is pressed.

    Its gesture is numbered when it is drawn: pressed twice before the next drawing, it acts once. `told`
    says what became of it.
    """
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        on_click=_act,
        args=(page, make, done, secrets.token_urlsafe(16)),
    )


def carry_out(page: Page, command: Command[Any], done: str, gesture: str | None = None) -> Any:
    """Submit a command and note what became of it for `told`; its result, or True, or None where refused."""
    try:
        result = page.submit(command, key=gesture)
    except CcmError as error:
        message = translator(page.locale).gettext(error.message)
        confirming = isinstance(error, ConfirmationNeeded)
        link = page.links.to("/compte", confirmer="1", next=page.here) if confirming else None
        state.hold(_TOLD, (message % error.values if error.values else message, False, link))
        return None
    state.hold(_TOLD, (done, True, None))
    return True if result is None else result


def told(page: Page) -> None:
    """What became of the last gesture, said once."""
    said = state.held(_TOLD)
    if said:
        page.show("told.html", text=said[0], done=said[1], href=said[2])
        state.forget(_TOLD)


_TOLD = "ccm-told"


def _act(page: Page, make: Callable[[], Command[Any]], done: str, gesture: str) -> None:
    carry_out(page, make(), done, gesture)
