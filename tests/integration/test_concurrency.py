"""Many at once, twice at once, and clocks that go back: nothing is lost, and nobody is left guessing.

The figures asked for take minutes: `make proof`.
"""

import datetime as dt
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
import time_machine
from sqlalchemy import func, insert, select, update

from ccm.auth import CONSOLE, Action, Actor, require_somewhere, resolve
from ccm.commands import AddUser, Command, submit
from ccm.commands.answer import SpokenMeanwhile, SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.domain.dates import today, utc_now
from ccm.domain.errors import Conflict, NotAllowed
from ccm.domain.vocabulary import UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.queries.integrity import verify
from ccm.store import Store, Transaction, open_store
from ccm.store.journal import Entry, append, broken_links
from ccm.store.models import AnsweredRequest, AuditEvent, ProgressReport, Setting, SignIn
from tests.integration.acting import report
from tests.integration.people import join, token_of
from tests.support.proof import PROOF

WRITERS, TURNS = 32, 100 if PROOF else 3
EDITORS = 20
ANSWER = "CCM7-A1-05/NE002"

Result = TypeVar("Result")


def at_once(do: list[Callable[[], Result]]) -> list[Result]:
    """What each of these gives, all begun at the same moment."""
    ready = threading.Barrier(len(do))

    def begin(one: Callable[[], Result]) -> Result:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(do)) as threads:
        return [done.result() for done in [threads.submit(begin, one) for one in do]]


@contextmanager
def _own_store(store: Store) -> Iterator[Store]:
    """The same store for one writer, as another process of the application opens it."""
    own = open_store(store.engine.url.render_as_string(hide_password=False))
    try:
        yield own
    finally:
        own.close()


@dataclass(frozen=True)
class _Count(Command[int]):
    """Read a number, and write the next one."""

    def authorise(self, actor: Actor) -> None:
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        here = Setting.key == "compteur"
        connection = transaction.connection
        value = int(connection.execute(select(Setting.value).where(here)).scalar_one()) + 1
        connection.execute(update(Setting).where(here).values(value=str(value)))
        append(transaction, [Entry("test.counted", "setting", "compteur", {"value": value})])
        return value


def test_as_many_writers_as_there_are_lose_nothing(store: Store) -> None:
    people = [join(store, f"Personne {n}", UserRole.FOCAL_POINT, "NE002") for n in range(WRITERS)]
    with store.write("test") as transaction:
        transaction.connection.execute(insert(Setting).values(key="compteur", value="0"))
        append(transaction, [Entry("test.began", "setting", "compteur")])

    def write(actor: Actor) -> list[tuple[int, float]]:
        with _own_store(store) as own:
            told = []
            for _ in range(TURNS):
                begun = time.perf_counter()
                told.append((submit(own, actor, _Count()), time.perf_counter() - begun))
            return told

    told = [one for some in at_once([lambda a=actor: write(a) for actor in people]) for one in some]  # type: ignore[misc]
    assert sorted(value for value, _ in told) == list(range(1, WRITERS * TURNS + 1))
    with store.read() as connection:
        assert list(broken_links(connection)) == []
        seqs = connection.execute(select(AuditEvent.seq).order_by(AuditEvent.seq)).scalars().all()
    assert seqs == list(range(1, len(seqs) + 1))
    assert [check.detail for check in verify(store) if not check.passed] == []
    waits = sorted(wait for _, wait in told)
    print(
        f"\n{store.engine.dialect.name}: {WRITERS} writers x {TURNS}: 0 errors, 0 lost;"
        f" median {statistics.median(waits):.3f} s, p99 {waits[int(len(waits) * 0.99) - 1]:.3f} s"
    )


def test_of_twenty_editors_one_wins_and_the_others_are_told(store: Store) -> None:
    people = [join(store, f"Éditeur {n}", UserRole.FOCAL_POINT, "NE002") for n in range(EDITORS)]
    texts = {actor: f"ce que {actor.name} a écrit" for actor in people}
    for actor, text in texts.items():
        submit(store, actor, SaveDraft(ANSWER, {"note": text}))

    def send(actor: Actor) -> int | SpokenMeanwhile:
        try:
            return submit(store, actor, SubmitReport(report(note=texts[actor]), None), actor.name)
        except SpokenMeanwhile as told:
            return told

    became = at_once([lambda a=actor: send(a) for actor in people])  # type: ignore[misc]
    won = [(actor, one) for actor, one in zip(people, became, strict=True) if isinstance(one, int)]
    told = [(actor, one) for actor, one in zip(people, became, strict=True) if not isinstance(one, int)]
    ((winner, number),) = won
    assert {one.report_id for _, one in told if isinstance(one, SpokenMeanwhile)} == {number}
    with store.read() as connection:
        notes = connection.execute(select(ProgressReport.id, ProgressReport.note)).all()
    assert [tuple(row) for row in notes] == [(number, texts[winner])]
    kept = 0
    for actor, _ in told:
        form = ask_as(store, actor, AnswerFormQuery(ANSWER, At(today())))
        assert form.draft
        # Both texts stand before whoever has to choose.
        assert form.draft.cells["note"] == texts[actor]
        assert form.spoken_meanwhile
        assert form.spoken_meanwhile.note == texts[winner]
        kept += 1
    # Having compared, one sends again, and is heard.
    last = told[0][0]
    submit(store, last, SubmitReport(report(note=texts[last]), number))
    print(f"\n{store.engine.dialect.name}: {EDITORS} editors: 1 winner, {len(told)} told, {kept} texts kept")
    assert len(told) == kept == EDITORS - 1


def test_a_gesture_sent_three_times_at_once_acts_once(store: Store) -> None:
    actor = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
    command = SubmitReport(report(), None)
    answers = at_once([lambda: submit(store, actor, command, "un geste") for _ in range(3)])
    assert len(set(answers)) == 1
    # And once more, long after.
    assert submit(store, actor, command, "un geste") == answers[0]
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(ProgressReport)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(AnsweredRequest)).scalar_one() == 1


def test_a_gesture_serves_one_person_for_one_thing(store: Store) -> None:
    one, other = (join(store, name, UserRole.FOCAL_POINT, "NE002") for name in ("Awa", "Binta"))
    submit(store, one, SubmitReport(report(), None), "un geste")
    with pytest.raises(Conflict):
        submit(store, other, SubmitReport(report(), None), "un geste")
    with pytest.raises(Conflict):
        submit(store, one, SaveDraft(ANSWER, {"note": "x"}), "un geste")


# Clocks --------------------------------------------------------------------------------------------------

#: Later than anything that the store was loaded with.
NOON = dt.datetime(2036, 6, 1, 12, tzinfo=dt.UTC)
BACK = {
    "an hour": NOON - dt.timedelta(hours=1),
    "a day": NOON - dt.timedelta(days=1),
    # The night on which clocks elsewhere go back; those of Niamey never do.
    "summer time": dt.datetime(2035, 10, 28, 0, 59, tzinfo=dt.UTC),
    "1970": dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
}


@pytest.mark.parametrize("back", BACK.values(), ids=list(BACK))
def test_a_clock_that_goes_back_keeps_the_order_and_prolongs_no_sign_in(
    store: Store, back: dt.datetime
) -> None:
    with time_machine.travel(NOON, tick=False):
        actor = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
        token = token_of(store, "Awa")
    with time_machine.travel(back, tick=False):
        for number in range(10):
            submit(store, CONSOLE, AddUser(f"Personne {number}", "reader"))
        assert _who(store, token) is False
        with pytest.raises(NotAllowed):
            submit(store, actor, SubmitReport(report(), None))
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        submit(store, CONSOLE, AddUser("Après", "reader"))
        assert _who(store, token) is True
    with time_machine.travel(NOON + dt.timedelta(hours=12), tick=False):
        assert _who(store, token) is False
    with store.read() as connection:
        events = connection.execute(
            select(AuditEvent.seq, AuditEvent.at, AuditEvent.clock_suspect, AuditEvent.object_key)
            .where(AuditEvent.at >= NOON)
            .order_by(AuditEvent.seq)
        ).all()
        expiry = connection.execute(select(func.max(SignIn.expires_at))).scalar_one()
        assert list(broken_links(connection)) == []
    assert [event.at for event in events] == sorted({event.at for event in events})
    assert [event.object_key for event in events if event.clock_suspect] == [
        f"Personne {number}" for number in range(10)
    ]
    assert expiry <= NOON + dt.timedelta(hours=12, seconds=1)


def test_a_clock_past_2038_works(store: Store) -> None:
    with time_machine.travel(dt.datetime(2038, 1, 19, 3, 14, 8, tzinfo=dt.UTC), tick=False):
        actor = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
        submit(store, actor, SubmitReport(report(as_of="2038-01-18"), None))
        assert [check.detail for check in verify(store) if not check.passed] == []


def _who(store: Store, token: str) -> bool:
    """Whether the token still stands for a person."""
    with store.read() as connection:
        return resolve(connection, token, utc_now()).signed_in
