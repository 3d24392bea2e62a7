"""Files of what an address shows: the same rows, all its pages, as this reader may see them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

from ccm.auth import Action, require
from ccm.exports.calendar import write_ics
from ccm.exports.columns import ANSWERS, RECOMMENDATIONS
from ccm.exports.hxl import write_hxl
from ccm.exports.register import About, write_csv, write_json
from ccm.exports.room import require_held, require_room
from ccm.exports.spreadsheet import write_xlsx
from ccm.exports.tracking import HEADINGS, Tracking, excel, tracking, word
from ccm.queries.ask import reading, version
from ccm.queries.filters import FilterOptions, FilterOptionsQuery, Order
from ccm.queries.whole import Whole
from ccm.render.sentences import register as say
from ccm.screens.asked import Asked, read
from ccm.screens.offline import offline
from ccm.screens.refusal import require_understood
from ccm.screens.view import View


class Form(StrEnum):
    """The forms that the register is handed out in."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    HXL = "hxl"
    ICS = "ics"
    HTML = "html"
    TABLE_XLSX = "table-xlsx"
    TABLE_DOCX = "table-docx"


_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    Form.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSON: "application/json",
    Form.HXL: "text/csv; charset=utf-8",
    Form.ICS: "text/calendar; charset=utf-8",
    Form.HTML: "text/html; charset=utf-8",
    Form.TABLE_XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Form.TABLE_DOCX: f"{_OFFICE}.wordprocessingml.document",
}
_ENDINGS = {Form.HXL: "csv", Form.TABLE_XLSX: "xlsx", Form.TABLE_DOCX: "docx"}
_NAMES = {
    Form.HXL: "hxl",
    Form.ICS: "echeances",
    Form.HTML: "hors-ligne",
    Form.TABLE_XLSX: "tableau-de-suivi",
    Form.TABLE_DOCX: "tableau-de-suivi",
}
_TABLES: Mapping[Form, Callable[[BinaryIO, Tracking], None]] = {Form.TABLE_XLSX: excel, Form.TABLE_DOCX: word}
_TEXTS: Mapping[Form, Callable[[TextIO, Any, About], None]] = {
    Form.CSV: write_csv,
    Form.JSON: write_json,
    Form.HXL: write_hxl,
}


@dataclass(frozen=True)
class Exported:
    """A file that is not written yet: its name, and what writes it."""

    name: str
    media_type: str
    write: Callable[[BinaryIO], None]


def exported(view: View, form: Form, parameters: Mapping[str, str], origin: str = "") -> Exported:
    """The file of what the parameters of an address ask for; `origin` is where the application is reached.

    Raises CcmError for what is not understood: a page says so, a file that holds more than was asked for
    cannot. Raises NotAllowed for whoever may not read.
    """
    require(view.actor, Action.READ_VALIDATED)
    options = view.ask(FilterOptionsQuery(view.as_of))
    asked = replace(read(parameters, options, compared=view.since is not None), page=1)
    require_understood(view, parameters, asked.unknown)
    if form in (Form.HXL, Form.ICS):
        # Of answers, and of those to one recommendation together.
        asked = replace(asked, answers=True, order=Order.SOURCE)
    about = _about(view, asked, options, origin)
    return Exported(file_name(form, about), MEDIA_TYPES[form], _writing(view, form, asked, about, origin))


def _about(view: View, asked: Asked, options: FilterOptions, origin: str) -> About:
    return About(
        as_of=view.as_of,
        address=origin + asked.href(view.links.in_full()),
        locale=view.locale,
        session=view.session,
        demo=view.facts.demo,
        provisional=view.provisional,
        table=ANSWERS if asked.answers else RECOMMENDATIONS,
        filters=tuple(say.filter_names(asked.filters, options, view.locale).values()),
        asked=tuple(asked.query().items()),
    )


def file_name(form: Form, about: About) -> str:
    """What a file is called: what it shows, whether that is invented or provisional, of which day."""
    shown = _NAMES.get(form) or about.table.file
    mark = "demonstration-" if about.demo else "provisoire-" if about.provisional else ""
    return f"ccm-{mark}{shown}-{about.as_of.isoformat()}.{_ENDINGS.get(form, form.value)}"


def _writing(view: View, form: Form, asked: Asked, about: About, origin: str) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        if form is Form.HTML:
            with reading(view.store, view.at, view.actor.visibility) as connection:
                require_held(Whole(view.at).count(connection), view.locale)
            file.write(offline(view).encode())
            return
        if form in _TABLES:
            with _table(view, asked, form) as table:
                _TABLES[form](file, table)
            return
        with _rows(view, asked, form) as rows:
            if form is Form.ICS:
                write_ics(file, rows, about, origin, version(view.store)[0])
            else:
                write_table(form, file, rows, about)

    return write


def write_table(form: Form, file: BinaryIO, rows: Iterable[Any], about: About) -> None:
    """The rows of a table as Excel, or in one of the forms that are plain text."""
    if form is Form.XLSX:
        write_xlsx(file, rows, about)
        return
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    _TEXTS[form](text, rows, about)
    # The file is its owner's to close.
    text.detach()


@contextmanager
def _table(view: View, asked: Asked, form: Form) -> Iterator[Tracking]:
    """The tracking table of the recommendations that the address keeps, in the source's order."""
    whole = _whole(view, asked)
    with reading(view.store, view.at, view.actor.visibility) as connection:
        kept = whole.count(connection)
        if form is Form.TABLE_XLSX:
            require_room(kept, HEADINGS, view.locale)
        else:
            require_held(kept, view.locale)
        rows, sessions = whole.tracking(connection), whole.sessions(connection)
        yield tracking(rows, sessions, view.facts, view.as_of, provisional=view.provisional)


@contextmanager
def _rows(view: View, asked: Asked, form: Form) -> Iterator[Iterator[Any]]:
    whole = _whole(view, asked)
    with reading(view.store, view.at, view.actor.visibility) as connection:
        if form is Form.XLSX:
            # Of the state that the rows are read of.
            count = whole.count_answers if asked.answers else whole.count
            require_room(count(connection), locale=view.locale)
        yield whole.answers(connection) if asked.answers else whole.recommendations(connection)


def _whole(view: View, asked: Asked) -> Whole:
    return Whole(view.at, asked.filters, asked.order, view.before if asked.filters.moved else None)
