"""Relances: who has not answered in a period, and what to send them."""

from ccm import ui
from ccm.ui.silence import show_silence

show_silence(ui.page())
