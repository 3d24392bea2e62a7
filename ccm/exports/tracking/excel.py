"""The tracking table as an Excel sheet: landscape, its headings on every page, shared cells merged."""

import io
from typing import Any

import xlsxwriter

from ccm.exports.tracking.content import SHARES, Line, Tracking, runs

_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: Characters across the page, and the height of a line of text and of the tallest row that Excel takes.
_ACROSS, _LINE, _TALLEST = 190, 12.5, 400
#: More than a cell of Excel can hold is cut there, and says so.
_MOST = 32_000
_FONT = {"font_size": 9, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9D0D6"}


def excel(table: Tracking) -> bytes:
    """The file."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**_INERT, "in_memory": True})
    book.set_properties({"title": table.title, "author": ""})
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
        sheet.write_string(0, 0, table.title, self.title)
        for row, told in enumerate(table.above, 1):
            sheet.write_string(row, 0, told)
        row = len(table.above) + 2
        for place, title in enumerate(table.headings):
            sheet.set_column(place, place, self.widths[place])
            sheet.write_string(row, place, title, self.heading)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        for axis, lines in table.axes:
            row += 1
            sheet.merge_range(row, 0, row, len(table.headings) - 1, "", self.axis)
            sheet.write_string(row, 0, axis, self.axis)
            self._lines(row + 1, lines)
            row += len(lines)

    def _lines(self, first: int, lines: tuple[Line, ...]) -> None:
        for number, height in enumerate(self._heights(lines), first):
            self.sheet.set_row(number, height)
        for number, line in enumerate(lines, first):
            for place, text in enumerate(line.cells):
                if place > 1:
                    self.sheet.write_string(number, place, _whole(text), self.cell)
        for place in (0, 1):
            for start, last in runs(lines, place):
                if start < last:
                    self.sheet.merge_range(first + start, place, first + last, place, "", self.cell)
                text = lines[start].cells[place]
                self.sheet.write_string(first + start, place, _whole(text), self.cell)

    def _heights(self, lines: tuple[Line, ...]) -> list[float]:
        """As tall as each row's own text, and shared cells' text: Excel does not measure merged cells."""
        heights = [max(self._tall(line.cells[place], place) for place in range(2, 7)) for line in lines]
        for place in (0, 1):
            for start, last in runs(lines, place):
                lacking = self._tall(lines[start].cells[place], place) - sum(heights[start : last + 1])
                if lacking > 0:
                    each = lacking / (last - start + 1)
                    heights[start : last + 1] = [height + each for height in heights[start : last + 1]]
        return [min(height, _TALLEST) for height in heights]

    def _tall(self, text: str, place: int) -> float:
        # Words are not cut: a line holds somewhat less than its width.
        across = self.widths[place] * 1.05
        return _LINE * sum(1 + int(len(line) // across) for line in text.split("\n")) + 4


def _whole(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + "…"
