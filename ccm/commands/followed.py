"""What recommendations are on a day: their nature, and since when they are followed up."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam

from ccm.commands.lookup import Named, parts
from ccm.domain.vocabulary import Nature
from ccm.metrics import At
from ccm.metrics.history import recommendation_terms


@dataclass(frozen=True)
class Followed:
    """What a recommendation is: `since` is the day of its adoption, None while that is not known."""

    nature: Nature
    since: dt.date | None


def followed(connection: Connection, recommendations: Iterable[Named], today: dt.date) -> dict[int, Followed]:
    """The recommendations by id as they are on a day, by the rule that figures follow."""
    found: dict[int, Followed] = {}
    for ids in parts(named.id for named in recommendations):
        rows = connection.execute(_terms(today), {"ids": list(ids)})
        found.update({row.recommendation_id: Followed(Nature(row.nature), row.follow_from) for row in rows})
    return found


@lru_cache
def _terms(today: dt.date) -> Select[Any]:
    return recommendation_terms(At(today), bindparam("ids", expanding=True))
