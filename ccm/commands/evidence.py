"""Adding evidence to an answer that is being prepared: a file, an address, or a document's name."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from ccm.auth import Action, Actor, require, require_somewhere
from ccm.auth.sign_ins import still
from ccm.commands.cells import Line, prose, told
from ccm.commands.command import Command
from ccm.commands.evidence_files import harmless
from ccm.domain import evidence as rules
from ccm.domain.dates import today, utc_now
from ccm.domain.errors import Invalid, NotAllowed, NotFound, Problem
from ccm.domain.vocabulary import EvidenceKind
from ccm.i18n import N_
from ccm.metrics import holders
from ccm.store import Store, Transaction
from ccm.store.files import evidence_files, files_at
from ccm.store.models import Assignment, DraftEvidence, Entity, Evidence

_GONE = Problem("ce fichier n'est plus sur le serveur : choisissez-le à nouveau", column="evidence")
_TOO_MUCH = N_(
    "vos fichiers en attente dépassent %(most)s Mo : transmettez des points ou retirez des fichiers"
)
#: What a piece of evidence is, beside a draft as behind a report.
PIECE = ("kind", "name", "url", "sha256", "media_type", "size", "added_at")


@dataclass(frozen=True)
class AddEvidence(Command[int]):
    """Put a piece of evidence beside an answer being prepared; its id. Its author alone sees it until then.

    `sha256`, `media_type` and `size` are those of a file that `keep_file` has kept.
    """

    assignment: str
    kind: EvidenceKind
    name: str
    url: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    size: int | None = None

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.ADD_EVIDENCE)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises Invalid for a bad address or name, NotAllowed for another's answer."""
        connection = transaction.connection
        assignment = _may_add(connection, actor, self.assignment, transaction.today, self.size or 0)
        if self.sha256 and not files_at(connection.engine.url).path(self.sha256).exists():
            raise Invalid([_GONE])
        problems: list[Problem] = []
        name = self._name(problems)
        problems += self._problems()
        if problems:
            raise Invalid(problems)
        row = {
            "user_id": actor.user_id,
            "assignment_id": assignment.id,
            "kind": self.kind,
            "name": name,
            "url": self.url.strip() if self.url else None,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "size": self.size,
            "added_at": transaction.now,
        }
        return int(
            connection.execute(insert(DraftEvidence).values(row).returning(DraftEvidence.id)).scalar_one()
        )

    def _name(self, problems: list[Problem]) -> str:
        """What the piece is called, on one line; a document of paper is called as people call it."""
        text = " ".join((Line(None, problems).read("evidence", self.name, prose) or "").split())
        if self.kind is EvidenceKind.FILE:
            return rules.tidy_name(text)
        if self.kind is EvidenceKind.DOCUMENT and len(text) > rules.LONGEST_NAME:
            most = told(most=rules.LONGEST_NAME)
            problems.append(
                Problem("le nom est trop long : %(most)s caractères au plus", most, column="evidence")
            )
        return text[: rules.LONGEST_NAME]

    def _problems(self) -> Iterator[Problem]:
        if self.kind is EvidenceKind.LINK and not rules.is_address((self.url or "").strip()):
            yield Problem(
                "« %(value)s » n'est pas une adresse : elle commence par https:// ou http://",
                told(value=(self.url or "")[:60]),
                column="evidence",
            )
        if not self.name.strip():
            yield Problem("nommez le document", column="evidence")


@dataclass(frozen=True)
class RemoveEvidence(Command[None]):
    """Take away a piece of evidence that no report holds yet."""

    evidence_id: int

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.ADD_EVIDENCE)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound for another's piece or one behind a report, NotAllowed for another's answer."""
        key = transaction.connection.execute(
            select(Assignment.key)
            .join(DraftEvidence, DraftEvidence.assignment_id == Assignment.id)
            .where(DraftEvidence.id == self.evidence_id)
        ).scalar()
        if key is not None:
            require(
                actor,
                Action.ADD_EVIDENCE,
                assignment_of(transaction.connection, key, transaction.today).entity,
            )
        removed = transaction.connection.execute(
            delete(DraftEvidence).where(
                DraftEvidence.id == self.evidence_id, DraftEvidence.user_id == actor.user_id
            )
        )
        if not removed.rowcount:
            raise NotFound("Cette preuve n'est plus là, ou accompagne déjà un point transmis.")


def keep_file(store: Store, actor: Actor, assignment: str, name: str, content: bytes) -> AddEvidence:
    """Keep a file's bytes, and the command that puts it beside an answer; raises Invalid, NotAllowed.

    Nothing is written for whoever may not add evidence to this answer. Its kind is told by its content. An
    image is written anew, which leaves behind where and by whom it was taken, and whatever hides after it.
    """
    with store.read() as connection:
        _may_add(connection, still(connection, actor, utc_now()), assignment, today(), len(content))
    if not content:
        raise Invalid([Problem("ce fichier est vide : choisissez-en un autre", column="evidence")])
    if len(content) > rules.LARGEST_FILE:
        # Rounded up, as what is too big by a byte is; the decimal mark is the reader's, so the message's.
        whole, tenth = divmod(-(-len(content) * 10 // 1048576), 10)
        values = told(whole=whole, tenth=tenth, most=rules.LARGEST_FILE // 1048576)
        message = N_("ce fichier fait %(whole)s,%(tenth)s Mo : %(most)s Mo au plus")
        raise Invalid([Problem(message, values, column="evidence")])
    media_type, kept = harmless(content)
    digest = evidence_files(store).keep(kept)
    tidy = rules.tidy_name(name)
    ending = rules.MEDIA_TYPES[media_type]
    named = tidy if _ends(tidy, ending) else tidy[: rules.LONGEST_NAME - len(ending)] + ending
    return AddEvidence(
        assignment, EvidenceKind.FILE, named, sha256=digest, media_type=media_type, size=len(kept)
    )


def _ends(name: str, ending: str) -> bool:
    return name.lower().endswith((ending, ".jpeg") if ending == ".jpg" else ending)


def _may_add(connection: Connection, actor: Actor, key: str, on: dt.date, size: int) -> Any:
    """The answer, where the actor may put one more piece beside it; raises NotAllowed, NotFound, Invalid."""
    assignment = assignment_of(connection, key, on)
    require(actor, Action.ADD_EVIDENCE, assignment.entity)
    if actor.user_id is None:
        raise NotAllowed("Une preuve s'ajoute par une personne : connectez-vous.")
    if len(pieces_of(connection, actor, [assignment.id])) >= rules.MOST_PIECES:
        most = told(most=rules.MOST_PIECES)
        raise Invalid([Problem("%(most)s preuves au plus : retirez-en une", most, column="evidence")])
    waiting = select(func.sum(DraftEvidence.size)).where(DraftEvidence.user_id == actor.user_id)
    if size and (connection.execute(waiting).scalar() or 0) + size > rules.MOST_WAITING:
        most = told(most=rules.MOST_WAITING // 1048576)
        raise Invalid([Problem(_TOO_MUCH, most, column="evidence")])
    return assignment


def pieces_of(connection: Connection, actor: Actor, assignments: Iterable[int]) -> list[Row[Any]]:
    """The actor's own pieces beside answers that they prepare, as they were added."""
    whose = DraftEvidence.user_id == actor.user_id, DraftEvidence.assignment_id.in_(tuple(assignments))
    found = select(DraftEvidence.__table__).where(*whose).order_by(DraftEvidence.id)
    return list(connection.execute(found).all())


def put_behind(transaction: Transaction, pieces: Iterable[tuple[int, Row[Any]]]) -> None:
    """Let reports (by id) hold pieces that were beside their drafts."""
    rows = [
        {"report_id": report, **{name: piece._mapping[name] for name in PIECE}} for report, piece in pieces
    ]
    if rows:
        transaction.connection.execute(insert(Evidence), rows)


def assignment_of(connection: Connection, key: str, on: dt.date) -> Any:
    """The assignment of a key, with the key of the entity that answers for it that day; raises NotFound."""
    held = holders(connection, on)
    row = connection.execute(
        select(Assignment.id, Assignment.key, Assignment.recommendation_id, Entity.key.label("entity"))
        .join(held, held.c.assignment_id == Assignment.id)
        .join(Entity, Entity.id == held.c.entity_id)
        .where(Assignment.key == key)
    ).first()
    if row is None:
        raise NotFound("Cet engagement n'est pas connu.")
    return row
