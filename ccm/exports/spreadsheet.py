"""A table as an Excel file: typed cells, a frozen heading, filters, and a sheet that defines them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ccm.domain.labels import label
from ccm.exports.columns import ANSWERS, Column, Kind
from ccm.exports.heights import forget, height
from ccm.exports.plain import printable
from ccm.exports.register import About
from ccm.i18n import Translator, numbers, translator
from ccm.metrics.registry import METRICS
from ccm.render import color

#: Rows are written as they come and not kept; what people typed stays what they typed.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
#: What a row of a figure tells of it, and how wide that is.
_TOLD = ("label", "definition", "numerator", "denominator", "rule")
_WIDTHS = (28, 48, 48, 48, 48)
#: From this width on, a column's texts are wrapped.
_WRAPPED = 18
Write = Callable[[Worksheet, int, int, Any], object]


def write_xlsx(file: BinaryIO, rows: Iterable[Any], about: About) -> None:
    """The rows of a view on one sheet, and on another what they mean and what was asked."""
    t = translator(about.locale)
    with Workbook(file, _OPTIONS) as book:
        book.set_properties(
            {"title": t.gettext("Suivi des recommandations du CCM"), "comments": about.address}
        )
        _rows_sheet(book, rows, about, t)
        _definitions(book, about, t)


def _rows_sheet(book: Workbook, rows: Iterable[Any], about: About, t: Translator) -> None:
    name, invented = t.gettext(about.table.title), t.gettext("démonstration")
    sheet = book.add_worksheet(f"{name} ({invented})" if about.demo else name)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for number, column in enumerate(about.columns):
        sheet.set_column(number, number, column.wide)
    sheet.set_row(0, 48)
    for number, column in enumerate(about.columns):
        sheet.write_string(0, number, column.heading(t), heading)
    reads = [column.read for column in about.columns]
    writers = [_writer(book, column, t) for column in about.columns]
    wrapped = [(place, one.wide) for place, one in enumerate(about.columns) if one.wide >= _WRAPPED]
    last = 0
    for last, row in enumerate(rows, 1):
        values = [read(row, about.as_of) for read in reads]
        # Before its cells: a row is written away as soon as the next one begins.
        sheet.set_row(last, height((_shown(values[place]), wide) for place, wide in wrapped))
        for number, (value, write) in enumerate(zip(values, writers, strict=True)):
            if value is not None:
                write(sheet, last, number, value)
        forget(sheet, last - 1)
    sheet.autofilter(0, 0, last - about.table.ends_in_plan, len(about.columns) - 1)
    sheet.freeze_panes(1, 1)
    _on_paper(sheet, 0)
    # « & » begins a command in a header.
    sheet.set_header("&L" + " · ".join(line.replace("&", "&&") for line in _said(about, t))[:200])


def _on_paper(sheet: Worksheet, heading: int) -> None:
    """A4, landscape, as wide as the page, with its heading on every sheet."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading)
    sheet.set_footer("&R&P / &N")


def _writer(book: Workbook, column: Column, t: Translator) -> Write:
    """How the cells of a column are written."""
    formats = {Kind.RATE: "0.0%", Kind.DAY: "dd/mm/yyyy", Kind.COUNT: "#,##0"}
    shown: dict[str, object] = {"valign": "top"}
    if column.kind in formats:
        shown["num_format"] = formats[column.kind]
    if column.wide >= _WRAPPED:
        shown["text_wrap"] = True
    return partial(_WRITERS[column.kind], book.add_format(shown), t)


def _shown(value: Any) -> str:
    """The text of a cell that is wrapped."""
    return value if isinstance(value, str) else "; ".join(value or ())


def _text(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_string(row, column, printable(value), shown) if value else None


def _code(shown: Format, t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_string(row, column, label(value, t), shown)


def _names(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_string(row, column, printable("; ".join(value)), shown) if value else None


def _count(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_number(row, column, value, shown)


def _rate(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    # The nearest double, as a fraction divided by 100 would be, in a tenth of the time.
    return sheet.write_number(row, column, value.numerator / (100 * value.denominator), shown)


def _day(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_datetime(row, column, value, shown)


def _flag(shown: Format, _t: Translator, sheet: Worksheet, row: int, column: int, value: Any) -> object:
    return sheet.write_boolean(row, column, bool(value), shown)


_WRITERS = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.NAMES: _names,
    Kind.COUNT: _count,
    Kind.RATE: _rate,
    Kind.DAY: _day,
    Kind.FLAG: _flag,
}


def _definitions(book: Workbook, about: About, t: Translator) -> None:
    sheet = book.add_worksheet(t.gettext("Définitions"))
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    warning = book.add_format({"bold": True, "font_color": color("action")})
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width)
    said = _said(about, t)
    for row, line in enumerate(said):
        sheet.write_string(row, 0, printable(line), warning if row == 0 and about.demo else None)
    first = len(said) + 1
    titles = (
        t.gettext("Colonne"), t.gettext("Définition"), t.gettext("Numérateur"), t.gettext("Dénominateur"),
        t.gettext("Règle"),
    )  # fmt: skip
    for number, title in enumerate(titles):
        sheet.write_string(first, number, title, bold)
    _on_paper(sheet, first)
    shown = {column.key for column in about.columns}
    every = about.table is ANSWERS
    for row, metric in enumerate((one for one in METRICS if every or one.key in shown), first + 1):
        texts = [t.gettext(text) if text else "" for text in (getattr(metric, part) for part in _TOLD)]
        sheet.set_row(row, height(zip(texts, _WIDTHS, strict=True)))
        for number, text in enumerate(texts):
            sheet.write_string(row, number, text, plain if number else bold)


def _said(about: About, t: Translator) -> list[str]:
    """What the file is of: the store, the date, the session, what was kept, where the same is seen."""
    demo = t.gettext("Données de démonstration : états, dates et montants inventés.")
    situation = t.gettext("Situation au %(date)s") % {"date": numbers.day(about.as_of, about.locale)}
    lines = [demo] if about.demo else []
    lines.append(t.gettext("Suivi des recommandations du CCM"))
    lines.append(situation)
    if about.session:
        lines.append(t.gettext("Session %(number)s") % {"number": about.session})
    if about.provisional:
        lines.append(
            t.gettext("Chiffres provisoires : les points transmis comptent avec les points validés.")
        )
    kept = " · ".join(about.filters) or (about.table.everything and t.gettext(about.table.everything))
    if kept:
        lines.append(t.gettext("Filtres : %(filters)s") % {"filters": kept})
    lines.append(t.gettext("Adresse : %(address)s") % {"address": about.address})
    return lines
