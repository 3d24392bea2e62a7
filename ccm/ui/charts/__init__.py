"""The Explorer's charts: Plotly, with the tokens and the words of the rest of the application."""
