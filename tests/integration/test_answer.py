"""One answer handed in: what is wrong told by field, one report a gesture, nobody's text lost."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from ccm.auth import CONSOLE, Actor
from ccm.commands import ImportReports, ReportLine, submit
from ccm.commands.answer import SpokenMeanwhile, SubmitReport
from ccm.commands.changes import RecordChange
from ccm.commands.drafts import OtherTexts, SaveDraft
from ccm.commands.reports import SubmitTable
from ccm.commands.validation import ReturnReport, ValidateReports
from ccm.domain.dates import today
from ccm.domain.errors import Conflict, ImportRejected, Invalid, NotAllowed
from ccm.domain.vocabulary import NewsKind, ReportOrigin, ReportState, Status, UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerForm, AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpace, MySpaceQuery
from ccm.store import Store
from ccm.store.models import Draft, ProgressReport
from tests.integration.acting import VALIDATOR, events, report
from tests.support import people

POSTGRESQL_ONE_IN = 4

ANSWER, FOLLOWING = "CCM7-A1-05/NE002", "CCM7-A1-06/NE002"
AT = At(dt.date(2024, 6, 30))
LINE = report(line=None)


@pytest.fixture
def diffa(store: Store) -> Actor:
    """The focal point of Diffa, signed in."""
    return people.add(store, "Point focal Diffa", UserRole.FOCAL_POINT, "NE002")


def form(store: Store, actor: Actor, assignment: str = ANSWER) -> AnswerForm:
    """The form of an answer as this person sees it."""
    return ask_as(store, actor, AnswerFormQuery(assignment, AT))


def space(store: Store, actor: Actor) -> MySpace:
    """The person's space."""
    return ask_as(store, actor, MySpaceQuery(AT))


def count(store: Store) -> int:
    """How many reports there are."""
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(ProgressReport)).scalar_one()


def columns(store: Store, actor: Actor, line: ReportLine) -> set[str | None]:
    """The fields in which a line is wrong, having checked that nothing was recorded."""
    with pytest.raises(Invalid) as caught:
        submit(store, actor, SubmitReport(line, None))
    assert count(store) == 0
    return {problem.column for problem in caught.value.problems}


# What is wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"status": "", "percent": ""}, {"status"}),
        ({"status": "en cours"}, {"status"}),
        ({"percent": ""}, {"percent"}),
        ({"percent": "100"}, {"percent"}),
        ({"status": "completed", "percent": "50"}, {"percent"}),
        ({"status": "not_started", "percent": "1"}, {"percent"}),
        ({"status": "blocked", "percent": "0"}, {"blocked_reason"}),
        (
            {"status": "blocked", "percent": "", "blocked_cause": "rain"},
            {"percent", "blocked_reason", "blocked_cause"},
        ),
        ({"status": "dropped", "percent": ""}, {"dropped_kind", "note"}),
        ({"as_of": ""}, {"as_of"}),
        ({"as_of": "2999-01-01"}, {"as_of"}),
        ({"as_of": "31/02/2024"}, {"as_of"}),
        ({"as_of": "1999-01-01"}, {"as_of"}),
        ({"note": "x" * 10_001}, {"note"}),
        ({"note": "a\u202eb"}, {"note"}),
    ],
)
def test_what_is_wrong_is_told_field_by_field(
    store: Store, diffa: Actor, cells: dict[str, str], wrong: set[str | None]
) -> None:
    assert columns(store, diffa, report(line=None, **cells)) == wrong


def test_today_is_no_future(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SubmitReport(report(line=None, as_of=today().isoformat()), None))
    assert columns_of_future(store, diffa) == {"as_of"}


def columns_of_future(store: Store, actor: Actor) -> set[str | None]:
    """The fields in which tomorrow's report is wrong."""
    tomorrow = today() + dt.timedelta(days=1)
    with pytest.raises(Invalid) as caught:
        submit(store, actor, SubmitReport(report(line=None, as_of=tomorrow.isoformat()), None))
    return {problem.column for problem in caught.value.problems}


def test_a_continuous_recommendation_has_no_percent_and_no_end(store: Store, diffa: Actor) -> None:
    submit(
        store,
        CONSOLE,
        RecordChange("recommendation", "CCM7-A1-05", "nature", "continuous", dt.date(2023, 1, 1)),
    )
    assert Status.COMPLETED not in form(store, diffa).statuses
    assert columns(store, diffa, report(line=None, percent="50")) == {"percent"}
    assert columns(store, diffa, report(line=None, status="completed", percent="")) == {"status"}
    submit(store, diffa, SubmitReport(report(line=None, percent=""), None))
    assert form(store, diffa).reports[0].percent is None


# Who, and how it came -------------------------------------------------------------------------------------


def test_nobody_answers_for_another_region(store: Store, diffa: Actor) -> None:
    with pytest.raises(NotAllowed):
        submit(store, diffa, SubmitReport(report(line=None, entity="NE007"), None))
    assert count(store) == 0


def test_the_secretariat_says_how_a_report_reached_it(store: Store, diffa: Actor) -> None:
    validator = people.add(store, "Validateur", UserRole.VALIDATOR)
    assert columns(store, validator, LINE) == {"origin"}
    submit(store, validator, SubmitReport(LINE, None, origin=ReportOrigin.PHONE))
    (said,) = form(store, diffa).reports
    assert (said.author, said.origin, said.state) == ("Validateur", ReportOrigin.PHONE, ReportState.SUBMITTED)
    with pytest.raises(NotAllowed):
        submit(store, diffa, SubmitReport(LINE, said.id, origin=ReportOrigin.PAPER))


# Once -----------------------------------------------------------------------------------------------------


def test_a_double_click_makes_one_report(store: Store, diffa: Actor) -> None:
    command = SubmitReport(LINE, None)
    with ThreadPoolExecutor(3) as clicks:
        told = set(clicks.map(lambda _: submit(store, diffa, command, "geste-1"), range(3)))
    assert len(told) == 1
    assert count(store) == 1
    assert len(events(store, "report.submitted")) == 1
    # Sent again a day later, the same gesture is still the same report.
    assert submit(store, diffa, command, "geste-1") in told
    with pytest.raises(Conflict):
        submit(store, people.add(store, "Autre", UserRole.FOCAL_POINT, "NE002"), command, "geste-1")
    assert count(store) == 1


def test_a_refused_gesture_may_be_sent_again_once_mended(store: Store, diffa: Actor) -> None:
    with pytest.raises(Invalid):
        submit(store, diffa, SubmitReport(report(line=None, percent=""), None), "geste-1")
    submit(store, diffa, SubmitReport(LINE, None), "geste-1")
    assert count(store) == 1


# Meanwhile ------------------------------------------------------------------------------------------------


def test_of_twenty_editors_one_wins_and_nobody_s_text_is_lost(store: Store) -> None:
    editors = [people.add(store, f"Diffa {n}", UserRole.FOCAL_POINT, "NE002") for n in range(20)]
    for number, editor in enumerate(editors):
        submit(store, editor, SaveDraft(ANSWER, {"note": f"Texte {number}", "status": "in_progress"}))

    def send(number: int) -> int | SpokenMeanwhile:
        try:
            line = report(line=None, note=f"Texte {number}")
            return submit(store, editors[number], SubmitReport(line, None), f"geste-{number}")
        except SpokenMeanwhile as told:
            return told

    with ThreadPoolExecutor(8) as at_once:
        results = list(at_once.map(send, range(20)))
    (winner,) = [number for number, result in enumerate(results) if isinstance(result, int)]
    assert count(store) == 1
    for number, result in enumerate(results):
        seen = form(store, editors[number])
        if number == winner:
            assert seen.draft is None
            continue
        assert isinstance(result, SpokenMeanwhile)
        assert result.report_id == results[winner]
        assert seen.draft is not None
        assert seen.spoken_meanwhile is not None
        assert (seen.draft.cells["note"], seen.spoken_meanwhile.note) == (
            f"Texte {number}",
            f"Texte {winner}",
        )


def test_whoever_was_told_and_compared_may_send(store: Store, diffa: Actor) -> None:
    first = submit(store, diffa, SubmitReport(LINE, None))
    with pytest.raises(SpokenMeanwhile):
        submit(store, diffa, SubmitReport(report(line=None, percent="75"), None))
    second = submit(store, diffa, SubmitReport(report(line=None, percent="75"), first))
    assert [said.id for said in form(store, diffa).reports] == [second, first]


def test_a_returned_report_comes_back_with_its_reason_and_is_given_anew(store: Store, diffa: Actor) -> None:
    first = submit(store, diffa, SubmitReport(LINE, None))
    assert [due.answer.assignment for due in space(store, diffa).waiting] == [ANSWER]
    submit(store, VALIDATOR, ReturnReport(first, "Joindre le procès-verbal."))
    (due,) = space(store, diffa).to_correct
    assert due.pending is not None
    assert (due.pending.returned_reason, due.latest_report_id) == ("Joindre le procès-verbal.", first)
    second = submit(store, diffa, SubmitReport(report(line=None, percent="75"), first))
    submit(store, VALIDATOR, ValidateReports((second,)))
    seen = form(store, diffa)
    assert [said.state for said in seen.reports] == [ReportState.VALIDATED, ReportState.RETURNED]
    assert (seen.answer.status, seen.answer.percent) == (Status.IN_PROGRESS, 75)
    assert [sent.state for sent in space(store, diffa).sent] == [ReportState.VALIDATED, ReportState.RETURNED]


def test_what_is_new_since_the_last_visit(store: Store, diffa: Actor) -> None:
    sent = submit(store, diffa, SubmitReport(LINE, None))
    assert space(store, diffa).news == ()
    submit(store, VALIDATOR, ReturnReport(sent, "Joindre le procès-verbal."))
    back, _ = people.sign_in(store, diffa.name)
    (news,) = space(store, back).news
    assert (news.assignment, news.kind, news.reason) == (
        ANSWER,
        NewsKind.RETURNED,
        "Joindre le procès-verbal.",
    )


# Several at once ------------------------------------------------------------------------------------------


def test_lines_of_a_table_are_handed_in_together_or_not_at_all(store: Store, diffa: Actor) -> None:
    right, wrong = report(line=1), report(recommendation="CCM7-A1-06", percent="100", line=2)
    with pytest.raises(ImportRejected) as caught:
        submit(store, diffa, SubmitTable((right, wrong), (None, None)))
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(2, "percent")]
    assert count(store) == 0
    for assignment in (ANSWER, FOLLOWING):
        submit(store, diffa, SaveDraft(assignment, {"status": "in_progress"}))
    mended = report(recommendation="CCM7-A1-06", line=2)
    assert submit(store, diffa, SubmitTable((right, mended), (None, None)), "geste") == 2
    assert submit(store, diffa, SubmitTable((right, mended), (None, None)), "geste") == 2
    assert count(store) == 2
    with store.read() as connection:
        assert connection.execute(select(Draft.id)).all() == []
        origins = connection.execute(select(ProgressReport.origin)).scalars()
        assert set(origins) == {ReportOrigin.PORTAL}


def test_a_line_of_a_table_overwrites_nobody(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SubmitReport(LINE, None))
    with pytest.raises(ImportRejected) as caught:
        submit(store, diffa, SubmitTable((report(line=7),), (None,)))
    assert [(problem.line, "a changé" in problem.text) for problem in caught.value.problems] == [(7, True)]
    assert count(store) == 1


def test_a_table_speaks_for_one_s_own_entities_only(store: Store, diffa: Actor) -> None:
    with pytest.raises(NotAllowed):
        submit(store, diffa, SubmitTable((report(), report(entity="NE007", line=3)), (None, None)))
    assert count(store) == 0


# Nothing typed is thrown away unread ----------------------------------------------------------------------


def kept_note(store: Store, actor: Actor) -> str:
    """The note of the person's draft."""
    draft = form(store, actor).draft
    return draft.cells["note"] if draft else ""


def test_an_answer_does_not_throw_away_what_another_window_typed(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "Fenêtre B", "blocked_reason": "Pluies"}))
    mine = report(line=None, note="Fenêtre A")
    with pytest.raises(OtherTexts) as caught:
        submit(store, diffa, SubmitReport(mine, None, seen={"note": ("", "Avant")}))
    assert caught.value.texts == {"note": "Fenêtre B", "blocked_reason": "Pluies"}
    assert (count(store), kept_note(store, diffa)) == (0, "Fenêtre B")
    # Shown, compared, then sent.
    seen = {"note": ("Fenêtre B",), "blocked_reason": ("Pluies",)}
    submit(store, diffa, SubmitReport(mine, None, seen=seen))
    assert form(store, diffa).draft is None


def test_a_table_does_not_throw_away_what_the_form_typed(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "ancien", "status": "in_progress", "percent": "50"}))
    submit(store, diffa, SaveDraft(ANSWER, {"note": "un long texte"}, seen={"note": ("", "ancien")}))
    drawn = {ANSWER: {"note": ("ancien",)}}
    with pytest.raises(ImportRejected) as caught:
        submit(store, diffa, SubmitTable((report(line=4, note="ancien"),), (None,), drawn))
    assert [(problem.line, "« un long texte »" in problem.text) for problem in caught.value.problems] == [
        (4, True)
    ]
    assert (count(store), kept_note(store, diffa)) == (0, "un long texte")
    submit(store, diffa, SubmitTable((report(line=4, note="un long texte"),), (None,), drawn))
    assert form(store, diffa).draft is None


def test_a_text_known_to_a_table_may_be_typed_over(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "ancien"}))
    drawn = {ANSWER: {"note": ("ancien",)}}
    assert submit(store, diffa, SubmitTable((report(note="nouveau"),), (None,), drawn)) == 1
    assert form(store, diffa).draft is None


def test_a_file_leaves_the_drafts_as_they_are(store: Store, diffa: Actor) -> None:
    submit(store, diffa, SaveDraft(ANSWER, {"note": "tapé à la main"}))
    submit(store, diffa, ImportReports((report(note="du fichier"),)))
    assert kept_note(store, diffa) == "tapé à la main"
