"""What was typed and did not get through: in sight until whoever typed it has done with it."""

import streamlit as st

from ccm.i18n import translator
from ccm.render import block
from ccm.ui import state
from ccm.ui.html import show

_UNSENT = "ccm-unsent"


def keep_in_sight(*typed: tuple[str, str]) -> None:
    """Keep texts, each after the words that say where it was typed; "" for those that need none.

    They stand in the session, which is emptied for any other browser and gone with the sign-in that follows.
    """
    places = {place for place, _ in typed if place}
    before: tuple[tuple[str, str], ...] = state.held(_UNSENT) or ()
    left = tuple(one for one in before if one[0] not in places and one not in typed)
    if typed:
        state.hold(_UNSENT, left + typed)


def show_unsent(locale: str) -> None:
    """Draw them, and the button that lets them go."""
    t = translator(locale)
    with st.container(key="ccm-unsent-place"):
        if typed := state.held(_UNSENT):
            show(block("unsent.html", locale, texts=typed))
            st.button(
                t.gettext("Effacer ce texte"), key="unsent-clear", on_click=state.forget, args=(_UNSENT,)
            )
