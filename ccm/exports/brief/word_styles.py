"""The styles of the Word brief: a person who edits it changes them once, for the whole document."""

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle

from ccm.render.tokens import color

_FONT = "Calibri"
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
_TABLE = """
<w:style {ns} w:type="table" w:customStyle="1" w:styleId="{id}"><w:name w:val="{id}"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>
<w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>
<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>{first}</w:style>
"""
_FIRST = """
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ink}"/></w:tcBorders></w:tcPr></w:tblStylePr>
"""
_BORDER = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{color}"/>'


def lay_out(document: Document, locale: str) -> None:
    """A4, the language, and every style that the brief uses."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(16), Mm(17)
    section.header_distance = section.footer_distance = Mm(8)
    _defaults(document, _LANGUAGES[locale])
    _current(document)
    _paragraphs(document)
    _characters(document)
    line, edge = color("line"), color("edge")
    _table(document, "CCM", {"bottom": line, "insideH": line}, _FIRST.format(ink=color("ink").lstrip("#")))
    _table(
        document, "CCMCadre", dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), edge)
    )
    _table(document, "CCMSansTrait", {})


def _defaults(document: Document, language: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None  # noqa: S101 - python-docx's own template has them
    for found in defaults.iter(qn("w:lang")):
        found.set(qn("w:val"), language)
    for found in defaults.iter(qn("w:spacing")):
        found.set(qn("w:after"), "80")
        found.set(qn("w:line"), "250")


def _current(document: Document) -> None:
    """Laid out as Word does now: python-docx's template is one of 2010, which Word tells above the page."""
    for found in document.settings.element.iter(qn("w:compatSetting")):
        if found.get(qn("w:name")) == "compatibilityMode":
            found.set(qn("w:val"), "15")


def _font(style: CharacterStyle, size: int, *, bold: bool | None = None, ink: str = "ink") -> None:
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(color(ink).lstrip("#"))
    fonts = style.element.get_or_add_rPr().rFonts
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    for name in ("w:eastAsia", "w:cs"):
        fonts.set(qn(name), _FONT)


def _paragraphs(document: Document) -> None:
    styles = document.styles
    _font(styles["Normal"], 10)
    _title(styles["Title"])
    for name, size, before in (("Heading 1", 13, 9), ("Heading 2", 11, 6)):
        _font(styles[name], size, bold=True)
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(2)
        styles[name].paragraph_format.keep_with_next = True
    for name, points in (("Tableau", 9), ("TableauTitre", 8), ("Barre", 7), ("Filet", 1)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _font(style, points)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.0
    for name in ("Header", "Footer"):
        _font(styles[name], 8, ink="ink-2")


def _title(style: Any) -> None:
    _font(style, 16, bold=True)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6), Pt(5)
    for line in style.element.iter(qn("w:pBdr")):
        line[0].set(qn("w:color"), color("ink").lstrip("#"))


def _characters(document: Document) -> None:
    for name, size, bold, ink in (
        ("Note", 8, False, "ink-2"),
        ("Reference", 7, False, "ink-3"),
        ("Chiffre", 18, True, "ink"),
        ("Alerte", 9, True, "action"),
    ):
        _font(document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER), size, bold=bold, ink=ink)


def _table(document: Document, name: str, borders: dict[str, str], first: str = "") -> None:
    order = ("top", "left", "bottom", "right", "insideH", "insideV")
    drawn = "".join(
        _BORDER.format(side=side, color=borders[side].lstrip("#")) for side in order if side in borders
    )
    xml = _TABLE.format(ns=nsdecls("w"), id=name, borders=drawn, first=first)
    document.styles.element.append(parse_xml(xml))
