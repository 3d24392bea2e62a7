"""The sheet to fill: what is known is locked, beside it the cells that are asked for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ccm.domain import workbook as layout
from ccm.domain.labels import label
from ccm.domain.vocabulary import AssignmentRole, Nature
from ccm.exports.heights import height
from ccm.exports.plain import printable
from ccm.exports.workbook import validations
from ccm.i18n import DEFAULT_LOCALE, N_, numbers, translator
from ccm.queries.answer_form import FullReport
from ccm.queries.workbook import Workbook, WorkbookRow
from ccm.render.tokens import TOKENS

#: The row of headings, counted from 0, and the first row of answers.
HEADINGS, FIRST = 3, 4
_WIDTHS = {
    "": 4,
    "ref": 12,
    "text": 40,
    "due": 11,
    "official": 13,
    "official_percent": 8,
    "official_as_of": 11,
    "sent": 30,
    "status": 15,
    "percent": 12,
    "as_of": 12,
    "note": 40,
    "blocked_reason": 30,
}
_WIDTH = 17
_DAY = "dd/mm/yyyy"


def words(message: str) -> str:
    """A text of the workbook, in French."""
    return translator(DEFAULT_LOCALE).gettext(message).replace("%%", "%")


@dataclass(frozen=True)
class Answers:
    """The sheet « Réponses » while it is written; `lists` are the ranges to choose from."""

    book: Any
    sheet: Any
    found: Workbook
    lists: dict[str, str]

    def write(self) -> None:
        """Head, headings, one row per answer, and what keeps the structure."""
        self._head()
        self._headings()
        for number, row in enumerate(self.found.rows, FIRST):
            self._row(number, row)
        sheet, last = self.sheet, max(FIRST, FIRST + len(self.found.rows) - 1)
        sheet.freeze_panes(FIRST, 3)
        sheet.autofilter(HEADINGS, 0, last, len(layout.KNOWN) + len(layout.FILLED) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.3, 0.3, 0.4, 0.5)
        sheet.set_footer("&R&P / &N")
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADINGS)
        # No password: it keeps the structure from a slip of the hand, and nobody out.
        allowed = {"format_columns": True, "format_rows": True, "autofilter": True}
        sheet.protect("", {**allowed, "objects": True, "scenarios": True})

    def _head(self) -> None:
        found, sheet = self.found, self.sheet
        for row, tall in enumerate((22, 18, 18)):
            sheet.set_row(row, tall)
        strong = self.book.add_format({"bold": True, "font_size": 14})
        sheet.write_string(0, 1, printable(f"{found.entity.name} ({found.entity.key})"), strong)
        lead = words(
            N_(
                "Remplissez les cellules claires des seules lignes où il y a du nouveau ; mode d’emploi : "
                "feuille « Guide ». État officiel au %(day)s."
            )
        )
        sheet.write_string(1, 1, lead % {"day": numbers.day(found.as_of, DEFAULT_LOCALE)})
        if found.demo:
            warned = self.book.add_format({"bold": True, "font_color": TOKENS.get("accent", "#B4480A")})
            sheet.write_string(2, 1, words(DEMONSTRATION), warned)

    def _headings(self) -> None:
        heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E4E7E3"}
        known = self.book.add_format(heading)
        # Nobody sees the identities: wrapped, they would make rows taller where a program measures them.
        identity = self.book.add_format({**heading, "text_wrap": False})
        asked = self.book.add_format({**heading, "bg_color": "#00563F", "font_color": "#FFFFFF"})
        for place, (name, title) in enumerate(layout.headings().items()):
            hidden = title == layout.IDENTITY
            form = asked if name in layout.FILLED else identity if hidden else known
            self.sheet.set_column(place, place, _WIDTHS.get(name, _WIDTH), None, {"hidden": hidden})
            self.sheet.write_string(HEADINGS, place, title, form)
        self.sheet.set_row(HEADINGS, 36)

    def _row(self, number: int, row: WorkbookRow) -> None:
        answer, asked, sent = row.answer, row.answer.text + _kind(row), _sent(row.last)
        # Two lines at least, so that what is typed shows.
        self.sheet.set_row(number, height(((asked, _WIDTHS["text"]), (sent, _WIDTHS["sent"])), least=2))
        text = self._text(number)
        self.sheet.write_string(number, 0, answer.assignment, self._known(text_wrap=False))
        text(1, answer.recommendation)
        text(2, asked)
        self._day(number, 3, answer.due_date)
        text(4, label(answer.status, translator(DEFAULT_LOCALE)))
        if answer.percent is None:
            text(5, "")
        else:
            self.sheet.write_number(number, 5, answer.percent, self._known(align="center"))
        self._day(number, 6, answer.as_of)
        text(7, sent)
        for place, cell in enumerate(layout.FILLED, len(layout.KNOWN)):
            self.sheet.write_blank(number, place, None, self._open(cell))
            rule = validations.rule(cell, answer.nature, self.lists)
            self.sheet.data_validation(number, place, number, place, rule)

    def _text(self, number: int) -> Callable[[int, str], None]:
        def write(place: int, text: str) -> None:
            self.sheet.write_string(number, place, printable(text), self._known())

        return write

    def _day(self, number: int, place: int, day: dt.date | None) -> None:
        known = self._known(_DAY, align="left")
        if day is None:
            self.sheet.write_blank(number, place, None, known)
        else:
            self.sheet.write_datetime(number, place, dt.datetime(day.year, day.month, day.day), known)  # noqa: DTZ001

    def _known(self, form: str = "General", **given: Any) -> Any:
        return self._format(locked=True, num_format=form, bg_color="#F5F6F4", **given)

    def _open(self, cell: str) -> Any:
        form = {"percent": "0", "as_of": _DAY}.get(cell, "@")
        return self._format(locked=False, num_format=form, bg_color="#FFFBEF")

    def _format(self, **given: Any) -> Any:
        return self.book.add_format(
            {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9D0D6", **given}
        )


DEMONSTRATION = N_(
    "Données de démonstration : états, dates et montants inventés. Seuls les textes des recommandations sont "
    "réels."
)


def _kind(row: WorkbookRow) -> str:
    """What a row is beside the usual: in support, or without an end."""
    t = translator(DEFAULT_LOCALE)
    told = [label(row.answer.role, t)] if row.answer.role is not AssignmentRole.RESPONSIBLE else []
    told += [label(row.answer.nature, t)] if row.answer.nature is not Nature.FINITE else []
    return f" ({', '.join(told)})" if told else ""


def _sent(last: FullReport | None) -> str:
    """The last report in one line, and what became of it."""
    if last is None:
        return ""
    t = translator(DEFAULT_LOCALE)
    state = f"{label(last.status, t)}{'' if last.percent is None else f', {last.percent} %'}"
    lines = [f"{state}, {numbers.day(last.as_of, DEFAULT_LOCALE)} : {label(last.state, t)}"]
    lines += [text for text in (last.returned_reason, last.note, last.blocked_reason) if text]
    return "\n".join(lines)
