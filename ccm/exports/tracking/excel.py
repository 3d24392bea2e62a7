"""The tracking table as an Excel sheet: landscape, its headings on every page, shared cells merged."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from ccm.exports.heights import height
from ccm.exports.tracking.content import SHARES, Line, Tracking, runs
from ccm.i18n import DEFAULT_LOCALE, N_, translator

_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: Characters across the page, the size of its text, and the tallest row that Excel takes.
_ACROSS, _SIZE, _TALLEST = 190, 9, 409
#: What a cell of Excel can hold: the sixteen-bit units that it counts, and what is told of the rest.
_MOST = 32_767
_CUT = N_("… coupé : la suite est dans le tableau Word")
_FONT = {"font_size": _SIZE, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9D0D6"}


def excel(table: Tracking) -> bytes:
    """The file."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**_INERT, "in_memory": True})
    book.set_properties({"title": table.title, "author": table.author})
    _Sheet(book, table).write()
    book.close()
    return file.getvalue()


class _Sheet:
    def __init__(self, book: Any, table: Tracking) -> None:
        self.table, self.sheet = table, book.add_worksheet("Tableau de suivi")
        self.cell = book.add_format(_FONT)
        self.heading = book.add_format(
            {**_FONT, "bold": True, "bg_color": "#00563F", "font_color": "#FFFFFF"}
        )
        self.axis = book.add_format({**_FONT, "bold": True, "bg_color": "#E4E7E3"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.widths = [_ACROSS * share / 100 for share in SHARES]

    def write(self) -> None:
        sheet, table = self.sheet, self.table
        sheet.set_row(0, 22)
        sheet.write_string(0, 0, table.title, self.title)
        above = (*table.above, *filter(None, (table.notice,)))
        for row, told in enumerate(above, 1):
            sheet.write_string(row, 0, told)
        row = len(above) + 2
        for place, title in enumerate(table.headings):
            sheet.set_column(place, place, self.widths[place])
            sheet.write_string(row, place, title, self.heading)
        sheet.set_row(row, height(zip(table.headings, self.widths, strict=True), size=_SIZE))
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.6, 0.5)
        sheet.fit_to_pages(1, 0)
        if table.notice:
            sheet.set_header(f"&C{table.notice.replace('&', '&&')}")
        sheet.set_footer("&L&A&R&P / &N")
        for axis, lines in table.axes:
            row += 1
            sheet.merge_range(row, 0, row, len(table.headings) - 1, "", self.axis)
            sheet.write_string(row, 0, axis, self.axis)
            self._lines(row + 1, lines)
            row += len(lines)

    def _lines(self, first: int, lines: tuple[Line, ...]) -> None:
        for number, tall in enumerate(self._heights(lines), first):
            self.sheet.set_row(number, tall)
        for number, line in enumerate(lines, first):
            *texts, _ = line.cells
            for place, text in enumerate((*(_held(text.split("\n")) for text in texts), _held(line.notes))):
                if place > 1:
                    self.sheet.write_string(number, place, text, self.cell)
        for place in (0, 1):
            for start, last in runs(lines, place):
                if start < last:
                    self.sheet.merge_range(first + start, place, first + last, place, "", self.cell)
                text = lines[start].cells[place]
                self.sheet.write_string(first + start, place, _held(text.split("\n")), self.cell)

    def _heights(self, lines: tuple[Line, ...]) -> list[float]:
        """As tall as each row's own text, and shared cells' text: Excel does not measure merged cells."""
        heights = [height(list(zip(line.cells, self.widths, strict=True))[2:], size=_SIZE) for line in lines]
        for place in (0, 1):
            for start, last in runs(lines, place):
                shared = height([(lines[start].cells[place], self.widths[place])], size=_SIZE)
                lacking = shared - sum(heights[start : last + 1])
                if lacking > 0:
                    each = lacking / (last - start + 1)
                    heights[start : last + 1] = [own + each for own in heights[start : last + 1]]
        return [min(own, _TALLEST) for own in heights]


def _held(parts: Sequence[str]) -> str:
    """The texts of a cell, each on its line: where Excel cannot hold them all, the first ones, and that."""
    whole = "\n".join(parts)
    if _units(whole) <= _MOST:
        return whole
    cut = translator(DEFAULT_LOCALE).gettext(_CUT)
    kept, room = list[str](), _MOST - _units(cut)
    for part in parts:
        room -= _units(part) + 1
        if room < 0:
            break
        kept.append(part)
    return "\n".join((*kept, cut))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
