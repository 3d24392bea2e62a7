"""One-time links, the first administrator, and what a person does with their own account."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from ccm.auth import CONSOLE, PUBLIC
from ccm.auth.confirmation import ConfirmationNeeded
from ccm.commands import Command, OpenSession, submit
from ccm.commands.guesses import TooManyGuesses
from ccm.commands.one_time_links import (
    IssueLink,
    first_administrator_code,
    has_administrator,
    make_first_administrator,
    open_link,
    use_link,
)
from ccm.commands.own_account import (
    BeginSecondFactor,
    ConfirmSecondFactor,
    RemoveSecondFactor,
    SignOut,
    change_password,
    confirm_password,
)
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.commands.periods import ChangeSetting
from ccm.commands.sign_in import touch
from ccm.commands.successions import RecordSuccession
from ccm.domain.dates import utc_now
from ccm.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import ask_as
from ccm.queries.integrity import verify
from ccm.queries.journal import HeadQuery
from ccm.store import Store
from ccm.store.models import AuditEvent, Credential, OneTimeLink, RecoveryCode, SignIn, User
from tests.support.accounts import (
    ADMINISTRATOR,
    DIFFA,
    DONOR,
    HERE,
    PASSWORD,
    add,
    enter,
    is_refused,
    minutes,
    who,
)

OTHER = "tortue mil puits sable"


@pytest.fixture
def clock(quick_hashes: None) -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved, and cheap hashes."""
    with time_machine.travel(dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def empty(sqlite_store: Store, clock: time_machine.Traveller) -> Store:
    """A store where nobody has an account."""
    return sqlite_store


@pytest.fixture
def people(empty: Store) -> Store:
    """A store with a focal point, an administrator, and a donor who has no password yet."""
    add(empty, DIFFA, "focal_point", "NE002")
    add(empty, ADMINISTRATOR, "administrator")
    add(empty, DONOR, "donor", password=None)
    return empty


def link_for(store: Store, name: str) -> str:
    """The token of a new link."""
    return submit(store, CONSOLE, IssueLink(name))


def is_dead(store: Store, token: str) -> bool:
    """Whether a link neither opens nor sets a password."""
    with store.read() as connection, pytest.raises(NotFound):
        open_link(connection, token, utc_now())
    with pytest.raises(NotFound):
        use_link(store, token, OTHER)
    return True


# One-time links ----------------------------------------------------------------------------------------


def test_a_link_sets_a_password_and_signs_in_once(people: Store) -> None:
    token = link_for(people, DONOR)
    with people.read() as connection:
        assert open_link(connection, token, utc_now()).name == DONOR
    assert who(people, use_link(people, token, OTHER)).name == DONOR
    assert is_dead(people, token)
    assert who(people, enter(people, DONOR, OTHER)).role is UserRole.DONOR


def test_a_reset_ends_what_was_open_once_it_is_used(people: Store) -> None:
    held = enter(people)
    token = link_for(people, DIFFA)
    assert who(people, held).signed_in
    assert not is_refused(people, DIFFA, PASSWORD)
    use_link(people, token, OTHER)
    assert who(people, held) == PUBLIC
    assert is_refused(people, DIFFA, PASSWORD)


def test_a_link_is_used_up_only_where_all_went_well(people: Store) -> None:
    token = link_for(people, DONOR)
    with pytest.raises(Invalid):
        use_link(people, token, "azerty")
    assert who(people, use_link(people, token, OTHER)).name == DONOR


def test_a_link_lasts_a_day(people: Store, clock: time_machine.Traveller) -> None:
    token = link_for(people, DONOR)
    clock.shift(dt.timedelta(hours=24))
    assert is_dead(people, token)


@pytest.mark.parametrize("back", [minutes(2), dt.timedelta(days=400)])
def test_a_clock_that_goes_back_lengthens_no_link(
    people: Store, clock: time_machine.Traveller, back: dt.timedelta
) -> None:
    token = link_for(people, DONOR)
    clock.shift(-back)
    assert is_dead(people, token)
    assert who(people, use_link(people, link_for(people, DONOR), OTHER)).name == DONOR


def test_a_newer_link_a_new_password_and_leaving_kill_a_link(people: Store) -> None:
    older = link_for(people, DONOR)
    newer = link_for(people, DONOR)
    assert is_dead(people, older)
    submit(people, CONSOLE, DisablePerson(DONOR))
    submit(people, CONSOLE, EnablePerson(DONOR))
    assert is_dead(people, newer)
    reset = link_for(people, DIFFA)
    change_password(people, who(people, enter(people)), PASSWORD, OTHER, HERE)
    assert is_dead(people, reset)


@pytest.mark.parametrize("token", ["", " ", "x" * 10_000, "\0", "é", "' or 1=1 --"])
def test_what_is_no_link_opens_nothing(people: Store, token: str) -> None:
    link_for(people, DONOR)
    assert is_dead(people, token)


def test_a_link_stands_for_its_person_alone(people: Store) -> None:
    tokens = {name: link_for(people, name) for name in (DIFFA, DONOR)}
    use_link(people, tokens[DONOR], OTHER)
    assert not is_refused(people, DIFFA, PASSWORD)
    with pytest.raises(NotFound):
        make_first_administrator(people, tokens[DIFFA], "Intrus", OTHER)


def test_only_administrators_hand_over_links_and_nobody_learns_a_token(people: Store) -> None:
    with pytest.raises(NotAllowed):
        submit(people, who(people, enter(people)), IssueLink(DONOR))
    token = submit(people, who(people, enter(people, ADMINISTRATOR)), IssueLink(DONOR))
    assert len(token) >= 32
    with people.read() as connection:
        kept = set(connection.execute(select(OneTimeLink.token_hash)).scalars())
        told = " ".join(str(row) for row in connection.execute(select(AuditEvent)).all())
    assert token not in kept
    assert token not in told


def test_a_link_never_stands_in_for_a_second_factor(people: Store, clock: time_machine.Traveller) -> None:
    held = enter(people)
    secret = submit(people, who(people, held), BeginSecondFactor())
    submit(people, who(people, held), ConfirmSecondFactor(pyotp.TOTP(secret).at(int(utc_now().timestamp()))))
    clock.shift(minutes(1))
    token = link_for(people, DIFFA)
    with people.read() as connection:
        before = connection.execute(select(SignIn.id)).all()
    assert use_link(people, token, OTHER, address="198.51.100.7") is None
    with people.read() as connection:
        assert connection.execute(select(SignIn.id)).all() == before, "a sign-in was opened without a code"
    assert who(people, held) == PUBLIC
    assert is_dead(people, token)
    assert is_refused(people, DIFFA, OTHER)
    code = pyotp.TOTP(secret).at(int(utc_now().timestamp()))
    assert who(people, enter(people, DIFFA, OTHER, code=code)).name == DIFFA


def test_whoever_was_handed_a_link_is_no_stranger_where_they_used_it(
    people: Store, clock: time_machine.Traveller
) -> None:
    secret = submit(people, who(people, enter(people)), BeginSecondFactor())
    actor = who(people, enter(people))
    submit(people, actor, ConfirmSecondFactor(pyotp.TOTP(secret).at(int(utc_now().timestamp()))))
    clock.shift(minutes(16))
    for n in range(40):
        assert is_refused(people, DIFFA, address=f"203.0.{n}.1")
    use_link(people, link_for(people, DIFFA), OTHER, address="198.51.100.7")
    code = pyotp.TOTP(secret).at(int(utc_now().timestamp()))
    assert who(people, enter(people, DIFFA, OTHER, code=code, address="198.51.100.7")).name == DIFFA


# The first administrator -------------------------------------------------------------------------------


def test_the_first_administrator_is_made_by_the_code_of_the_console(empty: Store) -> None:
    code = first_administrator_code(empty)
    assert code
    token = make_first_administrator(empty, f" {code} ", "Secrétariat permanent 1", PASSWORD)
    actor = who(empty, token)
    assert (actor.name, actor.role) == ("Secrétariat permanent 1", UserRole.ADMINISTRATOR)
    assert first_administrator_code(empty) is None
    with pytest.raises(NotFound):
        make_first_administrator(empty, code, "Autre", PASSWORD)
    assert all(check.passed for check in verify(empty))


def test_a_code_dies_after_an_hour_and_by_the_next_one(empty: Store, clock: time_machine.Traveller) -> None:
    first = first_administrator_code(empty)
    second = first_administrator_code(empty)
    assert first
    assert second
    for code in (first, "", "x"):
        with pytest.raises(NotFound):
            make_first_administrator(empty, code, "Secrétariat", PASSWORD)
    clock.shift(minutes(60))
    with pytest.raises(NotFound):
        make_first_administrator(empty, second, "Secrétariat", PASSWORD)
    assert first_administrator_code(empty)


@pytest.mark.parametrize("name", ["", "   ", "\0", "x" * 121, "a\nb", "\u202e", "console", "Consôle"])
def test_a_bad_name_or_password_leaves_the_code_as_it_was(empty: Store, name: str) -> None:
    code = first_administrator_code(empty) or ""
    with pytest.raises((Invalid, Conflict)):
        make_first_administrator(empty, code, name, PASSWORD)
    with pytest.raises(Invalid):
        make_first_administrator(empty, code, "Secrétariat", "azerty")
    assert who(empty, make_first_administrator(empty, code, "Secrétariat", PASSWORD)).signed_in


def test_a_code_is_no_person_s_link(empty: Store) -> None:
    assert is_dead(empty, first_administrator_code(empty) or "")


def test_an_administrator_made_at_the_terminal_closes_the_code(empty: Store) -> None:
    code = first_administrator_code(empty) or ""
    add(empty, ADMINISTRATOR, "administrator")
    with pytest.raises(NotFound):
        make_first_administrator(empty, code, "Intrus", PASSWORD)
    with empty.read() as connection:
        assert has_administrator(connection)


def test_there_is_no_account_that_nobody_made(empty: Store) -> None:
    with empty.read() as connection:
        for table in (User, Credential, OneTimeLink, SignIn):
            assert connection.execute(select(table)).all() == []


# One's own account -------------------------------------------------------------------------------------


def test_a_new_password_ends_every_other_sign_in(people: Store) -> None:
    here, others = enter(people), [enter(people) for _ in range(3)]
    change_password(people, who(people, here), PASSWORD, OTHER, HERE)
    assert who(people, here).signed_in
    assert [who(people, token) for token in others] == [PUBLIC] * 3
    assert is_refused(people, DIFFA, PASSWORD)
    assert not is_refused(people, DIFFA, OTHER)


def test_all_that_is_wrong_with_a_new_password_is_told_at_once(people: Store) -> None:
    actor = who(people, enter(people))
    with pytest.raises(Invalid) as caught:
        change_password(people, actor, "wrong", "azerty", HERE)
    assert len(caught.value.problems) == 2
    assert not is_refused(people, DIFFA, PASSWORD)


def test_the_public_has_no_account(people: Store) -> None:
    for refused in (
        lambda: change_password(people, PUBLIC, PASSWORD, OTHER, HERE),
        lambda: confirm_password(people, PUBLIC, PASSWORD, HERE),
        lambda: submit(people, PUBLIC, BeginSecondFactor()),
        lambda: submit(people, PUBLIC, SignOut()),
        lambda: submit(people, PUBLIC, RemoveSecondFactor(PUBLIC.name)),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_guesses_inside_are_as_few_as_at_the_door(people: Store) -> None:
    actor = who(people, enter(people))
    for _ in range(5):
        with pytest.raises(Invalid):
            confirm_password(people, actor, "wrong", HERE)
    with pytest.raises(Invalid):
        confirm_password(people, actor, PASSWORD, HERE)
    assert is_refused(people, DIFFA, PASSWORD)
    with pytest.raises((Invalid, TooManyGuesses)):
        change_password(people, actor, PASSWORD, OTHER, HERE)
    assert not is_refused(people, DIFFA, PASSWORD, address="198.51.100.7")


def _sensitive() -> list[Command[object]]:
    return [
        ChangePerson(DIFFA, "donor", (), 1),
        DisablePerson(DIFFA),
        EnablePerson(DIFFA),
        IssueLink(DIFFA),
        RemoveSecondFactor(DIFFA),
        BeginSecondFactor(),
        ConfirmSecondFactor("123456"),
        SetContact(DIFFA, email="diffa@exemple.ne"),
        ChangeSetting("public_reading", "off"),
        RecordSuccession("NE002", "NE007", dt.date(2025, 12, 1)),
        OpenSession(8, dt.date(2025, 12, 1)),
    ]


@pytest.mark.parametrize("command", _sensitive(), ids=lambda command: type(command).__name__)
def test_sensitive_gestures_ask_for_the_password_again(
    people: Store, clock: time_machine.Traveller, command: Command[object]
) -> None:
    token = enter(people, ADMINISTRATOR)
    clock.shift(minutes(11))
    touch(people, who(people, token))
    with pytest.raises(ConfirmationNeeded):
        submit(people, who(people, token), command)
    with pytest.raises(Invalid):
        confirm_password(people, who(people, token), "wrong", HERE)
    with pytest.raises(ConfirmationNeeded):
        submit(people, who(people, token), command)
    confirm_password(people, who(people, token), PASSWORD, HERE)
    # Let through: what the command itself may find wrong on this store is no matter here.
    with suppress(Conflict, Invalid, NotFound):
        submit(people, who(people, token), command)


def test_the_head_of_the_journal_leaves_with_whoever_gave_their_password(
    people: Store, clock: time_machine.Traveller
) -> None:
    token = enter(people, ADMINISTRATOR)
    clock.shift(minutes(11))
    with pytest.raises(ConfirmationNeeded):
        ask_as(people, who(people, token), HeadQuery())
    confirm_password(people, who(people, token), PASSWORD, HERE)
    assert ask_as(people, who(people, token), HeadQuery()).seq > 0
    assert ask_as(people, CONSOLE, HeadQuery()).seq > 0


def test_whoever_joins_the_secretariat_is_signed_in_no_longer_than_it(
    people: Store, clock: time_machine.Traveller
) -> None:
    here, later = enter(people), None
    for minute in range(0, 8 * 60, 20):
        if minute == 60:
            later = enter(people)
            submit(people, CONSOLE, ChangePerson(DIFFA, "validator", (), 1))
            submit(people, CONSOLE, ChangePerson(DIFFA, "donor", (), 2))
        for token in (here, later):
            touch(people, who(people, token))
            assert token is None or who(people, token).signed_in
        clock.shift(minutes(20))
    assert who(people, here) == PUBLIC
    assert who(people, later).signed_in


def test_a_confirmation_is_this_browser_s(people: Store, clock: time_machine.Traveller) -> None:
    here, there = enter(people, ADMINISTRATOR), enter(people, ADMINISTRATOR)
    clock.shift(minutes(11))
    confirm_password(people, who(people, here), PASSWORD, HERE)
    with pytest.raises(ConfirmationNeeded):
        submit(people, who(people, there), IssueLink(DIFFA))


def test_a_second_factor_begun_anew_replaces_the_secret_until_it_is_in_force(people: Store) -> None:
    actor = who(people, enter(people))
    first, second = submit(people, actor, BeginSecondFactor()), submit(people, actor, BeginSecondFactor())
    with pytest.raises(Invalid):
        submit(people, actor, ConfirmSecondFactor(pyotp.TOTP(first).at(int(utc_now().timestamp()))))
    codes = submit(people, actor, ConfirmSecondFactor(pyotp.TOTP(second).at(int(utc_now().timestamp()))))
    with pytest.raises(Conflict):
        submit(people, actor, BeginSecondFactor())
    with people.read() as connection:
        kept = set(connection.execute(select(RecoveryCode.code_hash)).scalars())
    assert not kept & set(codes)


def test_who_lost_it_has_it_taken_off_by_an_administrator(people: Store) -> None:
    actor = who(people, enter(people))
    secret = submit(people, actor, BeginSecondFactor())
    submit(people, actor, ConfirmSecondFactor(pyotp.TOTP(secret).at(int(utc_now().timestamp()))))
    add(people, "Bailleur Bêta", "donor")
    with pytest.raises(NotAllowed):
        submit(people, who(people, enter(people, "Bailleur Bêta")), RemoveSecondFactor(DIFFA))
    assert is_refused(people, DIFFA, PASSWORD)
    submit(people, who(people, enter(people, ADMINISTRATOR)), RemoveSecondFactor(DIFFA))
    assert not is_refused(people, DIFFA, PASSWORD)


def test_the_journal_tells_what_was_done_and_no_secret(people: Store) -> None:
    actor = who(people, enter(people))
    secret = submit(people, actor, BeginSecondFactor())
    codes = submit(people, actor, ConfirmSecondFactor(pyotp.TOTP(secret).at(int(utc_now().timestamp()))))
    change_password(people, actor, PASSWORD, OTHER, HERE)
    submit(people, actor, RemoveSecondFactor(DIFFA))
    submit(people, actor, SignOut(everywhere=True))
    with people.read() as connection:
        rows = connection.execute(select(AuditEvent).where(AuditEvent.actor == DIFFA)).all()
    told = [row.action for row in rows]
    assert told[-4:] == [
        "user.second_factor_set",
        "user.password_changed",
        "user.second_factor_removed",
        "user.signed_out_everywhere",
    ]
    everything = " ".join(str(row) for row in rows)
    for hidden in (secret, PASSWORD, OTHER, *codes):
        assert hidden not in everything
