"""The address of a run: read, written, said again.

One way round: the address is read, the page is drawn from what it means, every link of the page carries it
on, and a control that changes it writes the address, never the page. Streamlit's own binding of controls to
the address would lose it at the next page, as its controls stand in a popover nobody has opened yet.
"""

import streamlit as st

from ccm.i18n import known_locale
from ccm.screens.choice import shared
from ccm.ui.state import held, hold

_LAST = "ccm-address"


def address() -> dict[str, str]:
    """The shared parameters of this run's address, stripped; empty where it does not have them."""
    return shared(st.query_params.to_dict())


def write(**parameters: str) -> None:
    """Put parameters into the address of the run that follows; an empty one leaves it.

    In one message: the browser makes an entry of its history of each, and one choice is one step back.
    """
    said = {**st.query_params.to_dict(), **parameters}
    st.query_params.from_dict({name: value for name, value in said.items() if value})


def say_again(path: str) -> None:
    """Have the browser show the address of this run, where a click led to the page one was on.

    Streamlit then asks for the page without its own parameters, and leaves them in the browser's bar. On the
    way to another page it would change the address of the one that is left; and an answer that comes late,
    after a step back, must not say where one was before it, which would cost the way forward.
    """
    here = (path, st.query_params.to_dict())
    last = held(_LAST)
    if last and last != here and last[0] == path:
        st.query_params.update({})
    hold(_LAST, here)


def language() -> str:
    """The language of the address; French where it has none."""
    return known_locale(st.query_params.get("lang"))
