"""The one module that touches `st.session_state`: values of widgets, never an identity nor a right."""

import datetime as dt
from typing import Any

import streamlit as st


def hold(key: str, value: object) -> str:
    """Give the control of this key a value before it is drawn; the key, to hand to it."""
    st.session_state[key] = value
    return key


def held(key: str) -> Any:
    """What the control of this key holds, even before it is drawn in this run; None where it is new."""
    return st.session_state.get(key)


def compare_with(days: dict[int, dt.date], chosen: str, target: str) -> None:
    """Set the comparison date to the political meeting of the session that a control has chosen."""
    number = st.session_state.get(chosen)
    if number in days:
        st.session_state[target] = days[number]
    st.session_state[chosen] = None
