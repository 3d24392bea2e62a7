"""Killed at any moment, the application loses no gesture that it acknowledged: commands as pages submit them.

`test_store_crash` kills bare transactions; here a focal point hands in reports, with a file behind each.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import select, text

from ccm.domain.vocabulary import UserRole
from ccm.queries.integrity import verify
from ccm.store import Store
from ccm.store.files import evidence_files
from ccm.store.models import AnsweredRequest, AuditEvent, Evidence, ProgressReport
from tests.integration.people import join, token_of
from tests.support.machine import ROOT
from tests.support.proof import PROOF

POSTGRESQL_IN_PROOF = True

#: Requirement D1: so many kills within a third of a second; then longer lives, up to 10,000 acknowledgements:
#: a file and a report each time, with what a life before left beside the answer.
KILLS, REPORTS = (60, 5_000) if PROOF else (4, 10)
SHORT, LONG = (0.05, 0.35), (2.0, 5.0)
#: For each line it reads (how long to live), a new process that hands in reports without end, on each of its
#: answers in turn: it tells the number of each once `submit` gave it back, and not before; then it is killed.
_FOCAL_POINT = """
import os, signal, sys, time
from itertools import cycle
from sqlalchemy import func, select
from ccm.auth import resolve
from ccm.commands import ReportLine, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import AddEvidence
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import EvidenceKind
from ccm.store import open_store
from ccm.store.files import evidence_files
from ccm.store.models import Assignment, DraftEvidence, ProgressReport

store = open_store(os.environ["CCM_STORE"])
with store.read() as connection:
    actor = resolve(connection, sys.argv[1], utc_now())
    mine = select(Assignment.key).where(Assignment.key.endswith("/NE002"))
    answers = cycle(connection.execute(mine.order_by(Assignment.id)).scalars().all())
beside = select(DraftEvidence.id).join(Assignment, Assignment.id == DraftEvidence.assignment_id)
last = select(func.max(ProgressReport.id)).join(Assignment, Assignment.id == ProgressReport.assignment_id)

def report():
    answer = next(answers)
    with store.read() as connection:
        base = connection.execute(last.where(Assignment.key == answer)).scalar()
    content = os.urandom(64)
    file = {"sha256": evidence_files(store).keep(content), "media_type": "application/pdf", "size": 64}
    submit(store, actor, AddEvidence(answer, EvidenceKind.FILE, "pv.pdf", **file))
    with store.read() as connection:
        # Those, too, that a life before has put there and not handed in.
        pieces = tuple(connection.execute(beside.where(Assignment.key == answer)).scalars())
    line = ReportLine(*answer.split("/"), "2024-03-31", "in_progress", "50", "fait", line=2)
    number = submit(store, actor, SubmitReport(line, base, pieces), os.urandom(16).hex())
    os.write(1, f"{number}\\n".encode())

report()
store.close()
for line in sys.stdin:
    is_ready, ready = os.pipe()
    process = os.fork()
    if not process:
        os.write(ready, b".")
        while True:
            report()
    os.read(is_ready, 1)
    time.sleep(float(line))
    os.kill(process, signal.SIGKILL)
    _, ended = os.waitpid(process, 0)
    if os.WTERMSIG(ended) != signal.SIGKILL:
        sys.exit("it ended by itself")
    os.close(is_ready)
    os.close(ready)
    os.write(1, b"killed\\n")
"""


@pytest.fixture
def focal_points(store: Store) -> Iterator[subprocess.Popen[str]]:
    """Starts a process that reports and is killed, for each line it is given."""
    join(store, "Point focal Diffa", UserRole.FOCAL_POINT, "NE002")
    url = store.engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"CCM_STORE": url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _FOCAL_POINT, token_of(store, "Point focal Diffa")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **pipes) as started:
        yield started
        os.killpg(started.pid, signal.SIGKILL)


def test_no_acknowledged_gesture_is_lost(store: Store, focal_points: subprocess.Popen[str]) -> None:
    random = Random(2022)  # noqa: S311 - the same moments at each run, as far as processes allow
    acknowledged: list[int] = []
    kills = 0
    while kills < KILLS or len(acknowledged) < REPORTS:
        acknowledged += _one_life(focal_points, random.uniform(*(SHORT if kills < KILLS else LONG)))
        kills += 1
        _nothing_lost_nor_half(store, acknowledged, kills)
    with store.read() as connection:
        digests = connection.execute(select(Evidence.sha256)).scalars().all()
    files = evidence_files(store)
    assert [digest for digest in digests if not files.is_whole(digest or "")] == []
    assert [check.detail for check in verify(store) if not check.passed] == []
    print(
        f"\n{store.engine.dialect.name}: {kills} kills, {2 * len(acknowledged)} acknowledged, 0 lost, 0 half"
    )


def _one_life(focal_points: subprocess.Popen[str], seconds: float) -> list[int]:
    """What one process acknowledged until it was killed, so many seconds after it began."""
    assert focal_points.stdin
    assert focal_points.stdout
    focal_points.stdin.write(f"{seconds}\n")
    focal_points.stdin.flush()
    told = []
    for line in focal_points.stdout:
        if line == "killed\n":
            return told
        told.append(int(line))
    raise AssertionError(f"ended by itself, having told {told}")


def _nothing_lost_nor_half(store: Store, acknowledged: list[int], kills: int) -> None:
    with store.read() as connection:
        reports = connection.execute(select(ProgressReport.id).order_by(ProgressReport.id)).scalars().all()
        told = select(AuditEvent.object_key).where(AuditEvent.action == "report.submitted")
        entries = connection.execute(told.order_by(AuditEvent.seq)).scalars().all()
        pieces = connection.execute(select(Evidence.report_id).order_by(Evidence.report_id)).scalars().all()
        answered = connection.execute(select(AnsweredRequest.result)).scalars().all()
        if store.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert set(acknowledged) <= set(reports)
    # A process can have been killed between the end of a transaction and telling of it.
    assert len(reports) - len(acknowledged) <= kills
    # Whole or not at all: the report, its entry in the journal, its evidence, and the gesture's answer.
    assert reports == [int(key) for key in entries] == sorted(map(int, answered))
    assert reports == sorted(set(pieces))
