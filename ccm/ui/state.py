"""The one module that touches `st.session_state`: values of widgets, never an identity nor a right."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

Value = TypeVar("Value")

#: Digest of the token that the session was opened with: says whose it is, gives no right.
_BROWSER = "ccm-browser"


def hold(key: str, value: object) -> str:
    """Give the control of this key a value before it is drawn; the key, to hand to it."""
    st.session_state[key] = value
    return key


def held(key: str) -> Any:
    """What the control of this key holds, even before it is drawn in this run; None where it is new."""
    return st.session_state.get(key)


def has_run() -> bool:
    """Whether the session has run before this run."""
    return _BROWSER in st.session_state


def is_opened_by(browser: str) -> bool:
    """Whether this browser opened the session; to another it is emptied of all it holds."""
    opened = st.session_state.setdefault(_BROWSER, browser)
    if opened == browser:
        return True
    # Streamlit itself gives a session back to its own browser only: this is the second fence.
    st.session_state.clear()
    st.session_state[_BROWSER] = opened
    return False


def kept(key: str, make: Callable[[], Value]) -> Value:
    """A value made at first need and the same from then on in this session."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: Value = st.session_state[key]
    return value


def take(key: str) -> Any:
    """What was kept under this key, which is then made anew at the next need."""
    value = st.session_state.get(key)
    forget(key)
    return value


def once(key: str, make: Callable[[], str]) -> str:
    """A text made at first need: the idempotency key of a form."""
    return kept(key, make)


def empty(*keys: str) -> None:
    """Empty controls, for a callback: what is only forgotten here, the browser still shows."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = [] if isinstance(st.session_state[key], list | tuple) else None


def forget(*keys: str) -> None:
    """Let controls and kept values of these keys start anew."""
    for key in keys:
        st.session_state.pop(key, None)
