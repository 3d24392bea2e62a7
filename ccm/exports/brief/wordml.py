"""Paragraphs and tables of a Word document, as its XML: every text that comes in is escaped and complete."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from ccm.exports.plain import printable
from ccm.i18n import numbers

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def run(
    text: str, style: str = "", *, bold: bool = False, color: str = "", size: int = 0, raised: bool = False
) -> str:
    """A run of text; `style` is a character style, `color` is `#RRGGBB`, `size` in half points."""
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    look += "<w:b/>" if bold else ""
    look += f'<w:color w:val="{color.lstrip("#")}"/>' if color else ""
    look += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    look += '<w:vertAlign w:val="superscript"/>' if raised else ""
    lines = printable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = "<w:br/>".join(_line(line) for line in lines)
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{said}</w:r>"


def ranked(text: str, style: str = "") -> str:
    """A sentence of ours, the ending of a session's rank raised."""
    return "".join(run(part, style, raised=up) for part, up in numbers.raised(text) if part)


def _line(text: str) -> str:
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    return "<w:tab/>".join(parts)


def field(code: str) -> str:
    """A field that Word counts: PAGE, NUMPAGES."""
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def link(relation: str, runs: str) -> str:
    """Runs that lead elsewhere; as they are where there is no relation."""
    return f'<w:hyperlink r:id="{relation}">{runs}</w:hyperlink>' if relation else runs


def paragraph(*runs: str, style: str = "", align: str = "", page: bool = False, keep: bool = False) -> str:
    """A paragraph; `page`: on top of a new page, `keep`: with the one that follows."""
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += "<w:keepNext/>" if keep else ""
    look += '<w:pageBreakBefore/><w:spacing w:before="0"/>' if page else ""
    look += f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{''.join(runs)}</w:p>"


def cell(
    width: int,
    *blocks: str,
    fill: str = "",
    stripes: tuple[str, str] | None = None,
    span: int = 1,
    edge: str = "",
) -> str:
    """A cell, `width` in twentieths of a point.

    `stripes`: a pattern of Word's and its colour on the fill; `edge`: the colour of a frame around it.
    """
    pattern, color = stripes or ("clear", "auto")
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    look += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if edge:
        frame = f'w:val="single" w:sz="4" w:space="0" w:color="{edge.lstrip("#")}"'
        sides = "".join(f"<w:{side} {frame}/>" for side in ("top", "left", "bottom", "right"))
        look += f"<w:tcBorders>{sides}</w:tcBorders>"
    if fill:
        look += f'<w:shd w:val="{pattern}" w:color="{color.lstrip("#")}" w:fill="{fill.lstrip("#")}"/>'
    return f'<w:tc><w:tcPr>{look}<w:vAlign w:val="center"/></w:tcPr>{"".join(blocks)}</w:tc>'


def row(*cells: str, head: bool = False, height: int = 0) -> str:
    """A row, whole on one page; a head is repeated on each page; `height` is exact."""
    look = "<w:cantSplit/>"
    look += f'<w:trHeight w:val="{height}" w:hRule="exact"/>' if height else ""
    look += "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Iterable[int], *rows: str, style: str = "CCM", says: str = "", tight: bool = False) -> str:
    """A table of fixed columns; `says` describes it to those who hear it, `tight` leaves no margins."""
    columns = tuple(widths)
    margins = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    first = int(style == "CCM")
    look = (
        f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{f"<w:tblCellMar>{margins}</w:tblCellMar>" if tight else ""}'
        f'<w:tblLook w:val="06{first * 2}0" w:firstRow="{first}" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"{f'<w:tblDescription w:val={quoteattr(printable(says))}/>' if says else ''}"
    )
    return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def blocks(xml: str) -> str:
    """Blocks as one element that can be parsed, whose children are then moved into the document."""
    return f"<w:body {_NAMESPACES}>{xml}</w:body>"
