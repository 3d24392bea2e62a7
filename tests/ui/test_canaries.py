"""What is private is marked by words found nowhere else: they are on no page, route or export of the public.

What each role may read is executed cell by cell at the service layer
(`tests/integration/test_permissions.py`);
here it is looked for where it would come out.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccm.auth import Actor
from ccm.domain.dates import today
from ccm.domain.vocabulary import GroupBy, RecordState
from ccm.exports.figures import figures_json
from ccm.exports.raw import export_raw
from ccm.metrics import At
from ccm.queries.figures import figures_table
from ccm.store import open_store
from ccm.ui import identity
from tests.integration.people import token_of
from tests.integration.permission_world import (
    AUTHOR,
    DOUBTER,
    DRAFT,
    PHONE,
    PIECE,
    REASON,
    World,
    make,
    note_of,
)
from tests.ui.conftest import OpenScreen, Screen
from tests.web.asgi import application, ask

#: What one must be signed in to read, and what even then is not everybody's.
SIGNED_IN = (note_of("submitted"), AUTHOR, DOUBTER, PIECE)
NOBODYS = (DRAFT, note_of("returned"), REASON, PHONE)
OFFICIAL = note_of("validated")

OPEN_PAGES = {
    "overview": {},
    "register": {"mode": "reponses"},
    "regions": {"region": "NE002"},
    "institutions": {"acteur": "MJ"},
    "explorer": {"lignes": "recommendation"},
    "method": {},
}
CLOSED_PAGES = ("journal", "administration", "validation", "silence", "my_space", "answer")


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A store with a private word in every field that is not everybody's."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("canaries") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield make(store)
    store.close()


def _all(screen: Screen) -> str:
    """All that was sent to the browser: elements as they are, and the rows of tables."""
    assert screen.exceptions == []
    # The elements of one run, blocks and sidebars included.
    sent = [str(node.proto) for node in screen.at._tree if hasattr(node, "proto")]
    sent += [frame.value.to_csv() for frame in screen.at.dataframe]
    return "\n".join([*sent, *screen.blocks])


def _found(text: str, words: tuple[str, ...]) -> list[str]:
    # Protocol buffers print what is not ASCII in octal: the words are ASCII.
    return [word for word in words if word in text]


def _recommendations(world: World) -> Iterator[tuple[str, dict[str, str]]]:
    for state in RecordState:
        yield state.value, {"cle": world.recommendations[state.value]}


@pytest.mark.parametrize("page", OPEN_PAGES)
@pytest.mark.parametrize(
    "forged", [{}, {"points": "provisoires", "provisoire": "1"}], ids=["asked", "forged"]
)
def test_the_publics_pages_hold_nothing_private(
    world: World, open_screen: OpenScreen, page: str, forged: dict[str, str]
) -> None:
    sent = _all(open_screen(world.store.url, page, **OPEN_PAGES[page], **forged))
    assert _found(sent, SIGNED_IN + NOBODYS) == []


def test_the_publics_recommendations_hold_what_is_official_alone(
    world: World, open_screen: OpenScreen
) -> None:
    for state, parameters in _recommendations(world):
        sent = _all(open_screen(world.store.url, "recommendation", **parameters))
        assert _found(sent, SIGNED_IN + NOBODYS) == []
        assert (OFFICIAL in sent) is (state == "validated")


@pytest.mark.parametrize("page", CLOSED_PAGES)
def test_pages_of_people_who_act_hold_nothing_for_the_public(
    world: World, open_screen: OpenScreen, page: str
) -> None:
    sent = _all(open_screen(world.store.url, page))
    assert _found(sent, (*SIGNED_IN, *NOBODYS, OFFICIAL)) == []


@pytest.mark.parametrize("subject", ["donor", "minister", "focal_point", "reader"])
def test_who_is_signed_in_finds_what_is_theirs_and_no_more(
    world: World, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    actor: Actor = world.subjects[subject]
    token = token_of(world.store, actor.name)
    monkeypatch.setattr(identity, "token", lambda: token)
    hidden = {
        "donor": NOBODYS,
        "minister": NOBODYS,
        # Theirs is what was returned to them; another's draft and everybody's telephone are not.
        "focal_point": (DRAFT, PHONE),
        "reader": SIGNED_IN + NOBODYS,
    }[subject]
    shown = {"donor", "minister", "focal_point"}
    for state, parameters in _recommendations(world):
        sent = _all(open_screen(world.store.url, "recommendation", **parameters))
        assert _found(sent, hidden) == [], state
        if state == "submitted":
            assert (note_of("submitted") in sent) is (subject in shown)


def test_no_route_gives_the_public_anything_private(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCM_STORE", world.store.url)
    app = application()
    paths = ["/journal/tete.json", "/relance.eml?acteur=NE002", "/f/plan", "/f/entity/NE002", "/compte"]
    paths += [f"/r/{key}" for key in world.recommendations.values()]
    paths += [f"/preuve/{place.evidence}" for place in world.places if place.evidence]
    paths += ["/connexion", "/brouillon", "/f/plan/coverage"]
    for path in paths:
        answer = ask(app, path)
        sent = f"{answer.headers}{answer.text}"
        assert _found(sent, (*SIGNED_IN, *NOBODYS, OFFICIAL)) == [], path
        assert answer.status_code in (200, 302, 303, 404, 405), path
    assert all(ask(app, path).status_code == 404 for path in paths if path.startswith("/preuve/"))


def test_no_export_holds_a_draft_a_contact_or_a_secret(world: World, tmp_path: Path) -> None:
    with world.store.read() as connection:
        for by in GroupBy:
            table = figures_table(connection, At(today()), by)
            assert _found(figures_json(table), (*SIGNED_IN, *NOBODYS, OFFICIAL)) == []
    target = tmp_path / "raw.json"
    export_raw(world.store, target)
    # The person at the terminal holds the store: reports and their authors are theirs to export.
    text = target.read_text(encoding="utf-8")
    assert json.loads(text)
    assert OFFICIAL in text
    assert _found(text, (DRAFT, PHONE, "argon2", "totp")) == []
