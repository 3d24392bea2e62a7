"""What stands in the Word brief, block by block: headings, sentences and tables, as their XML."""

from collections.abc import Iterable, Sequence

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part

from ccm.exports.brief import wordml as w
from ccm.exports.brief.model import AxisPage, Bar, Content, Item, Line, Listing, Rate, Row, Tile
from ccm.render.tokens import TOKENS

#: The width between the margins, and what a cell keeps free on both sides, in twentieths of a point.
_WIDTH, _MARGINS = 10200, 120
#: The columns of each comparison: its name, bar, completion, coverage, change, its own figure, reference.
_AXES = (2700, 2500, 1100, 950, 1000, 1150, 800)
_REGIONS = (1050, 1900, 1100, 950, 1000, 0, 1100)
_INSTITUTIONS = (2450, 2400, 1100, 950, 1000, 900, 1400)
#: One tile of the map, of which four stand beside each other, and the map with the gap behind it.
_TILE, _MAP = 740, _WIDTH - sum(_REGIONS)
_LOOKS: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "completed": (TOKENS["R"], "#FFFFFF", None),
    "in_progress": (TOKENS["C"], TOKENS["ink"], None),
    "blocked": (TOKENS["B"], "#FFFFFF", ("thinVertStripe", TOKENS["B-edge"])),
    "not_started": (TOKENS["N"], TOKENS["ink"], None),
    "not_reported": ("#FFFFFF", TOKENS["ink"], ("thinDiagStripe", TOKENS["hatch-line"])),
}


class Writer:
    """The blocks of one brief; `part` keeps the addresses that its links lead to."""

    def __init__(self, part: Part, brief: Content) -> None:
        self.part, self.c, self.words = part, brief, brief.words

    def blocks(self) -> Iterable[str]:
        """All of them, from the heading to the method."""
        c, words = self.c, self.words
        yield self._heading()
        yield w.paragraph(w.run(c.title), style="Title")
        yield w.paragraph(w.run(f"{words['subject']} ", bold=True), w.ranked(c.subject))
        yield w.paragraph(w.run(f"{c.headline} ", bold=True, size=22), w.run(c.lead, size=22))
        yield from self._figures(c.rates, c.bar, c.legend)
        yield w.paragraph(w.run(words["decisions"]), style="Heading1")
        yield self._items(c.decisions) if c.decisions else w.paragraph(w.run(words["nothing"]))
        if c.axes:
            yield from self._groups()
        yield from self._decided(c.decided)
        yield w.paragraph(w.run(words["method"]), style="Heading1")
        for one in c.method:
            yield w.paragraph(w.run(one), style="ListBullet")
        again = self._to(c.again_href, w.run(c.again))
        yield w.paragraph(w.run(f"{words['again']} "), again, style="ListBullet")

    def _groups(self) -> Iterable[str]:
        """By axis, by region, each axis in full, by institution."""
        c, words = self.c, self.words
        yield w.paragraph(w.run(words["by_axis"]), style="Heading1")
        yield self._compared(words["axis"], c.axes, _AXES, words["realised"])
        yield w.paragraph(w.run(words["by_region"]), style="Heading1")
        yield self._beside(c.tiles, self._compared(words["region"], c.regions, _REGIONS))
        for page in c.pages:
            yield from self._axis(page)
        yield w.paragraph(w.run(words["by_institution"]), style="Heading1", page=True)
        yield w.paragraph(w.run(c.coverage, "Note"), keep=True)
        yield self._compared(words["institution"], c.institutions, _INSTITUTIONS, words["expected"])

    def _decided(self, decided: Listing) -> Iterable[str]:
        yield w.paragraph(w.run(decided.title), style="Heading1")
        yield w.paragraph(w.run(decided.note, "Note"), keep=bool(decided.items))
        if decided.items:
            yield self._moves(decided.items)

    def _heading(self) -> str:
        state, motto, *offices = self.c.heading
        left = [
            _told(w.run(state.upper(), bold=True), align="center"),
            _told(w.run(motto, "Emphasis"), align="center"),
            *(_told(w.run(office.upper(), bold=True, size=15), align="center") for office in offices),
        ]
        right = [_told(w.run(self.c.dated), align="right"), _told(w.run(self.words["number"]), align="right")]
        emblem = _told(w.run(f"[{self.words['emblem']}]", "Note"), align="center")
        widths = (6200, 1300, 2700)
        cells = (w.cell(width, *of) for width, of in zip(widths, (left, [emblem], right), strict=True))
        return w.table(widths, w.row(*cells), style="CCMSansTrait")

    def _to(self, href: str, runs: str) -> str:
        if not href:
            return runs
        return w.link(self.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True), runs)

    def _ref(self, ref: str, href: str) -> str:
        return self._to(href, w.run(ref, "Reference"))

    def _figures(
        self, rates: Sequence[Rate], bar: Bar, legend: Sequence[tuple[str, str, str]]
    ) -> Iterable[str]:
        width = _WIDTH // 3
        cells = []
        for rate in rates:
            moved = f"{rate.moved} {self.words['since_day']}" if rate.moved else ""
            told = (rate.of, moved) if moved else (rate.of,)
            figure = self._to(rate.href, w.run(rate.value, "Chiffre"))
            notes = (_told(w.run(text, "Note")) for text in told)
            name = _told(w.run(f"{rate.name}  ", bold=True), self._ref(rate.ref, rate.href))
            cells.append(w.cell(width, name, _told(figure), *notes))
        yield w.table((width,) * 3, w.row(*cells), style="CCMCadre")
        yield w.paragraph(style="Filet")
        yield self._bar(bar, _WIDTH, 280) if bar.segments else _told(w.run(self.words["none"], "Note"))
        yield _told(*self._legend(legend))

    def _legend(self, legend: Sequence[tuple[str, str, str]]) -> Iterable[str]:
        for status, name, count in legend:
            fill = _LOOKS[status][0]
            square = "▨ " if status == "not_reported" else "■ "
            yield w.run(square, color=TOKENS["ink-3"] if status == "not_reported" else fill)
            yield w.run(f"{name} ", "Note") + w.run(count, "Note", bold=True) + w.run("   ")

    def _bar(self, bar: Bar, width: int, height: int = 190) -> str:
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
        return w.cell(width, self._bar(bar, width - _MARGINS), w.paragraph(style="Filet"))

    def _head(self, widths: Sequence[int], *names: str, figures: range = range(0)) -> str:
        """The row that stands on top of each page; `figures`: the columns whose cells end on the right."""
        heads = (
            w.paragraph(
                w.run(name), style="TableauTitre", align="right" if place in figures else "", keep=True
            )
            for place, name in enumerate(names)
        )
        return w.row(*map(w.cell, widths, heads), head=True)

    def _items(self, items: Sequence[Item]) -> str:
        widths = (450, 2850, 4250, 2650)
        rows = (
            w.row(
                w.cell(widths[0], _told(w.run(item.mark, "Alerte"), align="right")),
                w.cell(widths[1], _told(w.ranked(item.text))),
                w.cell(widths[2], _told(w.run(f"{item.details} ", "Note"), self._ref(item.ref, item.href))),
                w.cell(widths[3], _told(w.run(item.who))),
            )
            for item in items
        )
        names = (self.words[name] for name in ("what", "details", "who"))
        head = self._head(widths, "", *names)
        return w.table(widths, head, *rows)

    def _moves(self, items: Sequence[Item]) -> str:
        widths = (750, 7050, 1550, 850)
        rows = (
            w.row(
                w.cell(widths[0], _told(w.run(item.mark, bold=True))),
                w.cell(widths[1], _told(w.run(item.text, "Note"))),
                w.cell(widths[2], _told(w.run(item.details, "Note"), align="right")),
                w.cell(widths[3], _told(w.run(item.who, "Note"), align="right")),
            )
            for item in items
        )
        return w.table(widths, *rows, style="CCMSansTrait")

    def _compared(self, first: str, lines: Sequence[Line], asked: Sequence[int], last: str = "") -> str:
        """A table of comparison; `last` heads the column that it alone has, if it has one."""
        words, since = self.words, self.words["since"]
        names = (first, words["states"], words["completion"], words["coverage"], since, last, words["ref"])
        shown = [place for place, name in enumerate(names) if name]
        widths = [asked[place] for place in shown]
        # The bars take what a column that is not there leaves.
        widths[1] += sum(asked) - sum(widths)
        rows = (self._line(line, widths, last) for line in lines)
        figures = range(2, len(shown) - 1)
        return w.table(widths, self._head(widths, *(names[place] for place in shown), figures=figures), *rows)

    def _line(self, line: Line, widths: Sequence[int], last: str) -> str:
        name = [_told(self._to(line.href, w.run(line.name, bold=True)))]
        name += [_told(w.run(line.sub, "Note"))] if line.sub else []
        own = line.realised if last == self.words["realised"] else line.expected
        moved = (line.moved,) if self.words["since"] else ()
        texts = (line.completion, line.coverage, *moved, *((own,) if last else ()))
        return w.row(
            w.cell(widths[0], *name),
            self._bar_cell(line.bar, widths[1]),
            *(
                w.cell(width, _told(w.run(text, bold=index == 0), align="right"))
                for index, (width, text) in enumerate(zip(widths[2:-1], texts, strict=True))
            ),
            w.cell(widths[-1], _told(self._ref(line.ref, line.href))),
        )

    def _beside(self, tiles: Sequence[Tile], table: str) -> str:
        """The map, and a table beside it: one row without margins that holds both."""
        widths, end = (_MAP, _WIDTH - _MAP), w.paragraph(style="Filet")
        return w.table(
            widths,
            w.row(w.cell(widths[0], *self._map(tiles)), w.cell(widths[1], table, end)),
            style="CCMSansTrait",
            tight=True,
        )

    def _map(self, tiles: Sequence[Tile]) -> Iterable[str]:
        found = {(tile.column, tile.row): tile for tile in tiles}
        rows = (w.row(*(self._tile(found.get((column, row))) for column in range(4))) for row in range(3))
        says = " ; ".join(tile.says for tile in tiles)
        yield w.table((_TILE,) * 4, *rows, style="CCMSansTrait", says=says)
        yield _told(w.run(self.words["tint"], "Note"))

    def _tile(self, tile: Tile | None) -> str:
        if tile is None:
            return w.cell(_TILE, _told())
        unit = [_told(w.run(tile.unit, color=tile.ink, size=12))] if tile.unit else []
        return w.cell(
            _TILE,
            _told(w.run(tile.name, color=tile.ink, size=13)),
            _told(w.run(tile.value, bold=True, color=tile.ink)),
            *unit,
            fill=tile.fill,
            edge=TOKENS["ink-2"],
        )

    def _axis(self, page: AxisPage) -> Iterable[str]:
        yield w.paragraph(w.run(f"{page.tag} — {page.title}"), style="Heading1", page=True)
        ref = self._to(page.href, w.run(f"{self.words['ref']} {page.ref}", "Reference"))
        yield w.paragraph(w.run(f"{page.headline} ", bold=True), w.run(f"{page.lead} "), ref)
        yield from self._figures(page.rates, page.bar, page.legend)
        words, widths = self.words, (700, 5950, 1600, 1050, 900)
        names = (
            words["ref"],
            words["recommendation"],
            words["states"],
            words["completion"],
            words["received"],
        )
        rows = [self._head(widths, *names, figures=range(3, 5))]
        for group in page.groups:
            title = _told(w.run(group.title, bold=True), keep=True)
            rows.append(w.row(w.cell(_WIDTH, title, fill=TOKENS["wash"], span=5)))
            rows += [self._row(row, widths) for row in group.rows]
        yield w.table(widths, *rows)
        for listing in page.lists:
            yield w.paragraph(w.run(listing.title), style="Heading2")
            if listing.note:
                yield w.paragraph(w.run(listing.note, "Note"), style="Tableau", keep=bool(listing.items))
            if listing.items:
                yield self._moves(listing.items) if listing.moved else self._items(listing.items)

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
