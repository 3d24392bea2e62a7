"""The forms of the brief: what each is written by, and how it is called and served."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ccm.domain.dates import local_time
from ccm.exports.brief.content import content
from ccm.exports.brief.model import Content
from ccm.queries.brief import Brief
from ccm.queries.results import Scope


class Form(StrEnum):
    """PDF to be printed, Word to be edited, HTML to be read anywhere."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"

    @property
    def media_type(self) -> str:
        """As what it is served."""
        return _MEDIA[self]


_MEDIA = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.HTML: "text/html; charset=utf-8",
}


@dataclass(frozen=True)
class Told:
    """How a brief is told: what it is of, as known when, in which language, for which address."""

    scope: Scope
    known_at: dt.datetime
    locale: str
    address: str = ""


def written(form: Form, found: Brief, told: Told) -> bytes:
    """A brief in a form; the same brief told the same makes the same bytes."""
    told_of = content(found, told.scope, told.known_at, told.locale, told.address)
    # The date of a file is in whole seconds, on Niamey's clock.
    return _writer(form)(told_of, local_time(told.known_at).replace(microsecond=0))


def file_name(form: Form, scope: Scope, locale: str) -> str:
    """A plain name: `note-ccm7-2024-06-30.pdf`, `brief-…` in English; invented data: `-demonstration.pdf`."""
    name = "note" if locale == "fr" else "brief"
    session = "" if scope.session is None else str(scope.session)
    mark = "-demonstration" if scope.demo else ""
    return f"{name}-ccm{session}-{scope.as_of.isoformat()}{mark}.{form.value}"


def _writer(form: Form) -> Callable[[Content, dt.datetime], bytes]:
    """What writes a form. Its libraries are loaded once one is asked for: no other command waits for them."""
    if form is Form.PDF:
        from ccm.exports.brief.pdf import pdf as write  # noqa: PLC0415
    elif form is Form.DOCX:
        from ccm.exports.brief.word import word as write  # noqa: PLC0415
    else:
        from ccm.exports.brief.web import html as write  # noqa: PLC0415
    return write
