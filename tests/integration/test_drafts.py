"""What a person has typed so far: kept cell by cell, one's own, never lost to a second window."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import DiscardDraft, SaveDraft
from ccm.domain.errors import CcmError, Conflict, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerForm, AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.store import Store
from ccm.store.models import AuditEvent, Draft, StoreState
from tests.integration.acting import DIFFA, READER, report
from tests.support import people

POSTGRESQL_ONE_IN = 4

ANSWER, OTHER = "CCM7-A1-05/NE002", "CCM7-A1-05/NE007"
NOTE = "Cellule ouverte à Diffa le 12/05.\n\nEn attente : 2ᵉ tranche."


@pytest.fixture
def diffa(store: Store) -> Actor:
    """The focal point of Diffa, signed in."""
    return people.add(store, "Point focal Diffa", UserRole.FOCAL_POINT, "NE002")


def form(store: Store, actor: Actor) -> AnswerForm:
    """The form of Diffa's answer as this person sees it."""
    return ask_as(store, actor, AnswerFormQuery(ANSWER, At(dt.date(2024, 6, 30))))


def kept(store: Store, actor: Actor) -> dict[str, str]:
    """The cells of the person's draft; empty where there is none."""
    draft = form(store, actor).draft
    return draft.cells if draft else {}


def journal(store: Store) -> tuple[int, int]:
    """The store's revision, and how many entries its journal has."""
    with store.read() as connection:
        revision = connection.execute(select(StoreState.revision)).scalar_one()
        return revision, connection.execute(select(func.count()).select_from(AuditEvent)).scalar_one()


def refused(store: Store, actor: Actor, command: SaveDraft, error: type[CcmError]) -> CcmError:
    """The error for which a draft is refused, having checked that nothing was kept."""
    with store.read() as connection:
        before = connection.execute(select(Draft.content)).all()
    with pytest.raises(error) as caught:
        submit(store, actor, command)
    with store.read() as connection:
        assert connection.execute(select(Draft.content)).all() == before
    return caught.value


def test_each_cell_is_kept_as_it_is_typed(store: Store, diffa: Actor) -> None:
    assert submit(store, diffa, SaveDraft(ANSWER, {"status": "blocked"})) == 1
    assert submit(store, diffa, SaveDraft(ANSWER, {"note": NOTE})) == 2
    # Right or not: what is wrong is told when it is sent.
    assert submit(store, diffa, SaveDraft(ANSWER, {"percent": "cent"})) == 3
    assert kept(store, diffa) == {"status": "blocked", "note": NOTE, "percent": "cent"}
    submit(store, diffa, SaveDraft(ANSWER, {"percent": ""}))
    assert kept(store, diffa)["percent"] == ""


def test_a_draft_is_nobody_else_s_and_stays_out_of_the_journal(store: Store, diffa: Actor) -> None:
    colleague = people.add(store, "Adjointe Diffa", UserRole.FOCAL_POINT, "NE002")
    before = journal(store)
    submit(store, diffa, SaveDraft(ANSWER, {"note": NOTE}))
    assert journal(store) == before
    assert kept(store, colleague) == {}
    submit(store, colleague, SaveDraft(ANSWER, {"note": "La mienne"}))
    assert (kept(store, diffa)["note"], kept(store, colleague)["note"]) == (NOTE, "La mienne")
    submit(store, colleague, DiscardDraft(ANSWER))
    assert (kept(store, diffa)["note"], kept(store, colleague)) == (NOTE, {})


def test_who_may_keep_a_draft(store: Store, diffa: Actor) -> None:
    reader = people.add(store, "Lectrice", UserRole.READER)
    command = SaveDraft(ANSWER, {"note": NOTE})
    assert isinstance(refused(store, reader, command, NotAllowed), NotAllowed)
    refused(store, READER, command, NotAllowed)
    refused(store, DIFFA, command, NotAllowed)  # a draft belongs to a person: there is none behind this one
    refused(store, diffa, SaveDraft(OTHER, {"note": NOTE}), NotAllowed)
    refused(store, diffa, SaveDraft("CCM7-A9-99/NE002", {"note": NOTE}), NotFound)


def test_a_text_too_long_is_told_beside_its_field(store: Store, diffa: Actor) -> None:
    error = refused(store, diffa, SaveDraft(ANSWER, {"note": "é" * 10_001}), Invalid)
    assert isinstance(error, Invalid)
    assert [problem.column for problem in error.problems] == ["note"]
    submit(store, diffa, SaveDraft(ANSWER, {"note": "é" * 10_000}))
    assert len(kept(store, diffa)["note"]) == 10_000


def test_what_no_store_can_hold_does_not_stop_the_rest(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "avant\0après \ud83d fin"}))
    assert kept(store, diffa)["note"] == "avantaprès ? fin"


def test_two_windows_do_not_write_over_each_other(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "un"}, seen={"note": ("",)}))
    submit(store, diffa, SaveDraft(ANSWER, {"note": "un deux"}, seen={"note": ("un",)}))
    # The second window was opened before: it knows of no text, and loses none of the first's.
    late = SaveDraft(ANSWER, {"note": "autre"}, seen={"note": ("",)})
    refused(store, diffa, late, Conflict)
    assert kept(store, diffa)["note"] == "un deux"
    # A request whose answer was lost comes again, with what it may have brought.
    submit(store, diffa, SaveDraft(ANSWER, {"note": "un deux trois"}, seen={"note": ("un", "un deux")}))
    submit(store, diffa, SaveDraft(ANSWER, {"note": "un deux trois"}, seen={"note": ("un",)}))
    assert kept(store, diffa)["note"] == "un deux trois"


def test_a_draft_is_begun_on_a_report_of_its_own_answer(store: Store, diffa: Actor) -> None:
    refused(store, diffa, SaveDraft(ANSWER, {"note": NOTE}, base_report_id=999_999), NotFound)


def test_a_text_that_arrives_after_it_was_handed_in_is_no_new_draft(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": NOTE}))
    submit(store, diffa, SubmitReport(report(note=NOTE, line=None), None))
    assert submit(store, diffa, SaveDraft(ANSWER, {"note": NOTE}, seen={"note": ("",)})) == 0
    assert form(store, diffa).draft is None
    # Another text is kept, and stands beside what was sent.
    submit(store, diffa, SaveDraft(ANSWER, {"note": "La suite"}))
    spoken = form(store, diffa).spoken_meanwhile
    assert spoken is not None
    assert (spoken.note, kept(store, diffa)["note"]) == (NOTE, "La suite")
