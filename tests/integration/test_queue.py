"""The queue and the record: what stands out, who sees what; answers kept apart by what one may see."""

import datetime as dt

import pytest
from sqlalchemy import Connection

from ccm.auth import CONSOLE, Actor
from ccm.commands import submit
from ccm.commands.people_changes import DisablePerson
from ccm.commands.plan_terms import RELIEVED, Assign
from ccm.commands.validation import AnswerContest, ContestReport, ReturnReport, ValidateReports
from ccm.domain.errors import Conflict, NotAllowed, NotFound
from ccm.domain.vocabulary import GroupBy, ReportOrigin
from ccm.metrics import At
from ccm.metrics.marks import Mark
from ccm.queries.ask import Query, ask, ask_as
from ccm.queries.figures import figures_table
from ccm.queries.queue import Queue, QueueQuery, Waiting
from ccm.queries.record import Answering, RecordQuery
from ccm.store import Store
from tests.integration.reporting import RECOMMENDATION, hand_in, person

POSTGRESQL_ONE_IN = 4

ON = dt.date(2024, 6, 30)


@pytest.fixture
def focal(store: Store) -> Actor:
    """Diffa's focal point."""
    return person(store, "Awa", "focal_point", "NE002")


@pytest.fixture
def validator(store: Store) -> Actor:
    """Somebody of the Secretariat."""
    return person(store, "Secrétariat", "validator")


def _queue(store: Store, actor: Actor, entity: str | None = None) -> Queue:
    return ask_as(store, actor, QueueQuery(ON, entity))


def _item(store: Store, actor: Actor, report: int) -> Waiting:
    return next(item for item in _queue(store, actor).waiting if item.report.id == report)


def _official(store: Store, focal: Actor, validator: Actor, **cells: str) -> None:
    submit(store, validator, ValidateReports((hand_in(store, focal, as_of="2024-02-28", **cells),)))


@pytest.mark.parametrize(
    ("before", "now", "marks"),
    [
        (None, {"percent": "25"}, ()),
        ({"percent": "25"}, {"percent": "50"}, ()),
        ({"percent": "50"}, {"percent": "25"}, (Mark.FALLS,)),
        ({"percent": "50"}, {"status": "blocked", "percent": "50", "blocked_reason": "Attente"}, ()),
        ({"percent": "75"}, {"status": "completed", "percent": "100"}, (Mark.NO_PROOF,)),
        ({"percent": "25"}, {"status": "completed", "percent": "100"}, (Mark.JUMPS, Mark.NO_PROOF)),
        (None, {"status": "completed", "percent": "100"}, (Mark.JUMPS, Mark.NO_PROOF)),
        ({"status": "completed", "percent": "100"}, {"percent": "75"}, (Mark.FALLS, Mark.REOPENS)),
        ({"percent": "50"}, {"as_of": "2024-01-31", "percent": "25"}, (Mark.OLDER,)),
        (
            {"status": "completed", "percent": "100"},
            {"status": "dropped", "percent": "", "dropped_kind": "overtaken", "note": "Sans objet"},
            (Mark.REOPENS, Mark.DROPPED),
        ),
        (
            None,
            {"status": "dropped", "percent": "", "dropped_kind": "overtaken", "note": "Sans objet"},
            (Mark.DROPPED,),
        ),
    ],
)
def test_what_stands_out(
    sqlite_store: Store, before: dict[str, str] | None, now: dict[str, str], marks: tuple[Mark, ...]
) -> None:
    focal = person(sqlite_store, "Awa", "focal_point", "NE002")
    validator = person(sqlite_store, "Secrétariat", "validator")
    if before:
        _official(sqlite_store, focal, validator, **before)
    item = _item(sqlite_store, validator, hand_in(sqlite_store, focal, **now))
    assert item.marks == marks
    assert item.plain is not marks
    assert (item.previous is None) is (before is None)


def test_of_two_that_wait_the_one_that_will_not_count_stands_out(
    store: Store, focal: Actor, validator: Actor
) -> None:
    later = hand_in(store, focal, as_of="2024-03-31")
    earlier = hand_in(store, focal, as_of="2024-03-01")
    assert _item(store, validator, earlier).marks == (Mark.SUPERSEDED,)
    assert _item(store, validator, later).plain


def test_ones_own_stands_out_and_says_whether_another_is_there(store: Store, validator: Actor) -> None:
    report = hand_in(store, validator, origin=ReportOrigin.MAIL)
    assert _item(store, validator, report).marks == (Mark.ALONE,)
    other = person(store, "Adjointe", "administrator")
    item = _item(store, validator, report)
    assert (item.marks, item.may_be_validated) == ((Mark.OWN,), False)
    assert _item(store, other, report).plain
    person(store, "Cheffe", "administrator")
    submit(store, CONSOLE, DisablePerson("Adjointe"))
    submit(store, CONSOLE, DisablePerson("Secrétariat"))
    with pytest.raises(NotAllowed):
        _queue(store, validator)


def test_what_waits_on_an_answer_that_ended_is_not_lost(store: Store, focal: Actor, validator: Actor) -> None:
    report = hand_in(store, focal)
    submit(store, validator, Assign(RECOMMENDATION, ("NE002",), RELIEVED, effective_on="2024-04-01"))
    queue = _queue(store, validator, "NE002")
    assert [(item.report.id, item.marks) for item in queue.waiting] == [(report, (Mark.ENDED,))]
    assert [(entity.key, n) for entity, n in queue.by_entity] == [("NE002", 1)]
    assert _queue(store, validator, "NE007").count == 0
    # One who is nobody leaves the queue whole, and the page says so.
    unknown = _queue(store, validator, "nobody")
    assert (unknown.count, unknown.of) == (1, None)


def test_what_is_contested_stands_out_until_it_is_answered(
    store: Store, focal: Actor, validator: Actor
) -> None:
    _official(store, focal, validator, percent="25")
    waits = hand_in(store, focal)
    official = _item(store, validator, waits).previous
    assert official is not None
    contest = submit(store, person(store, "Bailleur", "donor"), ContestReport(official.id, "Rien sur place."))
    assert _item(store, validator, waits).marks == (Mark.CONTESTED,)
    one, other = _queue(store, validator, "NE002"), _queue(store, validator, "NE007")
    assert [(len(queue.contests), queue.contested) for queue in (one, other)] == [(1, 1), (0, 0)]
    with pytest.raises(Conflict):
        submit(store, validator, ValidateReports((waits,), ()))
    submit(store, validator, AnswerContest(contest, "Vu le 3 mai."))
    assert _item(store, validator, waits).plain
    assert submit(store, validator, ValidateReports((waits,), ())) == 1


def test_what_has_come_to_stand_out_is_not_validated_in_bulk(
    store: Store, focal: Actor, validator: Actor
) -> None:
    falls, plain = hand_in(store, focal, percent="25"), hand_in(store, focal_of_zinder(store), "NE007")
    assert [item.report.id for item in _queue(store, validator).plain] == [falls, plain]
    # Somebody else validates a later day's, by which the first one has become old.
    later = hand_in(store, focal, as_of="2024-05-31", percent="75")
    submit(store, person(store, "Adjointe", "validator"), ValidateReports((later,)))
    for seen in ((), None):
        with pytest.raises(Conflict) as caught:
            submit(store, validator, ValidateReports((falls, plain), seen))
        assert "CCM7-A1-05/NE002" in str(caught.value)
        assert "NE007" not in str(caught.value)
    assert _queue(store, validator).count == 2
    with pytest.raises(Conflict):
        submit(store, validator, ValidateReports((falls,), ()))
    assert submit(store, validator, ValidateReports((falls,), (Mark.OLDER,))) == 1


def focal_of_zinder(store: Store) -> Actor:
    """Zinder's focal point."""
    return person(store, "Zara", "focal_point", "NE007")


def test_the_record_shows_each_what_they_may_read(store: Store, focal: Actor, validator: Actor) -> None:
    returned = hand_in(store, focal, as_of="2024-01-31")
    validated = hand_in(store, focal, as_of="2024-02-28")
    waiting = hand_in(store, focal, as_of="2024-03-31")
    submit(store, validator, ReturnReport(returned, "Combien ?"))
    submit(store, validator, ValidateReports((validated,)))
    donor = person(store, "Bailleur", "donor")
    contest = submit(store, donor, ContestReport(validated, "Rien sur place."))
    submit(store, validator, AnswerContest(contest, "Vu le 3 mai."))

    def record(actor: Actor) -> Answering:
        found = ask_as(store, actor, RecordQuery(RECOMMENDATION, ON))
        return next(answering for answering in found if answering.entity.key == "NE002")

    others = person(store, "Zinder", "focal_point", "NE007")
    minister = person(store, "Ministre", "minister")
    for actor, seen, evidence in (
        (validator, [waiting, validated, returned], True),
        (focal, [waiting, validated, returned], True),
        (minister, [waiting, validated], True),
        (donor, [waiting, validated], True),
        (others, [validated], False),
    ):
        found = record(actor)
        assert [told.report.id for told in found.reports] == seen, actor.name
        assert found.open_evidence is evidence, actor.name
    [told] = [told for told in record(others).reports if told.report.id == validated]
    assert [(c.author, c.reason, c.answer) for c in told.contests] == [
        ("", "Rien sur place.", "Vu le 3 mai.")
    ]
    [told] = [told for told in record(minister).reports if told.report.id == validated]
    assert [c.author for c in told.contests] == ["Bailleur"]
    reader = person(store, "Lecteur", "reader")
    with pytest.raises(NotAllowed):
        ask_as(store, reader, RecordQuery(RECOMMENDATION, ON))
    with pytest.raises(NotFound):
        ask_as(store, validator, RecordQuery("CCM7-A9-99", ON))


def test_provisional_figures_hold_what_waits_and_nothing_else(
    store: Store, focal: Actor, validator: Actor
) -> None:
    submit(store, validator, ReturnReport(hand_in(store, focal, entity="NE002"), "Combien ?"))

    def answered(*, provisional: bool) -> int:
        with store.read() as connection:
            table = figures_table(connection, At(ON, provisional=provisional), GroupBy.AXIS)
        return table.total.answered

    assert (answered(provisional=False), answered(provisional=True)) == (0, 0)
    hand_in(store, focal)
    assert (answered(provisional=False), answered(provisional=True)) == (0, 1)


class _Asked(Query[int]):
    """Counts how often it is read."""

    times = 0

    def answer(self, connection: Connection) -> int:
        """One more."""
        self.times += 1
        return self.times


def test_an_answer_is_never_served_to_another_visibility(store: Store) -> None:
    query = _Asked()
    assert [ask(store, query, "public"), ask(store, query, "public")] == [1, 1]
    assert [ask(store, query, "follower"), ask(store, query, "nobody")] == [2, 3]
    assert [ask(store, query, "follower"), ask(store, query, "public")] == [2, 1]


def test_visibility_follows_the_right_to_read_what_is_provisional(store: Store) -> None:
    roles = ("reader", "donor", "minister", "validator", "administrator")
    seen = {role: person(store, f"Une {role}", role).visibility for role in roles}
    seen["focal_point"] = person(store, "Awa", "focal_point", "NE002").visibility
    followers = {role for role, visibility in seen.items() if visibility == "follower"}
    assert followers == {"donor", "minister", "validator", "administrator"}
