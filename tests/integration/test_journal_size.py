"""A journal of many years is still verified while one waits."""

import time

from sqlalchemy import insert

from ccm.queries.integrity import verify
from ccm.store import Store
from ccm.store.journal import Entry, append, broken_links
from ccm.store.models import Setting
from ccm.store.traces import differences
from tests.support.proof import PROOF

POSTGRESQL_IN_PROOF = True

#: Requirement G4: so many entries within so many seconds.
ENTRIES, SECONDS = 100_000 if PROOF else 5_000, 10.0
AT_ONCE = 1_000


def test_a_long_journal_is_verified_in_seconds(store: Store) -> None:
    for first in range(0, ENTRIES, AT_ONCE):
        with store.write("Point focal Diffa") as transaction:
            rows = [{"key": f"k{n}", "value": "é œ ’ 12,5"} for n in range(first, first + AT_ONCE)]
            transaction.connection.execute(insert(Setting), rows)
            told = {"status": "in_progress", "percent": 50, "origin": "portal", "evidence": []}
            append(transaction, [Entry("setting.changed", "setting", row["key"], told) for row in rows])
    begun = time.perf_counter()
    with store.read() as connection:
        assert broken_links(connection) == []
        assert list(differences(connection)) == []
    took = time.perf_counter() - begun
    print(f"\n{store.engine.dialect.name}: {ENTRIES} entries and the rows they tell of: {took:.2f} s")
    # Beside other tests a time says nothing: `make proof` runs this one alone.
    assert took <= SECONDS or not PROOF
    assert [check.detail for check in verify(store) if not check.passed] == []
