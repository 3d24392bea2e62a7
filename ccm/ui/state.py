"""The one module that touches `st.session_state`: values of widgets, never an identity nor a right."""

import datetime as dt

import streamlit as st


def compare_with(days: dict[int, dt.date], chosen: str, target: str) -> None:
    """Set the comparison date to the political meeting of the session that a control has chosen."""
    number = st.session_state.get(chosen)
    if number in days:
        st.session_state[target] = days[number]
    st.session_state[chosen] = None
