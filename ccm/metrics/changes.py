"""Append-only changes at (D, K): for each field of each object, the row that holds."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, Select, Subquery, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ccm.domain.vocabulary import ChangeField
from ccm.metrics.at import At
from ccm.store.models import Assignment, AssignmentChange, RecommendationChange, SessionChange

#: Recommendations by id, the parameter that will name them, or a question that gives them.
Ids = Collection[int] | BindParameter[Any] | Select[int] | None
#: Ranks are compared by `<=`: PostgreSQL then expects many rows and joins by hashing, where `=` makes it
#: expect one and loop (minutes instead of tenths of a second at 60,000 reports).
FIRST = 1
#: By table: what each field's value is read from, and the name it is given.
_VALUES: dict[Any, dict[str, tuple[ChangeField, str]]] = {
    SessionChange: {"political_date": (ChangeField.POLITICAL_DATE, "day")},
    RecommendationChange: {
        "nature": (ChangeField.NATURE, "value"),
        "axis_id": (ChangeField.PLACE, "axis_id"),
        "challenge_id": (ChangeField.PLACE, "challenge_id"),
        "withdrawn": (ChangeField.WITHDRAWN, "value"),
    },
    AssignmentChange: {
        "role": (ChangeField.ROLE, "value"),
        "weight": (ChangeField.WEIGHT, "number"),
        "due_date": (ChangeField.DUE_DATE, "day"),
        "ended": (ChangeField.END, "value"),
    },
}


def known(recorded_at: Any, at: At) -> ColumnElement[bool]:
    """What has no recording date came with the first load: always known."""
    if at.known_at is None:
        return true()
    return or_(recorded_at.is_(None), recorded_at <= at.known_at)


def in_force(model: Any, owner: InstrumentedAttribute[int], at: At, only: Ids = None) -> Subquery | CTE:
    """One row per changed object: each field's value, and the day it holds from (`<field>_on`).

    NULL where the field never changed; a cleared due date has its day and no value.
    """
    ranked = select(
        owner.label("owner_id"),
        *[column for column in model.__table__.columns if column.name not in ("id", owner.key)],
        func.row_number()
        .over(
            partition_by=(owner, model.field),
            order_by=(model.effective_on.desc(), model.recorded_at.desc(), model.id.desc()),
        )
        .label("place_in_time"),
    ).where(model.effective_on <= at.as_of, known(model.recorded_at, at))
    if only is not None:
        ranked = ranked.where(_of_recommendations(model, owner, only))
    rows = ranked.subquery()

    def pick(field: ChangeField, column: str) -> ColumnElement[Any]:
        return func.max(case((rows.c.field == field, rows.c[column])))

    values = _VALUES[model]
    picked = [pick(field, column).label(name) for name, (field, column) in values.items()]
    fields = {field for field, _column in values.values()}
    since = [pick(field, "effective_on").label(f"{field.value}_on") for field in sorted(fields)]
    found = (
        select(rows.c.owner_id, *picked, *since)
        .where(rows.c.place_in_time <= FIRST)
        .group_by(rows.c.owner_id)
    )
    if not isinstance(only, Select):
        return found.subquery()
    # Of those that a question gives, PostgreSQL expects one, and would find the changes anew for each object.
    return found.cte().prefix_with("MATERIALIZED", dialect="postgresql")


def _of_recommendations(
    model: Any, owner: InstrumentedAttribute[int], ids: Collection[int] | BindParameter[Any] | Select[int]
) -> ColumnElement[bool]:
    if model is RecommendationChange:
        return owner.in_(ids)
    return owner.in_(select(Assignment.id).where(Assignment.recommendation_id.in_(ids)))
