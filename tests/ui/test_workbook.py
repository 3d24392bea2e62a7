"""The workbook in Mon espace: shown before it is kept, kept once, and each conflict is a person's choice."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from ccm.commands import ImportReports, ReportLine, submit
from ccm.exports.workbook import workbook
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.workbook import WorkbookQuery
from ccm.store import Store
from ccm.store.models import ProgressReport
from ccm.ui import identity
from tests.integration.test_workbook import Book
from tests.support import people
from tests.ui.conftest import OpenScreen, Screen

FOCAL = "Point focal Tillabéri (démo)"
VALIDATOR = "Validateur du Secrétariat (démo)"
MINISTER = "Ministre (démo)"
DAY = dt.date(2024, 6, 1)


@pytest.fixture
def store(demonstration: Store) -> Store:
    """A demonstration of this test's own."""
    return demonstration


@pytest.fixture
def visit(store: Store, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Screen]:
    """Open Mon espace as this person."""

    def go(name: str, **parameters: str) -> Screen:
        token = people.sign_in(store, name)[1]
        monkeypatch.setattr(identity, "token", lambda: token)
        return open_screen(store.url, "my_space", **parameters)

    return go


def _filled(store: Store) -> bytes:
    found = ask_as(store, people.sign_in(store, FOCAL)[0], WorkbookQuery("NE006", At(dt.date(2024, 6, 30))))
    book = Book(workbook(found)).fill(
        "CCM7-A1-03", status="En cours", percent=25, as_of=DAY, note="<b>un</b>"
    )
    book.fill("CCM7-A1-05", status="En cours", percent=60, as_of=DAY, note="le mien")
    return book.fill("CCM7-G-04", status="Fini", as_of=DAY).saved()


def _notes(store: Store) -> list[str]:
    notes = ("<b>un</b>", "le mien", "le leur")
    with store.read() as connection:
        query = select(ProgressReport.note).where(ProgressReport.note.in_(notes)).order_by(ProgressReport.id)
        return list(connection.execute(query).scalars())


def _drop(at: AppTest, data: bytes, turn: int = 0) -> Screen:
    at.file_uploader(key=f"workbook-{turn}-file").set_value(("x.xlsx", data, "")).run()
    return Screen(at)


def test_it_is_shown_then_kept_once(store: Store, visit: Callable[..., Screen]) -> None:
    data = _filled(store)
    other = ReportLine("CCM7-A1-05", "NE006", "2024-06-02", "in_progress", "40", "le leur")
    submit(store, people.sign_in(store, VALIDATOR)[0], ImportReports((other,)))
    screen = visit(FOCAL)
    assert "/classeur/NE006.xlsx" in "".join(screen.blocks)
    shown = _drop(screen.at, data)
    assert not shown.exceptions
    assert "A1-03 « Sensibiliser la diaspora" in shown.text
    assert "A1-05 « Réduire les coûts" in shown.text
    assert all(said in shown.text for said in ("<b>un</b>", "le mien", "le leur", "« Fini »"))
    assert _notes(store) == ["le leur"]

    at = shown.at
    # The choice stands under its own row, over what nobody has to choose.
    drawn = [str(one.proto) for one in at.main if one.type in ("markdown", "checkbox")]
    box = next(place for place, one in enumerate(drawn) if "prendre le texte" in one)
    assert "le leur" in drawn[box - 1] and "<b>un</b>" not in drawn[box - 1]
    assert "Fini" in drawn[box + 1]
    at.button(key="workbook-confirm").click().run()
    sent = Screen(at).text
    assert "Une réponse est envoyée" in sent
    assert _notes(store) == ["le leur", "<b>un</b>"]
    # What was recorded is said so, and what was not taken still can be, without the file.
    assert "Réponses enregistrées, à valider" in sent and "Réponses nouvelles" not in sent
    at.button(key="workbook-confirm").click().run()
    still = Screen(at).text
    assert "Rien de nouveau" in still and "Réponses enregistrées, à valider" in still
    assert _notes(store) == ["le leur", "<b>un</b>"]
    next(
        one for one in at.checkbox if str(one.key).startswith("workbook-mine-CCM7-A1-05/NE006-")
    ).check().run()
    at.button(key="workbook-confirm").click().run()
    assert _notes(store) == ["le leur", "<b>un</b>", "le mien"]
    assert not [one for one in at.checkbox if str(one.key).startswith("workbook-mine")]
    assert not [one for one in at.button if one.key == "workbook-confirm"]

    again = _drop(at, data, turn=1)
    assert "Déjà enregistrées" in again.text and "Réponses enregistrées, à valider" not in again.text
    assert _notes(store) == ["le leur", "<b>un</b>", "le mien"]


def test_what_is_no_workbook_of_theirs_is_told(store: Store, visit: Callable[..., Screen]) -> None:
    told = _drop(visit(FOCAL).at, b"PK\x03\x04 nothing")
    assert "abîmé" in told.text and not told.exceptions
    english = _drop(visit(FOCAL, lang="en").at, b"recommendation;entity")
    assert "This is not an Excel workbook" in english.text
    foreign = visit("Point focal Zinder (démo)")
    refused = _drop(foreign.at, _filled(store))
    assert "Région de Tillabéri" in refused.text and "Région de Zinder" in refused.text
    assert _notes(store) == []


def test_the_others_of_a_list_are_offered_below_some_of_it_only(visit: Callable[..., Screen]) -> None:
    sections = [one for one in visit(FOCAL).tree.all("section") if one.all("details")]
    assert any(len(one.all("ul")) == 1 for one in sections)
    for one in sections:
        others = any(word in one.all("summary")[0].text for word in ("autre", "autres"))
        assert others == (len(one.all("ul")) > 1 and bool(one.all("ul")[0].all("li"))), one.text


def test_who_answers_for_nobody_has_no_workbook(visit: Callable[..., Screen]) -> None:
    for name in (VALIDATOR, MINISTER):
        screen = visit(name)
        assert not screen.at.get("file_uploader")
        assert "/classeur/" not in "".join(screen.blocks)
