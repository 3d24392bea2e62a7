"""Whatever people do, in whatever order: each change has its entry in the journal, and each entry its change.

Gestures are drawn at random; now and then the database refuses to write one of the tables. All of a gesture
is then kept with its entries, or nothing of it.
"""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from ccm.auth import CONSOLE, Actor
from ccm.commands import AddUser, Command, RetractReport, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.entities import AddAlias, RemoveAlias
from ccm.commands.evidence import AddEvidence
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.commands.periods import ChangeSetting, OpenPeriod, RecordReminder
from ccm.commands.plan_terms import Assign, SetNature
from ccm.commands.validation import ContestReport, ReturnReport, ValidateReports, VerifyReport
from ccm.domain.errors import CcmError
from ccm.domain.vocabulary import EvidenceKind, ReminderChannel, UserRole
from ccm.store import Store, open_store
from ccm.store.journal import broken_links
from ccm.store.models import Assignment, AuditEvent, Base, ProgressReport, StoreState, User
from ccm.store.rows import DIGESTS, JOURNALLED
from ccm.store.traces import differences
from tests.integration.acting import report
from tests.integration.people import join
from tests.support.proof import PROOF

#: Requirement G3 asks for 2,000 steps.
RUNS, STEPS = (50, 50) if PROOF else (3, 20)
REGIONS = ("NE001", "NE002", "NE007")
PEOPLE = ("Awa", "Binta", "Chaïbou")
ALIASES = ("Direction A", "Direction B")

rows = Base.metadata.tables
regions = st.sampled_from(REGIONS)
people = st.sampled_from(PEOPLE)
aliases = st.sampled_from(ALIASES)
some_report = st.integers(0, 2)
percents = st.sampled_from(("10", "25", "50", "90", "abc"))
#: Mostly none; else the table that cannot be written.
WRITTEN = ("audit_event", "store_state", "progress_report", "user_account", "setting", "entity_alias")
faults = st.sampled_from([*[None] * 10, *WRITTEN * 2, *rows])

Rows = dict[tuple[str, str], tuple[Any, ...]]


class Gestures(RuleBasedStateMachine):
    """A store, who acts in it, and what was done so far."""

    template: Path
    file: Path
    #: One for all runs, each on a file of its own: what was prepared for the first serves the others.
    store: Store
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.store.close()
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()
        shutil.copyfile(self.template, self.file)
        self.told = 0

    @initialize()
    def begin(self) -> None:
        """Somebody who reports, somebody who validates, somebody who doubts, and who runs the cycle."""
        self.focal = join(self.store, "Point focal", UserRole.FOCAL_POINT, *REGIONS)
        self.validator = join(self.store, "Secrétariat", UserRole.VALIDATOR)
        self.donor = join(self.store, "Bailleur", UserRole.DONOR)
        for region in REGIONS:
            submit(self.store, self.focal, SubmitReport(report(entity=region, percent="10"), None))
        with self.store.read() as connection:
            self.told = connection.execute(select(func.count()).select_from(AuditEvent)).scalar_one()

    # What is done ----------------------------------------------------------------------------------------

    @rule(fault=faults, region=regions, percent=percents)
    def hand_in(self, fault: str | None, region: str, percent: str) -> None:
        """A report, right or not."""
        with self.store.read() as connection:
            last = select(func.max(ProgressReport.id)).join(
                Assignment, Assignment.id == ProgressReport.assignment_id
            )
            base = connection.execute(last.where(Assignment.key == f"CCM7-A1-05/{region}")).scalar()
        self._do(fault, self.focal, SubmitReport(report(entity=region, percent=percent), base))

    @rule(fault=faults, region=regions, note=st.sampled_from(("", "fait", "à suivre")))
    def draft(self, fault: str | None, region: str, note: str) -> None:
        """A draft, which is outside the journal, and a link beside it."""
        self._do(fault, self.focal, SaveDraft(f"CCM7-A1-05/{region}", {"note": note}), entries=0)
        link = AddEvidence(f"CCM7-A1-05/{region}", EvidenceKind.LINK, "PV", "https://exemple.ne/pv")
        self._do(fault, self.focal, link, entries=0)

    @rule(fault=faults, which=some_report)
    def validate(self, fault: str | None, which: int) -> None:
        """Make a report official."""
        self._do(fault, self.validator, ValidateReports((self._report(which),)))

    @rule(fault=faults, which=some_report)
    def give_back(self, fault: str | None, which: int) -> None:
        """Return a report to its author."""
        self._do(fault, self.validator, ReturnReport(self._report(which), "À préciser"))

    @rule(fault=faults, which=some_report)
    def doubt(self, fault: str | None, which: int) -> None:
        """Contest a report."""
        self._do(fault, self.donor, ContestReport(self._report(which), "Doute"))

    @rule(fault=faults, which=some_report, verified=st.booleans())
    def look_again(self, fault: str | None, which: int, verified: bool) -> None:
        """Verify a report, or take it back."""
        number = self._report(which)
        command: Command[None] = VerifyReport(number) if verified else RetractReport(number, "Chiffre faux")
        self._do(fault, self.validator, command)

    @rule(fault=faults, region=regions, weight=st.sampled_from(("2", "3", "-1")))
    def assign(self, fault: str | None, region: str, weight: str) -> None:
        """New terms, or wrong ones."""
        self._do(fault, self.validator, Assign("CCM7-A1-05", (region,), weight=weight), entries=None)

    @rule(fault=faults, nature=st.sampled_from(("finite", "continuous")))
    def nature(self, fault: str | None, nature: str) -> None:
        """Once and for all, or without end."""
        self._do(fault, self.validator, SetNature("CCM7-A1-05", nature), entries=None)

    @rule(fault=faults, name=people, role=st.sampled_from(("reader", "donor", "king")))
    def add_person(self, fault: str | None, name: str, role: str) -> None:
        """Somebody new, or not."""
        self._do(fault, CONSOLE, AddUser(name, role))

    @rule(fault=faults, name=people, role=st.sampled_from(("reader", "minister")))
    def change_person(self, fault: str | None, name: str, role: str) -> None:
        """Another role."""
        with self.store.read() as connection:
            version = connection.execute(select(User.version).where(User.name == name)).scalar() or 1
        self._do(fault, CONSOLE, ChangePerson(name, role, (), version))

    @rule(fault=faults, name=people, on=st.booleans())
    def switch_person(self, fault: str | None, name: str, on: bool) -> None:
        """Somebody leaves, or comes back."""
        self._do(fault, CONSOLE, EnablePerson(name) if on else DisablePerson(name))

    @rule(fault=faults, name=people, phone=st.sampled_from(("", "+227 90 11 22 33")))
    def contact(self, fault: str | None, name: str, phone: str) -> None:
        """A telephone number, which the journal does not hold."""
        self._do(fault, CONSOLE, SetContact(name, phone=phone), entries=None)

    @rule(fault=faults, alias=aliases, on=st.booleans())
    def alias(self, fault: str | None, alias: str, on: bool) -> None:
        """Another name of an entity."""
        self._do(fault, CONSOLE, AddAlias("MJ", alias) if on else RemoveAlias(alias))

    @rule(fault=faults, quarter=st.integers(1, 4))
    def open_period(self, fault: str | None, quarter: int) -> None:
        """A period, once."""
        days = (
            dt.date(2024, 3 * quarter - 2, 1),
            dt.date(2024, 3 * quarter, 28),
            dt.date(2024, 3 * quarter, 28),
        )
        self._do(fault, CONSOLE, OpenPeriod(f"2024-T{quarter}", f"T{quarter} 2024", *days))

    @rule(fault=faults, region=regions, quarter=st.integers(1, 4))
    def remind(self, fault: str | None, region: str, quarter: int) -> None:
        """A reminder, once a period."""
        self._do(
            fault, self.validator, RecordReminder(region, f"2024-T{quarter}", ReminderChannel.COPY), None
        )

    @rule(fault=faults, value=st.sampled_from(("on", "off", "maybe")))
    def set(self, fault: str | None, value: str) -> None:
        """A setting."""
        self._do(fault, CONSOLE, ChangeSetting("public_reading", value))

    # What holds of all that is done ----------------------------------------------------------------------

    @invariant()
    def the_chain_is_whole(self) -> None:
        """As many entries as changes; the chain holds, and the rows are those it tells of."""
        with self.store.read() as connection:
            count, last = connection.execute(select(func.count(), func.max(AuditEvent.seq))).one()
            assert count == last == connection.execute(select(StoreState.revision)).scalar_one()
            if self.told:
                assert count == self.told
            assert broken_links(connection) == []
            assert list(differences(connection)) == []

    def _do(self, fault: str | None, actor: Actor, command: Command[Any], entries: int | None = 1) -> None:
        """Try a gesture, which makes so many entries (None: one for each thing it changes, or none)."""
        before = self._rows()
        self._spoil(fault)
        try:
            submit(self.store, actor, command)
        except (CcmError, IntegrityError) as error:
            assert isinstance(error, CcmError) or "fault" in str(error.orig)
            kind = "refused" if isinstance(error, CcmError) else "failed"
            self.done[kind] += 1
            assert self._rows() == before
        else:
            self.done["done"] += 1
            self._is_told(before, entries)
        finally:
            self._mend(fault)

    def _is_told(self, before: Rows, entries: int | None) -> None:
        """The new entries tell by digest of every journalled row that changed."""
        after = self._rows()
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        with self.store.read() as connection:
            new = select(AuditEvent.detail).where(AuditEvent.seq > self.told)
            details = connection.execute(new).scalars().all()
        told = [
            (table, key)
            for detail in details
            for table in detail.get(DIGESTS, {})
            for key in detail[DIGESTS][table]
        ]
        # But for the revision, which the chain's own length answers for; rows may be written as they were.
        journalled = {(table, key) for table, key in changed if table in JOURNALLED}
        assert journalled <= {*told, ("store_state", "1")}
        # Who changes something is active; a changed plan has another current state.
        quiet = {"audit_event", "store_state", "sign_in", "answered_request"}
        visible = {table for table, _ in changed} - quiet
        assert len(details) == entries if entries is not None else bool(details) == bool(visible)
        self.told += len(details)

    def _rows(self) -> Rows:
        """Every row of every table, by table and key."""
        found: Rows = {}
        with self.store.read() as connection:
            for name, table in rows.items():
                keys = [table.columns.keys().index(column.name) for column in table.primary_key]
                for row in connection.execute(select(table)):
                    found[name, "/".join(str(row[place]) for place in keys)] = tuple(map(repr, row))
        return found

    def _spoil(self, fault: str | None) -> None:
        if fault:
            with self.store.schema() as connection:
                for action in ("insert", "update", "delete"):
                    body = "begin select raise(abort, 'fault'); end"
                    connection.execute(text(f"create trigger f_{action} before {action} on {fault} {body}"))

    def _mend(self, fault: str | None) -> None:
        if fault:
            with self.store.schema() as connection:
                for action in ("insert", "update", "delete"):
                    connection.execute(text(f"drop trigger f_{action}"))

    def _report(self, which: int) -> int:
        """One of the last reports."""
        last = select(ProgressReport.id).order_by(ProgressReport.id.desc()).limit(3)
        with self.store.read() as connection:
            found = connection.execute(last).scalars().all()
        return found[which]


def test_each_change_is_told_once_and_nothing_is_told_that_did_not_happen(
    sqlite_template: Path, tmp_path: Path
) -> None:
    Gestures.template, Gestures.file, Gestures.done = sqlite_template, tmp_path / "store.db", Counter()
    Gestures.store = open_store(f"sqlite:///{Gestures.file}")
    sizes = settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(Gestures, settings=sizes)
    Gestures.store.close()
    print(f"\n{Gestures.done.total()} gestures: {dict(Gestures.done)}")
    assert Gestures.done.total() >= (2_000 if PROOF else 30)
    assert all(Gestures.done[kind] for kind in ("done", "refused", "failed") if PROOF)
