"""Who saves second is told what the first one wrote: nothing is overwritten unread."""

import datetime as dt

import pytest

from ccm.auth import CONSOLE
from ccm.commands import AddUser, submit
from ccm.commands.entities import RenameEntity
from ccm.commands.people_changes import SetContact
from ccm.commands.plan_terms import Assign, SetNature
from ccm.domain.errors import Conflict
from ccm.domain.vocabulary import Nature
from ccm.metrics import At
from ccm.queries.administration import EntityNamesQuery
from ccm.queries.ask import ask_as
from ccm.queries.people import people
from ccm.queries.terms import Terms, TermsQuery
from ccm.store import Store
from tests.integration.acting import VALIDATOR, everything

UNASSIGNED, DAY = "CCM7-A3-10", dt.date(2024, 3, 1)


def _terms(store: Store) -> Terms:
    return ask_as(store, VALIDATOR, TermsQuery(UNASSIGNED, At(DAY)))


def test_terms_that_changed_since_they_were_read(store: Store) -> None:
    day, read = "01/03/2024", _terms(store).version
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("INS",), weight="2", effective_on=day, seen=read))
    before = everything(store)
    for second in (
        Assign(UNASSIGNED, ("INS",), weight="5", effective_on=day, seen=read),
        SetNature(UNASSIGNED, "continuous", day, read),
    ):
        with pytest.raises(Conflict):
            submit(store, VALIDATOR, second)
    assert everything(store) == before
    assert [line.weight for line in _terms(store).assignments] == [2]
    # Read anew, what they meant to say is said.
    submit(store, VALIDATOR, SetNature(UNASSIGNED, "continuous", day, _terms(store).version))
    submit(
        store,
        VALIDATOR,
        Assign(UNASSIGNED, ("INS",), weight="5", effective_on="02/03/2024", seen=_terms(store).version),
    )
    assert _terms(store).nature is Nature.CONTINUOUS


def test_contacts_that_changed_since_they_were_read(store: Store) -> None:
    submit(store, CONSOLE, AddUser("Point focal", "focal_point", ("NE002",)))
    read = {"full_name": "", "function": "", "email": "", "phone": ""}
    submit(store, CONSOLE, SetContact("Point focal", email="a@exemple.ne", seen=read))
    with pytest.raises(Conflict) as caught:
        submit(store, CONSOLE, SetContact("Point focal", email="b@exemple.ne", seen=read))
    assert "a@exemple.ne" in str(caught.value)

    def email() -> str:
        with store.read() as connection:
            return next(one.email for one in people(connection) if one.name == "Point focal")

    assert email() == "a@exemple.ne"
    now = {**read, "email": "a@exemple.ne"}
    submit(store, CONSOLE, SetContact("Point focal", email="b@exemple.ne", seen=now))
    assert email() == "b@exemple.ne"


def test_a_name_that_changed_since_it_was_read(store: Store) -> None:
    def recorded() -> int:
        known = ask_as(store, CONSOLE, EntityNamesQuery(DAY))
        return next(entity.names for entity in known if entity.key == "MJ")

    read, later = recorded(), DAY + dt.timedelta(days=1)
    submit(store, CONSOLE, RenameEntity("MJ", "MJ-1", "Premier nom", DAY, read))
    with pytest.raises(Conflict) as caught:
        submit(store, CONSOLE, RenameEntity("MJ", "MJ-2", "Second nom", later, read))
    assert "Premier nom" in str(caught.value)
    submit(store, CONSOLE, RenameEntity("MJ", "MJ-2", "Second nom", later, recorded()))
    assert recorded() == read + 2
