"""The page that others would write: four Plotly charts of two bars by region, new figures at each run."""

import time

import plotly.graph_objects as go
import streamlit as st

REGIONS = ("Agadez", "Diffa", "Dosso", "Maradi", "Tahoua", "Tillabéri", "Zinder", "Niamey")

run = time.monotonic_ns() // 1_000_000
st.title("Avancement")
for number, column in enumerate((*st.columns(2), *st.columns(2))):
    values = [(run * 7 + number * 13 + place * 11) % 100 for place in range(len(REGIONS))]
    figure = go.Figure([go.Bar(x=REGIONS, y=values), go.Bar(x=REGIONS, y=values[::-1])])
    figure.update_layout(title=f"Graphique {number}", height=300, barmode="group")
    column.plotly_chart(figure, key=f"chart-{number}")
