"""Since when recommendations are followed up: of a day before, nothing is recorded."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from ccm.commands.cells import Line, told
from ccm.commands.lookup import Named, parts
from ccm.domain.errors import Problem
from ccm.domain.vocabulary import Nature
from ccm.i18n import N_
from ccm.metrics import At
from ccm.metrics.history import recommendation_terms

#: A day before the recommendation was adopted; forms tell it in their own words.
BEFORE_ADOPTION = N_(
    "« %(value)s » est avant l'adoption de %(recommendation)s : donnez le %(since)s ou un jour d'après"
)


@dataclass(frozen=True)
class Followed:
    """What a recommendation is: `since` is the day of its adoption, None while that is not known."""

    nature: Nature
    since: dt.date | None


def followed(connection: Connection, recommendations: Iterable[Named], today: dt.date) -> dict[int, Followed]:
    """The recommendations by id as they are on a day, by the rule that figures follow."""
    found: dict[int, Followed] = {}
    for ids in parts(named.id for named in recommendations):
        rows = connection.execute(recommendation_terms(At(today), ids))
        found.update({row.recommendation_id: Followed(Nature(row.nature), row.follow_from) for row in rows})
    return found


def refuse_before(
    line: Line, column: str, recommendation: Named, day: dt.date | None, since: dt.date | None
) -> None:
    """Note a day that lies before the adoption as a problem of its column."""
    if day is not None and since is not None and day < since:
        values = told(value=day.isoformat(), recommendation=recommendation.key, since=since.isoformat())
        line.refuse(column, Problem(BEFORE_ADOPTION, values))
