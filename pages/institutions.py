"""Institutions: ministries, agencies and classes of actors, and one of them in full."""

from ccm import ui
from ccm.ui.entities import show_institutions

show_institutions(ui.page())
