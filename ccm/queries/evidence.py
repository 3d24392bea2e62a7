"""One evidence file, for whoever may see it."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.auth import Action, Actor, may_see_evidence, require_somewhere
from ccm.domain.dates import today
from ccm.domain.errors import NotFound
from ccm.domain.vocabulary import EvidenceKind, ReportState
from ccm.i18n import N_
from ccm.metrics import holders
from ccm.queries.ask import PrivateQuery
from ccm.store.models import Entity, Evidence, ProgressReport

#: No database counts further.
_LARGEST_NUMBER = 2**63 - 1
_UNKNOWN = N_("Ce fichier n'est pas connu.")


@dataclass(frozen=True)
class EvidenceFile:
    """A file's name, type and digest."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True)
class EvidenceQuery(PrivateQuery[EvidenceFile]):
    """One file by its number."""

    number: int

    def authorise(self, actor: Actor) -> None:
        """Whoever may read some evidence."""
        require_somewhere(actor, Action.READ_EVIDENCE)

    def answer_to(self, connection: Connection, actor: Actor) -> EvidenceFile:
        """Raises NotFound for what is not there, or not for this actor: both alike."""
        if self.number > _LARGEST_NUMBER:
            raise NotFound(_UNKNOWN)
        held = holders(connection, today())
        row = connection.execute(
            select(Evidence.name, Evidence.media_type, Evidence.sha256)
            .add_columns(Entity.key.label("holder"), ProgressReport.state)
            .join(ProgressReport, ProgressReport.id == Evidence.report_id)
            .join(held, held.c.assignment_id == ProgressReport.assignment_id)
            .join(Entity, Entity.id == held.c.entity_id)
            .where(Evidence.id == self.number, Evidence.kind == EvidenceKind.FILE)
        ).first()
        if row is None or not may_see_evidence(actor, ReportState(row.state), row.holder):
            raise NotFound(_UNKNOWN)
        return EvidenceFile(row.name, row.media_type, row.sha256)
