"""Méthode: how every figure is made, from what, and how to make it again."""

from ccm import ui
from ccm.ui.reading import show_method

show_method(ui.page())
