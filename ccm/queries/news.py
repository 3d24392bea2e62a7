"""What was done on one's answers since one's last visit: by the Secretariat, or by a partner who doubts."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from ccm.auth import Actor
from ccm.domain.dates import today
from ccm.domain.vocabulary import NewsKind
from ccm.metrics import holders
from ccm.store.models import Assignment, Contest, ProgressReport, SignIn

_REPORT = ProgressReport
_NOTHING = literal("")
#: Of a report: the instant of what was done, and why, in whose words.
_ON_REPORTS: dict[NewsKind, tuple[Any, ColumnElement[str]]] = {
    NewsKind.VALIDATED: (_REPORT.validated_at, _NOTHING),
    NewsKind.RETURNED: (_REPORT.returned_at, _REPORT.returned_reason.expression),
    NewsKind.RETRACTED: (_REPORT.retracted_at, _REPORT.retracted_reason.expression),
    NewsKind.VERIFIED: (_REPORT.verified_at, _NOTHING),
}
#: Of a contest of one.
_ON_CONTESTS: dict[NewsKind, tuple[Any, ColumnElement[str]]] = {
    NewsKind.CONTESTED: (Contest.opened_at, Contest.reason.expression),
    NewsKind.CONTEST_ANSWERED: (Contest.answered_at, Contest.answer.expression),
}


@dataclass(frozen=True)
class News:
    """Something that was done on one's answers since one's last visit; `reason`: in their words."""

    assignment: str
    recommendation: str
    kind: NewsKind
    at: dt.datetime
    reason: str


def last_visit(connection: Connection, actor: Actor) -> dt.datetime | None:
    """When one was last seen before this sign-in."""
    here = select(SignIn.created_at).where(SignIn.id == actor.sign_in_id).scalar_subquery()
    earlier = select(func.max(SignIn.last_seen_at)).where(
        SignIn.user_id == actor.user_id, SignIn.id != actor.sign_in_id, SignIn.created_at < here
    )
    found: dt.datetime | None = connection.execute(earlier).scalar()
    return found


def news(connection: Connection, own: Collection[int], since: dt.datetime | None) -> tuple[News, ...]:
    """What is new on the answers of these entities, the latest first; nothing at a first visit."""
    if since is None:
        return ()
    held = holders(connection, today())
    found: list[News] = []
    for kind, (instant, reason) in (_ON_REPORTS | _ON_CONTESTS).items():
        query = (
            select(Assignment.key, instant.label("at"), reason.label("reason"))
            .select_from(_REPORT)
            .join(Assignment, Assignment.id == _REPORT.assignment_id)
            .join(held, held.c.assignment_id == Assignment.id)
            .where(held.c.entity_id.in_(own), instant > since)
        )
        if kind in _ON_CONTESTS:
            query = query.join(Contest, Contest.report_id == _REPORT.id)
        found += [
            News(row.key, row.key.rpartition("/")[0], kind, row.at, row.reason or "")
            for row in connection.execute(query)
        ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
