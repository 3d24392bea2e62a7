"""The reading screens: what an address asks, put to the store and drawn; without Streamlit or a server.

A screen is shown three times: inside Streamlit, in the first page that the server sends, and as a light page
without a script. All three draw it here.
"""

from ccm.screens.choice import SHARED, Choice, read_choice
from ccm.screens.view import Frame, View, view

__all__ = ["SHARED", "Choice", "Frame", "View", "read_choice", "view"]
