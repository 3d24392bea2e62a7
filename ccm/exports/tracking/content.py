"""What the tracking table says, cell by cell, whatever file it stands in."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind, Nature, Status
from ccm.exports.issuer import SECRETARIAT
from ccm.exports.plain import printable
from ccm.i18n import DEFAULT_LOCALE, N_, numbers, translator
from ccm.queries.results import AnswerState
from ccm.queries.scope import StoreFacts
from ccm.queries.tracking import Part, TrackingRow

#: The CCM's own columns, and what is told of each recommendation beside them.
COLUMNS = (
    N_("Défis"),
    N_("Priorités"),
    N_("Réf."),
    N_("Stratégies recommandées"),
    N_("Régions / acteurs concernés"),
    N_("État d’avancement"),
    N_("Observations"),
)
#: How wide they are, in hundredths of the page.
SHARES = (11, 13, 7, 17, 9, 11, 32)
_REGIONS = 8
_ORDER = (
    Status.COMPLETED,
    Status.IN_PROGRESS,
    Status.BLOCKED,
    Status.NOT_STARTED,
    Status.NOT_REPORTED,
    Status.DROPPED,
)
_DEMONSTRATION = N_(
    "Données de démonstration : états, dates et montants inventés. Seuls les textes des recommandations sont "
    "réels."
)


@dataclass(frozen=True)
class Line:
    """One recommendation's cells; the first two are shared by those that follow under the same ones."""

    challenge: str
    priorities: str
    reference: str
    text: str
    actors: str
    state: str
    notes: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """All of them, in the order of the columns."""
        own = (self.reference, self.text, self.actors, self.state, "\n".join(self.notes))
        return (self.challenge, self.priorities, *own)


@dataclass(frozen=True)
class Tracking:
    """The table: what stands above it, its headings, and its lines under each axis.

    `notice` is what every page of a demonstration says, `author` who hands the table out. `axes` and their
    lines may be handed on as they are read: then they are there once.
    """

    title: str
    author: str
    above: tuple[str, ...]
    notice: str
    headings: tuple[str, ...]
    axes: Iterable[tuple[str, Iterable[Line]]]


def tracking(
    rows: Iterable[TrackingRow],
    sessions: Sequence[int],
    facts: StoreFacts,
    as_of: dt.date,
    *,
    provisional: bool = False,
) -> Tracking:
    """The table of the rows of some sessions at a date, in French; its lines are made as the rows are read.

    `provisional`: what is handed in counts as what is validated.
    """
    t = translator(DEFAULT_LOCALE).gettext
    told = N_("Situation au %(day)s, points validés.")
    if provisional:
        told = N_("Situation au %(day)s. Chiffres provisoires : points à valider compris.")
    situation = t(told) % {"day": numbers.day(as_of, DEFAULT_LOCALE)}
    return Tracking(
        title=t(N_("Tableau de suivi des recommandations du CCM")),
        author=t(SECRETARIAT),
        above=(*_sessions(sessions), situation),
        notice=t(_DEMONSTRATION) if facts.demo else "",
        headings=tuple(t(title) for title in COLUMNS),
        axes=(
            (printable(axis.label), map(_line, some))
            for axis, some in groupby(rows, key=lambda row: row.axis)
        ),
    )


def _sessions(held: Sequence[int]) -> tuple[str, ...]:
    """The sessions whose recommendations the table holds, on one line; none where it is empty."""
    told = translator(DEFAULT_LOCALE).gettext("%(rank)s session du CCM")
    line = ", ".join(told % {"rank": numbers.ordinal(number, DEFAULT_LOCALE)} for number in held)
    return (line,) if line else ()


def runs(lines: Sequence[Line], column: int) -> Iterator[tuple[int, int]]:
    """The first and the last line of each shared cell of a column (0, the challenge, or 1)."""
    start = 0
    for _, some in groupby(lines, key=lambda line: line.cells[: column + 1]):
        last = start + sum(1 for _ in some) - 1
        yield start, last
        start = last + 1


def _line(row: TrackingRow) -> Line:
    return Line(
        challenge=printable(_keyed(row.challenge)),
        priorities=printable("\n".join(map(_keyed, row.priorities))),
        reference=printable(row.key),
        text=printable(row.text),
        actors=printable(_actors(row)),
        state=printable(_state(row)),
        notes=tuple(map(printable, filter(None, map(_observation, row.answers)))),
    )


def _keyed(part: Part) -> str:
    """A text under its key, by which the table can be read back."""
    return f"{part.key}\n{part.text.replace(chr(10), chr(32))}"


def _actors(row: TrackingRow) -> str:
    t = translator(DEFAULT_LOCALE).gettext
    regions = [one.entity.short_name for one in row.answers if one.entity.kind is EntityKind.REGION]
    others = [one.entity.short_name for one in row.answers if one.entity.kind is not EntityKind.REGION]
    together = [t(N_("Toutes les régions"))] if len(regions) == _REGIONS else regions
    return ", ".join((*together, *others))


def _state(row: TrackingRow) -> str:
    t, locale = translator(DEFAULT_LOCALE), DEFAULT_LOCALE
    if not row.answers:
        return t.gettext("Non attribuée")
    lines = [label(row.nature, t)] if row.nature is Nature.CONTINUOUS else []
    if row.figures.completion is not None:
        done = t.gettext("Avancement moyen : %(percent)s")
        lines.append(done % {"percent": numbers.percent(row.figures.completion, locale)})
    counts = Counter(one.status for one in row.answers)
    lines += [f"{label(status, t)} : {counts[status]}" for status in _ORDER if counts[status]]
    late = sum(one.overdue for one in row.answers)
    lines += [t.gettext("En retard : %(n)s") % {"n": late}] if late else []
    return "\n".join(lines)


def _observation(one: AnswerState) -> str:
    """What an actor last said in its own words, with its day: what was done, then what blocks."""
    actor = f"{one.entity.short_name} ({numbers.day(one.as_of, DEFAULT_LOCALE)})"
    told = f"{actor} : {one.note}" if one.note else actor
    if one.blocked_reason:
        reason = translator(DEFAULT_LOCALE).gettext("Motif du blocage : %(reason)s")
        told += " · " + reason % {"reason": one.blocked_reason}
    return told if one.note or one.blocked_reason else ""
