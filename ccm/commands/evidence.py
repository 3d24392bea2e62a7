"""Adding evidence to an answer that is being prepared: a file, an address, or a document's name."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import delete, func, insert, select

from ccm.auth import Action, Actor, require, require_somewhere
from ccm.commands.cells import told
from ccm.commands.command import Command
from ccm.domain import evidence as rules
from ccm.domain.errors import Invalid, NotAllowed, NotFound, Problem
from ccm.domain.vocabulary import EvidenceKind
from ccm.store import Store, Transaction
from ccm.store.files import evidence_files
from ccm.store.models import Assignment, AssignmentState, DraftEvidence, Entity

_MOST_PIXELS = 40_000_000
#: What an office file may hold once unpacked, in bytes and files.
_UNPACKED, _MOST_FILES = 100 * 1024 * 1024, 1_000
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KIND = Problem(
    "ce fichier n'est pas d'un genre accepté : PDF, image PNG ou JPEG, Word (docx) ou Excel (xlsx)",
    column="evidence",
)

_UNREADABLE = Problem("cette image ne peut pas être lue : choisissez-en une autre", column="evidence")
_TOO_LARGE = Problem("cette image est trop grande : 40 millions de points au plus", column="evidence")


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
        assignment = assignment_of(transaction, self.assignment)
        require(actor, Action.ADD_EVIDENCE, assignment.entity)
        if actor.user_id is None:
            raise NotAllowed("Une preuve s'ajoute par une personne : connectez-vous.")
        problems = list(self._problems(transaction, actor, assignment.id))
        if problems:
            raise Invalid(problems)
        row = {
            "user_id": actor.user_id,
            "assignment_id": assignment.id,
            "kind": self.kind,
            "name": rules.tidy_name(self.name) if self.kind is not EvidenceKind.LINK else self.name[:200],
            "url": self.url.strip() if self.url else None,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "size": self.size,
            "added_at": transaction.now,
        }
        return int(
            transaction.connection.execute(
                insert(DraftEvidence).values(row).returning(DraftEvidence.id)
            ).scalar_one()
        )

    def _problems(self, transaction: Transaction, actor: Actor, assignment: int) -> Any:
        if self.kind is EvidenceKind.LINK and not rules.is_address((self.url or "").strip()):
            yield Problem(
                "« %(value)s » n'est pas une adresse : elle commence par https:// ou http://",
                told(value=(self.url or "")[:60]),
                column="evidence",
            )
        if not self.name.strip():
            yield Problem("nommez le document", column="evidence")
        waiting = select(func.count()).where(
            DraftEvidence.assignment_id == assignment, DraftEvidence.user_id == actor.user_id
        )
        if transaction.connection.execute(waiting).scalar_one() >= rules.MOST_PIECES:
            yield Problem(
                "%(most)s preuves au plus : retirez-en une", told(most=rules.MOST_PIECES), column="evidence"
            )


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
            require(actor, Action.ADD_EVIDENCE, assignment_of(transaction, key).entity)
        removed = transaction.connection.execute(
            delete(DraftEvidence).where(
                DraftEvidence.id == self.evidence_id, DraftEvidence.user_id == actor.user_id
            )
        )
        if not removed.rowcount:
            raise NotFound("Cette preuve n'est plus là, ou accompagne déjà un point transmis.")


def keep_file(store: Store, assignment: str, name: str, content: bytes) -> AddEvidence:
    """Keep a file's bytes, and the command that puts it beside an answer; raises Invalid.

    Its kind is told by its content. An image is written anew, which leaves behind where and by whom it
    was taken, and whatever hides after it.
    """
    if not content:
        raise Invalid([Problem("ce fichier est vide : choisissez-en un autre", column="evidence")])
    if len(content) > rules.LARGEST_FILE:
        values = told(size=f"{len(content) / 1048576:.1f}", most=rules.LARGEST_FILE // 1048576)
        raise Invalid(
            [Problem("ce fichier fait %(size)s Mo : %(most)s Mo au plus", values, column="evidence")]
        )
    media_type, kept = _harmless(content)
    digest = evidence_files(store).keep(kept)
    tidy = rules.tidy_name(name)
    ending = rules.MEDIA_TYPES[media_type]
    named = (
        tidy
        if tidy.lower().endswith((ending, ".jpeg"))
        else tidy[: rules.LONGEST_NAME - len(ending)] + ending
    )
    return AddEvidence(
        assignment, EvidenceKind.FILE, named, sha256=digest, media_type=media_type, size=len(kept)
    )


def assignment_of(transaction: Transaction, key: str) -> Any:
    """The assignment of a key, with the key of the entity that answers for it today; raises NotFound."""
    holder = func.coalesce(AssignmentState.entity_id, Assignment.entity_id)
    row = transaction.connection.execute(
        select(Assignment.id, Assignment.key, Assignment.recommendation_id, Entity.key.label("entity"))
        .outerjoin(AssignmentState, AssignmentState.assignment_id == Assignment.id)
        .join(Entity, Entity.id == holder)
        .where(Assignment.key == key)
    ).first()
    if row is None:
        raise NotFound("Cet engagement n'est pas connu.")
    return row


def _harmless(content: bytes) -> tuple[str, bytes]:
    if content.startswith(b"%PDF-"):
        return "application/pdf", content
    if content.startswith(b"PK\x03\x04"):
        return _office(content), content
    return _redrawn(content)


def _office(content: bytes) -> str:
    """Word or Excel without macros, of a bounded size once unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
            names = {file.filename for file in files}
            if len(files) > _MOST_FILES or sum(file.file_size for file in files) > _UNPACKED:
                raise Invalid([_KIND])
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Invalid([_KIND]) from error
    if any("vbaproject" in name.lower() for name in names) or "[Content_Types].xml" not in names:
        raise Invalid([_KIND])
    found = [media_type for part, media_type in _OFFICE.items() if part in names]
    if len(found) != 1:
        raise Invalid([_KIND])
    return found[0]


def _redrawn(content: bytes) -> tuple[str, bytes]:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Invalid([_TOO_LARGE])
            media_type = f"image/{(image.format or '').lower()}"
            drawn = io.BytesIO()
            _clean(image).save(drawn, image.format, quality=88)
    except UnidentifiedImageError as error:
        raise Invalid([_KIND]) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid([_UNREADABLE]) from error
    return media_type, drawn.getvalue()


def _clean(image: Image.Image) -> Image.Image:
    """The points of the image alone, the right way up: its turning stands in the data that is left behind."""
    turned = ImageOps.exif_transpose(image)
    plain = turned.convert("RGB" if image.format == "JPEG" else "RGBA")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean
