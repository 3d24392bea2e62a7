"""The two style sheets a browser is sent, each under a name that changes with it: kept for good."""

import hashlib
from dataclasses import dataclass
from functools import cache

from ccm.render.tokens import stylesheet


@dataclass(frozen=True)
class Sheet:
    """A style sheet and the path it is served at."""

    href: str
    text: str


@cache
def application_sheet() -> Sheet:
    """Of the pages that Streamlit frames."""
    return _sheet("host.css")


@cache
def document_sheet() -> Sheet:
    """Of whole pages of our own."""
    return _sheet("forms.css")


@cache
def first_sheet() -> Sheet:
    """Of the page as the server draws it, until Streamlit has drawn the same: it goes along in the page."""
    return _sheet("host.css", "first.css")


def _sheet(*more: str) -> Sheet:
    text = stylesheet(*more)
    return Sheet(f"/ccm-{hashlib.sha256(text.encode()).hexdigest()[:12]}.css", text)
