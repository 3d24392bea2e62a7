"""What holds of rights whoever asks: they are read again in the transaction, and never more than said."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import time_machine
from hypothesis import given, settings, strategies as st
from sqlalchemy import select

from ccm.auth import CONSOLE, NOBODY, PUBLIC, Action, Actor, allowed, allowed_somewhere
from ccm.commands import Command, ImportReports, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.people_changes import ChangePerson, DisablePerson
from ccm.commands.periods import ChangeSetting
from ccm.commands.plan_terms import RELIEVED, Assign
from ccm.commands.reports import SubmitTable
from ccm.commands.successions import RecordSuccession
from ccm.domain.dates import today, utc_now
from ccm.domain.errors import Conflict, NotAllowed, NotFound
from ccm.domain.vocabulary import RecordState, ReportState, UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerFormQuery, ReportQuery
from ccm.queries.ask import ask_as
from ccm.queries.journal import RecordJournalQuery
from ccm.queries.my_space import MySpaceQuery
from ccm.queries.record import RecordQuery
from ccm.store import Store
from ccm.store.models import ProgressReport, User
from tests.integration.acting import everything, import_reports, report
from tests.integration.people import join, signed_in
from tests.support.proof import PROOF

POSTGRESQL_ONE_IN = 4

EXAMPLES = settings(max_examples=20_000 if PROOF else 300)
ENTITIES = ("NE001", "NE002", "NE007", "MJ", "MAEC", "ETAT")
#: All that may be done on another's record by somebody who answers for some: read what is official.
ON_OTHERS = {Action.READ_VALIDATED, Action.MANAGE_OWN_ACCOUNT}

entities = st.sampled_from(ENTITIES)
actions = st.sampled_from(Action)
states = st.one_of(st.none(), st.sampled_from(RecordState))
scopes = st.frozensets(entities, max_size=3)
authors = st.sampled_from(("Awa", "Binta"))


def _focal(own: frozenset[str]) -> Actor:
    return Actor("Awa", UserRole.FOCAL_POINT, own, 1, 1)


@EXAMPLES
@given(scopes, actions, entities, states)
def test_a_focal_point_only_reads_what_is_official_of_others(
    own: frozenset[str], action: Action, entity: str, state: RecordState | None
) -> None:
    if allowed(_focal(own), action, entity, state) and entity not in own:
        assert action in ON_OTHERS
        assert state in (None, RecordState.VALIDATED, RecordState.RETRACTED, RecordState.NONE)


@EXAMPLES
@given(scopes, entities, actions, entities, states, authors)
def test_one_entity_more_takes_no_right_away(
    own: frozenset[str], more: str, action: Action, entity: str, state: RecordState | None, author: str
) -> None:
    if allowed(_focal(own), action, entity, state, author):
        assert allowed(_focal(own | {more}), action, entity, state, author)
    if allowed_somewhere(_focal(own), action):
        assert allowed_somewhere(_focal(own | {more}), action)


@EXAMPLES
@given(actions, st.one_of(st.none(), entities), states, authors)
def test_the_public_may_no_more_than_a_reader_nor_a_reader_than_a_donor(
    action: Action, entity: str | None, state: RecordState | None, author: str
) -> None:
    reader, donor = Actor("Awa", UserRole.READER), Actor("Awa", UserRole.DONOR)
    validator, administrator = Actor("Awa", UserRole.VALIDATOR), Actor("Awa", UserRole.ADMINISTRATOR)
    for less, more in ((PUBLIC, reader), (reader, donor), (validator, administrator)):
        if allowed(less, action, entity, state, author):
            assert allowed(more, action, entity, state, author)


@EXAMPLES
@given(st.sampled_from(UserRole), scopes, actions, st.one_of(st.none(), entities), states, authors)
def test_who_is_not_admitted_may_nothing(
    role: UserRole,
    own: frozenset[str],
    action: Action,
    entity: str | None,
    state: RecordState | None,
    author: str,
) -> None:
    actor = Actor("Awa", role, own, 1, 1, admitted=False)
    assert not allowed(actor, action, entity, state, author)
    assert not allowed_somewhere(actor, action)


@EXAMPLES
@given(scopes, actions, st.one_of(st.none(), entities), states, authors)
def test_who_is_confined_reaches_their_own_account_alone(
    own: frozenset[str], action: Action, entity: str | None, state: RecordState | None, author: str
) -> None:
    actor = Actor("Awa", UserRole.ADMINISTRATOR, own, 1, 1, confined=True)
    if allowed(actor, action, entity, state, author):
        assert (action, author) == (Action.MANAGE_OWN_ACCOUNT, "Awa")


@EXAMPLES
@given(st.sampled_from(UserRole), scopes, actions, entities, states)
def test_what_is_allowed_somewhere_is_allowed_on_some_record(
    role: UserRole, own: frozenset[str], action: Action, entity: str, state: RecordState | None
) -> None:
    actor = Actor("Awa", role, own, 1, 1)
    if allowed(actor, action, entity, state, "Awa"):
        assert allowed_somewhere(actor, action)


# What was true when the page was drawn -------------------------------------------------------------------


def _line(entity: str, recommendation: str = "CCM7-A1-05") -> SubmitReport:
    return SubmitReport(report(recommendation=recommendation, entity=entity), None)


def test_a_region_that_changed_hands_meanwhile_counts_as_it_is_now(store: Store) -> None:
    drawn = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
    submit(store, drawn, SaveDraft("CCM7-A1-05/NE002", {"note": "ce que je sais de Diffa"}))
    submit(store, CONSOLE, ChangePerson("Awa", "focal_point", ("NE007",), 1))
    before = everything(store)
    for command in (
        _line("NE002"),
        SaveDraft("CCM7-A1-05/NE002", {"note": "encore"}),
        SubmitTable((report(),), (None,)),
        ImportReports((report(),)),
    ):
        with pytest.raises(NotAllowed):
            submit(store, drawn, command)
    with pytest.raises(NotFound):
        ask_as(store, drawn, AnswerFormQuery("CCM7-A1-05/NE002", At(today())))
    assert everything(store) == before
    submit(store, drawn, _line("NE007"))


def test_an_answer_that_passed_to_a_successor_is_the_successors(store: Store) -> None:
    key = _of(store, "MJ")
    old = join(store, "Justice", UserRole.FOCAL_POINT, "MJ")
    new = join(store, "Affaires étrangères", UserRole.FOCAL_POINT, "MAEC")
    line = report(entity="MJ", recommendation=key, status="not_started", percent="")
    with pytest.raises(NotAllowed):
        submit(store, new, SubmitTable((line,), (None,)))
    submit(store, CONSOLE, RecordSuccession("MJ", "MAEC", today(), people_follow=False))
    for command in (SubmitReport(line, None), SubmitTable((line,), (None,)), ImportReports((line,))):
        with pytest.raises(NotAllowed):
            submit(store, old, command)
    assert submit(store, new, SubmitTable((line,), (None,))) == 1
    assert f"{key}/MJ" in repr(ask_as(store, new, MySpaceQuery(At(today()))))
    assert f"{key}/MJ" not in repr(ask_as(store, old, MySpaceQuery(At(today()))))


def test_what_takes_effect_with_no_write_counts_for_rights(store: Store) -> None:
    join(store, "Justice", UserRole.FOCAL_POINT, "MJ")
    join(store, "Affaires étrangères", UserRole.FOCAL_POINT, "MAEC")
    key = _of(store, "MJ")
    tomorrow = today() + dt.timedelta(days=1)
    submit(store, CONSOLE, RecordSuccession("MJ", "MAEC", tomorrow, people_follow=False))
    with time_machine.travel(utc_now() + dt.timedelta(days=2)):
        old, new = signed_in(store, "Justice"), signed_in(store, "Affaires étrangères")
        line = report(entity="MJ", recommendation=key, status="not_started", percent="")
        form = AnswerFormQuery(f"{key}/MJ", At(today()))
        with pytest.raises(NotFound):
            ask_as(store, old, form)
        assert ask_as(store, new, form).answer.assignment == f"{key}/MJ"
        with pytest.raises(NotAllowed):
            submit(store, old, SubmitReport(line, None))
        submit(store, new, SubmitReport(line, None))


def test_what_was_said_of_an_answer_that_ended_stays(store: Store) -> None:
    import_reports(store, report(), validate=False)
    validator = join(store, "Zara", UserRole.VALIDATOR)
    submit(store, CONSOLE, Assign("CCM7-A1-05", ("NE002",), RELIEVED))
    told = ask_as(store, validator, RecordQuery("CCM7-A1-05", today()))
    assert [one.assignment for one in told if one.ended] == ["CCM7-A1-05/NE002"]
    assert [len(one.reports) for one in told if one.assignment == "CCM7-A1-05/NE002"] == [1]
    entries = ask_as(store, validator, RecordJournalQuery("CCM7-A1-05"))
    assert {"CCM7-A1-05/NE002"} <= {entry.object_key for entry in entries}
    found = next(one for one in told if one.assignment == "CCM7-A1-05/NE002")
    assert ask_as(store, validator, ReportQuery(found.reports[0].report.id)).id == found.reports[0].report.id


def _of(store: Store, entity: str) -> str:
    """The key of a recommendation that an entity answers for."""
    from ccm.store.models import Assignment

    with store.read() as connection:
        keys = connection.execute(select(Assignment.key).where(Assignment.key.endswith(f"/{entity}")))
        return str(keys.scalars().first()).partition("/")[0]


@pytest.mark.parametrize("role", [role for role in UserRole if role is not UserRole.FOCAL_POINT])
def test_a_role_that_was_taken_away_counts_from_the_next_gesture_on(store: Store, role: UserRole) -> None:
    import_reports(store, report(), validate=False)
    drawn = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
    submit(store, CONSOLE, ChangePerson("Awa", role.value, (), 1))
    if role in (UserRole.VALIDATOR, UserRole.ADMINISTRATOR):
        return
    with pytest.raises(NotAllowed):
        submit(store, drawn, _line("NE002"))


def test_public_reading_that_was_switched_off_counts_from_the_next_question_on(store: Store) -> None:
    import_reports(store, report())
    assert ask_as(store, PUBLIC, ReportQuery(1)).id == 1
    submit(store, CONSOLE, ChangeSetting("public_reading", "off"))
    with pytest.raises(NotAllowed):
        ask_as(store, PUBLIC, ReportQuery(1))
    with pytest.raises(NotAllowed):
        ask_as(store, NOBODY, ReportQuery(1))


# Lists hold what one could open one by one, no more and no less ------------------------------------------


def test_a_list_is_what_one_may_open_of_it(sqlite_store: Store) -> None:
    store = sqlite_store
    import_reports(store, report(as_of="2024-01-31"), report(entity="NE007", line=3))
    import_reports(store, report(percent="60"), report(entity="NE001", line=3), validate=False)
    people = [CONSOLE, join(store, "Diffa", UserRole.FOCAL_POINT, "NE002")]
    people += [join(store, role.value, role) for role in UserRole if role is not UserRole.FOCAL_POINT]
    with store.read() as connection:
        every = list(connection.execute(select(ProgressReport.id)).scalars())
    for actor in people:
        opened = {one: found for one in every if (found := _opened(store, actor, one))}
        try:
            listed = ask_as(store, actor, RecordQuery("CCM7-A1-05", today()))
        except NotAllowed:
            assert all(found.state is ReportState.VALIDATED for found in opened.values())
            continue
        assert {told.report.id: told.report for one in listed for told in one.reports} == opened


def _opened(store: Store, actor: Actor, number: int):  # type: ignore[no-untyped-def]
    try:
        return ask_as(store, actor, ReportQuery(number))
    except NotFound:
        return None


# The last administrator ----------------------------------------------------------------------------------


def _refused(store: Store, actor: Actor, command: Command[None]) -> None:
    before = everything(store)
    with pytest.raises(Conflict, match="dernier compte"):
        submit(store, actor, command)
    assert everything(store) == before


def test_the_last_administrator_stays_whoever_asks(store: Store) -> None:
    one = join(store, "Une", UserRole.ADMINISTRATOR)
    for actor in (one, CONSOLE):
        _refused(store, actor, DisablePerson("Une"))
        _refused(store, actor, ChangePerson("Une", "validator", (), 1))
    from ccm.commands import AddUser

    submit(store, one, AddUser("Deux", "administrator"))
    # She has no password yet, and may never get one.
    _refused(store, one, DisablePerson("Une"))
    two = signed_in(store, "Deux")
    submit(store, one, DisablePerson("Une"))
    _refused(store, two, ChangePerson("Deux", "reader", (), 1))


def test_two_administrators_who_take_each_other_off_are_not_both_gone(store: Store) -> None:
    actors = [join(store, name, UserRole.ADMINISTRATOR) for name in ("Une", "Deux")]
    together = threading.Barrier(2)

    def take_off(actor: Actor, other: Actor) -> type[Exception] | None:
        together.wait()
        try:
            submit(store, actor, DisablePerson(other.name))
        except (Conflict, NotAllowed) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(2) as threads:
        tries = [threads.submit(take_off, *pair) for pair in (actors, actors[::-1])]
    # Who was taken off first may do nothing any more.
    assert {one.result() for one in tries} == {None, NotAllowed}
    with store.read() as connection:
        left = connection.execute(select(User.name).where(User.disabled_at.is_(None))).scalars().all()
    assert len(left) == 1


def test_a_stale_form_overwrites_nobody(store: Store) -> None:
    join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
    submit(store, CONSOLE, ChangePerson("Awa", "focal_point", ("NE007",), 1))
    with pytest.raises(Conflict):
        submit(store, CONSOLE, ChangePerson("Awa", "reader", (), 1))
    assert replace(signed_in(store, "Awa"), sign_in_id=None).entities == {"NE007"}
