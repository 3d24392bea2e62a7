"""The brief as a Word document that a person can go on editing: styles, headings, tables, no picture."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from ccm.exports.brief import wordml as w
from ccm.exports.brief.model import AxisPage, Bar, Content, Item, Line, Rate, Row, Tile
from ccm.exports.brief.word_styles import lay_out
from ccm.render.tokens import TOKENS

#: The width between the margins, in twentieths of a point.
_WIDTH = 10200
_LOOKS: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "completed": (TOKENS["R"], "#FFFFFF", None),
    "in_progress": (TOKENS["C"], TOKENS["ink"], None),
    "blocked": (TOKENS["B"], "#FFFFFF", ("thinVertStripe", TOKENS["B-edge"])),
    "not_started": (TOKENS["N"], TOKENS["ink"], None),
    "not_reported": ("#FFFFFF", TOKENS["ink"], ("thinDiagStripe", TOKENS["hatch-line"])),
}


def word(brief: Content, dated: dt.datetime) -> bytes:
    """The document; equal contents of one date make equal bytes."""
    document = docx.Document()
    lay_out(document, brief.lang)
    _properties(document, brief, dated)
    _frame(document, brief)
    # Set into the text of the document and read once: to move parsed blocks into it takes lxml the longer
    # the more there are.
    blocks = "".join(_Writer(document, brief).blocks()).encode()
    document.part._element = parse_xml(document.part.blob.replace(b"<w:body>", b"<w:body>" + blocks, 1))
    return _packed(document, dated)


def _properties(document: Document, brief: Content, dated: dt.datetime) -> None:
    properties, moment = document.core_properties, dated.replace(tzinfo=None, microsecond=0)
    properties.title = f"{brief.title} — {brief.subject}"[:255]
    properties.author = properties.last_modified_by = brief.heading[-1]
    properties.created = properties.modified = moment
    properties.language, properties.comments, properties.revision = brief.lang, brief.demo, 1
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]


def _frame(document: Document, brief: Content) -> None:
    """The head and the foot of each page."""
    section = document.sections[0]
    if brief.demo:
        section.header.paragraphs[0].add_run(brief.demo).bold = True
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{brief.footer} · {brief.words['page']} ")
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


class _Writer:
    def __init__(self, document: Document, brief: Content) -> None:
        self.part, self.c, self.words = document.part, brief, brief.words

    def blocks(self) -> Iterable[str]:
        c, words = self.c, self.words
        yield self._heading()
        yield w.paragraph(w.run(c.title), style="Title")
        yield w.paragraph(w.run(f"{words['subject']} ", bold=True), w.run(c.subject))
        yield w.paragraph(w.run(f"{c.headline} ", bold=True, size=22), w.run(c.lead, size=22))
        yield from self._figures(c.rates, c.bar)
        yield w.paragraph(*self._legend())
        yield w.paragraph(w.run(words["decisions"]), style="Heading1")
        yield self._items(c.decisions) if c.decisions else w.paragraph(w.run(words["nothing"]))
        if c.axes:
            yield from self._groups()
        yield w.paragraph(w.run(words["method"]), style="Heading1")
        for one in c.method:
            yield w.paragraph(w.run(one), style="ListBullet")

    def _groups(self) -> Iterable[str]:
        """By axis, by region, each axis in full, by institution."""
        c, words = self.c, self.words
        yield w.paragraph(w.run(words["by_axis"]), style="Heading1")
        yield self._compared(words["axis"], c.axes, words["realised"])
        yield w.paragraph(w.run(words["by_region"]), style="Heading1")
        yield from self._map(c.tiles)
        yield self._compared(words["region"], c.regions, words["expected"])
        for page in c.pages:
            yield from self._axis(page)
        yield w.paragraph(w.run(words["by_institution"]), style="Heading1", page=True)
        yield w.paragraph(w.run(c.coverage, "Note"), keep=True)
        yield self._compared(words["institution"], c.institutions, words["expected"])

    def _heading(self) -> str:
        state, motto, *offices = self.c.heading
        left = [
            _told(w.run(state.upper(), bold=True), align="center"),
            _told(w.run(motto, "Emphasis"), align="center"),
            *(_told(w.run(office.upper(), bold=True, size=16), align="center") for office in offices),
        ]
        right = [_told(w.run(self.c.dated), align="right"), _told(w.run(self.words["number"]), align="right")]
        emblem = _told(w.run(f"[{self.words['emblem']}]", "Note"), align="center")
        widths = (5000, 1700, 3500)
        cells = (w.cell(width, *of) for width, of in zip(widths, (left, [emblem], right), strict=True))
        return w.table(widths, w.row(*cells), style="CCMSansTrait")

    def _to(self, href: str, runs: str) -> str:
        if not href:
            return runs
        return w.link(self.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True), runs)

    def _figures(self, rates: Sequence[Rate], bar: Bar) -> Iterable[str]:
        width = _WIDTH // 3
        cells = []
        for rate in rates:
            moved = f"{rate.moved} {self.words['since_day']}" if rate.moved else ""
            told = (rate.of, moved) if moved else (rate.of,)
            figure = self._to(rate.href, w.run(rate.value, "Chiffre"))
            notes = (_told(w.run(text, "Note")) for text in told)
            cells.append(w.cell(width, _told(w.run(rate.name, bold=True)), _told(figure), *notes))
        yield w.table((width,) * 3, w.row(*cells), style="CCMCadre")
        yield w.paragraph(style="Filet")
        yield self._bar(bar, _WIDTH, 300) if bar.segments else _told(w.run(self.words["none"], "Note"))
        yield w.paragraph(style="Filet")

    def _legend(self) -> Iterable[str]:
        for status, name, count in self.c.legend:
            fill = _LOOKS[status][0]
            square = "▨ " if status == "not_reported" else "■ "
            yield w.run(square, color=TOKENS["ink-3"] if status == "not_reported" else fill)
            yield w.run(f"{name} ", "Note") + w.run(count, "Note", bold=True) + w.run("   ")

    def _bar(self, bar: Bar, width: int, height: int = 210) -> str:
        """A table of one row whose cells are as wide as their counts."""
        total, cells, widths = sum(count for _, count in bar.segments), [], []
        for status, count in bar.segments:
            fill, ink, stripes = _LOOKS[status]
            widths.append(max(60, width * count // total))
            said = str(count) if widths[-1] > 90 * len(str(count)) + 60 else ""
            written = w.paragraph(w.run(said, bold=True, color=ink), style="Barre", align="center")
            cells.append(w.cell(widths[-1], written, fill=fill, stripes=stripes))
        return w.table(widths, w.row(*cells, height=height), style="CCMCadre", says=bar.says, tight=True)

    def _bar_cell(self, bar: Bar | None, width: int) -> str:
        if bar is None or not bar.segments:
            return w.cell(width, _told(w.run(self.words["none"], "Note")))
        return w.cell(width, self._bar(bar, width - 200), w.paragraph(style="Filet"))

    def _head(self, widths: Sequence[int], *names: str) -> str:
        written = zip(widths, names, strict=True)
        return w.row(*(w.cell(width, _told(w.run(name), keep=True)) for width, name in written), head=True)

    def _items(self, items: Sequence[Item]) -> str:
        widths = (700, 3000, 3700, 2800)
        rows = (
            w.row(
                w.cell(widths[0], _told(w.run(item.mark, "Alerte"), align="right")),
                *(
                    w.cell(width, _told(w.run(text)))
                    for width, text in zip(widths[1:], (item.text, item.details, item.who), strict=True)
                ),
            )
            for item in items
        )
        head = self._head(widths, "", self.words["what"], self.words["details"], self.words["who"])
        return w.table(widths, head, *rows)

    def _moves(self, items: Sequence[Item]) -> str:
        widths = (900, 6000, 2100, 1200)
        rows = (
            w.row(
                *(
                    w.cell(width, _told(w.run(text, bold=index == 0)))
                    for index, (width, text) in enumerate(
                        zip(widths, (item.mark, item.text, item.details, item.who), strict=True)
                    )
                )
            )
            for item in items
        )
        return w.table(widths, *rows, style="CCMSansTrait")

    def _compared(self, first: str, lines: Sequence[Line], last: str) -> str:
        words, since = self.words, self.words["since"]
        names = [first, words["states"], words["completion"], words["coverage"], since, last, words["ref"]]
        widths = [2500, 2700, 1050, 1000, 1000, 1000, 950]
        if not since:
            del names[4], widths[4]
            widths[1] += 1000
        rows = (self._line(line, widths, last) for line in lines)
        return w.table(widths, self._head(widths, *names), *rows)

    def _line(self, line: Line, widths: Sequence[int], last: str) -> str:
        name = [_told(self._to(line.href, w.run(line.name, bold=True)))]
        name += [_told(w.run(line.sub, "Note"))] if line.sub else []
        own = line.realised if last == self.words["realised"] else line.expected
        moved = (line.moved,) if self.words["since"] else ()
        texts = (line.completion, line.coverage, *moved, own)
        return w.row(
            w.cell(widths[0], *name),
            self._bar_cell(line.bar, widths[1]),
            *(
                w.cell(width, _told(w.run(text, bold=index == 0), align="right"))
                for index, (width, text) in enumerate(zip(widths[2:-1], texts, strict=True))
            ),
            w.cell(widths[-1], _told(w.run(line.ref, "Reference"))),
        )

    def _map(self, tiles: Sequence[Tile]) -> Iterable[str]:
        width, found = 1300, {(tile.column, tile.row): tile for tile in tiles}
        rows = []
        for line in range(3):
            rows.append(w.row(*(self._tile(found.get((column, line)), width) for column in range(4))))
        says = " ; ".join(tile.says for tile in tiles)
        yield w.table((width,) * 4, *rows, style="CCMSansTrait", says=says)
        yield w.paragraph(w.run(self.words["map"], "Note"))

    def _tile(self, tile: Tile | None, width: int) -> str:
        if tile is None:
            return w.cell(width, _told())
        value = f"{tile.value} {tile.unit}".strip()
        return w.cell(
            width,
            _told(w.run(tile.name, color=tile.ink, size=14)),
            _told(w.run(value, bold=True, color=tile.ink)),
            fill=tile.fill,
        )

    def _axis(self, page: AxisPage) -> Iterable[str]:
        yield w.paragraph(w.run(f"{page.tag} — {page.title}"), style="Heading1", page=True)
        ref = self._to(page.href, w.run(f"{self.words['ref']} {page.ref}", "Reference"))
        yield w.paragraph(w.run(f"{page.headline} ", bold=True), w.run(f"{page.lead} "), ref)
        yield from self._figures(page.rates, page.bar)
        words, widths = self.words, (850, 4550, 2400, 1200, 1200)
        names = (
            words["ref"],
            words["recommendation"],
            words["states"],
            words["completion"],
            words["received"],
        )
        rows = [self._head(widths, *names)]
        for group in page.groups:
            title = _told(w.run(group.title, bold=True), keep=True)
            rows.append(w.row(w.cell(_WIDTH, title, fill=TOKENS["wash"], span=5)))
            rows += [self._row(row, widths) for row in group.rows]
        yield w.table(widths, *rows)
        for title, items, moved in page.lists:
            yield w.paragraph(w.run(title), style="Heading2")
            yield self._moves(items) if moved else self._items(items)

    def _row(self, row: Row, widths: Sequence[int]) -> str:
        key = w.cell(widths[0], _told(self._to(row.href, w.run(row.key, bold=True))))
        text = w.cell(widths[1], _told(w.run(f"{row.text} "), w.run(row.who, "Note")))
        if row.told:
            return w.row(key, text, w.cell(sum(widths[2:]), _told(w.run(row.told, "Alerte")), span=3))
        figures = (
            w.cell(widths[3], _told(w.run(row.completion, bold=True), align="right")),
            w.cell(widths[4], _told(w.run(row.received), align="right")),
        )
        return w.row(key, text, self._bar_cell(row.bar, widths[2]), *figures)


def _told(*runs: str, align: str = "", keep: bool = False) -> str:
    return w.paragraph(*runs, style="Tableau", align=align, keep=keep)
