"""The application's screens: the only code that knows Streamlit.

A page calls `page()` for what it was asked, `ask` for typed results and `show` for what is drawn.
"""

from ccm.ui.context import Page
from ccm.ui.frame import page
from ccm.ui.reading import show_overview

__all__ = ["Page", "page", "show_overview"]
