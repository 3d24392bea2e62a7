"""The tracking table as a Word document: real heading, header row repeated, shared cells merged."""

from dataclasses import dataclass
from typing import Any, BinaryIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor, Twips

from ccm.exports.heights import lines as counted
from ccm.exports.office import drop_thumbnail
from ccm.exports.tracking.content import SHARES, Line, Tracking, runs
from ccm.render.tokens import color

_LONG, _SHORT, _MARGIN = 29.7, 21.0, 1.3
_CELL, _KEY = "Cellule", "Clé"
#: A row of more lines than that goes on over the page; so many twentieths of a point is a character wide.
_SHORT_ROW, _CHARACTER = 14, 80


def word(file: BinaryIO, table: Tracking) -> None:
    """Write the file. Python-docx holds all of it until it is saved."""
    document = Document()
    drop_thumbnail(document)
    _page(document)
    _styles(document)
    if table.notice:
        document.sections[0].header.paragraphs[0].add_run(table.notice).bold = True
    properties = document.core_properties
    properties.title, properties.language, properties.comments = table.title, "fr-FR", table.notice
    properties.author = properties.last_modified_by = table.author
    document.add_heading(table.title, level=1)
    for told in table.above:
        document.add_paragraph(told).paragraph_format.space_after = Pt(4)
    _table(document, table)
    document.save(file)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(_LONG), Cm(_SHORT)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    section.header_distance = section.footer_distance = Cm(_MARGIN / 2)
    # The page's number is a field, which Word fills in.
    field = _made("fldSimple", instr="PAGE")
    section.footer.paragraphs[0]._p.append(field)


def _styles(document: Any) -> None:
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    for name, size in (("Normal", 10), ("Heading 1", 15), ("Heading 2", 9), ("Header", 8), ("Footer", 8)):
        _inked(styles[name], size)
    # An axis stands in a row of the table: no more air than the row has.
    styles["Heading 1"].paragraph_format.space_before = styles["Heading 2"].paragraph_format.space_before = (
        Pt(0)
    )
    cell = styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.font.size = styles["Normal"], Pt(8)
    cell.paragraph_format.space_after = Pt(0)
    key = styles.add_style(_KEY, WD_STYLE_TYPE.PARAGRAPH)
    key.base_style, key.font.size, key.font.color.rgb = cell, Pt(7), RGBColor(0x5A, 0x66, 0x70)


def _inked(style: Any, size: int) -> None:
    """Our letters and ink, in the place of those of python-docx's theme."""
    style.font.name, style.font.size = "Calibri", Pt(size)
    style.font.color.rgb = RGBColor.from_string(color("ink").lstrip("#"))
    fonts = style.element.get_or_add_rPr().rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _table(document: Any, table: Tracking) -> None:
    drawn = document.add_table(0, len(table.headings), style="Table Grid")
    drawn.autofit = False
    across = _LONG - 2 * _MARGIN
    widths = [int(Cm(across * share / 100).twips) for share in SHARES]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Twips(width)
    rows = _Rows(drawn._tbl, widths, *(document.styles[name].style_id for name in (_CELL, _KEY, "Heading 2")))
    rows.heading(table.headings)
    for axis, lines in table.axes:
        rows.axis(axis)
        rows.lines(tuple(lines))


@dataclass(frozen=True)
class _Rows:
    """The rows of the table, made by hand: python-docx looks every style up again for each cell."""

    table: Any
    widths: list[int]
    cell: str
    key: str
    title: str

    def heading(self, titles: tuple[str, ...]) -> None:
        """The row that stands on top of every page."""
        cells = [
            self._cell(width, [self._paragraph(title, self.cell, bold=True)], _shade("E4E7E3"))
            for title, width in zip(titles, self.widths, strict=True)
        ]
        self._row("tblHeader", cells)

    def axis(self, title: str) -> None:
        """A row across the table, a heading of the document, which stays with the next row."""
        paragraph = self._paragraph(title, self.title)
        span = _made("gridSpan", val=str(len(self.widths)))
        self._row("cantSplit", [self._cell(sum(self.widths), [paragraph], span, _shade("F5F6F4"))])

    def lines(self, lines: tuple[Line, ...]) -> None:
        """One row for each recommendation; shared cells are merged, and no end of a page cuts a short row."""
        firsts = [dict(runs(lines, place)) for place in (0, 1)]
        for number, line in enumerate(lines):
            cells = []
            for place, (text, width) in enumerate(zip(line.cells, self.widths, strict=True)):
                begins = place > 1 or number in firsts[place]
                alone = place > 1 or (begins and firsts[place][number] == number)
                merged = [] if alone else [_made("vMerge", val="restart" if begins else "continue")]
                cells.append(self._cell(width, self._told(place, text) if begins else [_made("p")], *merged))
            own = list(zip(line.cells, self.widths, strict=True))[2:]
            short = max(counted(text, width / _CHARACTER) for text, width in own) <= _SHORT_ROW
            self._row("cantSplit" if short else "", cells)

    def _told(self, place: int, text: str) -> list[Any]:
        """The paragraphs of a cell: keys, above their texts or alone, are small and pale."""
        styles = {0: (self.key, self.cell), 1: (self.key, self.cell), 2: (self.key, self.key)}
        first, second = styles.get(place, (self.cell, self.cell))
        return [
            self._paragraph(part, second if number % 2 else first)
            for number, part in enumerate(text.split("\n"))
        ]

    def _paragraph(self, text: str, style: str, *, bold: bool = False) -> Any:
        paragraph, properties, run = _made("p"), _made("pPr"), _made("r")
        properties.append(_made("pStyle", val=style))
        run.text = text
        if bold:
            run.get_or_add_rPr().append(_made("b"))
        paragraph.extend((properties, run))
        return paragraph

    def _cell(self, width: int, paragraphs: list[Any], *more: Any) -> Any:
        cell, properties = _made("tc"), _made("tcPr")
        properties.extend((_made("tcW", w=str(width), type="dxa"), *more))
        cell.extend((properties, *paragraphs))
        return cell

    def _row(self, behaviour: str, cells: list[Any]) -> None:
        row, properties = _made("tr"), _made("trPr")
        if behaviour:
            properties.append(_made(behaviour, val="true"))
        row.extend((properties, *cells))
        self.table.append(row)


def _shade(fill: str) -> Any:
    return _made("shd", val="clear", color="auto", fill=fill)


def _made(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
