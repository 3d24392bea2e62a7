"""Vue d'ensemble: where the plan stands, what needs a decision, who must act."""

from ccm import ui

ui.show_overview(ui.page())
