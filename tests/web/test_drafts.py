"""Our routes for what is being typed and for evidence, as a browser or a forger asks them."""

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import keep_file
from ccm.commands.people_changes import DisablePerson
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import UserRole
from ccm.store import Store
from ccm.store.files import evidence_files
from ccm.store.models import Draft, Evidence, SignIn
from tests.integration.acting import report
from tests.support import documents, people
from tests.web.asgi import application

ANSWER = "CCM7-A1-05/NE002"
FORM = "jeton-de-formulaire"


@pytest.fixture
def store(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the routes ask."""
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    opened = process_store(settings().store)
    yield opened
    opened.close()


@pytest.fixture
def diffa(store: Store) -> tuple[Actor, str]:
    """The focal point of Diffa and their browser's token."""
    people.add(store, "Point focal Diffa", UserRole.FOCAL_POINT, "NE002")
    return people.sign_in(store, "Point focal Diffa")


def ask(method: str, path: str, token: str | None = None, csrf: str = FORM, **options: Any) -> httpx.Response:
    """One request of a browser that holds these tokens."""
    cookies = {settings().csrf_cookie: csrf} | ({settings().session_cookie: token} if token else {})
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    headers |= options.pop("headers", {})

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(application())
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, headers=headers, **options)

    return asyncio.run(request())


def type_(token: str | None, note: str = "Un texte", path: str = "/brouillon", **body: Any) -> httpx.Response:
    """Post what is being typed, as the component does."""
    said = {"assignment": ANSWER, "cells": {"note": note}, "base": None, "seen": {"note": [""]}, **body}
    return ask("POST", path, token, json=said, headers={"x-csrf-token": FORM, "origin": "http://testserver"})


def drafts(store: Store) -> list[dict[str, str]]:
    """The contents of all drafts."""
    with store.read() as connection:
        return list(connection.execute(select(Draft.content)).scalars())


def test_a_text_is_kept_and_told_in_the_reader_s_language(store: Store, diffa: tuple[Actor, str]) -> None:
    answer = type_(diffa[1])
    assert answer.status_code == 200
    assert answer.json()["message"].startswith("Brouillon gardé sur le serveur à ")
    english = type_(diffa[1], "Un texte, la suite", "/brouillon?lang=en", seen={"note": ["Un texte"]})
    assert english.json()["message"].startswith("Draft kept on the server at ")
    assert drafts(store) == [{"note": "Un texte, la suite"}]


def test_a_text_that_is_too_long_is_told_with_its_length(store: Store, diffa: tuple[Actor, str]) -> None:
    answer = type_(diffa[1], "x" * 10_050)
    told = "Le texte compte 10050 caractères\N{NO-BREAK SPACE}: 10000 au plus."
    assert (answer.status_code, answer.json()["message"], drafts(store)) == (409, told, [])


def test_another_window_s_text_is_not_written_over(store: Store, diffa: tuple[Actor, str]) -> None:
    type_(diffa[1])
    late = type_(diffa[1], "Autre")
    assert (late.status_code, "autre fenêtre" in late.json()["message"]) == (409, True)
    assert drafts(store) == [{"note": "Un texte"}]


def test_whoever_types_is_active(store: Store, diffa: tuple[Actor, str]) -> None:
    before = utc_now()
    with store.write("test") as transaction:
        earlier = transaction.now - dt.timedelta(minutes=20)
        its = update(SignIn).where(SignIn.id == diffa[0].sign_in_id)
        transaction.connection.execute(its.values(last_seen_at=earlier, created_at=earlier))
    assert type_(diffa[1]).status_code == 200
    with store.read() as connection:
        its = select(SignIn.last_seen_at).where(SignIn.id == diffa[0].sign_in_id)
        assert connection.execute(its).scalar_one() >= before


def test_nobody_but_the_person_keeps_a_draft(store: Store, diffa: tuple[Actor, str]) -> None:
    assert type_(None).status_code == 403
    assert type_("un-autre-jeton").status_code == 403
    zinder = people.add(store, "Point focal Zinder", UserRole.FOCAL_POINT, "NE007")
    assert type_(people.sign_in(store, zinder.name)[1]).status_code == 403
    administrator = people.add(store, "Secrétaire", UserRole.ADMINISTRATOR)
    submit(store, administrator, DisablePerson("Point focal Diffa"))
    assert type_(diffa[1]).status_code == 403
    assert drafts(store) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-csrf-token": "devinez"},
        {"x-csrf-token": FORM, "origin": "http://ailleurs.example"},
        {"x-csrf-token": FORM, "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_keeps_no_draft(store: Store, diffa: tuple[Actor, str], headers: dict[str, str]) -> None:
    body = {"assignment": ANSWER, "cells": {"note": "x"}}
    assert ask("POST", "/brouillon", diffa[1], json=body, headers=headers).status_code == 403
    assert drafts(store) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"assignment": 1, "cells": {}}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"state": "validated"}}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"note": 1}}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"note": "x"}, "base": "1"}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"note": "x"}, "base": true}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"note": "x"}, "seen": {"note": 5}}',
        b'{"assignment": "CCM7-A1-05/NE002", "cells": {"note": "x"}, "seen": [1]}',
        b"[" * 100_000,
        b'{"assignment": "' + b"x" * 300_000 + b'"}',
        b"\xff\xfe",
    ],
)
def test_what_our_component_does_not_send(store: Store, diffa: tuple[Actor, str], body: bytes) -> None:
    answer = ask("POST", "/brouillon", diffa[1], content=body, headers={"x-csrf-token": FORM})
    assert answer.status_code in (403, 409, 413)
    assert "Traceback" not in answer.text
    assert json.loads(answer.text)["message"]
    assert drafts(store) == []


@pytest.mark.parametrize("path", ["/brouillon", "/connexion"])
@pytest.mark.parametrize("length", [None, "10", "9" * 5000, "-1", "x", "300000"])
def test_no_more_is_read_of_a_body_than_is_kept(
    store: Store, diffa: tuple[Actor, str], path: str, length: str | None
) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        for _ in range(2_000):
            read += 1
            yield b"x" * 4096

    headers = {"x-csrf-token": FORM} | ({"content-length": length} if length else {})
    answer = ask("POST", path, diffa[1], content=endless(), headers=headers)
    assert answer.status_code == 413
    assert "raccourcissez" in answer.text
    assert read * 4096 <= 256 * 1024 + 2 * 4096


@pytest.mark.parametrize("number", [2**31, 2**63, 10**20, 10**300])
def test_a_number_that_no_database_holds_is_a_file_that_is_not_there(
    store: Store, diffa: tuple[Actor, str], number: int
) -> None:
    assert ask("GET", f"/preuve/{number}", diffa[1]).status_code == 404


def test_evidence_leaves_as_an_attachment_of_whoever_may_see_it(
    store: Store, diffa: tuple[Actor, str]
) -> None:
    actor, token = diffa
    number = submit(store, actor, keep_file(store, actor, ANSWER, "PV « Téra ».pdf", documents.PDF))
    submit(store, actor, SubmitReport(report(status="completed", percent="", line=None), None, (number,)))
    with store.read() as connection:
        piece = connection.execute(select(Evidence.__table__)).one()
    path = f"/preuve/{piece.id}"
    answer = ask("GET", path, token)
    assert (answer.status_code, answer.content) == (200, documents.PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert "filename*=UTF-8''PV%20%C2%AB%20T%C3%A9ra%20%C2%BB.pdf" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    zinder = people.add(store, "Point focal Zinder", UserRole.FOCAL_POINT, "NE007")
    hidden = [ask("GET", path), ask("GET", path, people.sign_in(store, zinder.name)[1])]
    missing = ask("GET", "/preuve/999999", token)
    assert {(said.status_code, said.text) for said in (*hidden, missing)} == {(404, missing.text)}
    # A file that is no longer what it was is not handed out.
    evidence_files(store).path(piece.sha256).write_bytes(b"%PDF-autre")
    assert ask("GET", path, token).status_code == 404
