"""Validation: what waits for the Secretariat's decision."""

from ccm import ui
from ccm.ui.validation import show_validation

show_validation(ui.page())
