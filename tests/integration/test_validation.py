"""What the Secretariat decides on reports: validate, return, retract, verify, answer a contest."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from ccm.auth import CONSOLE, Actor
from ccm.commands import AddUser, RetractReport, submit
from ccm.commands.command import Command
from ccm.commands.drafts import SaveDraft
from ccm.commands.people_changes import DisablePerson
from ccm.commands.periods import ChangeSetting
from ccm.commands.validation import (
    AnswerContest,
    ContestReport,
    ReturnReport,
    ValidateReports,
    VerifyReport,
)
from ccm.domain.dates import today
from ccm.domain.errors import CcmError, Conflict, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import GroupBy, ReportOrigin, ReportState
from ccm.metrics import At
from ccm.queries.answer_form import AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.store import Store
from ccm.store.models import Contest, Credential
from tests.integration.acting import events, everything, table
from tests.integration.reporting import hand_in, hand_in_with_document, person, row

POSTGRESQL_ONE_IN = 4

BLOCKED = {"blocked_reason": "Texte attendu", "blocked_cause": "legal_text", "blocked_by": "MJ"}


@pytest.fixture
def focal(store: Store) -> Actor:
    """Diffa's focal point."""
    return person(store, "Awa", "focal_point", "NE002")


@pytest.fixture
def validator(store: Store) -> Actor:
    """Somebody of the Secretariat."""
    return person(store, "Secrétariat", "validator")


@pytest.fixture
def donor(store: Store) -> Actor:
    """Somebody who funds the plan."""
    return person(store, "Bailleur", "donor")


def _refused(store: Store, actor: Actor, command: Command[Any], error: type[CcmError]) -> CcmError:
    before = everything(store)
    with pytest.raises(error) as caught:
        submit(store, actor, command)
    assert everything(store) == before
    return caught.value


def _answered(store: Store) -> int:
    return table(store, GroupBy.AXIS).total.answered


def test_a_report_counts_once_it_is_validated(store: Store, focal: Actor, validator: Actor) -> None:
    report = hand_in(store, focal)
    assert _answered(store) == 0
    assert submit(store, validator, ValidateReports((report, report))) == 1
    assert _answered(store) == 1
    kept = row(store, report)
    assert (kept.state, kept.author, kept.validated_by) == (ReportState.VALIDATED, "Awa", "Secrétariat")
    told = events(store, "report.validated")
    assert [(key, detail["assignment"]) for _, key, detail in told] == [(str(report), "CCM7-A1-05/NE002")]
    _refused(store, validator, ValidateReports((report,)), Conflict)


def test_several_are_validated_together_or_none(store: Store, focal: Actor, validator: Actor) -> None:
    first, second = hand_in(store, focal), hand_in(store, focal, as_of="2024-04-30", percent="75")
    submit(store, validator, ReturnReport(first, "La note manque."))
    _refused(store, validator, ValidateReports((second, first)), Conflict)
    assert row(store, second).state is ReportState.SUBMITTED
    _refused(store, validator, ValidateReports((second, 10**6)), NotFound)
    _refused(store, validator, ValidateReports(()), Invalid)


def test_a_returned_report_keeps_its_reason_and_counts_no_more(
    store: Store, focal: Actor, validator: Actor
) -> None:
    report = hand_in(store, focal)
    submit(store, validator, ReturnReport(report, "  Dites combien de communes.  "))
    kept = row(store, report)
    assert (kept.state, kept.returned_reason) == (ReportState.RETURNED, "Dites combien de communes.")
    assert kept.returned_by == "Secrétariat"
    # What its author mends is a report of its own; the first stays as it was.
    again = hand_in(store, focal, note="12 communes")
    submit(store, validator, ValidateReports((again,)))
    assert row(store, report).state is ReportState.RETURNED


def test_a_returned_report_is_its_author_s_draft_again(store: Store, focal: Actor, validator: Actor) -> None:
    report = hand_in_with_document(
        store, focal, note="12 communes", status="blocked", percent="25", **BLOCKED
    )
    submit(store, validator, ReturnReport(report, "Joindre le PV signé."))
    form = ask_as(store, focal, AnswerFormQuery("CCM7-A1-05/NE002", At(today())))
    assert form.draft is not None
    assert form.draft.cells == {
        "as_of": "2024-03-31", "status": "blocked", "percent": "25", "note": "12 communes", **BLOCKED
    }  # fmt: skip
    assert (form.draft.base_report_id, form.spoken_meanwhile) == (report, None)
    assert [piece.name for piece in form.evidence] == ["PV du 12 mars"]
    # Nobody else's, and a draft begun meanwhile stays as it is.
    other = person(store, "Awa bis", "focal_point", "NE002")
    assert ask_as(store, other, AnswerFormQuery("CCM7-A1-05/NE002", At(today()))).draft is None
    second = hand_in(store, other, note="13 communes")
    submit(store, other, SaveDraft("CCM7-A1-05/NE002", {"note": "14 communes"}))
    submit(store, validator, ReturnReport(second, "Combien ?"))
    begun = ask_as(store, other, AnswerFormQuery("CCM7-A1-05/NE002", At(today()))).draft
    assert begun is not None
    assert begun.cells == {"note": "14 communes"}


@pytest.mark.parametrize("reason", ["", "  \n", "a" * 10_001, "\0"])
def test_a_reason_must_be_one(sqlite_store: Store, reason: str) -> None:
    focal = person(sqlite_store, "Awa", "focal_point", "NE002")
    validator = person(sqlite_store, "Secrétariat", "validator")
    report = hand_in(sqlite_store, focal)
    for command in (ReturnReport(report, reason), RetractReport(report, reason)):
        error = _refused(sqlite_store, validator, command, Invalid)
        assert isinstance(error, Invalid)
        assert [problem.column for problem in error.problems] == ["reason"]
        assert "cellule" not in str(error)


def test_who_entered_a_report_does_not_validate_it(store: Store, validator: Actor) -> None:
    other = person(store, "Adjointe", "administrator")
    report = hand_in(store, validator, origin=ReportOrigin.PHONE)
    kept = row(store, report)
    assert (kept.author, kept.origin) == ("Secrétariat", ReportOrigin.PHONE)
    error = _refused(store, validator, ValidateReports((report,)), Invalid)
    assert "CCM7-A1-05/NE002" in str(error)
    submit(store, other, ValidateReports((report,)))
    assert row(store, report).validated_by == "Adjointe"


def test_who_is_alone_validates_what_they_entered(store: Store, validator: Actor) -> None:
    person(store, "Adjointe", "validator")
    report = hand_in(store, validator, origin=ReportOrigin.PAPER)
    _refused(store, validator, ValidateReports((report,)), Invalid)
    submit(store, CONSOLE, DisablePerson("Adjointe"))
    submit(store, validator, ValidateReports((report,)))
    assert row(store, report).validated_by == "Secrétariat"


def test_who_cannot_sign_in_does_not_keep_a_lone_secretariat_waiting(store: Store, validator: Actor) -> None:
    submit(store, CONSOLE, AddUser("Jamais venue", "validator"))
    report = hand_in(store, validator, origin=ReportOrigin.PAPER)
    submit(store, validator, ValidateReports((report,)))
    person(store, "Administratrice", "administrator")
    report = hand_in(store, validator, origin=ReportOrigin.PAPER, as_of="2024-04-01")
    _refused(store, validator, ValidateReports((report,)), Invalid)
    # She owes a second factor: until she has one she reaches her own account alone.
    submit(store, CONSOLE, ChangeSetting("second_factor_for_administrators", "required"))
    submit(store, validator, ValidateReports((report,)))
    report = hand_in(store, validator, origin=ReportOrigin.PAPER, as_of="2024-04-02")
    with store.write("test") as transaction:
        transaction.connection.execute(update(Credential).values(totp_confirmed_at=transaction.now))
    _refused(store, validator, ValidateReports((report,)), Invalid)


def test_entering_for_others_is_the_secretariats(store: Store, focal: Actor, donor: Actor) -> None:
    for actor in (focal, donor):
        with pytest.raises(NotAllowed):
            hand_in(store, actor, origin=ReportOrigin.PHONE)
    with pytest.raises(NotAllowed):
        hand_in(store, focal, entity="NE007")


def test_the_second_mark_changes_no_figure(store: Store, focal: Actor, validator: Actor) -> None:
    unproven = hand_in(store, focal, status="completed", percent="100", as_of="2024-02-29")
    submit(store, validator, ValidateReports((unproven,)))
    assert "Aucune preuve" in str(_refused(store, validator, VerifyReport(unproven), Conflict))
    report = hand_in_with_document(store, focal, status="completed", percent="100", base=unproven)
    _refused(store, validator, VerifyReport(report), Conflict)
    submit(store, validator, ValidateReports((report,)))
    before = table(store, GroupBy.AXIS).total
    submit(store, validator, VerifyReport(report))
    assert (row(store, report).verified_by, table(store, GroupBy.AXIS).total) == ("Secrétariat", before)
    _refused(store, validator, VerifyReport(report), Conflict)


def test_a_contest_is_opened_once_answered_and_changes_no_figure(
    store: Store, focal: Actor, validator: Actor, donor: Actor
) -> None:
    report = hand_in(store, focal, status="completed", percent="100")
    _refused(store, donor, ContestReport(report, "Rien sur place."), Conflict)
    submit(store, validator, ValidateReports((report,)))
    before = table(store, GroupBy.AXIS).total
    contest = submit(store, donor, ContestReport(report, "Rien sur place."))
    _refused(store, donor, ContestReport(report, "Encore."), Conflict)
    _refused(store, donor, ContestReport(report, " "), Invalid)
    _refused(store, validator, AnswerContest(contest, " "), Invalid)
    # A contest stays open, and is answered, when the report is retracted meanwhile.
    submit(store, validator, RetractReport(report, "Le bâtiment n'existe pas."))
    submit(store, validator, AnswerContest(contest, "Vous avez raison."))
    _refused(store, validator, AnswerContest(contest, "Encore."), Conflict)
    _refused(store, validator, AnswerContest(10**6, "x"), NotFound)
    with store.read() as connection:
        kept = connection.execute(select(Contest.__table__)).one()
    assert (kept.author, kept.answer, kept.answered_by) == ("Bailleur", "Vous avez raison.", "Secrétariat")
    assert before.completed == 1
    assert _answered(store) == 0


@pytest.mark.parametrize(
    ("role", "entities"), [("reader", ()), ("donor", ()), ("minister", ()), ("focal_point", ("NE002",))]
)
def test_deciding_is_the_secretariats(sqlite_store: Store, role: str, entities: tuple[str, ...]) -> None:
    focal = person(sqlite_store, "Awa", "focal_point", "NE002")
    validator = person(sqlite_store, "Secrétariat", "validator")
    waiting, done = hand_in(sqlite_store, focal), hand_in(sqlite_store, focal, as_of="2024-04-30")
    submit(sqlite_store, validator, ValidateReports((done,)))
    actor = person(sqlite_store, "Autre", role, *entities)
    for command in (
        ValidateReports((waiting,)),
        ReturnReport(waiting, "x"),
        RetractReport(done, "x"),
        VerifyReport(done),
        AnswerContest(1, "x"),
    ):
        _refused(sqlite_store, actor, command, NotAllowed)
    if role != "donor":
        _refused(sqlite_store, actor, ContestReport(done, "x"), NotAllowed)


def test_a_gesture_that_comes_again_says_the_same_or_is_refused(store: Store, validator: Actor) -> None:
    focal, donor = person(store, "Awa", "focal_point", "NE002"), person(store, "Bailleur", "donor")
    returned, official = hand_in(store, focal), hand_in(store, focal, as_of="2024-04-30")
    submit(store, validator, ValidateReports((official,)))
    contest = submit(store, donor, ContestReport(official, "Rien sur place."), key="contest")
    gestures: list[tuple[Actor, Callable[[str], Command[Any]], str, str]] = [
        (donor, lambda text: ContestReport(official, text), "contest", "Rien sur place."),
        (validator, lambda text: ReturnReport(returned, text), "return", "Combien ?"),
        (validator, lambda text: AnswerContest(contest, text), "answer", "Vu le 3 mai."),
        (validator, lambda text: RetractReport(official, text), "retract", "Doublon."),
    ]
    for actor, command, key, words in gestures:
        for _ in range(2):
            submit(store, actor, command(words), key=key)
        with pytest.raises(Conflict, match=words):
            submit(store, actor, command("Autre chose."), key=key)
