"""The mail file and the letter of a reminder: whole, addressed, and the Secretariat's alone."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import httpx
import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.people_changes import SetContact
from ccm.store import Store
from tests.integration.reporting import open_period, token_of
from tests.web.asgi import application

APP = application()


@pytest.fixture
def store(asked_store: Store) -> Store:
    """The application's own store."""
    return asked_store


def _get(path: str, token: str | None = None) -> httpx.Response:
    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(APP)
        cookies = {"ccm_session": token} if token else None
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.get(path, headers={"cookie": f"ccm_session={token}"} if cookies else {})

    return asyncio.run(request())


def _mail(answer: httpx.Response) -> EmailMessage:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["cache-control"] == "private, no-store"
    mail = message_from_bytes(answer.content, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def test_a_mail_file_opens_whole(store: Store) -> None:
    token = token_of(store, "Secrétariat", "validator")
    submit_contact(store, "Point focal Diffa", "Aïssa, Maïga", "aissa@diffa.ne")
    submit_contact(store, "Adjoint Diffa", "", "not,an address@x.y")
    open_period(store, "Q", "2024-04-01", "2024-06-30", "2024-07-15")
    answer = _get("/relance.eml?acteur=NE002&periode=Q", token)
    mail = _mail(answer)
    assert answer.headers["content-disposition"] == 'attachment; filename="relance-NE002.eml"'
    assert mail["Subject"] == "CCM – Diffa : 36 points de situation attendus"
    # What no mail program would take is left out; the page shows it as typed.
    assert [(a.display_name, a.addr_spec) for a in mail["To"].addresses] == [
        ("Aïssa, Maïga", "aissa@diffa.ne")
    ]
    assert mail["X-Unsent"] == "1"
    assert mail["From"] is None
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("Bonjour,\n\n36 points de situation sont attendus de votre part (Région de Diffa)")
    assert "délai passé depuis le 15/07/2024" in text
    assert "http://testserver/mon-espace" in text
    assert text.count("\n- ") == 36
    assert max(map(len, answer.content.split(b"\r\n"))) <= 998


def submit_contact(store: Store, name: str, full_name: str, email: str) -> None:
    token_of(store, name, "focal_point", "NE002")
    if "," in email:
        from ccm.store.models import Contact, User

        with store.write("test") as transaction:
            user = transaction.connection.execute(User.__table__.select().where(User.name == name)).one()
            row = {"user_id": user.id, "full_name": "", "function": "", "email": email, "phone": ""}
            transaction.connection.execute(
                Contact.__table__.insert().values(**row, updated_at=transaction.now)
            )
        return
    submit(store, CONSOLE, SetContact(name, full_name=full_name, email=email))


def test_without_a_contact_there_is_no_addressee(store: Store) -> None:
    open_period(store, "Q", "2024-04-01", "2024-06-30", "2024-07-15")
    mail = _mail(_get("/relance.eml?acteur=INS", token_of(store, "Secrétariat", "validator")))
    assert mail["To"] is None


@pytest.mark.parametrize("path", ["/relance.eml", "/relance.html"])
def test_nobody_is_reminded_outside_of_a_period(store: Store, path: str) -> None:
    answer = _get(f"{path}?acteur=INS", token_of(store, "Secrétariat", "validator"))
    assert answer.status_code == 409
    assert "Aucune période n'est ouverte" in answer.text


def test_the_letter_prints_the_same_text(store: Store) -> None:
    token = token_of(store, "Secrétariat", "administrator")
    open_period(store, "Q", "2024-04-01", "2024-06-30", "2024-07-15")
    answer = _get("/relance.html?acteur=NE002&lang=en", token)
    assert answer.status_code == 200
    assert answer.text.count("<br>- ") == 36
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/relance.eml", "/relance.html"])
def test_a_reminder_is_the_secretariats(store: Store, path: str) -> None:
    answer = _get(f"{path}?acteur=NE002")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
    for name, role, entities in (
        ("Awa", "focal_point", ("NE002",)),
        ("Ministre", "minister", ()),
        ("Bailleur", "donor", ()),
        ("Lecteur", "reader", ()),
    ):
        answer = _get(f"{path}?acteur=NE002", token_of(store, name, role, *entities))
        assert answer.status_code == 403, role
        assert "Diffa" not in answer.text
        again = token_of(store, f"{name} 2", role, *entities)
        assert "allowed" in _get(f"{path}?acteur=NE002&lang=en", again).text
    token = token_of(store, "Secrétariat", "validator")
    assert _get(f"{path}?acteur=NE999", token).status_code == 404
    assert _get(path, token).status_code == 404
    assert _get(f"{path}?lang=en", token).text == "This actor is not known."
    assert _get(f"{path}?lang=en").headers["location"] == "/connexion?lang=en"
