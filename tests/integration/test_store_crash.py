"""Killed in the middle of writing, a process loses nothing that it was told is kept."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import func, insert, select, text

from ccm.store import open_store
from ccm.store.journal import broken_links
from ccm.store.models import AuditEvent, Setting, User
from tests.support.machine import ROOT

KILLS = 6
#: Each writer is a process of its own. One change is two rows and an entry; it is told, with the writer's
#: number, once its transaction is over, and not before.
_WRITERS = """
import os, sys
from sqlalchemy import insert
from ccm.store import open_store
from ccm.store.journal import Entry, append
from ccm.store.models import Setting, User

def write(me):
    store = open_store(os.environ["CCM_STORE"])
    for number in range(100_000):
        name = f"writer{me}-{number}"
        with store.write(f"writer{me}") as transaction:
            connection = transaction.connection
            connection.execute(insert(User).values(name=name, role="reader", created_at=transaction.now))
            append(transaction, [Entry("user.added", "user", name, {"padding": "x" * 2000})])
            connection.execute(insert(Setting).values(key=name, value="1"))
        os.write(1, f"{me} {os.getpid()} {name}\\n".encode())

for me in range(int(sys.argv[1])):
    if not os.fork():
        write(me)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
"""


@pytest.fixture
def told(loaded_store_url: str) -> Iterator[Iterator[list[str]]]:
    """What writers of one store tell, as they tell it: their number, their process, the change they made."""
    environment = os.environ | {"CCM_STORE": loaded_store_url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _WRITERS, str(KILLS)]
    started = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert started.stdout
    # A line is told whole or not at all.
    yield (line.split() for line in started.stdout if line.endswith("\n"))
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    started.stdout.close()


def test_no_acknowledged_write_is_lost(loaded_store_url: str, told: Iterator[list[str]]) -> None:
    random = Random(7)  # noqa: S311 - the same moments at each run, as far as processes allow
    left = {str(writer): random.randrange(5, 40) for writer in range(KILLS)}
    acknowledged = []
    for writer, process, name in told:
        acknowledged.append(name)
        left[writer] -= 1
        if left[writer] == 0:
            os.kill(int(process), signal.SIGKILL)
    # All are dead, and what they had told before has been read.
    assert max(left.values()) <= 0

    store = open_store(loaded_store_url)
    with store.read() as connection:
        people = set(connection.execute(select(User.name).where(User.name.like("writer%"))).scalars())
        journal = connection.execute(
            select(AuditEvent.object_key).where(AuditEvent.object_key.like("writer%"))
        )
        settings = set(connection.execute(select(Setting.key).where(Setting.key.like("writer%"))).scalars())
        assert set(acknowledged) <= people
        # Whole or not at all: of what was not acknowledged, too.
        assert people == set(journal.scalars()) == settings
        # A writer can have been killed between the end of a transaction and telling of it.
        assert len(people - set(acknowledged)) <= KILLS
        assert list(broken_links(connection)) == []
        count = connection.execute(select(func.count(AuditEvent.seq))).scalar_one()
        assert connection.execute(select(func.max(AuditEvent.seq))).scalar_one() == count
        if store.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    # The next writer finds no lock left behind.
    with store.write("test") as transaction:
        transaction.connection.execute(insert(Setting).values(key="after", value="1"))
    store.close()
