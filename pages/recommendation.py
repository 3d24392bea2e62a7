"""One recommendation in full."""

from ccm import ui
from ccm.ui.register import show_recommendation

show_recommendation(ui.page())
