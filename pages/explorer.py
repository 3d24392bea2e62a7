"""Explorer: the plan by axis, actor, status and date, and the answers behind every mark."""

from ccm import ui
from ccm.ui.explorer import show_explorer

show_explorer(ui.page())
