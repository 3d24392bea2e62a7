"""A form that is cut anywhere: that it was is seen, and all that arrived of its texts can be read."""

import asyncio
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.types import Message

from ccm.web.cut_forms import is_cut, mended
from tests.web.asgi import application
from tests.web.plain_browser import Browser

NOTE = "Deux réunions 😀 tenues\r\nà Diffa -- 100 %"
FIELDS = [("csrf", "x"), ("note", NOTE), ("do", "send")]
PARTS = [f'--BB\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in FIELDS]
IN_PARTS = "".join(PARTS).encode() + b"--BB--\r\n"
PLAIN = urlencode(FIELDS).encode()


def read(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a form, as a route of ours reads them."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def form() -> dict[str, str]:
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
        async with Request(scope, receive).form() as found:
            return {name: text for name, text in found.items() if isinstance(text, str)}

    return asyncio.run(form())


def promised(kind: str, length: int) -> dict[str, str]:
    """What a browser says of its form before it sends it."""
    return {"content-type": kind, "content-length": str(length)}


def test_what_arrived_of_a_form_in_parts_is_read_wherever_it_was_cut() -> None:
    kind, notes = "multipart/form-data; boundary=BB", set[str]()
    for end in range(len(IN_PARTS) - 4):
        cut = IN_PARTS[:end]
        # A proxy that hands on what it has may promise no more than that.
        assert is_cut(promised(kind, len(cut)), cut) == (b"--BB" in cut)
        assert is_cut(promised(kind, len(IN_PARTS)), cut)
        found = read(kind, mended(promised(kind, len(IN_PARTS)), cut))
        assert found.get("csrf", "x") in ("", "x")
        assert NOTE.startswith(found.get("note", ""))
        notes.add(found.get("note", ""))
    # Sign by sign: nothing of what came is left out, but for half a line's end.
    assert notes >= {NOTE[:end] for end in range(len(NOTE) + 1) if not NOTE[:end].endswith(("\r", "\n"))}
    assert not is_cut(promised(kind, len(IN_PARTS)), IN_PARTS)


def test_what_arrived_of_a_plain_form_is_read_wherever_it_was_cut() -> None:
    kind = "application/x-www-form-urlencoded"
    for end in range(len(PLAIN)):
        found = read(kind, mended(promised(kind, len(PLAIN)), PLAIN[:end]))
        assert is_cut(promised(kind, len(PLAIN)), PLAIN[:end])
        assert NOTE.startswith(found.get("note", ""))
    assert not is_cut(promised(kind, len(PLAIN)), PLAIN)


@pytest.mark.usefixtures("read_store")
@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "coupé en route et rien n'a été enregistré"), ("en", "nothing was recorded")]
)
def test_a_form_of_names_that_was_cut_is_told_in_one_sentence(lang: str, said: str) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = Browser(application()).send(
        "POST", f"/connexion?lang={lang}", content=PLAIN[:-5], headers=promised(kind, len(PLAIN))
    )
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.usefixtures("read_store")
def test_a_form_of_which_nothing_arrived_is_one_that_was_cut() -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=BB"):
        answer = Browser(application()).send(
            "POST", "/leger/repondre", content=b"", headers=promised(kind, len(PLAIN))
        )
        assert answer.status_code == 401
