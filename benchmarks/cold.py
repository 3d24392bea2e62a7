"""CPU of the overview's answer at size M: when nothing was read yet, after a report, and when it is kept."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import time_machine
from sqlalchemy import select

from benchmarks.stores import demonstration
from ccm.auth import CONSOLE
from ccm.commands import ImportReports, ReportLine, submit
from ccm.domain.vocabulary import AssignmentRole, Nature
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.overview import OverviewQuery
from ccm.store import Store, open_store
from ccm.store.models import Assignment, Entity, Recommendation, RecommendationState

LAST_DAY = dt.date(2024, 6, 30)


def main(folder: Path, writes: int = 5) -> None:
    """Print the medians, and what one report costs to write."""
    # On the demonstration's last day, so that what is read of that day is today's.
    with time_machine.travel(dt.datetime(2024, 6, 30, 12, tzinfo=dt.UTC)):
        _measure(open_store(demonstration("M", folder, "lived")), writes)


def _measure(store: Store, writes: int) -> None:
    first, written, after, held = [], [], [], []
    for number in range(writes):
        # Another reporting period is another question: nothing that was read serves it.
        first.append(_spent(partial(ask, store, _overview(fresh_days=91 + number))))
    ask(store, _overview())
    for line in _lines(store, writes):
        written.append(_spent(partial(submit, store, CONSOLE, ImportReports((line,), True))))
        after.append(_spent(partial(ask, store, _overview())))
        held.append(_spent(partial(ask, store, _overview())))
    print(f"{'overview at size M':46}{'CPU ms':>10}")
    for name, times in {
        "nothing read yet": first,
        "first reader after a report": after,
        "the readers after": held,
        "recording one report (for information)": written,
    }.items():
        print(f"{name:46}{median(times):>10.1f}", flush=True)


def _overview(fresh_days: int = 90) -> OverviewQuery:
    at = At(LAST_DAY, fresh_days=fresh_days)
    return OverviewQuery(at, replace(at, as_of=dt.date(2023, 12, 31)))


def _lines(store: Store, count: int) -> list[ReportLine]:
    """Reports of the last day, each on another assignment."""
    query = (
        select(Recommendation.key, Entity.key.label("entity"))
        .join(RecommendationState, RecommendationState.recommendation_id == Recommendation.id)
        .join(Assignment, Assignment.recommendation_id == Recommendation.id)
        .join(Entity, Entity.id == Assignment.entity_id)
        .where(RecommendationState.nature == Nature.FINITE)
        .where(Assignment.initial_role == AssignmentRole.RESPONSIBLE)
        .order_by(Assignment.id.desc())
        .limit(count)
    )
    with store.read() as connection:
        rows = connection.execute(query).all()
    day = LAST_DAY.isoformat()
    return [
        ReportLine(
            recommendation=row.key, entity=row.entity, as_of=day, status="in_progress", percent="60", line=2
        )
        for row in rows
    ]


def _spent(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return 1000 * (time.process_time() - start)
