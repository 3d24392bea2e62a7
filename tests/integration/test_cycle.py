"""Sessions, people, changes that no file carries, and reports taken back."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from ccm.auth import CONSOLE, Actor
from ccm.commands import AddUser, OpenSession, RecordChange, RetractReport, actor_named, submit
from ccm.domain.dates import today
from ccm.domain.errors import CcmError, Conflict, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import GroupBy, UserRole
from ccm.queries.people import people
from ccm.store import Store
from ccm.store.models import Instance, ProgressReport, Session, SessionChange, User
from tests.integration.acting import (
    DIFFA,
    READER,
    VALIDATOR,
    events,
    everything,
    import_reports,
    report,
    table,
)

POSTGRESQL_ONE_IN = 4

DAY = dt.date(2024, 3, 1)


def _refused(store: Store, command: Any, error: type[CcmError], actor: Actor = CONSOLE) -> str:
    before = everything(store)
    with pytest.raises(error) as caught:
        submit(store, actor, command)
    assert everything(store) == before
    return str(caught.value)


def _figure(store: Store, as_of: str, **point: Any) -> tuple[int, int, int]:
    total = table(store, GroupBy.AXIS, as_of, **point).total
    return total.recommendations, total.expected, total.overdue


def test_a_session_opens_with_its_dates(store: Store) -> None:
    submit(store, CONSOLE, OpenSession(8, dt.date(2024, 5, 5), dt.date(2024, 4, 1), dt.date(2024, 4, 20)))
    with store.read() as connection:
        session = connection.execute(select(Session.__table__).where(Session.number == 8)).one()
        held = connection.execute(select(Instance.held_on).where(Instance.session_id == session.id)).scalars()
        change = connection.execute(select(SessionChange.__table__)).one()
        assert len(set(held)) == 3
    assert (session.key, session.initial_political_date) == ("CCM8", None)
    assert session.title.startswith("8e session")
    assert change.effective_on == dt.date(2024, 4, 1)
    assert events(store, "session.opened") == [
        (
            "session.opened",
            "CCM8",
            {
                "preparatory": "2024-04-01",
                "technical": "2024-04-20",
                "political": "2024-05-05",
                "changes": [{"field": "political_date", "value": "2024-05-05", "effective_on": "2024-04-01"}],
            },
        )
    ]


def test_what_the_seventh_session_asked_for_is_due_at_the_next(store: Store) -> None:
    submit(store, CONSOLE, OpenSession(8, dt.date(2024, 5, 5)))
    assert _figure(store, "2024-05-05") == (48, 318, 0)
    assert _figure(store, "2024-05-06") == (48, 318, 318)


def test_a_session_to_come_is_known_from_today_on(store: Store) -> None:
    submit(store, CONSOLE, OpenSession(8, today() + dt.timedelta(days=30)))
    with store.read() as connection:
        assert connection.execute(select(SessionChange.effective_on)).scalar_one() == today()


@pytest.mark.parametrize(
    ("command", "error", "says"),
    [
        (OpenSession(7, DAY), Conflict, "7 existe déjà"),
        (OpenSession(0, DAY), Invalid, "nombre entier à partir de 1"),
        (OpenSession(8, DAY, technical=dt.date(2024, 3, 2)), Invalid, "se suivent"),
        (
            OpenSession(8, DAY, preparatory=dt.date(2024, 2, 2), technical=dt.date(2024, 2, 1)),
            Invalid,
            "se suivent",
        ),
        (OpenSession(8, dt.date(2022, 8, 5)), Invalid, "session 7 est du 2022-08-05"),
        (OpenSession(8, dt.date(2021, 1, 1)), Invalid, "session 7 est du 2022-08-05"),
        (OpenSession(6, DAY), Invalid, "session 7 est du 2022-08-05"),
    ],
)
def test_a_session_out_of_order_is_refused(
    sqlite_store: Store, command: OpenSession, error: type[CcmError], says: str
) -> None:
    assert says in _refused(sqlite_store, command, error)


@pytest.mark.parametrize("actor", [DIFFA, VALIDATOR, READER])
def test_the_cycle_and_the_people_are_the_administrators(sqlite_store: Store, actor: Actor) -> None:
    for command in (
        OpenSession(8, DAY),
        AddUser("Awa", "reader"),
        _change("session", "CCM7", "political_date"),
    ):
        _refused(sqlite_store, command, NotAllowed, actor)


def test_people_are_added_listed_and_act_as_what_they_are(store: Store) -> None:
    submit(store, CONSOLE, AddUser(" Awa Moussa ", "focal_point", ("Diffa", "NE001", "diffa")))
    submit(store, CONSOLE, AddUser("Ibrahim", "validator"))
    with store.read() as connection:
        listed = [(person.name, person.role, person.entities) for person in people(connection)]
    assert listed == [
        ("Awa Moussa", UserRole.FOCAL_POINT, ("NE001", "NE002")),
        ("Ibrahim", UserRole.VALIDATOR, ()),
    ]
    assert actor_named(store, "Awa Moussa") == Actor(
        "Awa Moussa", UserRole.FOCAL_POINT, frozenset({"NE001", "NE002"})
    )
    assert [event[1] for event in events(store, "user.added")] == ["Awa Moussa", "Ibrahim"]


def test_an_unknown_or_disabled_person_does_not_act(store: Store) -> None:
    submit(store, CONSOLE, AddUser("Awa", "reader"))
    with store.write("test") as transaction:
        transaction.connection.execute(User.__table__.update().values(disabled_at=transaction.now))
    for name in ("Awa", "console", "", "awa"):
        with pytest.raises(NotFound):
            actor_named(store, name)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (AddUser("", "reader"), ["name : "]),
        (AddUser("a" * 121, "reader"), ["120"]),
        (AddUser("a\nb", "reader"), ["name : "]),
        (AddUser("Awa", "chef"), ["« chef »", "focal_point"]),
        (AddUser("Awa", "focal_point"), ["entity : "]),
        (AddUser("Awa", "reader", ("NE001",)), ["entity : "]),
        (AddUser(" ", "chef", ("Xyz",)), ["name : ", "role : ", "« Xyz »"]),
    ],
)
def test_a_person_is_refused_with_every_problem(
    sqlite_store: Store, command: AddUser, says: list[str]
) -> None:
    told = _refused(sqlite_store, command, Invalid)
    assert all(words in told for words in says), told


@pytest.mark.parametrize("name", ["Awa", "AWA", " awa", "console"])
def test_a_name_is_taken_once(sqlite_store: Store, name: str) -> None:
    submit(sqlite_store, CONSOLE, AddUser("Awa", "reader"))
    _refused(sqlite_store, AddUser(name, "reader"), Conflict)


def _change(kind: str, key: str, field: str, value: str = "2022-09-01", **more: Any) -> RecordChange:
    return RecordChange(kind, key, field, value, more.pop("effective_on", DAY), **more)


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        (_change("recommendation", "CCM7-A1-05", "withdrawn", "true"), (48, 318, 0), (47, 307, 0)),
        (_change("recommendation", "CCM7-A1-05", "nature", "continuous"), (48, 318, 0), (48, 307, 0)),
        (_change("assignment", "CCM7-A1-05/NE002", "end", "true"), (48, 318, 0), (48, 317, 0)),
        (_change("assignment", "CCM7-A1-05/NE002", "role", "support"), (48, 318, 0), (48, 317, 0)),
        (_change("assignment", "CCM7-A1-05/NE002", "due_date", "2023-01-01"), (48, 318, 0), (48, 318, 1)),
    ],
)
def test_a_change_holds_from_its_day_on(
    store: Store, command: RecordChange, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    assert submit(store, VALIDATOR, command) is True
    assert _figure(store, "2024-02-29") == before
    assert _figure(store, "2024-03-01") == after
    assert submit(store, VALIDATOR, command) is False
    assert len(events(store, f"{command.object}.changed")) == 1


def test_a_recommendation_moves_in_the_plan(store: Store) -> None:
    submit(store, VALIDATOR, _change("recommendation", "CCM7-A1-05", "place", "G/CCM7-D01"))
    rows = {row.key: row.figures.recommendations for row in table(store, GroupBy.AXIS).rows}
    assert rows == {"G": 7, "A1": 11, "A2": 15, "A3": 15}
    assert {row.key: row.figures.recommendations for row in table(store, GroupBy.CHALLENGE).rows}[
        "CCM7-D01"
    ] == 2


def test_a_political_date_moves(store: Store) -> None:
    submit(
        store,
        CONSOLE,
        _change("session", "CCM7", "political_date", "2022-09-01", effective_on=dt.date(2022, 8, 1)),
    )
    assert _figure(store, "2022-08-31") == (0, 0, 0)
    assert _figure(store, "2022-09-01") == (48, 318, 0)


@pytest.mark.parametrize(
    ("command", "error", "says"),
    [
        (_change("priority", "CCM7-P01", "place"), Invalid, "assignment, recommendation, session"),
        (_change("recommendation", "CCM7-A1-05", "role"), Invalid, "nature, place, withdrawn"),
        (_change("recommendation", "CCM7-A1-99", "nature", "finite"), NotFound, "CCM7-A1-99"),
        (_change("recommendation", "CCM7-A1-05", "place", "G"), Invalid, "A1/CCM7-D05"),
        (_change("recommendation", "CCM7-A1-05", "withdrawn", "oui"), Invalid, "true, false"),
        (_change("assignment", "CCM7-A1-05/NE002", "weight", "0"), Invalid, "1 à 100"),
        (_change("session", "CCM7", "political_date", "hier"), Invalid, "« hier »"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    sqlite_store: Store, command: RecordChange, error: type[CcmError], says: str
) -> None:
    assert says in _refused(sqlite_store, command, error)


def test_sessions_keep_their_order_when_a_date_moves(store: Store) -> None:
    submit(store, CONSOLE, OpenSession(8, dt.date(2024, 5, 5)))
    command = _change("session", "CCM7", "political_date", "2024-06-01")
    assert "session 8 est du 2024-05-05" in _refused(store, command, Invalid)


def test_a_report_taken_back_stays_and_counts_no_more(store: Store) -> None:
    import_reports(store, report(as_of="2024-01-31", percent="20"))
    import_reports(store, report(percent="80"))
    before = table(store, GroupBy.AXIS)
    with store.read() as connection:
        last = (
            connection.execute(select(ProgressReport.id).order_by(ProgressReport.id.desc())).scalars().first()
        )
    assert last is not None
    submit(store, VALIDATOR, RetractReport(last, "Envoyé par erreur"))
    after = table(store, GroupBy.AXIS)
    assert before.total.completion is not None
    assert after.total.completion == before.total.completion / 4
    assert table(store, GroupBy.AXIS, known_at=before.known_at).total == before.total
    with store.read() as connection:
        kept = connection.execute(select(ProgressReport.__table__).where(ProgressReport.id == last)).one()
    assert (kept.state, kept.percent, kept.retracted_reason) == ("retracted", 80, "Envoyé par erreur")
    assert events(store, "report.retracted")[0][1] == str(last)
    _refused(store, RetractReport(last, "encore"), Conflict)


def test_what_cannot_be_taken_back(store: Store) -> None:
    import_reports(store, report(), validate=False)
    with store.read() as connection:
        submitted = connection.execute(select(ProgressReport.id)).scalar_one()
    _refused(store, RetractReport(submitted, "x"), Conflict)
    _refused(store, RetractReport(submitted, " "), Invalid)
    _refused(store, RetractReport(10**6, "x"), NotFound)
    _refused(store, RetractReport(submitted, "x"), NotAllowed, DIFFA)
