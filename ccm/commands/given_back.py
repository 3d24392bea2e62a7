"""A returned report before its author again, as a draft: to be mended, not to be typed anew."""

from sqlalchemy import insert, select

from ccm.commands.evidence import PIECE
from ccm.domain.vocabulary import ReportOrigin
from ccm.store import Transaction
from ccm.store.models import Draft, DraftEvidence, Entity, Evidence, ProgressReport, User

_CODES = ("status", "blocked_cause", "dropped_kind")


def give_back(transaction: Transaction, report_id: int) -> None:
    """Make what a report said, evidence included, its author's draft; one they have begun stays."""
    connection, report = transaction.connection, ProgressReport
    row = connection.execute(
        select(*report.__table__.columns, User.id.label("user_id"), Entity.key.label("blocked_by"))
        .join(User, User.name == report.author)
        .outerjoin(Entity, Entity.id == report.blocked_by_id)
        .where(report.id == report_id)
    ).first()
    if row is None:
        # It came from a file, or from the console: there is nobody to mend it in the form.
        return
    own = {"user_id": row.user_id, "assignment_id": row.assignment_id}
    begun = select(Draft.id).filter_by(**own).union(select(DraftEvidence.id).filter_by(**own))
    if connection.execute(begun).first():
        return
    cells = {
        "as_of": row.as_of.isoformat(),
        "percent": "" if row.percent is None else str(row.percent),
        "note": row.note,
        "blocked_reason": row.blocked_reason,
        "blocked_by": row.blocked_by or "",
        "origin": "" if row.origin is ReportOrigin.PORTAL else row.origin.value,
        **{name: code.value for name in _CODES if (code := row._mapping[name])},
    }
    connection.execute(
        insert(Draft).values(
            content={name: text for name, text in cells.items() if text},
            base_report_id=row.id,
            version=1,
            updated_at=transaction.now,
            **own,
        )
    )
    columns = [getattr(Evidence, name) for name in PIECE]
    pieces = connection.execute(select(*columns).where(Evidence.report_id == report_id).order_by(Evidence.id))
    rows = [{**own, **piece._mapping} for piece in pieces]
    if rows:
        connection.execute(insert(DraftEvidence), rows)
