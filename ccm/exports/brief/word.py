"""The brief as a Word document that a person can go on editing: styles, headings, tables, no picture."""

import datetime as dt
import io
import zipfile

import docx
from docx.document import Document
from docx.oxml import parse_xml

from ccm.exports.brief import wordml as w
from ccm.exports.brief.model import Content
from ccm.exports.brief.word_blocks import Writer
from ccm.exports.brief.word_styles import lay_out
from ccm.exports.office import drop_thumbnail
from ccm.i18n import numbers


def word(brief: Content, dated: dt.datetime) -> bytes:
    """The document; equal contents of one date make equal bytes."""
    document = docx.Document()
    lay_out(document, brief.lang)
    _properties(document, brief, dated)
    _frame(document, brief)
    # Set into the text of the document and read once: to move parsed blocks into it takes lxml the longer
    # the more there are.
    blocks = "".join(Writer(document.part, brief).blocks()).encode()
    document.part._element = parse_xml(document.part.blob.replace(b"<w:body>", b"<w:body>" + blocks, 1))
    return _packed(document, dated)


def _properties(document: Document, brief: Content, dated: dt.datetime) -> None:
    properties, moment = document.core_properties, dated.replace(tzinfo=None, microsecond=0)
    properties.title = f"{brief.title} — {brief.subject}"[:255]
    properties.author = properties.last_modified_by = brief.heading[-1]
    properties.created = properties.modified = moment
    properties.language, properties.comments, properties.revision = brief.lang, brief.demo, 1
    drop_thumbnail(document)


def _frame(document: Document, brief: Content) -> None:
    """The head and the foot of each page."""
    section = document.sections[0]
    if brief.demo:
        section.header.paragraphs[0].add_run(brief.demo).bold = True
    foot = section.footer.paragraphs[0]
    for part, up in numbers.raised(f"{brief.footer} · {brief.words['page']} "):
        foot.add_run(part).font.superscript = up or None
    written = parse_xml(w.blocks(w.paragraph(w.field("PAGE"), w.run(" / "), w.field("NUMPAGES"))))
    for run in list(written[0]):
        foot._p.append(run)


def _packed(document: Document, dated: dt.datetime) -> bytes:
    """The file, its members of one date: python-docx stamps them with the present."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    stamp = (max(dated.year, 1980), dated.month, dated.day, dated.hour, dated.minute, dated.second)
    with zipfile.ZipFile(made) as members, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in members.infolist():
            info = zipfile.ZipInfo(member.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, members.read(member))
    return packed.getvalue()
