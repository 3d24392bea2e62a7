"""A piece of evidence that was added in another window is not lost when the answer is sent from this one."""

import pytest
from sqlalchemy import select

from ccm.commands import submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import AddEvidence
from ccm.domain.dates import today
from ccm.domain.errors import Invalid
from ccm.domain.vocabulary import EvidenceKind, UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.store import Store
from ccm.store.models import DraftEvidence, Evidence
from tests.integration.acting import everything, report
from tests.integration.people import join

ANSWER = "CCM7-A1-05/NE002"


def _add(store: Store, actor, name: str) -> int:  # type: ignore[no-untyped-def]
    return submit(store, actor, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, name))


def test_what_another_window_added_is_shown_before_it_is_sent(store: Store) -> None:
    awa = join(store, "Awa", UserRole.FOCAL_POINT, "NE002")
    here = _add(store, awa, "Rapport d'ici")
    # Meanwhile, on the telephone.
    there = _add(store, awa, "Photo de là-bas")
    before = everything(store)
    with pytest.raises(Invalid, match="autre fenêtre") as refused:
        submit(store, awa, SubmitReport(report(), None, (here,)), "un geste")
    assert [problem.column for problem in refused.value.problems] == ["evidence"]
    assert everything(store) == before
    shown = ask_as(store, awa, AnswerFormQuery(ANSWER, At(today()))).evidence
    assert [piece.id for piece in shown] == [here, there]
    # Having seen it, one sends it too, or takes it away.
    number = submit(store, awa, SubmitReport(report(), None, (here, there)), "un autre geste")
    with store.read() as connection:
        names = connection.execute(select(Evidence.name).where(Evidence.report_id == number)).scalars().all()
        assert sorted(names) == ["Photo de là-bas", "Rapport d'ici"]
        assert connection.execute(select(DraftEvidence.id)).all() == []


def test_what_others_put_beside_theirs_is_no_business_of_mine(store: Store) -> None:
    awa, binta = (join(store, name, UserRole.FOCAL_POINT, "NE002") for name in ("Awa", "Binta"))
    _add(store, binta, "Rapport de Binta")
    submit(store, awa, SubmitReport(report(), None))
    with store.read() as connection:
        assert connection.execute(select(DraftEvidence.name)).scalars().all() == ["Rapport de Binta"]
