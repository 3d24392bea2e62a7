"""The demonstration: the same seed gives the same rows, every state is there, nothing real is touched."""

import datetime as dt
import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from ccm.commands.demo import generate
from ccm.domain.dates import utc_now
from ccm.domain.errors import Conflict, Invalid
from ccm.domain.vocabulary import AssignmentRole, BlockedCause, GroupBy, Status
from ccm.metrics import At, figures, whole_plan
from ccm.metrics.current import current_plan, history_plan
from ccm.store import Store, open_store, upgrade
from ccm.store.journal import broken_links
from ccm.store.models import (
    AssignmentState,
    Base,
    ProgressReport,
    Recommendation,
    RecommendationState,
    Session,
    StoreState,
    User,
)
from ccm.store.rows import DIGESTS
from tests.support.stores import Templates, demonstration_of_size_s

POSTGRESQL_IN_PROOF = True

LAST_DAY = dt.date(2024, 6, 30)
#: What may differ between two stores of one size and seed.
OWN_TO_A_STORE = {"store_state": {"store_uuid"}, "audit_event": {"at", "hash", "previous_hash"}}


@pytest.fixture
def empty(store_url: str) -> Iterator[Store]:
    """An empty store on each engine."""
    opened = open_store(store_url)
    yield opened
    opened.close()


def sqlite_demo(folder: Path, size: str = "S", seed: int = 7) -> Store:
    store = open_store(f"sqlite:///{folder / f'{size}{seed}.db'}")
    generate(store, size, seed)
    return store


@pytest.fixture
def made(engine: str, templates: Templates, tmp_path: Path) -> Iterator[Store]:
    """A demonstration of size S as the program makes it, on each engine."""
    with templates.copied(engine, "demonstration", demonstration_of_size_s, tmp_path) as url:
        opened = open_store(url)
        yield opened
        opened.close()


@pytest.fixture
def lite(demo_template: Path, tmp_path: Path) -> Iterator[Store]:
    """The same on SQLite alone, where the engine makes no difference to what is tested."""
    opened = open_store(f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demonstration.db')}")
    yield opened
    opened.close()


def digest(store: Store) -> str:
    """One hash over all rows of all tables, spelled alike on every engine."""
    total = hashlib.sha256()
    with store.read() as connection:
        for table in Base.metadata.sorted_tables:
            own = OWN_TO_A_STORE.get(table.name, set())
            columns = [column for column in table.columns if column.name not in own]
            for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)):
                values = {column.name: value for column, value in zip(columns, row, strict=True)}
                if table.name == "audit_event":
                    # The journal tells of the store's own identity, too.
                    values["detail"].get(DIGESTS, {}).pop("store_state", None)
                line = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
                total.update(f"{table.name} {line}\n".encode())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_rows_on_every_engine(empty: Store, tmp_path: Path) -> None:
    # This process's own time: how busy the machine is says nothing of the program.
    started = time.process_time()
    generate(empty, "S", 7)
    assert time.process_time() - started < 10

    other = sqlite_demo(tmp_path)
    assert digest(empty) == digest(other)
    other.close()


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    stores = [sqlite_demo(tmp_path, seed=seed) for seed in (7, 8)]
    assert digest(stores[0]) != digest(stores[1])
    for store in stores:
        store.close()


#: A query for each thing that the pages must be able to show: it finds at least so many rows.
STATES = {
    "due dates of every kind": (4, "select distinct day from assignment_change where field = 'due_date'"),
    "no due date of its own": (1, "select 1 from assignment_change where field = 'due_date' and day is null"),
    "overdue": (
        10,
        "select 1 from assignment_state where due_date < '2024-06-30' and role = 'responsible' "
        "and status not in ('completed', 'dropped')",
    ),
    "due soon": (
        1,
        "select 1 from assignment_state where due_date between '2024-06-30' and '2024-07-30' "
        "and status <> 'completed'",
    ),
    "blocked, causes": (
        len(BlockedCause),
        "select distinct r.blocked_cause from assignment_state s "
        "join progress_report r on r.id = s.report_id "
        "where s.status = 'blocked' and r.blocked_cause is not null",
    ),
    "blocked, who can lift it": (
        3,
        "select distinct r.blocked_by_id from assignment_state s "
        "join progress_report r on r.id = s.report_id "
        "where s.status = 'blocked' and r.blocked_by_id is not null",
    ),
    "unassigned": (
        4,
        "select 1 from recommendation_state r where not exists "
        "(select 1 from assignment_state a where a.recommendation_id = r.recommendation_id)",
    ),
    "continuous": (3, "select 1 from recommendation_state where nature = 'continuous'"),
    "reports from before it was continuous": (
        1,
        "select 1 from progress_report p join assignment a on a.id = p.assignment_id "
        "join recommendation_change c on c.recommendation_id = a.recommendation_id "
        "where p.percent is not null and p.as_of < c.effective_on",
    ),
    "support": (5, "select 1 from assignment_state where role = 'support'"),
    "support that speaks": (1, "select 1 from assignment_state where role = 'support' and percent > 0"),
    "weights": (3, "select 1 from assignment_state where weight > 1"),
    "abandoned": (
        1,
        "select 1 from assignment_state s join progress_report r on r.id = s.report_id "
        "where r.dropped_kind = 'abandoned'",
    ),
    "overtaken": (
        1,
        "select 1 from assignment_state s join progress_report r on r.id = s.report_id "
        "where r.dropped_kind = 'overtaken'",
    ),
    "retracted, corrected since": (
        3,
        "select 1 from progress_report w join progress_report r on r.assignment_id = w.assignment_id "
        "and r.as_of = w.as_of and r.state = 'validated' and r.validated_at > w.retracted_at",
    ),
    "waiting": (8, "select 1 from progress_report where state = 'submitted'"),
    "returned": (3, "select 1 from progress_report where state = 'returned' and returned_reason <> ''"),
    "contested, open": (1, "select 1 from contest where answered_at is null"),
    "contested, answered": (1, "select 1 from contest where answered_at is not null and answer <> ''"),
    "verified": (10, "select 1 from progress_report where verified_at is not null"),
    "late corrections": (
        1,
        "select 1 from progress_report where as_of <= '2023-12-31' and state = 'validated' "
        "and validated_at > '2024-05-01'",
    ),
    "ended": (1, "select 1 from assignment_change where field = 'end' and value = 'true'"),
    "a session to come": (
        1,
        "select 1 from session s join session_change c on c.session_id = s.id "
        "where s.number = 8 and c.day > '2024-06-30' and c.effective_on <= '2024-06-30'",
    ),
    "invented texts that say so": (
        3,
        "select 1 from revision r join instance i on i.id = r.instance_id where i.kind = 'preparatory' "
        "and r.note = 'texte inventé pour la démonstration'",
    ),
    "people of every role": (6, "select distinct role from user_account"),
    "people who left": (1, "select 1 from user_account where disabled_at is not null"),
    "focal points": (12, "select 1 from user_entity"),
}


@pytest.mark.parametrize("seed", [7, 1, 2024])
def test_every_state_is_there(tmp_path: Path, seed: int) -> None:
    store = sqlite_demo(tmp_path, seed=seed)
    with store.read() as connection:
        found = {name: len(connection.execute(text(query)).all()) for name, (_, query) in STATES.items()}
        statuses = set(connection.execute(select(AssignmentState.status).distinct()).scalars())
    store.close()
    assert {name: count for name, count in found.items() if count < STATES[name][0]} == {}
    assert statuses == set(Status)


def test_its_shape_is_that_of_a_plan_half_way(lite: Store) -> None:
    with lite.read() as connection:
        plan = whole_plan(connection, At(LAST_DAY))
        regions = figures(connection, At(LAST_DAY), GroupBy.REGION).rows
        keys = {row.id: row.key for row in connection.execute(text("select id, key from entity"))}
    coverage = {keys[entity]: float(row.coverage or 0) for entity, row in regions.items()}
    completion = {keys[entity]: float(row.completion or 0) for entity, row in regions.items()}
    assert plan.recommendations == 48
    assert 40 < (plan.completion or 0) < 52
    assert 70 < (plan.coverage or 0) < 77
    assert 15 < coverage["NE002"] < 25
    assert 45 < coverage["NE006"] < 55
    assert max(completion, key=lambda key: completion[key]) == "NE008"


def test_it_is_marked_and_opens_on_its_own_last_day(empty: Store) -> None:
    generate(empty, "S", 21)
    with empty.read() as connection:
        state = connection.execute(select(StoreState)).one()
        opens_on = connection.execute(text("select value from setting where key = 'demo_today'")).scalar_one()
        journal = connection.execute(text("select action from audit_event order by seq")).scalars().all()
        people = connection.execute(select(User.name)).scalars().all()
        assert broken_links(connection) == []
    assert (state.demo, state.demo_seed, state.demo_size) == (True, 21, "S")
    assert opens_on == LAST_DAY.isoformat()
    assert journal[-1] == "demo.generated"
    assert all(name.endswith("(démo)") for name in people)


def test_reports_keep_to_the_calendar_and_to_the_rules(lite: Store) -> None:
    with lite.read() as connection:
        reports = connection.execute(select(ProgressReport)).all()
    for report in reports:
        assert dt.date(2022, 8, 5) < report.as_of <= report.submitted_at.date()
        instants = [report.submitted_at, report.validated_at, report.retracted_at, report.verified_at]
        told = [instant for instant in instants if instant]
        assert told == sorted(told)
        assert told[-1].date() <= LAST_DAY
        assert report.note
    official = [report.validated_at for report in reports if report.validated_at]
    assert len(set(official)) == len(official)


def test_what_a_note_counts_is_the_share_that_stands_beside_it(lite: Store) -> None:
    with lite.read() as connection:
        reports = connection.execute(select(ProgressReport)).all()
    shares = [
        (int(done), int(planned), report.percent)
        for report in reports
        for done, planned in re.findall(r"(\d+) \w+ sur (\d+)", report.note)
    ]
    assert {percent for _, _, percent in shares} == {50, 75, 100}
    assert all(100 * done == percent * planned for done, planned, percent in shares)
    # What was never begun is not said to stop, nor to be half done.
    unbegun = [r.note for r in reports if r.percent == 0 and r.status is Status.BLOCKED]
    assert unbegun
    assert all("commencer" in note for note in unbegun)


def test_the_current_state_is_what_history_gives(made: Store) -> None:
    assert_current_is_history(made)


def assert_current_is_history(store: Store) -> None:
    with store.read() as connection:
        day = connection.execute(select(StoreState.state_day)).scalar_one()
        assert day == LAST_DAY
        at = At(day)
        current, history = current_plan(at), history_plan(at)
        for relation, model in (("recommendations", RecommendationState), ("assignments", AssignmentState)):
            names = model.__table__.columns.keys()
            kept, told = (
                connection.execute(
                    select(*[plan.c[name] for name in names]).order_by(plan.c[names[0]]),
                ).all()
                for plan in (getattr(current, relation), getattr(history, relation))
            )
            assert kept == told
            assert kept


@pytest.mark.parametrize("size", ["S", "M"])
def test_a_store_that_holds_anything_is_refused_and_left_alone(store: Store, size: str) -> None:
    before = digest(store)
    with pytest.raises(Conflict, match="absent ou vide"):
        generate(store, size)
    assert digest(store) == before


def test_a_demonstration_is_not_made_twice(lite: Store) -> None:
    with pytest.raises(Conflict):
        generate(lite)


def test_all_or_nothing(empty: Store) -> None:
    upgrade(empty)

    def interrupt(step: str, done: int, _total: int) -> None:
        if step == "État courant" and done:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        generate(empty, progress=interrupt)
    with empty.read() as connection:
        for model in (StoreState, Session, Recommendation, ProgressReport, User):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == 0
    generate(empty)


def test_an_unknown_size_is_refused_with_what_is_accepted(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(Invalid, match="S, M, L"):
        generate(store, "XL")
    store.close()


def test_the_store_goes_on_living(made: Store) -> None:
    with made.write("console") as transaction:
        assert not transaction.clock_suspect
        values = {"name": "Nouvelle personne", "role": "reader", "created_at": utc_now()}
        added = transaction.connection.execute(insert(User).values(**values).returning(User.id)).scalar_one()
        people = transaction.connection.execute(select(func.max(User.id))).scalar_one()
    assert added == people


@pytest.mark.long
def test_size_m_holds_what_it_promises(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}")
    generate(store, "M", progress=lambda *step: told.append(step))
    with store.read() as connection:
        count = select(func.count())
        assert connection.execute(count.select_from(Recommendation)).scalar_one() == 2_000
        assert connection.execute(count.select_from(ProgressReport)).scalar_one() == 60_000
        invented = select(Recommendation.text).where(Recommendation.source_line.is_(None))
        texts = connection.execute(invented).scalars().all()
        days = connection.execute(
            text("select day from session_change c join session s on s.id = c.session_id order by s.number")
        )
        political = list(days.scalars())
        supports = select(AssignmentState).where(AssignmentState.role == AssignmentRole.SUPPORT)
        assert connection.execute(supports).all()
        real = whole_plan(connection, At(LAST_DAY, session=7))
    assert_current_is_history(store)
    store.close()
    assert len(texts) == 2_000 - 48
    assert len(set(texts)) == len(texts)
    assert all(line.startswith("[démonstration] ") for line in texts)
    assert political == sorted(political)
    assert real.recommendations == 48
    assert all(done <= total for _, done, total in told)
    assert told[-1][1] == told[-1][2]
