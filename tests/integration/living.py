"""A store in which every command was used."""

import datetime as dt

from ccm.auth import CONSOLE
from ccm.commands import AddUser, OpenSession, submit
from ccm.store import Store
from tests.integration.acting import assign, import_assignments, import_reports, report


def lived_in(store: Store) -> Store:
    """Reports, assignments, a session and a person more than the first load."""
    import_reports(store, report(percent="20", as_of="2024-01-31"), report(entity="NE001"))
    import_reports(store, report(percent="80"), validate=False)
    import_reports(store, report(percent="60"))
    import_assignments(store, assign(weight="3"), assign(entity="NE003", role="support", line=3))
    import_assignments(store, assign(recommendation="CCM7-G-01", nature="continuous"))
    submit(store, CONSOLE, OpenSession(8, dt.date(2024, 5, 1)))
    submit(store, CONSOLE, AddUser("Awa", "reader"))
    return store
