"""Invented results for the marks to draw."""

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import AssignmentRole, EntityKind, Nature, ReportState, Status
from ccm.queries.results import AnswerState, EntityRef, GroupLine, ReportEntry, Scope

ROOT = Path(__file__).parents[3]
REGIONS: dict[str, Any] = json.loads((ROOT / "data" / "niger-regions.geojson").read_text(encoding="utf-8"))
AS_OF, SINCE, ADOPTED = dt.date(2024, 6, 30), dt.date(2023, 12, 31), dt.date(2022, 8, 5)
HOSTILE = '<img src=x onerror="alert(1)"> $5 & $6 "*x*" `c`\n\n    code </div><script>x</script>'
SCOPE = Scope(7, ADOPTED, AS_OF, SINCE, AS_OF, demo=True)


def figures(counts: tuple[int, int, int, int, int], completion: str | None, **others: int) -> Figures:
    """Figures of completed, in progress, blocked, not started and silent answers."""
    completed, in_progress, blocked, not_started, silent = counts
    return Figures(
        expected=sum(counts),
        answered=sum(counts) - silent,
        completed=completed,
        in_progress=in_progress,
        blocked=blocked,
        not_started=not_started,
        not_reported=silent,
        completion=None if completion is None else Fraction(completion),
        **others,
    )


PLAN = figures((90, 125, 10, 8, 84), "46", recommendations=48, fresh=103, dropped=1, unassigned=4)
SILENT = figures((0, 0, 0, 0, 318), "0", recommendations=48, unassigned=4)
DIFFA = figures((3, 3, 1, 0, 29), "11.8")
EMPTY = Figures()


def region_lines(of: Figures) -> list[GroupLine]:
    """The eight regions, all with the same figures."""
    return [
        GroupLine(
            feature["id"],
            feature["properties"]["name"],
            of,
            before=DIFFA,
            by_axis=(FiguresRow("A1", "Axe 1", of), FiguresRow("A2", "Axe 2", EMPTY)),
        )
        for feature in REGIONS["features"]
    ]


def entity(key: str, kind: EntityKind = EntityKind.REGION) -> EntityRef:
    """An entity whose name is its key."""
    return EntityRef(key, key, key, kind)


def answer(of: EntityRef, status: Status, percent: int | None, **others: Any) -> AnswerState:
    """The present answer of an entity to one recommendation."""
    given: dict[str, Any] = {"as_of": None, "age": None, "due_date": None, "overdue": False, **others}
    return AnswerState(
        assignment=f"CCM7-A1-05/{of.key}",
        recommendation="CCM7-A1-05",
        text="Réduire les coûts",
        axis="A1",
        entity=of,
        role=AssignmentRole.RESPONSIBLE,
        nature=Nature.FINITE,
        status=status,
        percent=percent,
        **given,
    )


def report(number: int, of: EntityRef, as_of: dt.date, status: Status, percent: int | None) -> ReportEntry:
    """A validated report."""
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    return ReportEntry(
        number, of, as_of, status, percent, ReportState.VALIDATED, "", "", "Auteur", noon, noon, None
    )
