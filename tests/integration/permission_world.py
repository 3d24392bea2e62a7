"""The store on which the table of permissions is executed: eight subjects, and a record in every state."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from ccm.auth import CONSOLE, PUBLIC, Actor, digest
from ccm.commands import ImportAssignments, ReportLine, RetractReport, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.entities import AddAlias
from ccm.commands.evidence import AddEvidence
from ccm.commands.people_changes import DisablePerson, SetContact
from ccm.commands.periods import OpenPeriod
from ccm.commands.successions import RecordSuccession
from ccm.commands.validation import ContestReport, ReturnReport, ValidateReports
from ccm.domain.vocabulary import EvidenceKind, RecordState, UserRole
from ccm.store import Store, Transaction
from ccm.store.engine import stamped
from ccm.store.files import evidence_files
from ccm.store.models import Assignment, Contest, Evidence, Recommendation
from tests.integration.acting import assign
from tests.integration.people import join

#: Where a record lies, seen from the focal point; `unassigned` has no record at all.
SCOPES = {
    "own_region": "NE002",
    "other_region": "NE007",
    "own_ministry": "MJ",
    "other_ministry": "MAEC",
    "national": "ETAT",
}
UNASSIGNED = "unassigned"
SUBJECTS = ("public", "disabled", *UserRole)
OWN = ("NE002", "MJ")
#: What only some may read, wherever it may turn up.
DRAFT, NOTE, REASON, PIECE = "brouillon-9d1", "note-7c2", "motif-3a7", "piece-5e3"
AUTHOR, PHONE = "Auteur 4f8", "+227 90 11 22 33"
DOUBTER = "Autre bailleur 2b6"
PERIOD = "2024-T1"
PERIOD_DAYS = (dt.date(2024, 1, 1), dt.date(2024, 3, 31), dt.date(2024, 4, 15))
#: What the Secretariat wrote of entities that no subject stands in.
ALIAS, FOLLOWED_ON = "Direction de la Surveillance", dt.date(2024, 3, 31)
#: A second administrator, so that nobody is the last one; and somebody who left.
SPARE, LEFT = "Administratrice adjointe", "Sujet parti"


class _TakenBack(Exception):
    """Ends a rehearsal: nothing of it is kept."""


class _Rehearsal(Store):
    """A store whose every reading and writing is part of one transaction, which is taken back."""

    def __init__(self, whole: Transaction, engine: Engine) -> None:
        super().__init__(engine)
        self._whole = whole

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read what was written so far."""
        yield self._whole.connection

    @contextmanager
    def write(self, actor: str) -> Iterator[Transaction]:
        """Write as a store does, within the whole."""
        yield stamped(self._whole.connection, actor, self._whole.written)


@contextmanager
def rehearsal(store: Store) -> Iterator[Store]:
    """The store for one attempt, of which nothing is kept."""
    with suppress(_TakenBack), store.write("rehearsal") as whole:
        yield _Rehearsal(whole, store.engine)
        raise _TakenBack


@dataclass(frozen=True)
class Place:
    """One record: whose it is, in which state, and the last report and piece of evidence it has."""

    scope: str
    state: str
    recommendation: str = ""
    entity: str = ""
    report: int = 0
    evidence: int = 0
    contest: int = 0

    @property
    def assignment(self) -> str:
        """The key of the answer."""
        return f"{self.recommendation}/{self.entity}"

    def line(self, as_of: str = "2024-03-31") -> ReportLine:
        """A report on it that is right in itself."""
        return ReportLine(self.recommendation, self.entity, as_of, "in_progress", "50", line=2)


@dataclass
class World:
    """A store, who acts in it, and every record they may meet."""

    store: Store
    subjects: dict[str, Actor]
    places: tuple[Place, ...]
    recommendations: dict[str, str]
    memory: dict[Any, Any] = field(default_factory=dict)


def make(store: Store) -> World:
    """Fill a store that was just loaded."""
    keys = _recommendations(store)
    by_state = dict(zip(RecordState, keys, strict=False))
    lines = [
        assign(recommendation=key, entity=entity, nature="finite", effective_on="2023-01-01", line=None)
        for key in by_state.values()
        for entity in SCOPES.values()
    ]
    submit(store, CONSOLE, ImportAssignments(tuple(lines)))
    author = _add(store, AUTHOR, UserRole.FOCAL_POINT, tuple(SCOPES.values()))
    subjects = _subjects(store)
    submit(store, CONSOLE, OpenPeriod(PERIOD, "T1", *PERIOD_DAYS))
    submit(store, CONSOLE, AddAlias("DST", ALIAS))
    submit(store, CONSOLE, RecordSuccession("DST", "INS", FOLLOWED_ON))
    places = [
        _record(store, author, subjects["donor"], Place(scope, state.value, by_state[state], entity))
        for scope, entity in SCOPES.items()
        for state in RecordState
    ]
    nobodys = Place(UNASSIGNED, "none", keys[len(RecordState)], "NE002")
    named = {state.value: key for state, key in by_state.items()}
    return World(store, subjects, (*places, nobodys), named)


def _recommendations(store: Store) -> list[str]:
    """Keys of recommendations that Diffa answers for: one for each state; then of one that it does not."""
    diffa = select(Assignment.recommendation_id).where(Assignment.key.endswith("/NE002"))
    keys = select(Recommendation.key).order_by(Recommendation.position)
    with store.read() as connection:
        regional = connection.execute(keys.where(Recommendation.id.in_(diffa))).scalars().all()
        other = connection.execute(keys.where(Recommendation.id.not_in(diffa))).scalars().first()
    return [*regional[: len(RecordState)], other or ""]


def _subjects(store: Store) -> dict[str, Actor]:
    """Every subject as their browser made them; the disabled one since their page was drawn."""
    found = {"public": PUBLIC}
    for role in UserRole:
        entities = OWN if role is UserRole.FOCAL_POINT else ()
        found[role.value] = _add(store, f"Sujet {role.value}", role, entities)
    found["disabled"] = _add(store, LEFT, UserRole.ADMINISTRATOR, ())
    _add(store, SPARE, UserRole.ADMINISTRATOR, ())
    submit(store, CONSOLE, DisablePerson(LEFT))
    return found


def _add(store: Store, name: str, role: UserRole, entities: tuple[str, ...]) -> Actor:
    """A person with a password, signed in."""
    person = join(store, name, role, *entities)
    submit(store, CONSOLE, SetContact(name, phone=PHONE))
    return person


def _record(store: Store, author: Actor, donor: Actor, place: Place) -> Place:
    """Bring one record to its state, by the commands that bring it there."""
    evidence_files(store).keep(place.assignment.encode())
    if place.state == RecordState.NONE:
        return place
    if place.state == RecordState.DRAFT:
        submit(store, author, SaveDraft(place.assignment, {"note": DRAFT}))
        submit(store, author, file_of(place))
        return place
    piece = submit(store, author, file_of(place))
    line = ReportLine(
        place.recommendation, place.entity, "2024-02-29", "in_progress", "20", note_of(place.state)
    )
    report = submit(store, author, SubmitReport(line, None, (piece,)))
    contest = 0
    if place.state == RecordState.RETURNED:
        submit(store, CONSOLE, ReturnReport(report, REASON))
    if place.state in (RecordState.VALIDATED, RecordState.RETRACTED):
        submit(store, CONSOLE, ValidateReports((report,)))
        contest = _contest(store, report)
    if place.state == RecordState.RETRACTED:
        submit(store, CONSOLE, RetractReport(report, "Chiffre faux"))
    with store.read() as connection:
        evidence = connection.execute(select(Evidence.id).where(Evidence.report_id == report)).scalar_one()
    return Place(place.scope, place.state, place.recommendation, place.entity, report, evidence, contest)


def note_of(state: str) -> str:
    """The note of the reports in a state: it tells them apart wherever it turns up."""
    return f"{NOTE}-{state}"


def _contest(store: Store, report: int) -> int:
    """Somebody else's doubt, so that the donor's own is still to come."""
    doubter = Actor(DOUBTER, UserRole.DONOR)
    submit(store, doubter, ContestReport(report, "Doute"))
    with store.read() as connection:
        return int(connection.execute(select(Contest.id).where(Contest.report_id == report)).scalar_one())


def file_of(place: Place) -> AddEvidence:
    """A file put beside an answer."""
    name, content = f"{PIECE}.pdf", digest(place.assignment)
    return AddEvidence(
        place.assignment, EvidenceKind.FILE, name, sha256=content, media_type="application/pdf", size=9
    )


def put(transaction: Transaction, model: Any, **values: Any) -> None:
    """A row of its own, for one attempt."""
    transaction.connection.execute(insert(model).values(values))
