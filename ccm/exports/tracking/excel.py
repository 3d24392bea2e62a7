"""The tracking table as an Excel sheet: landscape, its headings on every page, shared cells merged."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from ccm.exports.heights import forget, height
from ccm.exports.tracking.content import SHARES, Line, Tracking, runs
from ccm.i18n import DEFAULT_LOCALE, N_, translator

#: Rows are written as they come and not kept; what people typed stays what they typed.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
#: Characters across the page, the size of its text, and the tallest row that Excel takes.
_ACROSS, _SIZE, _TALLEST = 190, 9, 409
#: What a cell of Excel can hold: the sixteen-bit units that it counts, and what is told of the rest.
_MOST = 32_767
_CUT = N_("… coupé : la suite est dans le tableau Word")
#: The rows that may stand in a sheet beside those of recommendations: what is said above, headings, axes.
HEADINGS = 50
_FONT = {"font_size": _SIZE, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9D0D6"}


def excel(file: BinaryIO, table: Tracking) -> None:
    """Write the file: of the table, no more is held than the lines that share a challenge."""
    with Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": table.title, "author": table.author})
        _Sheet(book, table).write()


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
            row = self._lines(row + 1, lines)

    def _lines(self, first: int, lines: Iterable[Line]) -> int:
        """Write the lines from a row on; gives the last row."""
        for _, some in groupby(lines, key=lambda line: line.cells[:1]):
            sharing = tuple(some)
            self._sharing(first, sharing)
            first += len(sharing)
        return first - 1

    def _sharing(self, first: int, lines: tuple[Line, ...]) -> None:
        """The lines under one challenge: a cell that is shared holds its text in its first row."""
        shared = [dict(runs(lines, place)) for place in (0, 1)]
        heights = self._heights(lines)
        for number, line in enumerate(lines):
            row = first + number
            # Before its cells: a row is written away as soon as the next one begins.
            self.sheet.set_row(row, heights[number])
            *texts, _ = line.cells
            for place, text in enumerate((*(_held(text.split("\n")) for text in texts), _held(line.notes))):
                if place > 1 or number in shared[place]:
                    self.sheet.write_string(row, place, text, self.cell)
                else:
                    self.sheet.write_blank(row, place, None, self.cell)
            forget(self.sheet, row - 1)
        for place, found in enumerate(shared):
            # `merge_range` would write the cells anew, in rows that are gone.
            self.sheet.merge += [
                [first + start, place, first + last, place] for start, last in found.items() if start < last
            ]

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
