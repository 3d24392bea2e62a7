"""Mon espace and the form of one answer: who sees what, what each gesture keeps, what is wrong told there."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.people_changes import DisablePerson
from ccm.commands.report_lines import ReportLine
from ccm.commands.validation import ReturnReport
from ccm.domain.vocabulary import BlockedCause, ReportOrigin, Status, UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerForm, AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpaceQuery
from ccm.queries.names import short_key
from ccm.store import Store
from ccm.store.models import ProgressReport
from ccm.ui import identity
from tests.support import documents, people
from tests.ui.conftest import OpenScreen, Screen

FOCAL = "Point focal Tillabéri (démo)"
VALIDATOR = "Validateur du Secrétariat (démo)"
ROLES = {
    FOCAL: (True, True),
    VALIDATOR: (False, True),
    "Administratrice du Secrétariat (démo)": (False, True),
    "Ministre (démo)": (False, False),
    "Bailleur Alpha (démo)": (False, False),
    "Lectrice inscrite (démo)": (False, False),
    None: (False, False),
}
#: What the pages are called: all that those are told of them who may not open them.
TITLES = {
    "my_space": {"fr": "Mon espace", "en": "My space"},
    "answer": {"fr": "Répondre", "en": "Answer"},
}
#: What their space says to those who report for others alone.
NOTHING = {"fr": "Rien à donner aujourd’hui", "en": "Nothing to give today"}
DAY = At(dt.date(2024, 6, 30))
#: One answer of Tillabéri's that nobody has given.
SILENT = "CCM7-A1-03/NE006"


@pytest.fixture
def store(demonstration: Store) -> Store:
    """A demonstration of this test's own."""
    return demonstration


@pytest.fixture
def visit(store: Store, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Screen]:
    """`visit(name, page, **parameters)`: go to a page as this person; None is the public."""

    def go(name: str | None, page: str, /, **parameters: str) -> Screen:
        token = people.sign_in(store, name)[1] if name else None
        monkeypatch.setattr(identity, "token", lambda: token)
        return open_screen(store.url, page, **parameters)

    return go


def form(store: Store, assignment: str = SILENT, name: str = FOCAL) -> AnswerForm:
    """The form of an answer as its focal point sees it."""
    return ask_as(store, people.sign_in(store, name)[0], AnswerFormQuery(assignment, DAY))


def reports(store: Store) -> int:
    """How many reports there are."""
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(ProgressReport)).scalar_one()


def key(name: str, assignment: str = SILENT, rounds: int = 0) -> str:
    """The key of a control of the form."""
    return f"answer-{assignment}-{rounds}-{name}"


def mend(at: AppTest) -> list[str]:
    """What the page says is to be mended."""
    return [node.text for node in Screen(at).tree.all("p", cls="ccm-mend")]


def click(at: AppTest, name: str) -> None:
    """Press a button of the form."""
    at.button(key=key(name)).click().run()


# Who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        *((name, "fr") for name in ROLES),
        # Who meets what does not hang on the language; its words are read once at each change.
        *(pytest.param(name, "en", marks=() if name == FOCAL else pytest.mark.long) for name in ROLES),
    ],
)
def test_each_role_meets_its_own_pages(visit: Callable[..., Screen], name: str | None, locale: str) -> None:
    has_space, has_form = ROLES[name]
    if has_form:
        form_ = visit(name, "answer", engagement=SILENT, lang=locale)
        assert form_.exceptions == []
        question = {"fr": "Où en est-on ?", "en": "Where do things stand?"}[locale]
        assert question in form_.at.radio(key=key("status")).label.replace("\N{NO-BREAK SPACE}", " ")
    if has_space:
        space = visit(name, "my_space", lang=locale)
        assert space.exceptions == []
        assert {"fr": "réponses à donner", "en": "answers to give"}[locale] in space.h1[0]
    for page, there in (("my_space", has_space), ("answer", has_form)):
        if not there:
            refused = visit(name, page, engagement=SILENT, lang=locale)
            assert refused.exceptions == []
            assert not (refused.at.radio or refused.at.toggle)
            reports_for_others = page == "my_space" and has_form
            assert (NOTHING if reports_for_others else TITLES[page])[locale] in refused.h1
            assert "CCM7-A1-03" not in refused.text


def test_another_s_answer_is_as_one_that_is_not_there(visit: Callable[..., Screen], store: Store) -> None:
    told = {
        visit(FOCAL, "answer", engagement=key).text for key in ("CCM7-A1-03/NE007", "CCM7-Z9-99/NE006", "x")
    }
    assert len(told) == 1
    assert "n'est pas le vôtre" in told.pop()


# Mon espace -----------------------------------------------------------------------------------------------


def test_the_space_lists_each_answer_once_and_the_most_pressing_first(
    visit: Callable[..., Screen], store: Store
) -> None:
    screen = visit(FOCAL, "my_space")
    space = ask_as(store, people.sign_in(store, FOCAL)[0], MySpaceQuery(DAY))
    asked = [link for link in screen.links if link.startswith("/repondre")]
    listed = [
        due.answer.assignment for due in (*space.pressing, *space.waiting, *space.up_to_date, *space.support)
    ]
    assert len(listed) == len(set(listed))
    for assignment in listed:
        assert any(link.endswith(assignment.replace("/", "%2F")) for link in asked)
    late = [due.answer.overdue for due in space.to_give]
    assert late == sorted(late, reverse=True)
    assert screen.h1 == [f"{space.due} réponses à donner"]
    lists = (space.to_correct, space.to_give, space.to_update)
    words = ("à corriger", "jamais donnée", "à mettre à jour")
    assert sum(map(len, lists)) == space.due
    for found, said in zip(lists, words, strict=True):
        assert (f"{len(found)} {said}" in screen.text) is bool(found)
    (returned,) = space.to_correct
    assert returned.pending is not None
    assert returned.pending.returned_reason in screen.text


# The form -------------------------------------------------------------------------------------------------


def test_every_control_keeps_its_cell_at_once(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.BLOCKED).run()
    at.radio(key=key("percent")).set_value(25).run()
    at.selectbox(key=key("blocked_cause")).set_value(BlockedCause.FUNDING).run()
    at.selectbox(key=key("blocked_by")).set_value("MF").run()
    at.text_input(key=key("as_of")).input("12/06/2024").run()
    kept = form(store).draft
    assert kept is not None
    assert kept.cells == {
        "status": "blocked",
        "percent": "25",
        "blocked_cause": "funding",
        "blocked_by": "MF",
        "as_of": "2024-06-12",
    }
    # Another session: the browser was refreshed, or the server was restarted.
    again = visit(FOCAL, "answer", engagement=SILENT)
    assert again.at.radio(key=key("status")).value == Status.BLOCKED
    assert again.at.radio(key=key("percent")).value == 25
    assert again.at.text_input(key=key("as_of")).value == "12/06/2024"
    assert "Brouillon gardé sur le serveur" in again.text


def test_in_a_demonstration_one_speaks_of_its_day(visit: Callable[..., Screen]) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    assert at.text_input(key=key("as_of")).value == "30/06/2024"
    earlier = visit(FOCAL, "answer", engagement=SILENT, date="2023-06-30").at
    assert earlier.text_input(key=key("as_of")).value == "30/06/2024"


def test_what_is_no_day_stays_and_is_told(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.NOT_STARTED).run()
    at.text_input(key=key("as_of")).input("31/02/2024").run()
    click(at, "send")
    assert mend(at)[0].startswith("« 31/02/2024 » n'est pas une date : écrivez")
    again = visit(FOCAL, "answer", engagement=SILENT).at
    assert again.text_input(key=key("as_of")).value == "31/02/2024"
    again.text_input(key=key("as_of")).input("29/02/2024").run()
    click(again, "send")
    assert form(store).reports[0].as_of == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "fr",
            [
                "Choisissez un point de l’échelle.",
                "Dites pourquoi c’est bloqué : une phrase suffit.",
                "La date doit être le {today} ou avant.",
                "Rien n’est parti : 3 réponses sont à reprendre plus haut. Ce que vous avez tapé est gardé.",
            ],
        ),
        (
            "en",
            [
                "Choose a step of the scale.",
                "Say why it is blocked: one sentence is enough.",
                "The date must be {today} or earlier.",
                "Nothing was sent: 3 answers above need mending. What you typed is kept.",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_beside_each_field_and_all_that_was_typed_stays(
    visit: Callable[..., Screen], store: Store, locale: str, said: list[str]
) -> None:
    before = reports(store)
    at = visit(FOCAL, "answer", engagement=SILENT, lang=locale).at
    at.radio(key=key("status")).set_value(Status.BLOCKED).run()
    tomorrow = form(store).today + dt.timedelta(days=1)
    at.text_input(key=key("as_of")).input(tomorrow.isoformat()).run()
    click(at, "send")
    today = f"{form(store).today:%d/%m/%Y}"
    assert mend(at) == [text.format(today=today) for text in said]
    assert reports(store) == before
    assert at.radio(key=key("status")).value == Status.BLOCKED
    # What is mended is told no more, the rest is.
    at.radio(key=key("percent")).set_value(50).run()
    assert mend(at)[0] == said[1]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "La recommandation est adoptée depuis le 05/08/2022 : choisissez ce jour ou un jour d’après."),
        ("en", "The recommendation has been adopted since 05/08/2022: choose that day or a later one."),
    ],
)
def test_a_day_before_the_adoption_is_told_beside_its_field(
    visit: Callable[..., Screen], locale: str, said: str
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT, lang=locale).at
    at.radio(key=key("status")).set_value(Status.NOT_STARTED).run()
    at.text_input(key=key("as_of")).input("04/08/2022").run()
    click(at, "send")
    assert mend(at)[0] == said


def test_nothing_chosen(visit: Callable[..., Screen]) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    click(at, "send")
    assert mend(at)[0] == "Choisissez où l’on en est."


def test_an_answer_is_sent_once_and_leads_to_the_next(visit: Callable[..., Screen], store: Store) -> None:
    before = reports(store)
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.IN_PROGRESS).run()
    at.radio(key=key("percent")).set_value(50).run()
    click(at, "send")
    screen = Screen(at)
    assert "Envoyé. Compte dans les chiffres après validation par le Secrétariat." in screen.text
    assert "Répondre à la suivante" in screen.text
    assert reports(store) == before + 1
    sent = form(store)
    assert (sent.draft, sent.reports[0].percent, sent.reports[0].author) == (None, 50, FOCAL)
    at.button(key=key("again")).click().run()
    assert at.radio(key=key("status", rounds=1)).value is None


def test_completed_without_evidence_is_taken_and_said_to_be_so(
    visit: Callable[..., Screen], store: Store
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    assert "Réalisé demande une preuve" in Screen(at).text
    click(at, "send")
    assert form(store).reports[0].evidence == ()
    for reader, page in ((VALIDATOR, "validation"), (FOCAL, "answer"), (FOCAL, "my_space")):
        assert "Sans preuve" in visit(reader, page, engagement=SILENT).text, page


def test_a_file_a_link_and_a_name_stand_behind_the_report(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    at.file_uploader(key=key("file-0")).set_value(("../../PV.pdf", documents.PDF, "text/html")).run()
    at.text_input(key=key("link")).input("https://www.pnm.ne/pv").run()
    click(at, "add-link")
    at.text_input(key=key("document")).input("Arrêté **12** <b>").run()
    click(at, "add-document")
    assert mend(at) == []
    assert [piece.name for piece in form(store).evidence] == [
        "PV.pdf",
        "https://www.pnm.ne/pv",
        "Arrêté **12** <b>",
    ]
    click(at, "send")
    assert [piece.name for piece in form(store).reports[0].evidence] == [
        "PV.pdf",
        "https://www.pnm.ne/pv",
        "Arrêté **12** <b>",
    ]


@pytest.mark.parametrize(("name", "kept"), [("../../x", "x.pdf"), ("PV", "PV.pdf"), ("PV.txt", "PV.txt.pdf")])
def test_a_file_is_what_it_holds_whatever_it_is_called(
    visit: Callable[..., Screen], store: Store, name: str, kept: str
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    # No list of endings: Streamlit would refuse by the name, with a sentence of its own.
    assert list(at.file_uploader(key=key("file-0")).proto.type) == []
    at.file_uploader(key=key("file-0")).set_value((name, documents.PDF, "")).run()
    assert mend(at) == []
    assert [piece.name for piece in form(store).evidence] == [kept]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x", b"MZ", "n'est pas d'un genre accepté"),
        ("x.pdf", b"MZ", "n'est pas d'un genre accepté"),
        ("x.docx", documents.word(macros="held"), "contient des macros"),
        ("x.docx", documents.word(body=b"0" * 3_000_000), "démesuré"),
        ("x.png", documents.huge_png(50_000, 50_000), "trop grande"),
    ],
)
def test_a_file_that_is_refused_leaves_the_form_as_it_was(
    visit: Callable[..., Screen], store: Store, name: str, content: bytes, says: str
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    at.file_uploader(key=key("file-0")).set_value((name, content, "application/pdf")).run()
    (told,) = mend(at)
    assert says in told
    assert form(store).evidence == ()
    assert at.radio(key=key("status")).value == Status.COMPLETED


def test_a_wrong_link_is_told_and_stays_to_be_mended(visit: Callable[..., Screen]) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.text_input(key=key("link")).input("javascript:alert(1)").run()
    click(at, "add-link")
    assert mend(at) == [
        "« javascript:alert(1) » n'est pas une adresse : elle commence par https:// ou http://."
    ]
    assert at.text_input(key=key("link")).value == "javascript:alert(1)"


@pytest.mark.parametrize(
    ("field", "text"), [("link", "https://www.pnm.ne/pv"), ("document", "PV de la réunion du 12 juin")]
)
def test_a_proof_that_is_typed_is_kept_without_its_button(
    visit: Callable[..., Screen], store: Store, field: str, text: str
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    at.text_input(key=key(field)).input(f" {text} ").run()
    assert [piece.name for piece in form(store).evidence] == [text]
    assert at.text_input(key=key(field)).value == ""
    click(at, f"add-{field}")
    assert (mend(at), len(form(store).evidence)) == ([], 1)
    # One keystroke after the other's drawing: typed and sent in one go.
    at.text_input(key=key(field)).input(f"{text}-2")
    click(at, "send")
    assert [piece.name for piece in form(store).reports[0].evidence] == [text, f"{text}-2"]


def test_nothing_is_sent_while_a_typed_link_is_wrong(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    before = reports(store)
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    at.text_input(key=key("link")).input("javascript:alert(1)")
    click(at, "send")
    assert reports(store) == before
    assert "n'est pas une adresse" in mend(at)[0]
    at.text_input(key=key("link")).input("")
    click(at, "send")
    assert (reports(store), form(store).reports[0].evidence) == (before + 1, ())


def test_a_proof_taken_away_and_sent_in_one_go_is_not_sent(
    visit: Callable[..., Screen], store: Store
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.COMPLETED).run()
    at.text_input(key=key("link")).input("https://www.pnm.ne/pv").run()
    (piece,) = form(store).evidence
    at.button(key=key(f"remove-{piece.id}")).click()
    click(at, "send")
    assert form(store).reports[0].evidence == ()


def test_a_conflict_shows_both_texts_and_loses_neither(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.IN_PROGRESS).run()
    at.radio(key=key("percent")).set_value(50).run()
    theirs = ReportLine("CCM7-A1-03", "NE006", "2024-06-20", "in_progress", "75", "Le texte de l’adjointe")
    submit(store, people.add(store, "Adjointe", UserRole.FOCAL_POINT, "NE006"), SubmitReport(theirs, None))
    before = reports(store)
    click(at, "send")
    assert reports(store) == before
    screen = Screen(at)
    assert "Ce point a changé depuis votre lecture" in screen.text
    assert "Le texte de l’adjointe" in screen.text
    assert at.radio(key=key("percent")).value == 50
    # Compared, then sent.
    click(at, "send")
    assert reports(store) == before + 1
    assert [said.percent for said in form(store).reports] == [50, 75]


def test_a_returned_answer_tells_why(visit: Callable[..., Screen], store: Store) -> None:
    line = ReportLine("CCM7-A1-03", "NE006", "2024-06-20", "in_progress", "75", "Fait <b>")
    sent = submit(store, people.sign_in(store, FOCAL)[0], SubmitReport(line, None))
    submit(store, people.sign_in(store, VALIDATOR)[0], ReturnReport(sent, "Joindre <i>le</i> procès-verbal."))
    text = visit(FOCAL, "answer", engagement=SILENT).text
    assert "Joindre <i>le</i> procès-verbal." in text
    assert "Joindre <i>le</i> procès-verbal." in visit(FOCAL, "my_space").section("À corriger").text


def test_a_draft_may_be_erased(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.IN_PROGRESS).run()
    click(at, "discard")
    assert form(store).draft is None
    assert at.radio(key=key("status", rounds=1)).value is None


def test_the_secretariat_says_how_it_came(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(VALIDATOR, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.NOT_STARTED).run()
    click(at, "send")
    assert mend(at)[0] == "Dites comment ce point est arrivé."
    at.radio(key=key("origin")).set_value(ReportOrigin.PHONE).run()
    click(at, "send")
    assert form(store).reports[0].author == VALIDATOR


def test_after_a_disabling_nothing_is_kept_any_more(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.IN_PROGRESS).run()
    administrator = people.sign_in(store, "Administratrice du Secrétariat (démo)")[0]
    submit(store, administrator, DisablePerson(FOCAL))
    before = reports(store)
    at.radio(key=key("percent")).set_value(50).run()
    assert not at.radio
    assert reports(store) == before


@pytest.mark.parametrize(
    ("locale", "said"),
    [("fr", "A1-03 Tillabéri, État : Bloqué"), ("en", "A1-03 Tillabéri, Status: Blocked")],
)
def test_what_is_chosen_once_the_sign_in_is_over_stays_in_sight(
    visit: Callable[..., Screen], store: Store, locale: str, said: str
) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT, lang=locale).at
    submit(store, CONSOLE, DisablePerson(FOCAL))
    at.radio(key=key("status")).set_value(Status.BLOCKED).run()
    assert said in Screen(at).text
    at.button(key="unsent-clear").click().run()
    assert said not in Screen(at).text


# Several in a table ---------------------------------------------------------------------------------------


@pytest.fixture
def table(visit: Callable[..., Screen]) -> AppTest:
    """Mon espace with its table drawn."""
    at = visit(FOCAL, "my_space").at
    at.toggle(key="table-shown").set_value(True).run()
    return at


def fill(at: AppTest, rows: dict[Any, Any], rounds: int = 0) -> None:
    """What a browser says was typed into the table."""
    at.session_state[f"table-{rounds}-cells"] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    at.run()


def pressing(store: Store) -> list[str]:
    """The answers of the table, in their order."""
    space = ask_as(store, people.sign_in(store, FOCAL)[0], MySpaceQuery(DAY))
    return [due.answer.assignment for due in space.pressing]


def test_only_filled_lines_are_sent(table: AppTest, store: Store) -> None:
    before, answers = reports(store), pressing(store)
    fill(table, {1: {"status": "En cours", "percent": 40, "note": "Lancé"}, 3: {"status": "Réalisé"}})
    table.button(key="table-0-send").click().run()
    assert reports(store) == before + 2
    assert "Envoyé au Secrétariat pour validation." in Screen(table).text
    assert (form(store, answers[1]).reports[0].percent, form(store, answers[1]).reports[0].note) == (
        40,
        "Lancé",
    )
    assert form(store, answers[3]).reports[0].status is Status.COMPLETED


def test_an_empty_table_sends_nothing_and_does_not_use_up_the_gesture(table: AppTest, store: Store) -> None:
    before = reports(store)
    table.button(key="table-0-send").click().run()
    assert mend(table) == ["Rien à envoyer : remplissez au moins une ligne."]
    fill(table, {1: {"status": "Non démarré"}})
    table.button(key="table-0-send").click().run()
    assert reports(store) == before + 1


def test_problems_are_told_line_by_line_and_nothing_is_sent(table: AppTest, store: Store) -> None:
    before = reports(store)
    fill(table, {1: {"status": "En cours"}, 2: {"status": "En cours", "percent": 100}, 3: {"percent": 5}})
    table.button(key="table-0-send").click().run()
    head, *told = mend(table)
    assert head == "Rien n’est parti : 3 lignes sont à reprendre. Ce que vous avez tapé est gardé."
    names = [f"{short_key(answer.split('/')[0])} Tillabéri" for answer in pressing(store)]
    percent = "De 1 à 99 pour « En cours » ; laissez vide pour les autres états."
    assert told == [
        f"{names[1]}, Pourcentage : {percent}",
        f"{names[2]}, Pourcentage : {percent}",
        f"{names[3]}, État : Choisissez où l’on en est.",
    ]
    assert reports(store) == before


def test_a_draft_begun_elsewhere_does_not_hold_back_the_lines_filled_here(
    visit: Callable[..., Screen], store: Store
) -> None:
    who, before, answers = people.sign_in(store, FOCAL)[0], reports(store), pressing(store)
    submit(store, who, SaveDraft(answers[2], {"status": "in_progress", "note": "À finir"}))
    submit(store, who, SaveDraft(answers[3], {"status": "in_progress", "percent": "30"}))
    at = visit(FOCAL, "my_space").at
    at.toggle(key="table-shown").set_value(True).run()
    fill(at, {1: {"status": "Non démarré"}})
    at.button(key="table-0-send").click().run()
    # What is whole is sent, as it stands in the table; what is not stays.
    assert (mend(at), reports(store)) == ([], before + 2)
    assert form(store, answers[3]).reports[0].percent == 30
    assert text_of(form(store, answers[2]).draft) == "À finir"
    left = f"Restées en brouillon, incomplètes : {short_key(answers[2].split('/')[0])} Tillabéri."
    assert left in Screen(at).text
    # Alone, it is told what it lacks.
    at.button(key="table-1-send").click().run()
    assert mend(at)[0].startswith("Rien n’est parti : une ligne")


def test_a_line_filled_here_that_is_wrong_holds_the_others_back(
    visit: Callable[..., Screen], store: Store
) -> None:
    who, before, answers = people.sign_in(store, FOCAL)[0], reports(store), pressing(store)
    submit(store, who, SaveDraft(answers[2], {"status": "in_progress"}))
    at = visit(FOCAL, "my_space").at
    at.toggle(key="table-shown").set_value(True).run()
    fill(at, {1: {"status": "En cours"}, 3: {"status": "Non démarré"}})
    at.button(key="table-0-send").click().run()
    assert len(mend(at)) == 2
    assert mend(at)[0].startswith("Rien n’est parti : une ligne")
    assert reports(store) == before


@pytest.mark.parametrize(
    "rows",
    [
        {
            1: {
                "ref": "A1-05 Zinder",
                "text": "autre",
                "assignment": "CCM7-A1-05/NE007",
                "status": "En cours",
                "percent": 9,
            }
        },
        {1: {"status": "En cours", "percent": 9}, 999: {"status": "Réalisé"}, -1: {"status": "Réalisé"}},
        {1: {"status": "En cours", "percent": 9, "as_of": "2024-06-30T00:00:00.000", "author": "Ministre"}},
    ],
)
def test_forged_cells_change_nothing_else(table: AppTest, store: Store, rows: dict[Any, Any]) -> None:
    before, answers = reports(store), pressing(store)
    table.session_state["table-0-cells"] = {"edited_rows": rows, "added_rows": [{}], "deleted_rows": [0]}
    table.button(key="table-0-send").click().run()
    assert reports(store) in (before, before + 1)
    if reports(store) > before:
        said = form(store, answers[1]).reports[0]
        assert (said.percent, said.author) == (9, FOCAL)


def text_of(draft: Any) -> str:
    """The note of a draft."""
    return draft.cells.get("note", "") if draft else ""


def test_a_table_keeps_and_sends_only_what_was_typed_into_it(
    table: AppTest, visit: Callable[..., Screen], store: Store
) -> None:
    who, answer = people.sign_in(store, FOCAL)[0], pressing(store)[1]
    before = reports(store)
    # Meanwhile, the form of the same answer, in another window.
    submit(store, who, SaveDraft(answer, {"note": "Tapé dans la fiche", "status": "in_progress"}))
    fill(table, {1: {"status": "En cours", "percent": 40, "note": "Tapé dans le tableau"}})
    table.button(key="table-0-send").click().run()
    told = mend(table)[1]
    assert "« Tapé dans la fiche »" in told
    assert (reports(store), text_of(form(store, answer).draft)) == (before, "Tapé dans la fiche")


def test_a_table_that_is_left_and_opened_again_shows_what_was_kept(
    visit: Callable[..., Screen], store: Store
) -> None:
    at = visit(FOCAL, "my_space").at
    at.toggle(key="table-shown").set_value(True).run()
    who, answer, before = people.sign_in(store, FOCAL)[0], pressing(store)[1], reports(store)
    # As the table keeps it while it is typed.
    submit(store, who, SaveDraft(answer, {"note": "Gardé", "status": "in_progress", "percent": "40"}))
    at.toggle(key="table-shown").set_value(False).run()
    at.toggle(key="table-shown").set_value(True).run()
    at.button(key="table-0-send").click().run()
    assert mend(at) == []
    said = form(store, answer).reports[0]
    assert (reports(store), said.note, said.percent) == (before + 1, "Gardé", 40)


def test_two_windows_of_one_form_lose_neither_text(visit: Callable[..., Screen], store: Store) -> None:
    at = visit(FOCAL, "answer", engagement=SILENT).at
    at.radio(key=key("status")).set_value(Status.IN_PROGRESS).run()
    at.radio(key=key("percent")).set_value(50).run()
    before, who = reports(store), people.sign_in(store, FOCAL)[0]
    submit(store, who, SaveDraft(SILENT, {"note": "Fenêtre B"}, seen={"note": ("",)}))
    at.session_state[key("note")] = {"value": {"text": "Fenêtre A", "seen": ["", "Fenêtre"]}}
    at.run()
    click(at, "send")
    assert (reports(store), text_of(form(store).draft)) == (before, "Fenêtre B")
    shown = Screen(at).text
    assert "Fenêtre A" in shown
    assert "Fenêtre B" in shown
    # Compared, then sent.
    click(at, "send")
    assert (reports(store), form(store).reports[0].note, form(store).draft) == (before + 1, "Fenêtre A", None)


def test_an_old_window_that_typed_nothing_does_not_send_over_a_newer_text(
    visit: Callable[..., Screen], store: Store
) -> None:
    who = people.sign_in(store, FOCAL)[0]
    submit(store, who, SaveDraft(SILENT, {"note": "ancien", "status": "in_progress", "percent": "50"}))
    at = visit(FOCAL, "answer", engagement=SILENT).at
    submit(store, who, SaveDraft(SILENT, {"note": "plus récent"}, seen={"note": ("ancien",)}))
    before = reports(store)
    at.radio(key=key("percent")).set_value(75).run()
    click(at, "send")
    assert (reports(store), text_of(form(store).draft)) == (before, "plus récent")
    assert "plus récent" in Screen(at).text
