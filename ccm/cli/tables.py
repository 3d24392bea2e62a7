"""Answers as tables for people at a terminal."""

from collections.abc import Sequence

from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.domain.vocabulary import GroupBy
from ccm.i18n import translator
from ccm.i18n.numbers import day, integer, percent
from ccm.queries.results import FiguresTable

_LOCALE = "fr"
_WIDEST = 44
_HEADINGS = (
    "Recomm.",
    "Réalisées",
    "Sans acteur",
    "Attendues",
    "Reçues",
    "Récentes",
    "En retard",
    "Réalisation",
    "Avancement",
    "Renseignement",
)


def figures_text(table: FiguresTable, *, provisional: bool = False) -> str:
    """Figures under French headings, with the date, the point of view and the total."""
    lines = [
        _cells(f"{row.key}  {row.label}" if _is_keyed(table.by) else row.label, row.figures)
        for row in table.rows
    ]
    lines.append(_cells("Total", table.total))
    if table.plan != table.total:
        lines.append(_cells("Ensemble du plan", table.plan))
    group = label(table.by, translator(_LOCALE))
    return "\n".join([*_heading(table, provisional), "", *columns((group, *_HEADINGS), lines)])


def counted(number: int, one: str, several: str) -> str:
    """A number of things: `1 point`, `1 234 points`; none takes the singular."""
    return f"{integer(number, _LOCALE)} {one if number < 2 else several}"


def columns(headings: Sequence[str], lines: Sequence[Sequence[str]], *, words: int = 1) -> list[str]:
    """Lines of text in columns: the first `words` of them to the left, numbers to the right."""
    widths = [max(len(line[place]) for line in (headings, *lines)) for place in range(len(headings))]
    rule = tuple("─" * width for width in widths)
    return [_aligned(line, widths, words) for line in (headings, rule, *lines)]


def _aligned(line: Sequence[str], widths: Sequence[int], words: int) -> str:
    cells = [
        cell.ljust(width) if place < words else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _is_keyed(by: GroupBy) -> bool:
    """Whether the label alone would not say which row of the plan it is."""
    return by in (GroupBy.RECOMMENDATION, GroupBy.CHALLENGE, GroupBy.PRIORITY)


def _heading(table: FiguresTable, provisional: bool) -> list[str]:
    lines = ["DONNÉES DE DÉMONSTRATION, INVENTÉES."] if table.demo else []
    known = table.known_at.isoformat(timespec="seconds")
    kind = "Chiffres provisoires" if provisional else "Chiffres"
    return [*lines, f"{kind} au {day(table.as_of, _LOCALE)}, selon ce qui est connu le {known}."]


def _cells(name: str, figures: Figures) -> tuple[str, ...]:
    counts = (
        figures.recommendations,
        figures.recommendations_realised,
        figures.unassigned,
        figures.expected,
        figures.answered,
        figures.fresh,
        figures.overdue,
    )
    rates = (figures.realised, figures.completion, figures.coverage)
    short = name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…"
    return (
        short,
        *(integer(count, _LOCALE) for count in counts),
        *(percent(rate, _LOCALE) for rate in rates),
    )
