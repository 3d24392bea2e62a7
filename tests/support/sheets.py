"""A page on paper: its sheets as Chromium prints them, and what no sheet of a printed page may show.

Chromium writes into a PDF what each piece of text belongs to (a heading, a row, a list): sheets are judged by
that and by where the text stands, never by words.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise

import pypdfium2
from playwright.sync_api import Page
from pypdfium2 import raw

#: Points of paper that stay white on each side: our narrowest margin is 11 mm.
_MARGIN = 11 / 25.4 * 72 - 0.5
#: Pixels of a sheet between our widest margins.
_NARROWEST = 695
#: A sheet may end early where what follows is whole on the next one: a map, a chart, what somebody must do.
_MOST_EMPTY = 0.5
# All that a section is headed by counts as its heading, and so does what names a text, a fold or the choices
# of a question: the accessibility tree is what the PDF is told.
_HEADS = """() => {
    const names = ':is(.ccm-sec > header, p:has(+ blockquote), summary, legend)';
    for (const one of document.querySelectorAll(`.ccm ${names}`)) {
        one.setAttribute('role', 'heading');
        one.setAttribute('aria-level', '6');
    }
}"""
# What is decided about one by one, in its frame.
_FRAMED = ", ".join(
    [".ccm-queue-one", *(f'[class*="st-key-{one}-"]' for one in ("waiting", "contest", "unverified"))]
)
_TELL_FRAMES = f"""() => {{
    for (const one of document.querySelectorAll('{_FRAMED}')) one.setAttribute('role', 'article');
}}"""
_FRAMES = f"() => [...document.querySelectorAll('{_FRAMED}')].filter(one => one.offsetHeight).length"
# What a form asks, and what stands in it: all that shows on a screen but its buttons.
_ASKED = """() => {
    const asked = ':is(.st-key-ccm-form, .ccm-answer) :is(label, legend, h2, input, textarea, select)';
    for (const one of document.querySelectorAll(`${asked}:not([data-testid="stFileUploaderDropzone"] *)`))
        if (one.offsetHeight) one.dataset.asked = '';
}"""
_LOST = """() => [...document.querySelectorAll('[data-asked]')].filter(one => !one.offsetHeight)
    .map(one => one.outerHTML.slice(0, 120))"""
# What only a hand can use, and the words of a fold that is open on paper.
_FOR_A_HAND = """() =>
    [...document.querySelectorAll('button, .ccm summary:not(.ccm-heads), .ccm-sec > header > a')]
    .filter(one => one.offsetHeight).map(one => one.outerHTML.slice(0, 120))"""
_ROWS = "() => [...document.querySelectorAll('tr:has(td)')].filter(one => one.offsetHeight).length"
# What scrolls on a screen ends at its edge on paper.
_CUT = """() => [...document.querySelectorAll('.ccm *')]
    .filter(one => !['visible', 'clip'].includes(getComputedStyle(one).overflowX)
        && !one.closest('.ccm-sr, svg') && one.clientWidth && one.scrollWidth > one.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


#: Kinds of what stands in no table.
_KINDS = {"LI": "item", "Figure": "figure"}
_Place = tuple[float, float, float, float]
#: A marked text of a page, what kind it is of, in which row, in which frame.
_Mark = tuple[int, str, int | None, int | None]


@dataclass(frozen=True)
class Piece:
    """Text that stands together on a sheet; `kind`: heading, head (of a table), row, item, figure or text."""

    kind: str
    text: str
    #: In points from the left and the bottom of the sheet: left, bottom, right, top.
    place: _Place
    #: Which row of the sheet it is in; None outside of tables.
    row: int | None
    #: Which of what is decided about one by one; None outside.
    frame: int | None


@dataclass(frozen=True)
class Sheet:
    """One sheet, its pieces in the order in which they are read."""

    width: float
    height: float
    pieces: tuple[Piece, ...]

    def beyond(self) -> list[str]:
        """What stands in a margin."""
        return [
            piece.text
            for piece in self.pieces
            if not _MARGIN <= piece.place[0] <= piece.place[2] <= self.width - _MARGIN
            or not _MARGIN <= piece.place[1] <= piece.place[3] <= self.height - _MARGIN
        ]

    def emptiness(self) -> float:
        """The share of the sheet that is white from its lowest text to its lower margin."""
        lowest = min((piece.place[1] for piece in self.pieces), default=self.height)
        return (lowest - _MARGIN) / (self.height - 2 * _MARGIN)

    def alone_at_the_foot(self, following: "Sheet") -> str | None:
        """The heading, or the head of a table, whose own begins on the next sheet."""
        last = max((at for at, piece in enumerate(self.pieces) if piece.kind == "heading"), default=None)
        after = self.pieces[last + 1 :] if last is not None else self.pieces
        if after and after[-1].kind == "head":
            return after[-1].text
        if last is None or any(piece.kind in ("row", "item", "figure") for piece in after):
            return None
        # A sentence between a heading and its table, or its chart, is of no use without it.
        opens = following.pieces[0].kind if following.pieces else "text"
        return self.pieces[last].text if not after or opens in ("head", "row", "figure") else None


def faults(page: Page) -> list[str]:
    """What is wrong with an open page once it is printed, each fault with its sheet."""
    for prepare in (_HEADS, _TELL_FRAMES, _ASKED):
        page.evaluate(prepare)
    printed = sheets(page.pdf(prefer_css_page_size=True, tagged=True))
    found = [
        f"sheet {at}: in the margin: {text}" for at, sheet in enumerate(printed, 1) for text in sheet.beyond()
    ]
    for at, (sheet, following) in enumerate(pairwise(printed), 1):
        alone, empty = sheet.alone_at_the_foot(following), sheet.emptiness()
        found += [f"sheet {at}: alone at its foot: {alone}"] if alone else []
        found += [f"sheet {at}: white from its lowest text on: {empty:.0%}"] if empty > _MOST_EMPTY else []
    rows = sum(len({piece.row for piece in sheet.pieces if piece.kind == "row"}) for sheet in printed)
    frames = sum(len({piece.frame for piece in sheet.pieces} - {None}) for sheet in printed)
    page.emulate_media(media="print")
    whole, framed = page.evaluate(_ROWS), page.evaluate(_FRAMES)
    found += [f"rows cut in two: {rows - whole}"] if rows != whole else []
    found += [f"frames cut in two: {frames - framed}"] if frames != framed else []
    found += [f"lost on paper: {one}" for one in page.evaluate(_LOST)]
    found += [f"for a hand alone: {one}" for one in page.evaluate(_FOR_A_HAND)]
    # Last, as charts are drawn anew for another window.
    page.set_viewport_size({"width": _NARROWEST, "height": 1000})
    found += [f"cut at its edge: {one}" for one in page.evaluate(_CUT)]
    page.emulate_media(media="null")
    return found


def sheets(pdf: bytes) -> list[Sheet]:
    """The sheets of a tagged PDF."""
    document = pypdfium2.PdfDocument(pdf)
    read = [_sheet(page) for page in document]
    document.close()
    return read


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    text_page = page.get_textpage()
    told: dict[int, list[tuple[str, _Place]]] = {}
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5, textpage=text_page):
        mark = raw.FPDFPageObj_GetMarkedContentID(one.raw)
        told.setdefault(mark, []).append((one.extract(), one.get_bounds()))
    pieces = []
    for mark, kind, row, frame in _marked(page):
        if words := [(text, place) for text, place in told.get(mark, []) if text.strip()]:
            places = [place for _, place in words]
            around = (
                min(place[0] for place in places),
                min(place[1] for place in places),
                max(place[2] for place in places),
                max(place[3] for place in places),
            )
            pieces.append(Piece(kind, "".join(text for text, _ in words), around, row, frame))
    return Sheet(page.get_width(), page.get_height(), tuple(pieces))


def _marked(page: pypdfium2.PdfPage) -> Iterator[_Mark]:
    """Each marked text of a page in reading order, with its kind, its row and its frame."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    numbers = count()

    def walk(
        element: raw.FPDF_STRUCTELEMENT, kind: str, row: int | None, frame: int | None
    ) -> Iterator[_Mark]:
        kind = _kind(element, kind)
        if _name(element) == "TR":
            row = next(numbers)
        if _name(element) == "Art":
            frame = next(numbers)
        for at in range(raw.FPDF_StructElement_CountChildren(element)):
            # The text of another sheet is no child here.
            if (mark := raw.FPDF_StructElement_GetChildMarkedContentID(element, at)) >= 0:
                yield mark, kind, row, frame
            elif child := raw.FPDF_StructElement_GetChildAtIndex(element, at):
                yield from walk(child, kind, row, frame)

    for at in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield from walk(raw.FPDF_StructTree_GetChildAtIndex(tree, at), "text", None, None)
    raw.FPDF_StructTree_Close(tree)


def _kind(element: raw.FPDF_STRUCTELEMENT, around: str) -> str:
    """The kind of an element's texts, given the kind of what it stands in."""
    name = _name(element)
    if name == "TR":
        cells = (
            raw.FPDF_StructElement_GetChildAtIndex(element, at)
            for at in range(raw.FPDF_StructElement_CountChildren(element))
        )
        return "row" if any(cell and _name(cell) == "TD" for cell in cells) else "head"
    if name == "Caption":
        return "head"
    if name in _KINDS and around == "text":
        return _KINDS[name]
    return "heading" if name.startswith("H") and name[1:].isdigit() else around


def _name(element: raw.FPDF_STRUCTELEMENT) -> str:
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    held = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, held, size)
    return held.raw.decode("utf-16-le").rstrip("\0")
