"""Administration: people, entities, periods, settings."""

from ccm import ui
from ccm.ui.administration import show_administration

show_administration(ui.page())
