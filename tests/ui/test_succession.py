"""An actor that another one follows, on screen: what the administrator decides, and what its people read."""

import datetime as dt
from collections.abc import Callable

import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.entities import AddEntity
from ccm.commands.successions import RecordSuccession
from ccm.domain.vocabulary import EntityKind
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpaceQuery
from ccm.store import Store
from ccm.ui import identity
from tests.support import people
from tests.ui.conftest import OpenScreen, Screen
from tests.ui.people import ADMINISTRATOR

FOCAL_POINT = "Point focal MF (démo)"
DAY = dt.date(2024, 6, 1)


@pytest.fixture
def store(demonstration: Store) -> Store:
    """A demonstration of this test's own."""
    return demonstration


@pytest.fixture
def visit(store: Store, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Screen]:
    """Open a page as this person."""

    def go(name: str, page: str, **parameters: str) -> Screen:
        token = people.sign_in(store, name)[1]
        monkeypatch.setattr(identity, "token", lambda: token)
        return open_screen(store.url, page, **parameters)

    return go


def _succeed(screen: Screen, before: str, after: str, *, ticked: bool = True) -> str:
    """Record a succession by the form; what is said of it."""
    at = screen.at
    at.selectbox(key="succession-before").select(before).run()
    at.selectbox(key="succession-after").select(after)
    at.text_input(key="succession-day").set_value(f"{DAY:%d/%m/%Y}")
    boxes = [box for box in at.checkbox if box.key == f"succession-people-{before}"]
    for box in boxes:
        assert box.value
        box.set_value(ticked)
    next(button for button in at.button if button.label == "Enregistrer").click().run()
    again = Screen(at)
    assert again.exceptions == []
    return again.text


def test_the_administrator_reads_who_follows_and_may_say_no(visit: Callable[..., Screen]) -> None:
    screen = visit(ADMINISTRATOR, "administration")
    screen.at.selectbox(key="succession-before").select("INS").run()
    (box,) = [box for box in screen.at.checkbox if box.key == "succession-people-INS"]
    assert "Point focal INS" in box.label
    said = _succeed(screen, "INS", "MAEC", ticked=False)
    assert "Personne ne répond encore pour MAEC : confiez cet acteur à quelqu’un" in said
    assert f"Répondent désormais aussi pour MAEC : {FOCAL_POINT}." in _succeed(screen, "MF", "MAEC")
    said = _succeed(screen, "MU-H", "MAEC", ticked=False)
    assert f"Répondent pour MAEC, comme avant : {FOCAL_POINT}." in said
    # Nobody answers for Diffa: there is nothing to tick.
    assert "Personne ne répond encore pour DST" in _succeed(screen, "NE002", "DST")
    at = screen.at
    title = next(one for one in at.selectbox(key="succession-off").options if one.startswith("MF → MAEC"))
    at.selectbox(key="succession-off").select(title).run()
    next(button for button in at.button if button.label == "Annuler la succession").click().run()
    assert f"Répondent toujours aussi pour MAEC : {FOCAL_POINT}" in Screen(at).text


@pytest.mark.parametrize(
    ("lang", "title", "sentences", "quiet"),
    [
        (
            "fr",
            "Votre acteur a été remplacé",
            "Depuis le 01/06/2024, MF est remplacé par MAEC, dont vous ne répondez pas. "
            "Si vous devez y répondre, demandez à l’administrateur de vous confier MAEC.",
            "Tout est à jour",
        ),
        ("en", "Your actor was replaced", "Since 01/06/2024 MF has been replaced by MAEC", "up to date"),
    ],
)
def test_whoever_does_not_follow_reads_what_became_of_their_actor(
    store: Store, visit: Callable[..., Screen], lang: str, title: str, sentences: str, quiet: str
) -> None:
    actor, _ = people.sign_in(store, FOCAL_POINT)
    (waiting, *_) = ask_as(store, actor, MySpaceQuery(At(dt.date(2024, 6, 30)))).waiting
    submit(store, CONSOLE, RecordSuccession("MF", "MAEC", DAY, people_follow=False))
    screen = visit(FOCAL_POINT, "my_space", lang=lang)
    assert screen.exceptions == []
    assert screen.h1[-1] == title
    assert sentences in screen.text
    for word in (quiet, "sur 0", "of 0"):
        assert word not in screen.text
    form = visit(FOCAL_POINT, "answer", lang=lang, engagement=waiting.answer.assignment)
    assert "MAEC" in form.text
    assert form.exceptions == []


def test_whoever_follows_finds_everything_where_it_was(store: Store, visit: Callable[..., Screen]) -> None:
    before = visit(FOCAL_POINT, "my_space")
    submit(store, CONSOLE, AddEntity("MEF", EntityKind.MINISTRY, "MEF", "Ministère nouveau", DAY))
    submit(store, CONSOLE, RecordSuccession("MF", "MEF", DAY))
    after = visit(FOCAL_POINT, "my_space")
    assert after.exceptions == []
    assert after.h1[-1] == before.h1[-1]
    assert "remplacé" not in after.text
    waiting = "Transmis, à valider"
    assert after.section(waiting).text == before.section(waiting).text
