"""Ten thousand guesses, in two processes' stores and over hours: few are looked at, and the owner gets in."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

import pytest
import time_machine

from ccm.auth import passwords
from ccm.commands.guesses import TooManyGuesses, device_mark
from ccm.domain.dates import utc_now
from ccm.store import Store, open_store
from tests.support.accounts import DIFFA, DONOR, FAR, HERE, add, enter, is_refused, minutes, who
from tests.support.proof import PROOF

#: Requirement A3.
GUESSES = 10_000 if PROOF else 300
MOST, WINDOW = 10, minutes(15)
MINISTER = "Ministre"
#: One guess every so often; its owner comes by once in so many.
STEP, EVERY = dt.timedelta(seconds=2), 150


@dataclass
class Attack:
    """Guesses at accounts of a store that two processes serve, and when each account's hash was tried."""

    replicas: list[Store]
    clock: time_machine.Traveller
    tried: dict[str, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list))
    turn: Iterator[int] = field(default_factory=count)

    def guess(self, name: str, address: str) -> None:
        """One wrong guess, in either process."""
        self.clock.shift(STEP)
        # Who is told to wait is not looked at either.
        with suppress(TooManyGuesses):
            assert is_refused(self.replicas[next(self.turn) % 2], name, address=address)

    def restart(self) -> None:
        """Both processes end, and start again."""
        for place, store in enumerate(self.replicas):
            self.replicas[place] = open_store(store.engine.url.render_as_string(hide_password=False))
            store.close()

    @property
    def told(self) -> str:
        """What was looked at, in a few words."""
        tried = sum(map(len, self.tried.values()))
        return f"{tried} looked at, {self.most_within_a_window()} at most in a quarter of an hour"

    def most_within_a_window(self) -> int:
        """How often, at most, one account's own hash was tried within any quarter of an hour."""
        return max(
            sum(begun <= other < begun + WINDOW for other in times)
            for times in self.tried.values()
            for begun in times
        )


@pytest.fixture
def attack(loaded_store_url: str, quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attack]:
    """Two processes on one store, with a minister, a focal point and a donor who have passwords."""
    matches = passwords.matches
    with time_machine.travel(dt.datetime(2036, 5, 6, 8, tzinfo=dt.UTC), tick=False) as clock:
        found = Attack([open_store(loaded_store_url) for _ in range(2)], clock)
        for name, role, *entities in (
            (MINISTER, "minister"),
            (DIFFA, "focal_point", "NE002"),
            (DONOR, "donor"),
        ):
            add(found.replicas[0], name, role, *entities)

        def noting(kept: str | None, password: str) -> bool:
            if kept is not None and password == "wrong":  # noqa: S105 - that of `is_refused`
                found.tried[kept].append(utc_now())
            return matches(kept, password)

        monkeypatch.setattr(passwords, "matches", noting)
        yield found
        for store in found.replicas:
            store.close()


def test_one_who_guesses_without_end_keeps_nobody_out(attack: Attack) -> None:
    for number in range(GUESSES // 2):
        attack.guess(MINISTER, FAR)
        if number % EVERY == EVERY // 2:
            attack.restart()
        if number % EVERY == EVERY - 1:
            # From an address and a device that nobody has seen.
            store, address = attack.replicas[0], f"198.51.{number // EVERY}.7"
            assert who(store, enter(store, MINISTER, address=address)).name == MINISTER
    assert 1 <= attack.most_within_a_window() <= MOST
    print(f"\n{GUESSES // 2} guesses from one address: {attack.told}")


def test_many_who_guess_without_end_keep_nobody_out_who_was_there_before(attack: Attack) -> None:
    names = (MINISTER, MINISTER, DIFFA, DONOR)
    device = device_mark(enter(attack.replicas[0], MINISTER, address=HERE))
    for number in range(GUESSES // 2):
        attack.guess(names[number % len(names)], f"203.0.{number % 199}.{number % 251}")
        if number % EVERY == EVERY // 2:
            attack.restart()
        if number % EVERY == EVERY - 1:
            store = attack.replicas[1]
            assert who(store, enter(store, MINISTER, address=HERE)).name == MINISTER
            moved = enter(store, MINISTER, address=f"198.51.{number // EVERY}.7", device=device)
            assert who(store, moved).name == MINISTER
    assert 1 <= attack.most_within_a_window() <= MOST
    tried = sum(map(len, attack.tried.values()))
    print(
        f"\n{GUESSES // 2} guesses from all over: {tried} looked at, {attack.most_within_a_window()} at most"
    )
