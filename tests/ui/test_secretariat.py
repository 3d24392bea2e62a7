"""The Secretariat's pages, and what each role sees of them."""

import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import delete, func, select

from ccm.auth import CONSOLE
from ccm.commands import AddUser, submit
from ccm.commands.people_changes import DisablePerson, SetContact
from ccm.commands.validation import ValidateReports
from ccm.domain.labels import label
from ccm.domain.vocabulary import ReportOrigin, ReportState
from ccm.i18n import numbers, translator
from ccm.queries.queue import PAGE
from ccm.store import open_store
from ccm.store.models import Assignment, AssignmentChange, Contest, ProgressReport, Reminder, ReportingPeriod
from tests.ui.conftest import OpenScreen, Screen
from tests.ui.people import (
    ADMINISTRATOR,
    DONOR,
    EVERYBODY,
    FOCAL_POINT,
    MINISTER,
    READER,
    VALIDATOR,
    sign_in,
)

Open = Callable[..., Screen]
SECRETARIAT = (ADMINISTRATOR, VALIDATOR)


@pytest.fixture
def url(demo_template: Path, tmp_path: Path) -> str:
    """A demonstration of this test's own."""
    return f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"


@pytest.fixture
def open_as(open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_as(name, url, page, **parameters)`: go to a page as somebody of the demonstration."""

    def go(name: str, url: str, page: str, **parameters: str) -> Screen:
        sign_in(monkeypatch, url, name)
        return open_screen(url, page, **parameters)

    return go


def _scalar(url: str, query: Any) -> Any:
    store = open_store(url)
    with store.read() as connection:
        found = connection.execute(query).scalar()
    store.close()
    return found


def _told_by(url: str) -> set[tuple[str, ReportOrigin]]:
    """Whose the waiting reports are, and how they came."""
    store = open_store(url)
    query = select(ProgressReport.author, ProgressReport.origin)
    with store.read() as connection:
        found = connection.execute(query.where(ProgressReport.state == ReportState.SUBMITTED)).all()
    store.close()
    return {(row.author, row.origin) for row in found}


def _waiting(url: str) -> int:
    count = select(func.count()).where(ProgressReport.state == ReportState.SUBMITTED)
    return int(_scalar(url, count))


def _click(screen: Screen, key: str) -> Screen:
    screen.at.button(key=key).click().run()
    return Screen(screen.at)


@pytest.mark.parametrize(
    ("names", "lang"),
    [
        pytest.param(EVERYBODY, "fr", id="fr"),
        # Who sees what does not hang on the language; its words are read once at each change.
        pytest.param((VALIDATOR,), "en", id="en"),
        pytest.param(EVERYBODY, "en", id="en-everybody", marks=pytest.mark.long),
    ],
)
def test_every_role_and_the_pages_of_the_secretariat(
    demo_url: str, open_as: Open, names: tuple[str, ...], lang: str
) -> None:
    for name in names:
        for page, readers in (("validation", SECRETARIAT), ("silence", (*SECRETARIAT, MINISTER))):
            screen = open_as(name, demo_url, page, lang=lang)
            assert not screen.exceptions, (page, name)
            assert bool(screen.tree.all("table")) is (name in readers), (page, name)
        record = open_as(name, demo_url, "recommendation", cle="CCM7-A2-09", lang=lang)
        assert not record.exceptions
        internal = {"fr": "Suivi interne", "en": "Internal follow-up"}[lang] in record.text
        assert internal is (name not in (READER, "")), name
        keys = {button.key for button in record.at.button}
        assert ("retract-CCM7-A2-09-do" in keys) is (name in SECRETARIAT), name
        assert ("contest-CCM7-A2-09-do" in keys) is (name == DONOR), name
        assert ("Saisir un point reçu" in record.text) is (name in SECRETARIAT and lang == "fr"), name


def test_the_queue_says_what_stands_out_and_validates_the_rest(url: str, open_as: Open) -> None:
    before = _waiting(url)
    screen = open_as(VALIDATOR, url, "validation")
    assert screen.h1 == [f"{before} points attendent la validation"]
    rows = screen.tree.all("tbody")[0].all("tr")
    plain = len(rows)
    # Before many are validated together, each says whose it is and how it came.
    for row in rows:
        assert any(
            f"{author} · {label(origin, translator('fr'))}" in row.text for author, origin in _told_by(url)
        )
    assert "Réalisé sans preuve" in screen.text
    screen = _click(screen, "queue-plain")
    assert "Validé : les chiffres en tiennent compte." in screen.text
    assert _waiting(url) == before - plain


def _returning(screen: Screen) -> tuple[Screen, int]:
    """The first report that may be returned, its reason asked for."""
    opens = "open-returning-"
    key = next(str(button.key) for button in screen.at.button if str(button.key).startswith(opens))
    return _click(screen, key), int(key.removeprefix(opens))


def test_a_return_asks_for_its_reason_and_keeps_what_was_typed(url: str, open_as: Open) -> None:
    screen, number = _returning(open_as(VALIDATOR, url, "validation"))
    key = f"return-{number}"
    screen = _click(screen, key)
    assert "Dites pourquoi : une phrase suffit." in screen.text
    screen.at.text_area(key=f"reason-{number}").input("Combien de *communes* ?").run()
    assert screen.at.text_area(key=f"reason-{number}").value == "Combien de *communes* ?"
    screen = _click(Screen(screen.at), key)
    assert "Renvoyé à son auteur, avec le motif." in screen.text
    state = select(ProgressReport.returned_reason).where(ProgressReport.id == number)
    assert _scalar(url, state) == "Combien de *communes* ?"
    assert f"validate-{number}" not in {button.key for button in screen.at.button}


def test_the_list_of_unchecked_evidence_is_counted_turned_and_closed(demo_url: str, open_as: Open) -> None:
    screen = open_as(VALIDATOR, demo_url, "validation")
    (title,) = [node.text for node in screen.tree.all("h2") if "n’a pas été vérifiée" in node.text]
    count = int(title.rpartition(" ")[2])
    assert count > 2 * PAGE

    def shown(screen: Screen) -> int:
        assert title in screen.text
        return len([one for one in screen.at.button if (one.key or "").startswith("queue-unverified-close")])

    assert shown(screen) == 0
    screen = _click(screen, "queue-unverified-open")
    assert f"1 à {PAGE} sur {count}" in screen.text
    first = screen.text
    screen = _click(screen, "queue-unverified-after-head")
    assert f"{PAGE + 1} à {2 * PAGE} sur {count}" in screen.text
    screen = _click(screen, "queue-unverified-after-foot")
    assert f"{2 * PAGE + 1} à {min(3 * PAGE, count)} sur {count}" in screen.text
    assert (
        _click(_click(screen, "queue-unverified-before-foot"), "queue-unverified-before-head").text == first
    )
    assert shown(_click(screen, "queue-unverified-close-head")) == 0


def test_a_contest_is_answered_where_it_waits(url: str, open_as: Open) -> None:
    screen = open_as(VALIDATOR, url, "validation")
    key = next(str(button.key) for button in screen.at.button if str(button.key).startswith("reply-"))
    number = int(key.removeprefix("reply-"))
    screen = _click(screen, key)
    assert "Écrivez une réponse." in screen.text
    screen.at.text_area(key=f"answer-{number}").input("Le bâtiment a été vu le 3 mai.").run()
    _click(Screen(screen.at), key)
    answered = _scalar(url, select(Contest.answer).where(Contest.id == number))
    assert answered == "Le bâtiment a été vu le 3 mai."


def test_an_unassigned_recommendation_is_assigned_and_nothing_typed_is_lost(url: str, open_as: Open) -> None:
    screen = open_as(VALIDATOR, url, "recommendation", cle="CCM7-A3-10")
    at = screen.at
    assert "Qui n’est pas encore nommé devient responsable." in screen.text
    save = next(button for button in at.button if button.label == "Enregistrer")
    at.multiselect(key="terms-CCM7-A3-10-entities").set_value(["*"])
    at.text_input(key="terms-CCM7-A3-10-due_date").set_value("demain")
    at.text_input(key="terms-CCM7-A3-10-weight").set_value("200")
    save.click().run()
    wrong = Screen(at)
    assert "« demain » n'est pas une date" in wrong.text
    assert "« 200 » n'est pas un poids" in wrong.text
    assert "Rien n’a été changé" in wrong.text
    assert (
        at.text_input(key="terms-CCM7-A3-10-due_date").value,
        at.text_input(key="terms-CCM7-A3-10-weight").value,
    ) == (
        "demain",
        "200",
    )
    at.text_input(key="terms-CCM7-A3-10-due_date").set_value("31/12/2024")
    at.text_input(key="terms-CCM7-A3-10-weight").set_value("2")
    next(button for button in at.button if button.label == "Enregistrer").click().run()
    assert "Enregistré, à compter du 30/06/2024." in Screen(at).text
    assert at.text_input(key="terms-CCM7-A3-10-weight").value == ""
    count = select(func.count()).where(Assignment.key.like("CCM7-A3-10/%"))
    assert _scalar(url, count) == 8
    of_these = AssignmentChange.assignment_id.in_(
        select(Assignment.id).where(Assignment.key.like("CCM7-A3-10/%"))
    )
    assert _scalar(url, select(func.count()).where(of_these)) == 24


def test_a_report_is_retracted_with_a_reason(url: str, open_as: Open) -> None:
    screen = open_as(ADMINISTRATOR, url, "recommendation", cle="CCM7-A2-09")
    chosen = screen.at.selectbox(key="retract-CCM7-A2-09-report")
    number = chosen.options and _scalar(
        url,
        select(ProgressReport.id)
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .where(Assignment.key == "CCM7-A2-09/NE001", ProgressReport.state == ReportState.VALIDATED)
        .order_by(ProgressReport.id.desc()),
    )
    screen.at.selectbox(key="retract-CCM7-A2-09-report").set_value(number)
    screen.at.text_area(key="retract-CCM7-A2-09-reason").input("Envoyé par erreur.")
    screen.at.run()
    screen = _click(Screen(screen.at), "retract-CCM7-A2-09-do")
    assert "Point retiré : il reste visible et ne compte plus." in screen.text
    state = select(ProgressReport.state).where(ProgressReport.id == number)
    assert _scalar(url, state) is ReportState.RETRACTED


@pytest.mark.parametrize(
    ("lang", "written"), [("fr", r"(\d+,\d) % (\d+) sur (\d+)"), ("en", r"(\d+\.\d)% (\d+) of (\d+)")]
)
def test_rates_of_silence_are_in_tenths_beside_their_counts(
    demo_url: str, open_as: Open, lang: str, written: str
) -> None:
    text = " ".join(open_as(VALIDATOR, demo_url, "silence", lang=lang).text.split())
    found = re.findall(written, text)
    assert len(found) > 10
    for rate, part, whole in found:
        assert rate == numbers.decimal(Fraction(100 * int(part), int(whole)), lang)
    assert any(not rate.endswith("0") for rate, _, _ in found)


def test_a_reminder_is_noted_once_a_period(url: str, open_as: Open) -> None:
    screen = open_as(VALIDATOR, url, "silence", acteur="NE002")
    assert screen.h1 == ["Relancer Région de Diffa"]
    texts = [code.value for code in screen.at.code]
    assert len(texts) == 2
    assert len(texts[0]) <= 160
    screen = _click(screen, "reminded-whatsapp")
    assert "Relance notée." in screen.text
    assert "Une relance par période suffit" in screen.text
    assert not [button for button in screen.at.button if str(button.key).startswith("reminded-")]
    assert _scalar(url, select(func.count()).select_from(Reminder)) == 1


def test_each_telephone_has_its_links(url: str, open_as: Open) -> None:
    store = open_store(url)
    submit(store, CONSOLE, AddUser("Adjointe Diffa", "focal_point", ("NE002",)))
    submit(store, CONSOLE, SetContact("Adjointe Diffa", full_name="Aïssa Maïga", phone="+227 91 11 22 33"))
    submit(store, CONSOLE, AddUser("Suppléant Diffa", "focal_point", ("NE002",)))
    submit(store, CONSOLE, SetContact("Suppléant Diffa", phone="90 44 55 66"))
    store.close()
    screen = open_as(VALIDATOR, url, "silence", acteur="NE002")
    ways = [one.url for one in _links(screen)]
    text = screen.at.code[0].value
    assert "points à transmettre" in text
    assert len(text) <= 160
    for phone in ("22791112233", "22790445566"):
        assert f"https://wa.me/{phone}?text={quote(text)}" in ways
        assert f"sms:+{phone}?body={quote(text)}" in ways
    assert "WhatsApp · Aïssa Maïga" in [one.label for one in _links(screen)]


def _links(screen: Screen) -> list[Any]:
    return [one.proto for one in screen.at.get("link_button")]


def test_nobody_is_reminded_outside_of_a_period(url: str, open_as: Open) -> None:
    store = open_store(url)
    with store.schema() as connection:
        connection.execute(delete(ReportingPeriod))
    store.close()
    for name, offered in ((VALIDATOR, False), (ADMINISTRATOR, True)):
        screen = open_as(name, url, "silence", acteur="NE002")
        assert "Aucune période n’est ouverte" in screen.text
        assert not screen.at.code
        assert not _links(screen)
        assert any(href.startswith("/administration") for href in screen.links) is offered
        listed = open_as(name, url, "silence")
        assert not [href for href in listed.links if "acteur=NE002" in href and "/relances" in href]


def test_provisional_figures_are_the_followers_choice_alone(demo_url: str, open_as: Open) -> None:
    for page in ("overview", "register", "regions", "institutions", "explorer", "method"):
        for name in (MINISTER, DONOR, FOCAL_POINT, READER, ""):
            screen = open_as(name, demo_url, page, provisoire="1")
            provisional = name in (MINISTER, DONOR)
            assert ("chiffres provisoires : rapports à valider compris" in screen.text) is provisional, (
                page,
                name,
            )
            kept = any("provisoire=1" in href for href in screen.links)
            assert kept is provisional, (page, name)
            if page != "overview" and name not in (MINISTER, READER):
                continue  # Every page has the same popover.
            screen.at.session_state["ccm-quand"] = True  # « Date et session » is opened.
            offered = "ccm-provisoire" in {toggle.key for toggle in screen.at.run().toggle}
            assert offered is provisional, (page, name)


def test_followers_see_what_waits_marked_so_and_no_draft(url: str, open_as: Open) -> None:
    store = open_store(url)
    with store.read() as connection:
        key = connection.execute(
            select(Assignment.key)
            .join(ProgressReport, ProgressReport.assignment_id == Assignment.id)
            .where(ProgressReport.state == ReportState.SUBMITTED, Assignment.key.like("%/NE006"))
        ).scalar()
    store.close()
    assert key
    recommendation = str(key).partition("/")[0]
    for name, sees in ((MINISTER, True), (DONOR, True), (FOCAL_POINT, True), (READER, False), ("", False)):
        screen = open_as(name, url, "recommendation", cle=recommendation)
        assert ("Provisoire : à valider" in screen.text) is sees, name


def test_a_reason_stays_in_sight_where_somebody_else_was_first(url: str, open_as: Open) -> None:
    screen, number = _returning(open_as(VALIDATOR, url, "validation"))
    key = f"return-{number}"
    screen.at.text_area(key=f"reason-{number}").input("Combien de <communes> ?").run()
    store = open_store(url)
    submit(store, CONSOLE, ValidateReports((number,)))
    store.close()
    screen = _click(Screen(screen.at), key)
    assert "Ce point a été traité entre-temps" in screen.text
    assert "Combien de <communes> ?" in screen.text
    # Until whoever typed it has done with it.
    screen.at.run()
    assert "Combien de <communes> ?" in Screen(screen.at).text
    assert "Combien de <communes> ?" not in _click(Screen(screen.at), "unsent-clear").text


def test_a_reason_stays_in_sight_where_the_sign_in_is_over(url: str, open_as: Open) -> None:
    screen, number = _returning(open_as(VALIDATOR, url, "validation"))
    store = open_store(url)
    submit(store, CONSOLE, DisablePerson(VALIDATOR))
    store.close()
    # As one leaves the field: the button is not there to be pressed any more.
    screen = Screen(screen.at.text_area(key=f"reason-{number}").input("Combien de <communes> ?").run())
    assert "Votre connexion a pris fin" in screen.text
    assert "Pas encore enregistré, à copier : Combien de <communes> ?" in screen.text


def test_what_is_typed_on_one_recommendation_is_not_there_on_the_next(url: str, open_as: Open) -> None:
    keys = []
    for key in ("CCM7-A3-10", "CCM7-A2-09"):
        at = open_as(VALIDATOR, url, "recommendation", cle=key).at
        controls = (*at.multiselect, *at.text_input, *at.text_area, *at.radio, *at.selectbox)
        keys.append(
            {
                control.key
                for control in controls
                if str(control.key).startswith(("terms", "retract", "verify"))
            }
        )
    assert all(keys)
    assert not keys[0] & keys[1]
