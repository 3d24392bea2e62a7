"""Signing people in where no browser holds a cookie: the one function that reads it is replaced."""

import pytest
from sqlalchemy import select

from ccm.commands.sign_in import open_sign_in
from ccm.domain.vocabulary import UserRole
from ccm.store import open_store
from ccm.store.models import User
from ccm.ui import identity

ADMINISTRATOR = "Administratrice du Secrétariat (démo)"
VALIDATOR = "Validateur du Secrétariat (démo)"
MINISTER = "Ministre (démo)"
DONOR = "Bailleur Alpha (démo)"
FOCAL_POINT = "Point focal Tillabéri (démo)"
READER = "Lectrice inscrite (démo)"
EVERYBODY = (ADMINISTRATOR, VALIDATOR, MINISTER, DONOR, FOCAL_POINT, READER, "")


def sign_in(patch: pytest.MonkeyPatch, store_url: str, name: str) -> None:
    """From now on the application is opened by this person of the demonstration; by the public for ""."""
    token = None
    if name:
        store = open_store(store_url)
        with store.write("console") as transaction:
            row = transaction.connection.execute(select(User.id, User.role).where(User.name == name)).one()
            token = open_sign_in(transaction, row.id, UserRole(row.role))
        store.close()
    patch.setattr(identity, "token", lambda: token)
