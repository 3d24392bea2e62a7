"""The least a Streamlit page can be: what every rerun costs before a page does anything."""

import streamlit as st

st.text("vide")
