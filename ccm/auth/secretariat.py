"""Who of the Secretariat is there to validate: a report is validated by another than who entered it."""

from sqlalchemy import Connection, exists, or_, select

from ccm.auth.permissions import PERMISSIONS, Action
from ccm.auth.sign_ins import owes_second_factor
from ccm.domain.vocabulary import UserRole
from ccm.store.models import Credential, User


def somebody_else_validates(connection: Connection, name: str) -> bool:
    """Whether another person than this one can sign in now and validate reports.

    Who never set a password, or owes the second factor that administrators must have, cannot: they would
    leave a lone Secretariat waiting for nobody.
    """
    other = exists().where(
        Credential.user_id == User.id,
        User.role.in_(list(PERMISSIONS[Action.VALIDATE_REPORT].reach)),
        User.disabled_at.is_(None),
        User.name != name,
    )
    if owes_second_factor(connection):
        other = other.where(
            or_(User.role != UserRole.ADMINISTRATOR, Credential.totp_confirmed_at.is_not(None))
        )
    return bool(connection.execute(select(other)).scalar_one())
