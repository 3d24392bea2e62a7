"""Who of the Secretariat is there to validate: a report is validated by another than who entered it."""

from sqlalchemy import Connection, exists, select

from ccm.auth.permissions import PERMISSIONS, Action
from ccm.store.models import User


def somebody_else_validates(connection: Connection, name: str) -> bool:
    """Whether another active person than this one may validate reports."""
    other = exists().where(
        User.role.in_(list(PERMISSIONS[Action.VALIDATE_REPORT].reach)),
        User.disabled_at.is_(None),
        User.name != name,
    )
    return bool(connection.execute(select(other)).scalar_one())
