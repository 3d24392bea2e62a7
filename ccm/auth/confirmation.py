"""Sensitive actions: whoever asks for one gave their password not long ago."""

import datetime as dt

from sqlalchemy import Connection, select

from ccm.auth.policy import Actor
from ccm.auth.sign_ins import CLOCKS_DIFFER
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError
from ccm.store.models import SignIn

#: How long the password that was just given vouches for a sensitive action.
CONFIRMED_FOR = dt.timedelta(minutes=10)


class ConfirmationNeeded(CcmError):
    """A sensitive action, and the password was given too long ago."""


def is_recent(confirmed: dt.datetime) -> bool:
    """Whether a password given at this instant still vouches for a sensitive action."""
    return -CLOCKS_DIFFER <= utc_now() - confirmed <= CONFIRMED_FOR


def require_recent(connection: Connection, actor: Actor) -> None:
    """Raise ConfirmationNeeded unless the person gave their password in the last ten minutes."""
    if actor.sign_in_id is None:
        return
    confirmed = connection.execute(
        select(SignIn.confirmed_at).where(SignIn.id == actor.sign_in_id)
    ).scalar_one()
    if not is_recent(confirmed):
        raise ConfirmationNeeded(
            "Confirmez votre mot de passe, puis recommencez : cette action est sensible."
        )
