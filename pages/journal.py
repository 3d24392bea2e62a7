"""Journal: who did what, when, for administrators."""

from ccm import ui
from ccm.ui.journal import show_journal

show_journal(ui.page())
