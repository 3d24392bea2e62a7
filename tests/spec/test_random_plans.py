"""On random plans, the figures of the program equal those recomputed from the raw rows, exactly.

A failing plan is shown as a table, ready to become a test of its own. `SHRINK=true` has it made as small as
possible first, which takes minutes.
"""

import os
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings, strategies as st

from tests.spec.checks import told
from tests.spec.conftest import Trial
from tests.spec.flat_rows import flat_differences
from tests.spec.plans import NOW, groupings, plans, points
from tests.spec.readings import differences, state_differences
from tests.spec.tables import Plan, render
from tests.support.plan_builder import fill, raw_rows
from tests.support.proof import PROOF
from tests.support.recompute import Point

Looks = Iterable[tuple[str, Point]]

TODAY = NOW.date()
#: Today is answered from the current state, all other points of view from history.
TODAYS = st.builds(Point, st.just(TODAY), st.none(), st.sampled_from((None, None, 7, 8)))
LOOKS = st.tuples(st.tuples(groupings, points()), st.tuples(groupings, points() | TODAYS))

PHASES = [Phase.explicit, Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") == "true" else [])]
COMMON = settings(database=None, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


def _agree(trial: Trial, plan: Plan, looks: Looks) -> None:
    note(render(plan))
    with trial() as transaction:
        fill(transaction, plan, NOW)
        connection, raw = transaction.connection, raw_rows(transaction.connection, TODAY)
        found = state_differences(connection, TODAY) + flat_differences(raw, TODAY)
        for by, point in looks:
            found += [f"{point}: {line}" for line in differences(connection, raw, by, point)]
    assert not found, told(found)


@settings(COMMON, max_examples=600 if PROOF else 50)
@given(plan=plans(), looks=LOOKS)
def test_sqlite_and_the_recomputation_agree(sqlite_trial: Trial, plan: Plan, looks: Looks) -> None:
    _agree(sqlite_trial, plan, looks)


@pytest.mark.postgres
@settings(COMMON, max_examples=100 if PROOF else 10)
@given(plan=plans(), looks=LOOKS)
def test_postgresql_and_the_recomputation_agree(postgres_trial: Trial, plan: Plan, looks: Looks) -> None:
    _agree(postgres_trial, plan, looks)
