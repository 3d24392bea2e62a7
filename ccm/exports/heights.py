"""How tall a spreadsheet's rows are: told in the file, as not every program measures wrapped texts itself."""

from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet

#: The size of text that widths of columns are counted in, and the tallest row that Excel takes, in points.
_NORMAL, _TALLEST = 11, 409.0
#: The height of a line, in sizes of its text; what a cell keeps free above and below, in points.
_LINE, _FREE = 1.25, 4
#: Letters of a sentence in the place of a digit, which widths count; left empty at an end, as no word is cut.
_LETTERS, _EMPTY = 1.1, 3


def lines(text: str, across: float) -> int:
    """About how many lines a text takes, rather too many, where `across` digits stand beside each other."""
    room = max(across * _LETTERS - _EMPTY, 1)
    if "\n" not in text:
        return int(len(text) / room) + 1
    return sum(int(len(line) / room) + 1 for line in text.split("\n"))


def height(cells: Iterable[tuple[str, float]], *, least: int = 1, size: int = _NORMAL) -> float:
    """The height of a row, in points, by its texts and the widths of their columns; `least` counts lines."""
    tall = max((lines(text, width * _NORMAL / size) for text, width in cells), default=least)
    return min(max(tall, least) * size * _LINE + _FREE, _TALLEST)


def forget(sheet: Worksheet, row: int) -> None:
    """Let go of the height of a row that is written away, which XlsxWriter would keep to the end."""
    sheet.row_info.pop(row, None)
    sheet.row_sizes.pop(row, None)
