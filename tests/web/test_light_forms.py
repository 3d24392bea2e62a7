"""The round of a focal point and of the Secretariat without a script: what is typed, kept, sent, decided."""

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.report_lines import ReportLine
from ccm.commands.reports import ImportReports
from ccm.commands.successions import RecordSuccession
from ccm.domain.evidence import LARGEST_FILE
from ccm.queries.queue import PAGE
from ccm.store import Store
from ccm.store.models import Assignment, Draft, DraftEvidence, Evidence, ProgressReport
from tests.support import documents
from tests.support.accounts import DIFFA, add
from tests.web.asgi import application
from tests.web.plain_browser import Browser

ANSWER = "CCM7-A1-05/NE002"
FORM = f"/leger/repondre?engagement={ANSWER}"
SECRETARIAT = "Secrétariat permanent"
OURS = {"status": "in_progress", "percent": "50", "note": "Deux réunions tenues.", "as_of": "2026-01-15"}


class Visitor(Browser):
    """A browser that fills in the light forms, with their hidden fields, more of one name among them."""

    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields of the form of an answer."""
        inside = re.search(r'<form[^>]*class="ccm-answer">(.*?)</form>', self.last.text, re.DOTALL)
        assert inside, self.last.text[:2000]
        found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', inside[1])
        return [(name, unescape(value)) for name, value in found]

    def press(self, do: str, cells: dict[str, str], file: tuple[str, bytes] | None = None) -> httpx.Response:
        """Press one of the buttons of the form that is open."""
        return self.again(self.hidden(), do, cells, file)

    def again(
        self,
        hidden: list[tuple[str, str]],
        do: str,
        cells: dict[str, str],
        file: tuple[str, bytes] | None = None,
    ) -> httpx.Response:
        """Press it with the hidden fields of an earlier page."""
        fields: dict[str, Any] = {}
        for name, value in [*hidden, *cells.items(), ("do", do)]:
            fields.setdefault(name, []).append(value)
        files = {"file": file or ("", b"")}
        origin = {"origin": "http://testserver"}
        return self.send("POST", FORM, data=fields, files=files, headers=origin)


@pytest.fixture
def store(asked_store: Store, quick_hashes: None) -> Store:
    """The store of the application, with a focal point and somebody of the Secretariat."""
    add(asked_store, DIFFA, "focal_point", "NE002")
    add(asked_store, SECRETARIAT, "validator")
    return asked_store


@pytest.fixture
def diffa(store: Store) -> Visitor:
    """The focal point of Diffa, signed in by the form."""
    visitor = Visitor(application())
    assert (
        visitor.sign_in(DIFFA, "/connexion?next=/leger/mon-espace").headers["location"] == "/leger/mon-espace"
    )
    return visitor


@pytest.fixture
def secretariat(store: Store) -> Visitor:
    """Somebody of the Secretariat, signed in."""
    visitor = Visitor(application())
    visitor.sign_in(SECRETARIAT)
    return visitor


def count(store: Store, table: Any) -> int:
    """How many rows there are."""
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def last(store: Store) -> Any:
    """The last report."""
    with store.read() as connection:
        newest = select(ProgressReport.__table__).order_by(ProgressReport.id.desc()).limit(1)
        return connection.execute(newest).one()


def test_a_whole_round(diffa: Visitor, secretariat: Visitor, store: Store) -> None:
    space = diffa.get("/leger/mon-espace")
    assert space.status_code == 200
    assert "<script" not in space.text
    assert f"/leger/repondre?engagement={ANSWER.replace('/', '%2F')}" in space.text
    diffa.get(FORM)
    sent = diffa.press("send", {**OURS, "document": "Compte rendu de la réunion"})
    assert (sent.status_code, "fait=envoye" in sent.headers["location"]) == (303, True)
    assert "Envoyé." in diffa.get(sent.headers["location"]).text
    report = last(store)
    assert (report.percent, report.note, report.author, report.origin) == (
        50, "Deux réunions tenues.", DIFFA, "portal",
    )  # fmt: skip
    assert (count(store, Evidence), count(store, Draft)) == (1, 0)
    # Returned with a reason, corrected, validated.
    secretariat.get("/leger/validation")
    returned = decide(secretariat, "return", number=str(report.id), reason="Combien de réunions ?")
    assert "fait=renvoye" in returned.headers["location"]
    assert "Combien de réunions" in diffa.get("/leger/mon-espace").text
    page = diffa.get(FORM).text
    assert "Combien de réunions" in page
    # What was sent back is their draft again.
    assert "Deux réunions tenues." in page
    assert diffa.press("send", {**OURS, "percent": "75"}).status_code == 303
    assert secretariat.get("/leger/validation").status_code == 200
    validated = decide(secretariat, "validate", report=str(last(store).id))
    assert "fait=valide" in validated.headers["location"]
    assert last(store).state == "validated"
    # It is in the figures that anybody reads.
    overview = Visitor(application()).get("/leger?date=2026-01-15").text
    assert re.search(r"1[^<]*sur[^<]*318", unescape(re.sub("<[^>]+>", " ", overview)))


def hidden_of(visitor: Visitor) -> dict[str, str]:
    """The hidden fields of the first form of the page that is open."""
    return dict(re.findall(r'name="(csrf|gesture)" value="([^"]*)"', visitor.last.text))


def decide(visitor: Visitor, do: str, **fields: str) -> httpx.Response:
    """One decision on the queue that is open."""
    return visitor.post("/leger/validation", **{**hidden_of(visitor), "do": do, **fields})


def test_sent_twice_it_is_one_report(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    hidden = diffa.hidden()
    for _ in range(2):
        answer = diffa.again(hidden, "send", {**OURS, "link": "https://exemple.ne/rapport.pdf"})
        assert "fait=envoye" in answer.headers["location"]
    assert (count(store, ProgressReport), count(store, Evidence), count(store, Draft)) == (1, 1, 0)


def test_sent_again_with_other_words_it_is_not_thrown_away(diffa: Visitor, store: Store) -> None:
    """The answer to the first sending was cut off: the form is still there, is changed and sent again."""
    diffa.get(FORM)
    hidden, better = diffa.hidden(), {**OURS, "percent": "75", "note": "12 communes, et non 10"}
    assert diffa.again(hidden, "send", OURS).status_code == 303
    answer = diffa.again(hidden, "send", better)
    assert answer.status_code == 422
    assert "Ce point a changé depuis votre lecture" in answer.text
    assert better["note"] in answer.text
    assert count(store, ProgressReport) == 1
    # Both are seen; to send once more is to have compared.
    assert diffa.press("send", better).status_code == 303
    assert (last(store).note, last(store).percent, count(store, ProgressReport)) == (better["note"], 75, 2)


def test_what_is_wrong_is_said_field_by_field_and_nothing_typed_is_lost(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    typed = {"status": "blocked", "percent": "25", "note": "Texte <b>à moi</b>", "as_of": "2099-01-01"}
    answer = diffa.press("send", typed)
    assert answer.status_code == 422
    for sentence in ("Dites pourquoi c’est bloqué", "La date doit être le", "Rien n’est parti"):
        assert sentence in answer.text
    assert "Texte &lt;b&gt;à moi&lt;/b&gt;" in answer.text
    assert re.search(r'value="blocked" checked', answer.text)
    assert count(store, ProgressReport) == 0
    # It is kept on the server too: a cut line or another telephone finds it.
    assert "Texte &lt;b&gt;à moi&lt;/b&gt;" in diffa.get(FORM).text
    assert (
        diffa.press("send", {**typed, "as_of": "2026-01-15", "blocked_reason": "Pas de budget"}).status_code
        == 303
    )
    assert last(store).blocked_reason == "Pas de budget"


def test_a_draft_is_kept_by_its_button_and_thrown_away_by_the_other(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    assert "fait=garde" in diffa.press("keep", {"note": "À finir demain"}).headers["location"]
    page = diffa.get(FORM)
    assert "À finir demain" in page.text
    assert "Brouillon gardé sur le serveur" in page.text
    diffa.press("discard", {})
    assert "À finir demain" not in diffa.get(FORM).text
    assert count(store, Draft) == 0


def test_evidence_is_added_seen_and_taken_back(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    assert "fait=preuve" in diffa.press("add", OURS, ("photo.jpg", documents.photo())).headers["location"]
    page = diffa.get(FORM)
    assert "photo.jpg" in page.text
    assert "Deux réunions tenues." in page.text
    (number,) = re.findall(r'value="remove-(\d+)"', page.text)
    diffa.press(f"remove-{number}", OURS)
    assert count(store, DraftEvidence) == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<html><script>alert(1)</script>", "PDF, photo, Word ou Excel"),
        ("vide.pdf", b"", "vide"),
        ("grand.pdf", b"%PDF-1.4" + b"x" * (LARGEST_FILE + 1), "Mo au plus"),
        ("photo.jpg", b"\xff\xd8\xff" + b"x" * (12 * 1024 * 1024), "Mo au plus"),
    ],
)
def test_a_file_that_is_refused_is_told_beside_its_field(
    diffa: Visitor, store: Store, name: str, content: bytes, sentence: str
) -> None:
    diffa.get(FORM)
    answer = diffa.press("send", OURS, (name, content))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Deux réunions tenues." in answer.text
    assert (count(store, ProgressReport), count(store, DraftEvidence)) == (0, 0)


def test_after_the_sign_out_what_was_typed_is_still_there(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    hidden = diffa.hidden()
    diffa.get("/compte")
    diffa.fill("/deconnexion")
    answer = diffa.again(hidden, "send", OURS)
    assert answer.status_code == 401
    assert "Votre connexion a pris fin" in answer.text
    assert "Deux réunions tenues." in answer.text
    assert count(store, ProgressReport) == 0
    # Signed in again in another tab, the same page is sent once more: what it holds is shown, then sent.
    kept = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', answer.text)
    diffa.sign_in()
    again = diffa.again([(name, unescape(value)) for name, value in kept], "send", {"note": OURS["note"]})
    assert again.status_code == 422
    assert "Deux réunions tenues." in again.text
    assert diffa.press("send", OURS).status_code == 303
    assert count(store, ProgressReport) == 1


def test_a_form_that_is_not_ours_does_nothing(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    hidden = [(name, "forged" if name == "csrf" else value) for name, value in diffa.hidden()]
    answer = diffa.again(hidden, "send", OURS)
    assert answer.status_code == 422
    assert "autre connexion" in answer.text
    assert count(store, ProgressReport) == 0


def test_of_two_windows_neither_text_is_lost(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    first = diffa.hidden()
    diffa.again(first, "keep", {**OURS, "note": "Le texte de la première fenêtre"})
    answer = diffa.again(first, "send", {**OURS, "note": "Le texte de la seconde"})
    assert answer.status_code == 422
    assert "Le texte de la première fenêtre" in answer.text
    assert "Le texte de la seconde" in answer.text
    assert diffa.press("send", {**OURS, "note": "Les deux"}).status_code == 303
    assert last(store).note == "Les deux"


def test_what_somebody_else_sent_meanwhile_is_shown_beside(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    theirs = {**OURS, "origin": "phone", "note": "Dit au téléphone"}
    secretariat.get(FORM)
    assert secretariat.press("send", theirs).status_code == 303
    answer = diffa.press("send", OURS)
    assert answer.status_code == 422
    assert "a changé depuis votre lecture" in unescape(answer.text)
    assert "Dit au téléphone" in answer.text
    assert "Deux réunions tenues." in answer.text
    assert diffa.press("send", OURS).status_code == 303
    assert count(store, ProgressReport) == 2


@pytest.mark.parametrize(
    "path", [FORM.replace("NE002", "NE007"), "/leger/repondre", "/leger/repondre?engagement=x"]
)
def test_an_answer_that_is_not_ones_own_is_as_one_that_is_not_there(diffa: Visitor, path: str) -> None:
    answer = diffa.get(path)
    assert answer.status_code == 404
    assert "n&#39;est pas le vôtre" in answer.text or "n’est pas le vôtre" in answer.text


def test_whoever_does_not_follow_their_actor_reads_by_whom_it_was_replaced(
    diffa: Visitor, store: Store
) -> None:
    submit(store, CONSOLE, RecordSuccession("NE002", "NE007", dt.date(2025, 6, 1), people_follow=False))
    space = unescape(diffa.get("/leger/mon-espace").text)
    assert "Votre acteur a été remplacé" in space
    assert "Depuis le 01/06/2025, Diffa est remplacé par Zinder, dont vous ne répondez pas." in space
    assert "Tout est à jour" not in space
    answer = diffa.get(FORM)
    assert answer.status_code == 404
    assert "Cet engagement est maintenant celui de Zinder" in unescape(answer.text)


@pytest.mark.parametrize("path", ["/leger/mon-espace", FORM, "/leger/validation"])
def test_whoever_is_not_signed_in_is_led_to_where_they_can(store: Store, path: str) -> None:
    answer = Visitor(application()).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion?next=%2Fleger%2F")


def test_the_queue_is_the_secretariats(diffa: Visitor, store: Store) -> None:
    assert diffa.get("/leger/validation").status_code == 403
    diffa.get(FORM)
    diffa.press("send", OURS)
    diffa.get("/leger/mon-espace")
    hidden = {"csrf": diffa.cookies["ccm_csrf"], "gesture": "x" * 20}
    answer = diffa.post("/leger/validation", do="validate", report=str(last(store).id), **hidden)
    assert answer.status_code == 403
    assert last(store).state == "submitted"


def test_a_return_without_a_reason_says_so_and_what_was_dealt_with_is_told(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    diffa.press("send", OURS)
    number = str(last(store).id)
    secretariat.get("/leger/validation")
    answer = decide(secretariat, "return", number=number, reason=" ")
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.text
    # Another window of theirs validates it meanwhile.
    before = hidden_of(secretariat)
    decide(secretariat, "validate", report=number)
    given = {
        **before,
        "gesture": "g" * 20,
        "do": "return",
        "number": number,
        "reason": "Trop tard, mais tapé",
    }
    late = secretariat.post("/leger/validation", **given)
    assert late.status_code == 422
    assert "traité entre-temps" in late.text
    assert "Trop tard, mais tapé" in late.text


def test_a_step_back_and_the_same_again_is_no_second_report(diffa: Visitor, store: Store) -> None:
    for _ in range(2):
        diffa.get(FORM)
        assert "fait=envoye" in diffa.press("send", OURS).headers["location"]
    assert (count(store, ProgressReport), count(store, Draft)) == (1, 0)
    diffa.get(FORM)
    diffa.press("send", {**OURS, "note": "Trois réunions tenues."})
    assert count(store, ProgressReport) == 2


def test_a_step_back_to_an_emptied_form_is_no_second_report(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    diffa.press("send", OURS)
    # The draft is sent and gone: what is left in the form says less than what waits.
    back = diffa.get(f"{FORM}&fait=preuve")
    assert "Preuve ajoutée" not in back.text
    assert "fait=envoye" in diffa.press("send", {**OURS, "note": ""}).headers["location"]
    assert count(store, ProgressReport) == 1


def test_what_was_typed_for_an_answer_that_is_not_ones_own_is_there_to_copy(
    diffa: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    for wrong in ("CCM7-A1-03%2FNE001", "NOPE"):
        answer = diffa.post(
            f"/leger/repondre?engagement={wrong}", **{**hidden_of(diffa), **OURS, "do": "send"}
        )
        assert answer.status_code == 404
        assert OURS["note"] in answer.text
        diffa.get(FORM)
    assert count(store, ProgressReport) == 0


def test_a_file_far_too_heavy_is_told_on_a_page(diffa: Visitor) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    answer = diffa.send("POST", FORM, content=b"", headers={**headers, "content-length": "41943040"})
    assert answer.status_code == 413
    assert "5 Mo au plus" in answer.text
    assert 'href="/leger' in answer.text


def test_a_button_that_there_is_not_does_nothing(diffa: Visitor, secretariat: Visitor, store: Store) -> None:
    diffa.get(FORM)
    answer = diffa.press("zzz", OURS)
    assert answer.status_code == 422
    assert "pas connu" in answer.text
    diffa.press("send", OURS)
    secretariat.get("/leger/validation")
    assert decide(secretariat, "zzz", report=str(last(store).id)).status_code == 422
    assert last(store).state == "submitted"


def test_the_list_of_unchecked_evidence_is_turned_and_stays_open(secretariat: Visitor, store: Store) -> None:
    with store.read() as connection:
        keys = connection.execute(select(Assignment.key).order_by(Assignment.id)).scalars().all()
    lines = [ReportLine(*key.split("/"), as_of="2025-01-15", status="completed") for key in keys]
    submit(store, CONSOLE, ImportReports(tuple(lines[: PAGE + 3]), validate=True))
    page = secretariat.get("/leger/validation").text
    assert f"1 à {PAGE} sur {PAGE + 3}" in page
    assert '<details id="preuves"><summary class="ccm-heads">' in page
    last_page = secretariat.get("/leger/validation?preuves=9").text
    assert f"{PAGE + 1} à {PAGE + 3} sur {PAGE + 3}" in last_page
    assert '<details id="preuves" open><summary class="ccm-heads">' in last_page
    assert 'href="/leger/validation?page=1&amp;preuves=1#preuves"' in last_page


def test_what_stands_in_the_first_form_is_what_the_browser_is_handed(diffa: Visitor) -> None:
    diffa.cookies.delete("ccm_csrf")
    token = dict(hidden_in(diffa.get(FORM)))["csrf"]
    assert diffa.cookies["ccm_csrf"] == token
    assert diffa.press("send", OURS).status_code == 303


def hidden_in(answer: httpx.Response) -> list[tuple[str, str]]:
    """The hidden fields of a page, as they stand in it."""
    return re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', answer.text)


def test_a_form_that_cannot_be_read_is_told_in_our_words(diffa: Visitor, store: Store) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    answer = diffa.send("POST", FORM, content=b"no form at all", headers=headers)
    assert answer.status_code == 400
    assert "rouvrez la page" in unescape(answer.text)
    assert count(store, ProgressReport) == 0


def in_parts(fields: list[tuple[str, str]]) -> bytes:
    """A form as browsers send one with a file, which comes last."""
    parts = [f'form-data; name="{name}"\r\n\r\n{text}' for name, text in fields]
    parts.append(
        'form-data; name="file"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.4 abc'
    )
    return b"".join(f"--x\r\ncontent-disposition: {part}\r\n".encode() for part in parts) + b"--x--\r\n"


@pytest.mark.parametrize("end", [b"%PDF-1", b"--x--", b'name="fi'])
def test_an_answer_whose_sending_was_cut_says_so_with_what_arrived(
    diffa: Visitor, store: Store, end: bytes
) -> None:
    diffa.get(FORM)
    body = in_parts([*diffa.hidden(), *OURS.items(), ("do", "send")])
    cut = body[: body.index(end) + len(end) - 1]
    headers = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    answer = diffa.send("POST", FORM, content=cut, headers=headers)
    assert answer.status_code == 422
    assert "L'envoi a été coupé en route et rien n'a été enregistré" in unescape(answer.text)
    assert "pas connu" not in answer.text
    assert OURS["note"] in answer.text
    assert 'value="50" checked' in answer.text
    assert (count(store, ProgressReport), count(store, Draft), count(store, DraftEvidence)) == (0, 0, 0)
    assert diffa.press("send", OURS).status_code == 303
    assert last(store).note == OURS["note"]


def test_of_an_answer_that_is_cut_in_its_text_the_rest_is_as_it_is_kept(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    diffa.press("keep", {**OURS, "document": ""})
    diffa.get(FORM)
    body = in_parts([*diffa.hidden(), ("status", "blocked"), ("blocked_reason", "Pas de budget à é")])
    # In the middle of the last sign, and fewer bytes than the browser said it would send.
    cut = body[: body.index("à é".encode()) + 4]
    headers = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    answer = diffa.send("POST", FORM, content=cut, headers={**headers, "content-length": str(len(body))})
    assert answer.status_code == 422
    assert "coupé en route" in answer.text
    assert "Pas de budget à </textarea>" in answer.text
    assert "\ufffd" not in answer.text
    assert OURS["note"] in answer.text
    assert 'value="blocked" checked' in answer.text


def test_a_decision_whose_sending_was_cut_says_so_with_what_arrived(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    diffa.press("send", OURS)
    secretariat.get("/leger/validation")
    sent = [*hidden_of(secretariat).items(), ("number", str(last(store).id)), ("reason", "Combien d’élus ?")]
    whole = urlencode([*sent, ("do", "return")]).encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://testserver"}
    promised = {**headers, "content-length": str(len(whole))}
    for cut in (whole[:-10], whole[: whole.index(b"%C3%A9") + 4]):
        answer = secretariat.send("POST", "/leger/validation", content=cut, headers=promised)
        assert answer.status_code == 422
        assert "L'envoi a été coupé en route et rien n'a été enregistré" in unescape(answer.text)
        assert "Combien d’" in unescape(answer.text)
        assert "\ufffd" not in answer.text
    assert last(store).state == "submitted"


def test_a_cut_form_without_a_sign_in_keeps_what_arrived(store: Store) -> None:
    body = in_parts([("note", OURS["note"])])[:-20]
    headers = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    answer = Visitor(application()).send("POST", FORM, content=body, headers=headers)
    assert answer.status_code == 401
    assert OURS["note"] in answer.text


def test_a_form_without_its_button_is_one_whose_end_did_not_come(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    answer = diffa.post(FORM, **{**hidden_of(diffa), **OURS})
    assert answer.status_code == 422
    assert "coupé en route" in answer.text
    assert OURS["note"] in answer.text
    assert (count(store, ProgressReport), count(store, Draft)) == (0, 0)
    diffa.press("send", OURS)
    secretariat.get("/leger/validation")
    number = str(last(store).id)
    answer = secretariat.post(
        "/leger/validation", **hidden_of(secretariat), number=number, reason="Combien ?"
    )
    assert answer.status_code == 422
    assert "coupé en route" in answer.text
    assert "Combien ?" in answer.text


def test_a_text_that_is_far_too_long_is_given_back(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    long = "é" * 1_200_000
    diffa.get(FORM)
    answer = diffa.press("send", {**OURS, "note": long})
    assert answer.status_code == 422
    assert "10 000 au plus" in answer.text or "10000 au plus" in answer.text
    assert long in answer.text
    diffa.get(FORM)
    diffa.press("send", OURS)
    secretariat.get("/leger/validation")
    fields = {**hidden_of(secretariat), "do": "return", "number": str(last(store).id), "reason": long}
    origin = {"origin": "http://testserver"}
    parts = [(name, (None, text)) for name, text in fields.items()]
    answer = secretariat.send("POST", "/leger/validation", files=parts, headers=origin)
    assert answer.status_code == 422
    assert long in answer.text


def test_more_fields_than_a_form_has_lose_nothing(diffa: Visitor, store: Store) -> None:
    diffa.get(FORM)
    more = {f"more-{n}": "x" for n in range(100)}
    answer = diffa.press("send", {**OURS, **more, "as_of": ""})
    assert answer.status_code == 422
    assert OURS["note"] in answer.text


def test_a_plain_form_that_takes_long_to_read_is_not_read(diffa: Visitor) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://testserver"}
    for path in (FORM, "/leger/validation"):
        answer = diffa.send("POST", path, content=b"note=" + b"%C3%A9" * 200_000, headers=headers)
        assert answer.status_code == 413


def landing(page: str) -> list[str]:
    """The marks of what a browser goes to as it opens a page."""
    return re.findall(r"<[^>]* autofocus[^>]*>", page.partition("<main")[2])


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        ({**OURS, "percent": ""}, 'name="percent"'),
        ({"status": "blocked", "percent": "25", "as_of": "2026-01-15"}, 'id="f-blocked_reason"'),
        ({**OURS, "as_of": "2099-01-01"}, 'id="f-as_of"'),
        ({"note": "Texte"}, 'name="status"'),
    ],
)
def test_a_refused_answer_lands_on_its_first_field(diffa: Visitor, cells: dict[str, str], mark: str) -> None:
    diffa.get(FORM)
    assert landing(diffa.last.text) == []
    (found,) = landing(diffa.press("send", cells).text)
    assert mark in found
    # Nothing is wrong with it any more: nobody is taken away from the head of the page.
    assert landing(diffa.get(FORM).text) == []


def test_a_refusal_of_the_whole_form_lands_on_what_is_told(
    diffa: Visitor, secretariat: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    (found,) = landing(diffa.press("zzz", OURS).text)
    assert 'role="alert"' in found
    diffa.press("send", OURS)
    secretariat.get("/leger/validation")
    assert landing(secretariat.last.text) == []
    number = str(last(store).id)
    (found,) = landing(decide(secretariat, "return", number=number, reason=" ").text)
    assert f'id="f-reason-{number}"' in found
    assert 'aria-describedby="m-reason"' in found
    assert "Dites pourquoi" in secretariat.last.text.partition('id="m-reason"')[2][:80]
    (found,) = landing(decide(secretariat, "return", number="99999", reason="Trop tard").text)
    assert 'role="alert"' in found


@pytest.mark.parametrize("do", ["send", "keep", "add"])
def test_what_was_refused_and_changed_is_taken_at_once(diffa: Visitor, store: Store, do: str) -> None:
    """Nobody else's window is made up of one's own words of a moment ago, however often one is refused."""
    diffa.get(FORM)
    typed = {**OURS, "percent": ""}
    assert diffa.press("send", typed | {"note": "une ligne\nv0"}).status_code == 422
    assert diffa.press("send", typed | {"note": "v1"}).status_code == 422
    wrong = diffa.press("add", OURS | {"note": "v2"}, ("x.exe", b"MZ"))
    assert (wrong.status_code, "autre fenêtre" in wrong.text) == (422, False)
    done = diffa.press(do, OURS | {"note": "v3\n\nfin"})
    assert done.status_code == 303, done.text
    if do == "send":
        assert (last(store).note, count(store, Draft)) == ("v3\n\nfin", 0)
    else:
        assert "v3&#10;&#10;fin</textarea>" in diffa.get(FORM).text


def test_a_reason_that_the_state_does_not_ask_for_is_not_left_out_without_a_word(
    diffa: Visitor, store: Store
) -> None:
    diffa.get(FORM)
    refused = diffa.press("send", OURS | {"blocked_reason": "Le texte n’est pas signé"})
    assert refused.status_code == 422
    said = unescape(refused.text).replace("\N{NO-BREAK SPACE}", " ").replace("'", "’")
    assert "ne va qu’avec « Bloqué », pas avec « En cours »" in said
    assert "Le texte n’est pas signé</textarea>" in refused.text
    assert not count(store, ProgressReport)
    assert diffa.press("send", OURS | {"blocked_reason": ""}).status_code == 303
