"""The tracking table as a Word document: real heading, header row repeated, shared cells merged."""

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from ccm.exports.tracking.content import SHARES, Line, Tracking, runs

_LONG, _SHORT, _MARGIN = 29.7, 21.0, 1.3
_CELL, _KEY = "Cellule", "Clé"


def word(table: Tracking) -> bytes:
    """The file."""
    document = Document()
    _page(document)
    _styles(document)
    document.core_properties.title = table.title
    document.core_properties.author = ""
    document.core_properties.language = "fr-FR"
    document.add_heading(table.title, level=1)
    for told in table.above:
        document.add_paragraph(told)
    _table(document, table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(_LONG), Cm(_SHORT)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    # The page's number is a field, which Word fills in.
    field = _made("fldSimple", instr="PAGE")
    section.footer.paragraphs[0]._p.append(field)


def _styles(document: Any) -> None:
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(10)
    cell = styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.font.size = styles["Normal"], Pt(8)
    cell.paragraph_format.space_after = Pt(0)
    key = styles.add_style(_KEY, WD_STYLE_TYPE.PARAGRAPH)
    key.base_style, key.font.size, key.font.color.rgb = cell, Pt(7), RGBColor(0x5A, 0x66, 0x70)


def _table(document: Any, table: Tracking) -> None:
    drawn = document.add_table(1, len(table.headings), style="Table Grid")
    drawn.autofit = False
    widths = [Cm((_LONG - 2 * _MARGIN) * share / 100) for share in SHARES]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    head = drawn.rows[0]
    head._tr.get_or_add_trPr().append(_made("tblHeader", val="true"))
    for cell, title, width in zip(head.cells, table.headings, widths, strict=True):
        cell.width = width
        _fill(cell, title, bold=True, shade="E4E7E3")
    for axis, lines in table.axes:
        cells = drawn.add_row().cells
        _fill(cells[0].merge(cells[-1]), axis, bold=True, shade="F5F6F4", with_next=True)
        _lines(drawn, lines, widths)


def _lines(drawn: Any, lines: tuple[Line, ...], widths: list[Any]) -> None:
    firsts = [dict(runs(lines, place)) for place in (0, 1)]
    for number, line in enumerate(lines):
        row = drawn.add_row()
        # A recommendation is not cut in two by the end of a page.
        row._tr.get_or_add_trPr().append(_made("cantSplit", val="true"))
        for place, (cell, text, width) in enumerate(zip(row.cells, line.cells, widths, strict=True)):
            cell.width = width
            if place > 1:
                _fill(cell, text, style=_KEY if place == 2 else _CELL)
                continue
            begins = number in firsts[place]
            if not begins or firsts[place][number] > number:
                cell._tc.get_or_add_tcPr().append(_made("vMerge", val="restart" if begins else "continue"))
            if begins:
                _keyed(cell, text)


def _keyed(cell: Any, text: str) -> None:
    """Texts under their keys: keys are small and pale."""
    cell.paragraphs[0].style = _KEY
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.style = _CELL if number % 2 else _KEY
        paragraph.add_run(line)


def _fill(
    cell: Any, text: str, *, style: str = _CELL, bold: bool = False, shade: str = "", with_next: bool = False
) -> None:
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.style = style
        paragraph.paragraph_format.keep_with_next = with_next or None
        paragraph.add_run(line).bold = bold or None
    if shade:
        cell._tc.get_or_add_tcPr().append(_made("shd", val="clear", color="auto", fill=shade))


def _made(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
