"""What the database refuses to hold even when it is asked in plain SQL, on both engines."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from ccm.domain.reporting import PERCENT_RANGE
from ccm.domain.vocabulary import Status
from ccm.store import Store, open_store
from ccm.store.models import Assignment, Base, ProgressReport
from tests.support.stores import ENGINES, Templates, first_load

AT = "2024-02-01T00:00:00.000000Z"


class Refused(Exception):
    """Ends a trial: nothing of it is kept."""


@pytest.fixture(scope="module", params=ENGINES)
def loaded(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store as the first start leaves it, for trials that are taken back."""
    folder = tmp_path_factory.mktemp("rules")
    with templates.copied(request.param, "first_load", first_load, folder) as url:
        store = open_store(url)
        yield store
        store.close()


def row_of(connection: Connection, table: str) -> dict[str, str]:
    """SQL literals of a row that the rules of its table accept."""
    session = "(select min(id) from session)"
    recommendation = "(select min(id) from recommendation)"
    entity = "(select min(id) from entity)"
    challenge = "(select min(id) from challenge)"
    axis = "(select min(id) from axis)"
    free = f"(select min(e.id) from entity e where not exists {_NAMED} and a.entity_id = e.id))"
    common = {"effective_on": "'2024-01-31'", "recorded_at": f"'{AT}'"}
    rows: dict[str, dict[str, str]] = {
        "progress_report": {
            "assignment_id": "(select min(id) from assignment)",
            "as_of": "'2024-01-31'",
            "status": "'in_progress'",
            "percent": "50",
            "state": "'validated'",
            "submitted_at": f"'{AT}'",
            "validated_at": f"'{AT}'",
        },
        "assignment": {
            "key": "'CCM7-X/1'",
            "recommendation_id": recommendation,
            "entity_id": free,
            "initial_role": "'responsible'",
            "initial_weight": "1",
            "recorded_at": f"'{AT}'",
        },
        "assignment_change": {
            "assignment_id": "(select min(id) from assignment)",
            "field": "'weight'",
            "value": "'2'",
            **common,
        },
        "recommendation_change": {
            "recommendation_id": recommendation,
            "field": "'nature'",
            "value": "'continuous'",
            **common,
        },
        "session_change": {"session_id": session, "field": "'political_date'", "value": "''", **common},
        "session": {"number": "12", "key": "'CCM12'"},
        "instance": {"session_id": session, "kind": "'political'", "held_on": "'2024-01-31'"},
        "recommendation": {
            "key": "'CCM7-X'",
            "session_id": session,
            "initial_axis_id": axis,
            "initial_challenge_id": challenge,
            "initial_nature": "'finite'",
            "position": "1",
            "text": "'Texte'",
            "search_text": "'texte'",
        },
        "entity": {"key": "'XX'", "kind": "'ministry'", "position": "1", "recorded_at": f"'{AT}'"},
        "entity_name": {"entity_id": entity, "short_name": "'X'", "name": "'X'"},
        "entity_alias": {"entity_id": entity, "alias": "'X'", "folded": "'un autre x'"},
        "membership": {"recommendation_id": recommendation, "session_id": session},
        "succession": {
            "predecessor_id": entity,
            "successor_id": "(select max(id) from entity)",
            **common,
        },
        "user_account": {"name": "'Personne'", "role": "'reader'", "version": "1", "created_at": f"'{AT}'"},
        "observation": {
            "key": "'CCM7-O99'",
            "instance_id": "(select min(id) from instance)",
            "position": "1",
            "text": "'Texte'",
            "status": "'open'",
        },
        "store_state": {
            "id": "2",
            "store_uuid": "'x'",
            "revision": "1",
            "demo": "false",
            "state_day": "'2024-01-31'",
            "created_at": f"'{AT}'",
        },
    }
    return rows[table]


_NAMED = "(select 1 from assignment a where a.recommendation_id = (select min(id) from recommendation)"


def write(store: Store, table: str, changed: dict[str, str]) -> None:
    """Insert such a row with some of its values changed, then take it back."""
    with pytest.raises(Refused), store.write("test") as transaction:
        values = {**row_of(transaction.connection, table), **changed}
        statement = f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())})"
        transaction.connection.execute(text(statement.replace(":", "\\:")))
        raise Refused


#: Of the other tables the first load holds the one row there can be.
ACCEPTED = [
    "progress_report",
    "assignment",
    "assignment_change",
    "recommendation_change",
    "session_change",
    "session",
    "recommendation",
    "entity",
    "entity_name",
    "entity_alias",
    "succession",
    "user_account",
    "observation",
]


@pytest.mark.parametrize("table", ACCEPTED)
def test_a_right_row_is_accepted(loaded: Store, table: str) -> None:
    """Or else the refusals below would mean nothing."""
    write(loaded, table, {})


LONG = "'" + "x" * 10_001 + "'"
BAD: list[tuple[str, dict[str, str]]] = [
    # What no list holds.
    ("progress_report", {"status": "'done'"}),
    ("progress_report", {"status": "''"}),
    ("progress_report", {"status": "'not_reported'", "percent": "null"}),
    ("progress_report", {"state": "'draft'"}),
    ("progress_report", {"blocked_cause": "'weather'"}),
    ("progress_report", {"status": "'dropped'", "percent": "null", "note": "'n'", "dropped_kind": "'lost'"}),
    ("assignment", {"initial_role": "'owner'"}),
    ("assignment_change", {"field": "'nature'"}),
    ("recommendation_change", {"field": "'weight'"}),
    ("session_change", {"field": "'number'"}),
    ("recommendation", {"initial_nature": "'eternal'"}),
    ("entity", {"kind": "'planet'"}),
    ("instance", {"kind": "'festive'"}),
    ("user_account", {"role": "'king'"}),
    ("observation", {"status": "'lost'"}),
    # What refers to nothing.
    ("progress_report", {"assignment_id": "999999"}),
    ("progress_report", {"blocked_by_id": "999999"}),
    ("assignment", {"entity_id": "999999"}),
    ("assignment", {"recommendation_id": "999999"}),
    ("assignment_change", {"assignment_id": "999999"}),
    ("recommendation", {"initial_axis_id": "999999"}),
    ("membership", {"session_id": "999999"}),
    ("succession", {"successor_id": "999999"}),
    ("entity", {"parent_id": "999999"}),
    # Numbers, days and texts out of bounds.
    ("assignment", {"initial_weight": "0"}),
    ("assignment", {"initial_weight": "101"}),
    ("assignment", {"initial_weight": "-1"}),
    ("session", {"number": "0"}),
    ("entity_name", {"valid_from": "'2024-02-01'", "valid_to": "'2024-01-31'"}),
    ("recommendation", {"text": "''"}),
    ("recommendation", {"text": LONG}),
    ("progress_report", {"note": LONG}),
    ("progress_report", {"status": "'blocked'", "blocked_reason": LONG}),
    ("user_account", {"name": "''"}),
    ("user_account", {"name": "'" + "x" * 121 + "'"}),
    # What goes together.
    ("progress_report", {"status": "'blocked'", "blocked_reason": "''"}),
    ("progress_report", {"status": "'dropped'", "percent": "null", "note": "'n'"}),
    ("progress_report", {"status": "'dropped'", "percent": "null", "dropped_kind": "'abandoned'"}),
    ("progress_report", {"validated_at": "null"}),
    ("progress_report", {"state": "'submitted'"}),
    ("progress_report", {"state": "'retracted'"}),
    ("progress_report", {"state": "'returned'", "validated_at": "null"}),
    ("progress_report", {"retracted_at": f"'{AT}'"}),
    ("progress_report", {"returned_at": f"'{AT}'"}),
    # What there is once.
    ("session", {"number": "7"}),
    ("session", {"key": "'CCM7'"}),
    ("recommendation", {"key": "'CCM7-G-01'"}),
    ("assignment", {"key": "(select min(key) from assignment)"}),
    ("assignment", {"entity_id": f"(select min(a.entity_id) {_NAMED[10:]})"}),
    ("entity", {"key": "'NE001'"}),
    ("entity_alias", {"folded": "(select min(folded) from entity_alias)"}),
    ("membership", {}),
    ("instance", {}),
    ("store_state", {}),
    ("store_state", {"id": "1"}),
    # What is missing.
    ("progress_report", {"as_of": "null"}),
    ("progress_report", {"submitted_at": "null"}),
    ("assignment_change", {"effective_on": "null"}),
    ("recommendation", {"key": "null"}),
    # What is of another kind.
    ("progress_report", {"percent": "'half'"}),
    ("assignment", {"initial_weight": "'heavy'"}),
]


def _name(case: tuple[str, dict[str, str]]) -> str:
    table, changed = case
    return f"{table} {' '.join(f'{name}={value[:24]}' for name, value in changed.items()) or 'again'}"


@pytest.mark.parametrize(("table", "changed"), BAD, ids=[_name(case) for case in BAD])
def test_a_row_that_breaks_a_rule_is_refused(loaded: Store, table: str, changed: dict[str, str]) -> None:
    with pytest.raises(DBAPIError):
        write(loaded, table, changed)


#: Percents around every bound.
PERCENTS = (None, -1, 0, 1, 50, 99, 100, 101)
REPORTED = [status for status in Status if status is not Status.NOT_REPORTED]


@pytest.mark.parametrize("status", REPORTED)
def test_a_percent_stays_in_the_range_of_its_status(loaded: Store, status: Status) -> None:
    """The same ranges as in `ccm.domain.reporting`; of a continuous recommendation there is no percent."""
    beside = {
        Status.BLOCKED: {"blocked_reason": "'motif'"},
        Status.DROPPED: {"dropped_kind": "'abandoned'", "note": "'note'"},
    }
    kept = []
    for percent in PERCENTS:
        changed = {"status": f"'{status.value}'", "percent": "null" if percent is None else str(percent)}
        try:
            write(loaded, "progress_report", changed | beside.get(status, {}))
        except DBAPIError:
            continue
        kept.append(percent)
    lowest, highest = PERCENT_RANGE[status] or (1, 0)
    assert kept == [percent for percent in PERCENTS if percent is None or lowest <= percent <= highest]


def _report(connection: Connection) -> dict[str, Any]:
    assignment = connection.execute(select(Assignment.id).limit(1)).scalar_one()
    at = dt.datetime.fromisoformat(AT)
    told = {"as_of": at.date(), "status": "in_progress", "percent": 50}
    return {"assignment_id": assignment, **told, "state": "validated", "submitted_at": at, "validated_at": at}


def test_an_instant_without_its_offset_is_refused(loaded: Store) -> None:
    with pytest.raises(Exception, match="without offset"), loaded.write("test") as transaction:
        values = _report(transaction.connection) | {"submitted_at": dt.datetime(2024, 2, 1)}  # noqa: DTZ001
        transaction.connection.execute(insert(ProgressReport).values(values))


def test_an_instant_comes_back_to_the_microsecond(loaded: Store) -> None:
    niamey = dt.timezone(dt.timedelta(hours=1))
    given = dt.datetime(2024, 2, 1, 0, 30, 0, 1, tzinfo=niamey)
    with pytest.raises(Refused), loaded.write("test") as transaction:
        connection = transaction.connection
        values = _report(connection) | {"submitted_at": given, "validated_at": given}
        number = connection.execute(
            insert(ProgressReport).values(values).returning(ProgressReport.id)
        ).scalar()
        read = select(ProgressReport.submitted_at).where(ProgressReport.id == number)
        found = connection.execute(read).scalar_one()
        assert (found, found.utcoffset()) == (given, dt.timedelta(0))
        earlier = given - dt.timedelta(microseconds=1)
        query = select(ProgressReport.id).where(ProgressReport.submitted_at > earlier)
        assert number in connection.execute(query).scalars().all()
        raise Refused


def test_every_table_has_a_primary_key_and_every_reference_a_target() -> None:
    for table in Base.metadata.tables.values():
        assert list(table.primary_key.columns), table.name
        for column in table.columns:
            if column.name.endswith("_id"):
                assert column.foreign_keys, f"{table.name}.{column.name}"
