"""One executor for each operation: it submits the command, or asks the question, as a subject would."""

import datetime as dt
from typing import Any

import pyotp
from sqlalchemy import select, update

from ccm.auth import Actor
from ccm.auth.sign_ins import still
from ccm.commands import (
    AddUser,
    ImportAssignments,
    ImportReports,
    OpenSession,
    RecordChange,
    RetractReport,
    submit,
)
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import DiscardDraft, SaveDraft
from ccm.commands.entities import AddAlias, AddEntity, RemoveAlias, RenameEntity
from ccm.commands.evidence import AddEvidence, RemoveEvidence
from ccm.commands.evidence_sweep import SweepEvidence
from ccm.commands.one_time_links import IssueLink
from ccm.commands.own_account import (
    BeginSecondFactor,
    ConfirmSecondFactor,
    RemoveSecondFactor,
    SignOut,
    change_password,
    confirm_password,
)
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.commands.periods import ChangePeriod, ChangeSetting, OpenPeriod, RecordReminder
from ccm.commands.plan_terms import Assign, SetNature
from ccm.commands.reports import SubmitTable
from ccm.commands.successions import RecordSuccession, WithdrawSuccession
from ccm.commands.validation import AnswerContest, ContestReport, ReturnReport, ValidateReports, VerifyReport
from ccm.commands.workbook import TakeWorkbook
from ccm.commands.workbook_rows import ReturnedRow
from ccm.domain.dates import today, utc_now
from ccm.domain.errors import Invalid, NotAllowed
from ccm.domain.vocabulary import EntityKind, ReminderChannel, ReportOrigin
from ccm.domain.workbook import Outcome, Stamp
from ccm.metrics import At
from ccm.queries.administration import EngagementsQuery, EntityNamesQuery, SettingsQuery
from ccm.queries.answer_form import AnswerFormQuery, ReportQuery
from ccm.queries.ask import ask, ask_as
from ccm.queries.evidence import EvidenceQuery
from ccm.queries.journal import HeadQuery, JournalQuery, RecordJournalQuery
from ccm.queries.my_space import MySpaceQuery
from ccm.queries.overview import OverviewQuery
from ccm.queries.own_account import OwnAccountQuery
from ccm.queries.people import PeopleQuery
from ccm.queries.queue import QueueQuery
from ccm.queries.record import RecordQuery
from ccm.queries.reminder import ReminderQuery
from ccm.queries.silence import SilenceQuery
from ccm.queries.terms import TermsQuery
from ccm.queries.workbook import WorkbookQuery
from ccm.store import Store, Transaction
from ccm.store.models import Assignment, Credential, Draft, DraftEvidence, StoreState, User
from tests.integration.acting import assign
from tests.integration.people import PASSWORD
from tests.integration.permission_attempts import command, gesture, question
from tests.integration.permission_world import (
    ALIAS,
    AUTHOR,
    DOUBTER,
    DRAFT,
    FOLLOWED_ON,
    LEFT,
    PERIOD,
    PERIOD_DAYS,
    PHONE,
    PIECE,
    SPARE,
    Place,
    file_of,
    put,
)

DAY = dt.date(2024, 3, 31)
#: Of today, as pages ask: the current state answers at once.
AT = At(today())
_OWN_PIECE = 1_000_000
_SECRET = pyotp.random_base32()


# Reporting -----------------------------------------------------------------------------------------------


def _latest(place: Place) -> int | None:
    return place.report or None


def _assignment(transaction: Transaction, place: Place) -> int | None:
    found = transaction.connection.execute(select(Assignment.id).where(Assignment.key == place.assignment))
    return found.scalar()


def _own_draft(transaction: Transaction, actor: Actor, place: Place) -> None:
    number = _assignment(transaction, place)
    if number is not None:
        whose = {"user_id": actor.user_id, "assignment_id": number}
        put(transaction, Draft, **whose, content={"note": DRAFT}, updated_at=transaction.now)


def _own_piece(transaction: Transaction, actor: Actor, place: Place) -> None:
    number = _assignment(transaction, place)
    if number is not None:
        piece = {"kind": "document", "name": PIECE, "added_at": transaction.now}
        put(transaction, DraftEvidence, id=_OWN_PIECE, user_id=actor.user_id, assignment_id=number, **piece)


def _others_piece(transaction: Transaction, actor: Actor, place: Place) -> None:
    number = _assignment(transaction, place)
    author = transaction.connection.execute(select(User.id).where(User.name == AUTHOR)).scalar_one()
    if number is not None:
        piece = {"kind": "document", "name": PIECE, "added_at": transaction.now}
        put(transaction, DraftEvidence, id=_OWN_PIECE, user_id=author, assignment_id=number, **piece)


command(SubmitReport, "record", lambda place, _: SubmitReport(place.line(), _latest(place)))
command(
    SubmitReport,
    "record",
    lambda place, _: SubmitReport(place.line(), _latest(place), origin=ReportOrigin.PHONE),
    name="/by phone",
)
command(SubmitTable, "record", lambda place, _: SubmitTable((place.line(),), (_latest(place),)))


def _take_workbook(store: Store, actor: Actor, place: Place) -> None:
    with store.read() as connection:
        uuid = connection.execute(select(StoreState.store_uuid)).scalar_one()
    stamp = Stamp(uuid, place.entity, "", 0, {place.assignment: None})
    row = ReturnedRow(2, place.assignment, True, place.line())
    (judged,) = submit(store, actor, TakeWorkbook(stamp, (row,), frozenset([place.assignment]))).rows
    if judged.outcome is Outcome.TAMPERED:
        raise NotAllowed("refused")
    if judged.outcome is Outcome.WRONG:
        raise Invalid(list(judged.problems))


gesture("TakeWorkbook", TakeWorkbook, "record", _take_workbook)
question(
    WorkbookQuery,
    "record",
    lambda place: WorkbookQuery(place.entity, AT),
    lambda found, place: any(row.answer.assignment == place.assignment for row in found.rows),
)
command(ImportReports, "record", lambda place, _: ImportReports((place.line(),)))
command(ImportReports, "record", lambda place, _: ImportReports((place.line(),), True), name="/validated")
command(SaveDraft, "record", lambda place, _: SaveDraft(place.assignment, {"note": "x"}))
command(DiscardDraft, "record", lambda place, _: DiscardDraft(place.assignment), _own_draft)
command(AddEvidence, "record", lambda place, _: file_of(place))
command(RemoveEvidence, "record", lambda *_: RemoveEvidence(_OWN_PIECE), _own_piece)
command(RemoveEvidence, "record", lambda *_: RemoveEvidence(_OWN_PIECE), _others_piece, name="/of another")
question(
    AnswerFormQuery,
    "record",
    lambda place: AnswerFormQuery(place.assignment, AT),
    lambda form, place: form.answer.assignment == place.assignment,
)
question(
    AnswerFormQuery,
    "record",
    lambda place: AnswerFormQuery(place.assignment, AT),
    lambda form, _: DRAFT in repr(form),
    name="/draft of another",
)
question(
    AnswerFormQuery,
    "record",
    lambda place: AnswerFormQuery(place.assignment, AT),
    lambda form, _: form.on_behalf,
    name="/for another",
)


def _read_own_draft(store: Store, actor: Actor, place: Place) -> None:
    draft = ask_as(store, actor, AnswerFormQuery(place.assignment, AT)).draft
    assert draft
    assert draft.cells == {"note": DRAFT}


gesture("AnswerFormQuery/own draft", AnswerFormQuery, "record", _read_own_draft, _own_draft)

# Deciding ------------------------------------------------------------------------------------------------

command(ValidateReports, "record", lambda place, _: ValidateReports((place.report,)))
command(ReturnReport, "record", lambda place, _: ReturnReport(place.report, "Précisez"))
command(RetractReport, "record", lambda place, _: RetractReport(place.report, "Faux"))
command(VerifyReport, "record", lambda place, _: VerifyReport(place.report))
command(ContestReport, "record", lambda place, _: ContestReport(place.report, "Doute"))
command(AnswerContest, "record", lambda place, _: AnswerContest(place.contest, "Vérifié"))
command(
    ImportAssignments,
    "record",
    lambda place, _: ImportAssignments(
        (assign(recommendation=place.recommendation, entity=place.entity, weight="7", line=None),)
    ),
)
command(Assign, "record", lambda place, _: Assign(place.recommendation, (place.entity,), weight="8"))
command(
    RecordChange,
    "record",
    lambda place, _: RecordChange("assignment", place.assignment, "weight", "9", DAY),
    name="/assignment",
)

# Reading -------------------------------------------------------------------------------------------------


def _full(answering: Any, place: Place) -> Any:
    """The report of a place, with the doubts on it, among those below its recommendation."""
    found = [told for one in answering for told in one.reports if told.report.id == place.report]
    return found[0] if found else None


def _pieces(told: Any) -> bool:
    return told is not None and PIECE in repr(told)


def _named(told: Any) -> bool:
    return told is not None and (AUTHOR in repr(told) or DOUBTER in repr(told))


_SEEN = {
    "": lambda report: report is not None,
    "/author": _named,
    "/evidence": _pieces,
}
for _suffix, _seen in _SEEN.items():
    question(
        ReportQuery,
        "record",
        lambda place: ReportQuery(place.report),
        lambda report, _, seen=_seen: seen(report),
        name=_suffix,
    )
    question(
        RecordQuery,
        "record",
        lambda place: RecordQuery(place.recommendation, DAY),
        lambda answering, place, seen=_seen: seen(_full(answering, place)),
        name=_suffix,
    )
question(EvidenceQuery, "record", lambda place: EvidenceQuery(place.evidence))
question(
    RecordJournalQuery,
    "record",
    lambda place: RecordJournalQuery(place.recommendation),
    lambda entries, place: any(
        (entry.object_type, entry.object_key) == ("report", str(place.report)) for entry in entries
    ),
)
question(
    MySpaceQuery, "record", lambda _: MySpaceQuery(AT), lambda space, place: place.assignment in repr(space)
)
question(MySpaceQuery, "store", lambda _: MySpaceQuery(AT), name="/page")
question(
    QueueQuery,
    "record",
    lambda place: QueueQuery(DAY, place.entity or None),
    lambda queue, place: any(
        waiting.report.assignment == place.assignment and waiting.report.id == place.report
        for waiting in queue.waiting
    ),
)
question(
    SilenceQuery,
    "entity",
    lambda _: SilenceQuery(AT, PERIOD),
    lambda silence, place: any(line.entity.key == place.entity for line in silence.lines),
)
question(
    SilenceQuery,
    "entity",
    lambda _: SilenceQuery(AT, PERIOD),
    lambda silence, place: any(
        line.entity.key == place.entity and PHONE in repr(line.people) for line in silence.lines
    ),
    name="/contacts",
)
question(ReminderQuery, "entity", lambda place: ReminderQuery(AT, place.entity, PERIOD))
command(RecordReminder, "entity", lambda place, _: RecordReminder(place.entity, PERIOD, ReminderChannel.COPY))


def _provisional(store: Store, actor: Actor, _: Place) -> None:
    with store.read() as connection:
        now = still(connection, actor, utc_now())
    ask(store, OverviewQuery(At(DAY, provisional=True), None), now.visibility)


gesture("ask/provisional", None, "store", _provisional)

# Running the cycle ---------------------------------------------------------------------------------------


def _new_day(_place: Place, _actor: Actor) -> OpenPeriod:
    return OpenPeriod("2025-T1", "T1", dt.date(2025, 1, 1), dt.date(2025, 3, 31), dt.date(2025, 4, 15))


command(
    RecordChange,
    "store",
    lambda *_: RecordChange("recommendation", "CCM7-A1-05", "withdrawn", "true", DAY),
    name="/recommendation",
)
command(
    RecordChange,
    "store",
    lambda *_: RecordChange("session", "CCM7", "political_date", "2022-09-01", DAY),
    name="/session",
)
command(SetNature, "store", lambda *_: SetNature("CCM7-A1-05", "continuous"))
question(TermsQuery, "store", lambda _: TermsQuery("CCM7-A1-05", AT))
command(OpenSession, "store", lambda *_: OpenSession(8, dt.date(2024, 5, 5)))
command(OpenPeriod, "store", _new_day)
command(ChangePeriod, "store", lambda *_: ChangePeriod(PERIOD, "Trimestre 1", *PERIOD_DAYS))
command(ChangeSetting, "store", lambda *_: ChangeSetting("public_reading", "off"))
question(SettingsQuery, "store", lambda _: SettingsQuery())
command(AddAlias, "store", lambda *_: AddAlias("NE002", "Diffa la belle"))
command(RenameEntity, "store", lambda *_: RenameEntity("MJ", "MJ-GS", "Ministère de la Justice", DAY))
command(RemoveAlias, "store", lambda *_: RemoveAlias(ALIAS))
command(AddEntity, "store", lambda *_: AddEntity("MX", EntityKind.MINISTRY, "MX", "Ministère nouveau", DAY))
command(RecordSuccession, "store", lambda *_: RecordSuccession("MJ", "MAEC", DAY))
command(WithdrawSuccession, "store", lambda *_: WithdrawSuccession("DST", "INS", FOLLOWED_ON, DAY))
question(EntityNamesQuery, "store", lambda _: EntityNamesQuery(DAY))
question(EngagementsQuery, "store", lambda _: EngagementsQuery("MJ"))

# People, and oneself -------------------------------------------------------------------------------------


def _second_factor(transaction: Transaction, name: str, confirmed: Any) -> None:
    user = transaction.connection.execute(select(User.id).where(User.name == name)).scalar_one()
    values = {"totp_secret": _SECRET, "totp_confirmed_at": confirmed}
    transaction.connection.execute(update(Credential).where(Credential.user_id == user).values(values))


def _with_factor(transaction: Transaction, actor: Actor, _: Place) -> None:
    _second_factor(transaction, actor.name, transaction.now)


def _with_half_a_factor(transaction: Transaction, actor: Actor, _: Place) -> None:
    _second_factor(transaction, actor.name, None)


def _others_factor(transaction: Transaction, _actor: Actor, _: Place) -> None:
    _second_factor(transaction, SPARE, transaction.now)


command(AddUser, "store", lambda *_: AddUser("Nouvelle personne", "reader"))
command(ChangePerson, "store", lambda *_: ChangePerson(SPARE, "reader", (), 1))
command(DisablePerson, "store", lambda *_: DisablePerson(SPARE))
command(EnablePerson, "store", lambda *_: EnablePerson(LEFT))
command(SetContact, "store", lambda *_: SetContact(SPARE, email="a@b.ne"))
command(IssueLink, "store", lambda *_: IssueLink(SPARE))
command(RemoveSecondFactor, "store", lambda *_: RemoveSecondFactor(SPARE), _others_factor, name="/of another")
command(SweepEvidence, "store", lambda *_: SweepEvidence(dry_run=True))
question(PeopleQuery, "store", lambda _: PeopleQuery())
question(JournalQuery, "store", lambda _: JournalQuery())
question(HeadQuery, "store", lambda _: HeadQuery())

_NEW = "tout autre chose à retenir"
question(OwnAccountQuery, "store", lambda _: OwnAccountQuery())
gesture(
    "change_password",
    None,
    "store",
    lambda store, actor, _: change_password(store, actor, PASSWORD, _NEW, "127.0.0.1"),
)
gesture(
    "confirm_password",
    None,
    "store",
    lambda store, actor, _: confirm_password(store, actor, PASSWORD, "127.0.0.1"),
)
command(BeginSecondFactor, "store", lambda *_: BeginSecondFactor())
command(
    ConfirmSecondFactor,
    "store",
    lambda *_: ConfirmSecondFactor(pyotp.TOTP(_SECRET).now()),
    _with_half_a_factor,
)
command(RemoveSecondFactor, "store", lambda _, actor: RemoveSecondFactor(actor.name), _with_factor)
command(SignOut, "store", lambda *_: SignOut())
command(SignOut, "store", lambda *_: SignOut(everywhere=True), name="/everywhere")
