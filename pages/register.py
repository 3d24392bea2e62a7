"""Recommandations: the register, and the answers behind every figure."""

from ccm import ui
from ccm.ui.register import show_register

show_register(ui.page())
