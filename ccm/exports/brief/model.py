"""What the brief says, as plain texts and counts: each form of it sets the same content."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Bar:
    """A status bar: (status, count) in order, the mean percent 0..100 or None, and what it says."""

    segments: tuple[tuple[str, int], ...]
    mean: float | None
    says: str


@dataclass(frozen=True)
class Rate:
    """One of the three figures: name, value, what it is of, how it moved, its reference, where that leads."""

    name: str
    value: str
    of: str
    moved: str
    ref: str
    href: str


@dataclass(frozen=True)
class Line:
    """One line of a comparison."""

    name: str
    sub: str
    bar: Bar
    completion: str
    coverage: str
    moved: str
    realised: str
    expected: str
    ref: str
    href: str


@dataclass(frozen=True)
class Row:
    """One recommendation of an axis; `told` stands where it has no bar."""

    key: str
    text: str
    who: str
    bar: Bar | None
    told: str
    completion: str
    received: str
    href: str


@dataclass(frozen=True)
class Group:
    """The recommendations of one challenge."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Item:
    """A line of a list: how many, what, details, who acts; the reference of its figure, if it tells one."""

    mark: str
    text: str
    details: str
    who: str
    ref: str = ""
    href: str = ""


@dataclass(frozen=True)
class Listing:
    """A titled list under an axis; `note` says what it leaves out, `moved` whether it tells what moved."""

    title: str
    items: tuple[Item, ...]
    note: str = ""
    moved: bool = False


@dataclass(frozen=True)
class AxisPage:
    """One axis on a page of its own; the legend is of its bar: state, name, count."""

    tag: str
    title: str
    headline: str
    lead: str
    rates: tuple[Rate, ...]
    bar: Bar
    legend: tuple[tuple[str, str, str], ...]
    groups: tuple[Group, ...]
    lists: tuple[Listing, ...]
    ref: str
    href: str


@dataclass(frozen=True)
class Tile:
    """One region of the tile map: column and row, name, figure, tints, missing share 0..1, what it says.

    `unit` is the word beside a figure that is no percent.
    """

    column: int
    row: int
    name: str
    value: str
    unit: str
    fill: str
    ink: str
    missing: float
    says: str


@dataclass(frozen=True)
class Content:
    """The whole brief; `words` are the headings and labels that its forms write.

    `again` is where the same brief comes out again, `again_href` the same where it is known to lead there.
    """

    lang: str
    title: str
    heading: tuple[str, ...]
    dated: str
    subject: str
    demo: str
    headline: str
    lead: str
    rates: tuple[Rate, ...]
    bar: Bar
    legend: tuple[tuple[str, str, str], ...]
    decisions: tuple[Item, ...]
    axes: tuple[Line, ...]
    regions: tuple[Line, ...]
    tiles: tuple[Tile, ...]
    institutions: tuple[Line, ...]
    coverage: str
    pages: tuple[AxisPage, ...]
    decided: Listing
    method: tuple[str, ...]
    again: str
    again_href: str
    footer: str
    words: dict[str, str] = field(hash=False)

    def data(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)
