"""The one module that touches `st.session_state`: values of widgets, never an identity nor a right."""

from typing import Any

import streamlit as st


def hold(key: str, value: object) -> str:
    """Give the control of this key a value before it is drawn; the key, to hand to it."""
    st.session_state[key] = value
    return key


def held(key: str) -> Any:
    """What the control of this key holds, even before it is drawn in this run; None where it is new."""
    return st.session_state.get(key)
