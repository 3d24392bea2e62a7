"""Signing in: who gets in, what everybody else is told, and how long it lasts."""

import datetime as dt
import hashlib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import pyotp
import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select, update

from ccm.auth import CONSOLE, NOBODY, PUBLIC, Action, allowed, passwords
from ccm.commands import RetractReport, submit
from ccm.commands.guesses import device_mark
from ccm.commands.own_account import BeginSecondFactor, ConfirmSecondFactor, SignOut
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.commands.periods import ChangeSetting
from ccm.commands.sign_in import NotSignedIn, end_lapsed, sign_in, touch
from ccm.domain.dates import utc_now
from ccm.domain.errors import NotAllowed
from ccm.domain.vocabulary import SignInEnd, UserRole
from ccm.queries.ask import ask_as
from ccm.queries.own_account import OwnAccountQuery
from ccm.store import Store, open_store
from ccm.store.models import Credential, SignIn, SignInAttempt
from tests.support.accounts import (
    ADMINISTRATOR,
    DIFFA,
    DONOR,
    PASSWORD,
    add,
    enter,
    is_refused,
    minutes,
    who,
)
from tests.support.machine import ROOT

START = dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC)


@pytest.fixture
def clock(quick_hashes: None) -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved, and cheap hashes."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(sqlite_store: Store, clock: time_machine.Traveller) -> Store:
    """A store with a focal point, an administrator and a donor."""
    add(sqlite_store, DIFFA, "focal_point", "NE002")
    add(sqlite_store, ADMINISTRATOR, "administrator")
    add(sqlite_store, DONOR, "donor")
    return sqlite_store


# Who gets in -------------------------------------------------------------------------------------------


def test_a_name_and_a_password_open_a_sign_in(people: Store) -> None:
    actor = who(people, enter(people))
    assert (actor.name, actor.role, actor.entities) == (DIFFA, UserRole.FOCAL_POINT, {"NE002"})
    assert actor.signed_in


@pytest.mark.parametrize(
    "typed", ["point focal diffa", "  POINT  FOCAL DIFFA ", "diffa@exemple.ne", "DIFFA@Exemple.ne"]
)
def test_capitals_blanks_and_the_mail_address_do(people: Store, typed: str) -> None:
    submit(people, CONSOLE, SetContact(DIFFA, email="diffa@exemple.ne"))
    assert who(people, enter(people, typed)).name == DIFFA


def test_a_mail_address_of_two_people_is_nobodys(people: Store) -> None:
    for name in (DIFFA, DONOR):
        submit(people, CONSOLE, SetContact(name, email="bureau@exemple.ne"))
    assert is_refused(people, "bureau@exemple.ne", PASSWORD)


def test_only_the_hash_of_a_long_random_token_is_kept(people: Store) -> None:
    tokens = {enter(people) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)
    with people.read() as connection:
        kept = set(connection.execute(select(SignIn.token_hash)).scalars())
    assert {hashlib.sha256(token.encode()).hexdigest() for token in tokens} <= kept
    assert not tokens & kept


def test_every_wrong_answer_is_the_same(people: Store) -> None:
    add(people, "Sans mot de passe", "reader", password=None)
    add(people, "Parti", "reader")
    submit(people, CONSOLE, DisablePerson("Parti"))
    said = set()
    tried = [
        (DIFFA, "x"),
        ("Personne", PASSWORD),
        ("", ""),
        ("Sans mot de passe", PASSWORD),
        ("Parti", PASSWORD),
    ]
    tried += [("\0", "\0"), ("x" * 70_000, "y" * 70_000), (DIFFA, "cheval agrafe pile correcte ")]
    for name, password in tried:
        with pytest.raises(NotSignedIn) as refused:
            enter(people, name, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_sign_in_replaces_the_one_the_browser_held(people: Store) -> None:
    planted = enter(people, DONOR)
    token = enter(people, replaced=planted)
    assert token != planted
    assert who(people, planted) == PUBLIC
    assert who(people, token).name == DIFFA


def test_a_refused_sign_in_ends_nothing(people: Store) -> None:
    held = enter(people)
    assert is_refused(people, DONOR, replaced=held)
    assert who(people, held).name == DIFFA


def test_a_weaker_hash_is_made_anew_at_the_next_sign_in(
    people: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    def kept() -> str:
        with people.read() as connection:
            return connection.execute(
                select(Credential.password_hash).where(Credential.user_id == who(people, token).user_id)
            ).scalar_one()

    token = enter(people)
    assert "m=16,t=2,p=1" in kept()
    assert who(people, enter(people)).name == DIFFA


def test_a_password_that_changes_while_it_is_checked_opens_nothing(
    people: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = passwords.matches

    def meanwhile(kept: str | None, password: str) -> bool:
        with people.write("test") as transaction:
            transaction.connection.execute(update(Credential).values(password_hash=passwords.hashed("other")))
        return right(kept, password)

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert is_refused(people, DIFFA, PASSWORD)


def test_unknown_and_wrong_take_the_same_time(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of this thread's own work, which no neighbour on the machine lengthens; real hashes."""
    with time_machine.travel(START, tick=False) as clock:
        add(sqlite_store, DIFFA, "focal_point", "NE002")
        took: dict[str, list[float]] = {DIFFA: [], "Personne": []}
        for turn in range(31):
            # By turns, so that both meet the same machine; apart, so that each is looked at.
            for name in sorted(took, reverse=bool(turn % 2)):
                clock.shift(minutes(16))
                began = time.thread_time()
                assert is_refused(sqlite_store, name, "typed by mistake", address=f"203.0.113.{turn}")
                took[name].append(time.thread_time() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert known > 0.005, "no slow hash was made"
    assert abs(known / unknown - 1) < 0.1


# How long it lasts -------------------------------------------------------------------------------------


def test_silence_for_half_an_hour_ends_it(people: Store, clock: time_machine.Traveller) -> None:
    token = enter(people)
    clock.shift(minutes(29.9))
    assert who(people, token).signed_in
    clock.shift(minutes(0.2))
    assert who(people, token) == PUBLIC


@pytest.mark.parametrize(("name", "hours"), [(DIFFA, 12), (DONOR, 12), (ADMINISTRATOR, 8)])
def test_it_ends_at_last_however_active_one_is(
    people: Store, clock: time_machine.Traveller, name: str, hours: int
) -> None:
    token = enter(people, name)
    for _ in range(hours * 6 - 1):
        clock.shift(minutes(10))
        touch(people, who(people, token))
    assert who(people, token).signed_in
    clock.shift(minutes(10))
    touch(people, who(people, token))
    assert not who(people, token).signed_in


def test_to_change_something_is_to_be_active(people: Store, clock: time_machine.Traveller) -> None:
    token = enter(people)
    for _ in range(3):
        clock.shift(minutes(20))
        with pytest.raises(NotAllowed):
            submit(people, who(people, token), RetractReport(1, "motif"))
        # What is refused changes nothing, and a person who only asks is not told of again.
        assert ask_as(people, who(people, token), OwnAccountQuery()).name == DIFFA
        touch(people, who(people, token))
    assert who(people, token).signed_in


def test_asking_does_not_keep_it_alive(people: Store, clock: time_machine.Traveller) -> None:
    token = enter(people)
    for _ in range(31):
        ask_as(people, who(people, token), OwnAccountQuery())
        clock.shift(minutes(1))
        if not who(people, token).signed_in:
            break
    assert not who(people, token).signed_in


@pytest.mark.parametrize(
    "back", [minutes(2), dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=19_000)]
)
def test_a_clock_that_goes_back_lengthens_nothing(
    people: Store, clock: time_machine.Traveller, back: dt.timedelta
) -> None:
    token = enter(people)
    clock.shift(-back)
    assert who(people, token) == PUBLIC
    end_lapsed(people, token)
    clock.shift(back)
    assert who(people, token) == PUBLIC
    with people.read() as connection:
        ends = connection.execute(select(SignIn.ended_reason).where(SignIn.ended_reason.is_not(None)))
        assert SignInEnd.IDLE in set(ends.scalars())


def test_one_can_sign_in_and_act_after_a_clock_went_back(
    people: Store, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(hours=-3))
    token = enter(people)
    assert who(people, token).name == DIFFA
    assert submit(people, who(people, token), SignOut()) == 1
    assert who(people, token) == PUBLIC


def test_a_sign_in_that_still_lasts_is_not_ended_by_mistake(people: Store) -> None:
    token = enter(people)
    end_lapsed(people, token)
    end_lapsed(people, "no such token")
    assert who(people, token).signed_in


# What ends it, or changes it, at once ------------------------------------------------------------------


def test_signing_out_ends_this_browser_or_all_of_them(people: Store) -> None:
    tokens = [enter(people) for _ in range(5)]
    other = enter(people, DONOR)
    assert submit(people, who(people, tokens[0]), SignOut()) == 1
    assert [who(people, token).signed_in for token in tokens] == [False, True, True, True, True]
    # The four that are left, and the one that setting the password had opened.
    assert submit(people, who(people, tokens[1]), SignOut(everywhere=True)) == 5
    assert not any(who(people, token).signed_in for token in tokens)
    assert who(people, other).signed_in


def test_a_disabled_person_is_out_at_once_and_stays_so(people: Store) -> None:
    tokens = [enter(people) for _ in range(5)]
    actors = [who(people, token) for token in tokens]
    submit(people, CONSOLE, DisablePerson(DIFFA))
    assert [who(people, token) for token in tokens] == [PUBLIC] * 5
    for actor in actors:
        with pytest.raises(NotAllowed):
            submit(people, actor, SignOut())
        with pytest.raises(NotAllowed):
            ask_as(people, actor, OwnAccountQuery())
    submit(people, CONSOLE, EnablePerson(DIFFA))
    assert [who(people, token) for token in tokens] == [PUBLIC] * 5
    assert who(people, enter(people)).name == DIFFA


def test_a_region_taken_away_is_gone_at_the_next_event(people: Store) -> None:
    token = enter(people)
    assert allowed(who(people, token), Action.SUBMIT_REPORT, "NE002")
    submit(people, CONSOLE, ChangePerson(DIFFA, "focal_point", ("NE003",), 1))
    assert not allowed(who(people, token), Action.SUBMIT_REPORT, "NE002")
    assert allowed(who(people, token), Action.SUBMIT_REPORT, "NE003")
    submit(people, CONSOLE, ChangePerson(DIFFA, "reader", (), 2))
    assert not allowed(who(people, token), Action.SUBMIT_REPORT, "NE003")


def test_without_public_reading_nobody_reads_who_is_not_signed_in(people: Store) -> None:
    token = enter(people)
    assert who(people, None) == PUBLIC
    submit(people, CONSOLE, ChangeSetting("public_reading", "off"))
    assert who(people, None) == who(people, "nothing") == NOBODY
    assert not allowed(NOBODY, Action.READ_VALIDATED)
    assert who(people, token).signed_in


# The second factor -------------------------------------------------------------------------------------


def _with_second_factor(store: Store, name: str) -> tuple[str, tuple[str, ...]]:
    actor = who(store, enter(store, name))
    secret = submit(store, actor, BeginSecondFactor())
    codes = submit(store, actor, ConfirmSecondFactor(_code(secret)))
    return secret, codes


def _code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(utc_now().timestamp()) + 30 * steps)


def test_a_code_is_asked_for_and_taken_once(people: Store, clock: time_machine.Traveller) -> None:
    secret, _ = _with_second_factor(people, DIFFA)
    assert is_refused(people, DIFFA, PASSWORD)
    assert is_refused(people, DIFFA, PASSWORD, code=_code(secret)), "the code that put it in force"
    clock.shift(minutes(1))
    code = _code(secret)
    assert who(people, enter(people, code=f" {code[:3]} {code[3:]} ")).name == DIFFA
    assert is_refused(people, DIFFA, PASSWORD, code=code)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_one_step_early_or_late(
    people: Store, clock: time_machine.Traveller, steps: int, right: bool
) -> None:
    secret, _ = _with_second_factor(people, DIFFA)
    clock.shift(minutes(5))
    assert is_refused(people, DIFFA, PASSWORD, code=_code(secret, steps)) is not right


def test_a_recovery_code_stands_in_once(people: Store) -> None:
    _, codes = _with_second_factor(people, DIFFA)
    assert len(set(codes)) == 8
    assert who(people, enter(people, code=codes[0].upper().replace("-", " "))).name == DIFFA
    assert is_refused(people, DIFFA, PASSWORD, code=codes[0])
    assert is_refused(people, DIFFA, "wrong", code=codes[1])
    assert who(people, enter(people, code=codes[1])).name == DIFFA


@pytest.mark.parametrize(
    "code", ["", "000000", "\uff11\uff12\uff13\uff14\uff15\uff16", "abcde-fghjk", "0" * 5000, "\0"]
)
def test_a_wrong_code_is_told_as_a_wrong_password(people: Store, code: str) -> None:
    _with_second_factor(people, DIFFA)
    assert is_refused(people, DIFFA, PASSWORD, code=code)


def test_an_administrator_without_a_required_second_factor_reaches_the_account_alone(
    people: Store, clock: time_machine.Traveller
) -> None:
    token, other = enter(people, ADMINISTRATOR), enter(people, DIFFA)
    submit(people, CONSOLE, ChangeSetting("second_factor_for_administrators", "required"))
    actor = who(people, token)
    may = {action for action in Action if allowed(actor, action, "NE002", author=actor.name)}
    assert may == {Action.MANAGE_OWN_ACCOUNT}
    with pytest.raises(NotAllowed, match="second facteur"):
        submit(people, actor, ChangeSetting("second_factor_for_administrators", "optional"))
    assert allowed(who(people, other), Action.SUBMIT_REPORT, "NE002"), "only administrators"
    secret = submit(people, actor, BeginSecondFactor())
    assert not allowed(who(people, token), Action.MANAGE_USERS), "begun is not yet in place"
    submit(people, actor, ConfirmSecondFactor(_code(secret)))
    assert allowed(who(people, token), Action.MANAGE_USERS)


# Guesses -----------------------------------------------------------------------------------------------


def _looked_at(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Notes, for each guess, whether it was held against the person's own hash."""
    seen: list[bool] = []
    matches = passwords.matches

    def noting(kept: str | None, password: str) -> bool:
        seen.append(kept is not None)
        return matches(kept, password)

    monkeypatch.setattr(passwords, "matches", noting)
    return seen


def test_an_account_stands_ten_guesses_in_a_quarter_of_an_hour(
    people: Store, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(people, CONSOLE, SetContact(DIFFA, email="diffa@exemple.ne"))
    seen = _looked_at(monkeypatch)
    for n in range(300):
        name = (DIFFA, "diffa@exemple.ne", "POINT FOCAL DIFFA")[n % 3]
        assert is_refused(people, name, address=f"203.0.{n % 30}.{n}")
    assert 1 <= sum(seen) <= 10
    assert len(seen) == 300, "what is not looked at takes the same time"
    seen.clear()
    clock.shift(minutes(15.1))
    assert is_refused(people, DIFFA, address="203.0.113.1")
    assert seen == [True], "guesses that were not looked at do not keep an account closed"


def test_an_attacker_does_not_lock_the_owner_out(people: Store) -> None:
    for _ in range(40):
        assert is_refused(people, DIFFA, address="203.0.113.1")
    assert who(people, enter(people, address="198.51.100.7")).name == DIFFA


def test_many_attackers_do_not_lock_the_owner_out_of_a_known_address(people: Store) -> None:
    enter(people, address="198.51.100.7")
    for n in range(40):
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}")
    assert is_refused(people, DIFFA, PASSWORD, address="203.0.113.200"), "an address nobody signed in from"
    assert who(people, enter(people, address="198.51.100.7")).name == DIFFA


def test_a_device_of_an_earlier_sign_in_is_never_a_stranger(
    people: Store, clock: time_machine.Traveller
) -> None:
    device = device_mark(enter(people, address="198.51.100.7"))
    other = device_mark(enter(people, DONOR, address="198.51.100.7"))
    clock.shift(dt.timedelta(days=1))
    for n in range(40):
        # Strangers, and whoever is on the network that the owner signed in from.
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}")
        assert is_refused(people, DIFFA, address="198.51.100.7")
    for mark in ("", other, "0" * 64, "\0"):
        assert is_refused(people, DIFFA, PASSWORD, address="203.0.113.200", device=mark)
    assert who(people, enter(people, address="203.0.113.201", device=device)).name == DIFFA


def test_a_device_may_guess_no_more_than_an_address(people: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    device = device_mark(enter(people))
    seen = _looked_at(monkeypatch)
    for n in range(15):
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}", device=device)
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}")
    assert sum(seen) <= 10
    seen.clear()
    for n in range(15):
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}", device=device)
    assert sum(seen) == 0


def test_a_device_is_forgotten_after_three_months(people: Store, clock: time_machine.Traveller) -> None:
    device = device_mark(enter(people))
    clock.shift(dt.timedelta(days=91))
    for n in range(10):
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}")
    assert is_refused(people, DIFFA, PASSWORD, address="203.0.113.200", device=device)


def test_the_owner_gets_in_from_a_new_address_while_a_few_guess_without_end(
    people: Store, clock: time_machine.Traveller
) -> None:
    attackers = [f"203.0.113.{n}" for n in range(2)]
    for minute in range(60):
        for address in attackers:
            assert is_refused(people, DIFFA, address=address)
        clock.shift(minutes(1))
        if minute == 40:
            began = utc_now()
        if minute > 40 and not is_refused(people, DIFFA, PASSWORD, address="198.51.100.9"):
            assert utc_now() - began <= minutes(15)
            return
    pytest.fail("the owner never got in")


def test_the_right_password_is_not_told_apart_once_there_were_too_many(people: Store) -> None:
    for _ in range(5):
        assert is_refused(people, DIFFA)
    with pytest.raises(NotSignedIn) as right:
        enter(people)
    with pytest.raises(NotSignedIn) as unknown:
        enter(people, "Personne")
    assert str(right.value) == str(unknown.value)


def test_an_ipv6_network_counts_as_one_address(people: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _looked_at(monkeypatch)
    for n in range(20):
        assert is_refused(people, DIFFA, address=f"2001:db8:1:2::{n:x}")
    assert sum(seen) == 5


def test_wrong_codes_count_as_guesses(people: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_second_factor(people, DIFFA)
    seen = _looked_at(monkeypatch)
    for n in range(20):
        assert is_refused(people, DIFFA, PASSWORD, code=f"{n:06}", address="203.0.113.1")
    assert sum(seen) == 5


def test_a_clock_that_goes_back_does_not_lock_anybody_out(
    people: Store, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        assert is_refused(people)
    clock.shift(dt.timedelta(days=-2))
    assert who(people, enter(people)).name == DIFFA


def test_addresses_are_kept_no_longer_than_they_serve(people: Store, clock: time_machine.Traveller) -> None:
    enter(people, address="198.51.100.7")
    assert is_refused(people, address="203.0.113.1")
    clock.shift(dt.timedelta(days=2))
    enter(people, address="198.51.100.8")
    assert _addresses(people) == {"198.51.100.7", "198.51.100.8"}
    clock.shift(dt.timedelta(days=91))
    enter(people, address="198.51.100.9")
    assert _addresses(people) == {"198.51.100.9"}


def _addresses(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(select(SignInAttempt.address)).scalars())


def test_an_address_that_guesses_everywhere_has_to_wait(people: Store) -> None:
    from ccm.commands.guesses import TooManyGuesses

    for n in range(50):
        assert is_refused(people, f"Personne {n}")
    with pytest.raises(TooManyGuesses):
        sign_in(people, DIFFA, PASSWORD, "", "192.0.2.1")
    assert who(people, enter(people, address="198.51.100.7")).name == DIFFA


_GUESS = """
import sys
from argon2 import PasswordHasher
from ccm.auth import passwords
from ccm.commands.sign_in import NotSignedIn, sign_in
from ccm.store import open_store

passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._NOBODYS = passwords._HASHER.hash("nobody's")
store = open_store(sys.argv[1])
for n in range(15):
    try:
        sign_in(store, sys.argv[2], "wrong", "", f"203.0.{sys.argv[3]}.{n}")
    except NotSignedIn:
        continue
    raise SystemExit("signed in by a wrong password")
"""


def test_two_processes_count_the_guesses_together(loaded_store_url: str, quick_hashes: None) -> None:
    """And a process that starts later counts on: nothing of it is kept in memory."""
    store = open_store(loaded_store_url)
    add(store, DIFFA, "focal_point", "NE002")
    command = [sys.executable, "-c", _GUESS, loaded_store_url, DIFFA]
    both = [subprocess.Popen([*command, str(n)], cwd=ROOT) for n in (1, 2)]
    assert [process.wait(60) for process in both] == [0, 0]
    # This process has counted none so far.
    assert all(is_refused(store, address=f"203.0.3.{n}") for n in range(15))
    with store.read() as connection:
        wrong = select(SignInAttempt.account).where(~SignInAttempt.succeeded)
        tried = list(connection.execute(wrong).scalars())
    store.close()
    assert len(tried) == 45
    assert 5 <= len([account for account in tried if account != "-"]) <= 10
