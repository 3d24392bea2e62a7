"""Régions: the eight regions on the map and by axis, and one of them in full."""

from ccm import ui
from ccm.ui.entities import show_regions

show_regions(ui.page())
