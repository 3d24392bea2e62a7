"""On random plans, the figures of the program equal those recomputed from the raw rows, exactly."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, note, settings, strategies as st

from tests.spec.checks import told
from tests.spec.conftest import Trial
from tests.spec.plans import NOW, groupings, plans, points
from tests.spec.readings import differences, state_differences
from tests.spec.tables import Plan, render
from tests.support.plan_builder import fill, raw_rows
from tests.support.recompute import Point

Looks = Iterable[tuple[str, Point]]

TODAY = NOW.date()
LOOKS = st.tuples(st.tuples(groupings, points()), st.tuples(groupings, points()))


def _agree(trial: Trial, plan: Plan, looks: Looks) -> None:
    note(render(plan))
    with trial() as transaction:
        fill(transaction, plan, NOW)
        connection, raw = transaction.connection, raw_rows(transaction.connection, TODAY)
        found = state_differences(connection, TODAY)
        for by, point in looks:
            found += [f"{point}: {line}" for line in differences(connection, raw, by, point)]
        # The same grouping today: answered from the current state, without a look at history.
        today = Point(TODAY, session=point.session)
        found += [f"today: {line}" for line in differences(connection, raw, by, today)]
    assert not found, told(found)


@settings(max_examples=150, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans(), looks=LOOKS)
def test_sqlite_and_the_recomputation_agree(sqlite_trial: Trial, plan: Plan, looks: Looks) -> None:
    _agree(sqlite_trial, plan, looks)


@pytest.mark.postgres
@settings(max_examples=30, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans(), looks=LOOKS)
def test_postgresql_and_the_recomputation_agree(postgres_trial: Trial, plan: Plan, looks: Looks) -> None:
    _agree(postgres_trial, plan, looks)
