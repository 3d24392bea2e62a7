"""The pages that are read and nothing else."""

from ccm.screens.method import method
from ccm.screens.overview import overview
from ccm.ui.context import Page
from ccm.ui.html import show


def show_overview(page: Page) -> None:
    """Draw the overview at the page's date."""
    show(overview(page))


def show_method(page: Page) -> None:
    """Draw the method page."""
    show(method(page))
