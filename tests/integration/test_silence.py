"""Periods, who has not answered, and the reminder that says so."""

import datetime as dt

import pytest

from ccm.auth import CONSOLE, Actor
from ccm.commands import RetractReport, submit
from ccm.commands.periods import OpenPeriod, RecordReminder
from ccm.commands.plan_terms import RELIEVED, Assign
from ccm.commands.validation import ReturnReport, ValidateReports
from ccm.domain.errors import CcmError, Conflict, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import ReminderChannel, ReportOrigin
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.reminder import Reminded, ReminderQuery
from ccm.queries.reporting_periods import Phase
from ccm.queries.silence import Reporting, Silence, SilenceQuery
from ccm.store import Store
from tests.integration.acting import events, everything
from tests.integration.reporting import hand_in, open_period, person

POSTGRESQL_IN_PROOF = True


@pytest.fixture
def validator(store: Store) -> Actor:
    """Somebody of the Secretariat."""
    return person(store, "Secrétariat", "validator")


def _silence(store: Store, actor: Actor, on: str, period: str | None = None) -> Silence:
    return ask_as(store, actor, SilenceQuery(At(dt.date.fromisoformat(on)), period))


def _line(found: Silence, key: str) -> Reporting:
    return next(line for line in found.lines if line.entity.key == key)


def _reminded(store: Store, actor: Actor, on: str, key: str = "NE002", period: str | None = None) -> Reminded:
    found = ask_as(store, actor, ReminderQuery(At(dt.date.fromisoformat(on)), key, period))
    assert found is not None
    return found


def _quarters(store: Store) -> None:
    open_period(store, "Q1", "2024-01-01", "2024-03-31", "2024-04-15")
    open_period(store, "Q2", "2024-04-01", "2024-06-30", "2024-07-15")


def _secretariat_says(store: Store, validator: Actor, as_of: str, **cells: str) -> int:
    return hand_in(store, validator, origin=ReportOrigin.PHONE, as_of=as_of, **cells)


def test_an_answer_counts_for_the_one_period_whose_window_holds_its_day(
    store: Store, validator: Actor
) -> None:
    _quarters(store)
    asked = _line(_silence(store, validator, "2024-06-30", "Q1"), "NE002").tally
    assert (asked.asked, asked.given) == (36, 0)
    # Within the days left to answer: it answers the first quarter, not the second.
    report = _secretariat_says(store, validator, "2024-04-10")
    for period, given in (("Q1", 1), ("Q2", 0)):
        tally = _line(_silence(store, validator, "2024-06-30", period), "NE002").tally
        # It was handed in today, long after the last day.
        assert (tally.given, tally.on_time, tally.late) == (given, 0, given)
    line = _line(_silence(store, validator, "2024-06-30", "Q1"), "NE002")
    assert (line.waiting, line.last_report) == (1, dt.date(2024, 4, 10))
    # Before that day nobody can have spoken of it.
    assert _line(_silence(store, validator, "2024-04-09", "Q1"), "NE002").tally.given == 0
    submit(store, validator, ReturnReport(report, "Dites combien."))
    assert _line(_silence(store, validator, "2024-06-30", "Q1"), "NE002").tally.given == 0


def test_in_time_is_until_the_end_of_the_last_day(store: Store, validator: Actor) -> None:
    today = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=1))).date()
    start = today - dt.timedelta(days=60)
    open_period(store, "now", start.isoformat(), today.isoformat(), today.isoformat())
    _secretariat_says(store, validator, today.isoformat())
    tally = _line(_silence(store, validator, today.isoformat()), "NE002").tally
    assert (tally.given, tally.on_time) == (1, 1)


def test_what_ended_before_the_window_is_not_asked_for(store: Store, validator: Actor) -> None:
    _quarters(store)
    other = person(store, "Adjointe", "validator")
    report = _secretariat_says(store, validator, "2024-04-10", status="completed", percent="100")
    # As long as it is not validated, it is asked for.
    assert _line(_silence(store, validator, "2024-06-30", "Q2"), "NE002").tally.asked == 36
    submit(store, other, ValidateReports((report,)))
    assert _line(_silence(store, validator, "2024-06-30", "Q2"), "NE002").tally.asked == 35
    tally = _line(_silence(store, validator, "2024-06-30", "Q1"), "NE002").tally
    assert (tally.asked, tally.given) == (36, 1)
    submit(store, other, RetractReport(report, "Erreur."))
    tally = _line(_silence(store, validator, "2024-06-30", "Q1"), "NE002").tally
    assert (tally.asked, tally.given) == (36, 0)


def test_who_is_charged_after_the_period_is_not_asked_in_it(store: Store, validator: Actor) -> None:
    _quarters(store)
    command = Assign("CCM7-A3-10", ("INS",), effective_on="2024-04-10")
    submit(store, validator, command)
    of_institute = {
        period: _line(_silence(store, validator, "2024-06-30", period), "INS").tally.asked
        for period in ("Q1", "Q2")
    }
    assert of_institute["Q2"] == of_institute["Q1"] + 1
    submit(store, validator, Assign("CCM7-A3-10", ("INS",), RELIEVED, effective_on="2024-06-01"))
    assert _line(_silence(store, validator, "2024-06-30", "Q2"), "INS").tally.asked == of_institute["Q1"]


def test_without_a_period_the_last_days_are_looked_at(store: Store, validator: Actor) -> None:
    _secretariat_says(store, validator, "2024-04-10")
    found = _silence(store, validator, "2024-06-30")
    assert (found.period.key, found.phase, _line(found, "NE002").tally.given) == ("", Phase.OPEN, 1)
    assert _line(_silence(store, validator, "2024-07-31"), "NE002").tally.given == 0
    # What is missing is told; nobody is reminded of it before a period is open.
    assert len(_reminded(store, validator, "2024-06-30").missing) == 35


def test_a_reminder_lists_what_the_table_counts(store: Store, validator: Actor) -> None:
    _quarters(store)
    _secretariat_says(store, validator, "2024-05-10")
    for key in ("NE002", "INS"):
        missing = _line(_silence(store, validator, "2024-06-30", "Q2"), key).tally.missing
        reminded = _reminded(store, validator, "2024-06-30", key, "Q2")
        assert len(reminded.missing) == missing
        assert all(answer.entity.key == key for answer in reminded.missing)


def test_the_session_and_the_toggle_of_the_page_change_nothing(store: Store, validator: Actor) -> None:
    _quarters(store)
    on = dt.date(2024, 6, 30)
    plain = ask_as(store, validator, SilenceQuery(At(on)))
    assert ask_as(store, validator, SilenceQuery(At(on, provisional=True))) == plain
    assert ask_as(store, validator, SilenceQuery(At(on, session=99))) == plain


def test_one_reminder_a_period(store: Store, validator: Actor) -> None:
    _quarters(store)
    command = RecordReminder("NE002", "Q2", ReminderChannel.WHATSAPP)
    assert submit(store, validator, command) is True
    assert submit(store, validator, RecordReminder("NE002", "Q2", ReminderChannel.SMS)) is False
    assert _reminded(store, validator, "2024-06-30", period="Q2").reminded_by is ReminderChannel.WHATSAPP
    assert _reminded(store, validator, "2024-06-30", period="Q1").reminded_at is None
    assert len(events(store, "reminder.made")) == 1
    for unknown in (
        RecordReminder("NE999", "Q2", ReminderChannel.SMS),
        RecordReminder("NE002", "Q9", ReminderChannel.SMS),
    ):
        with pytest.raises(NotFound):
            submit(store, validator, unknown)


def test_contacts_are_the_secretariats(store: Store, validator: Actor) -> None:
    person(store, "Awa", "focal_point", "NE002")
    minister = person(store, "Ministre", "minister")
    assert _line(_silence(store, validator, "2024-06-30"), "NE002").people[0].name == "Awa"
    assert [p.name for p in _line(_silence(store, minister, "2024-06-30"), "NE002").people] == [""]
    for role, entities in (("focal_point", ("NE007",)), ("donor", ()), ("reader", ())):
        other = person(store, f"Autre {role}", role, *entities)
        with pytest.raises(NotAllowed):
            _silence(store, other, "2024-06-30")
    for actor in (minister,):
        with pytest.raises(NotAllowed):
            _reminded(store, actor, "2024-06-30")
        with pytest.raises(NotAllowed):
            submit(store, actor, RecordReminder("NE002", "Q2", ReminderChannel.SMS))


@pytest.mark.parametrize(
    ("days", "error", "column"),
    [
        (("2024-06-30", "2024-04-01", "2024-07-15"), Invalid, "due_on"),
        (("2024-04-01", "2024-06-30", "2024-06-29"), Invalid, "due_on"),
        # Forty-five days at most after a quarter: else its answers take the place of the next one's.
        (("2024-04-01", "2024-06-30", "2024-08-15"), Invalid, "due_on"),
        (("2024-03-31", "2024-06-30", "2024-07-15"), Invalid, "starts_on"),
    ],
)
def test_a_period_out_of_order_is_refused(
    sqlite_store: Store, days: tuple[str, ...], error: type[CcmError], column: str
) -> None:
    open_period(sqlite_store, "Q1", "2024-01-01", "2024-03-31", "2024-04-15")
    before = everything(sqlite_store)
    with pytest.raises(error) as caught:
        open_period(sqlite_store, "Q2", *days)
    assert isinstance(caught.value, Invalid)
    assert [problem.column for problem in caught.value.problems] == [column]
    assert everything(sqlite_store) == before


def test_every_problem_of_a_period_is_told_at_once(sqlite_store: Store) -> None:
    day = dt.date(2024, 1, 1)
    with pytest.raises(Invalid) as caught:
        submit(sqlite_store, CONSOLE, OpenPeriod("T 1", " ", day, day, day - dt.timedelta(days=1)))
    assert {problem.column for problem in caught.value.problems} == {"key", "label", "due_on"}
    open_period(sqlite_store, "Q1", "2024-01-01", "2024-03-31", "2024-04-15")
    with pytest.raises(Conflict):
        open_period(sqlite_store, "Q1", "2025-01-01", "2025-03-31", "2025-04-15")
