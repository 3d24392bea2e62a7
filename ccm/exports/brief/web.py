"""The brief as one HTML file: no script, nothing to fetch, ready to be printed."""

import datetime as dt

from markupsafe import Markup

from ccm.exports.brief.model import Content
from ccm.exports.plain import printable
from ccm.render import render
from ccm.render.tokens import own_sheet


def html(brief: Content, dated: dt.datetime) -> bytes:  # noqa: ARG001 - as the other forms
    """The document, in UTF-8."""
    sheet = Markup(own_sheet("brief.css"))  # noqa: S704 - our own style sheet
    return printable(render("brief.html", brief.lang, brief=brief, sheet=sheet)).encode()
