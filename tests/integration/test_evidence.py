"""Evidence: what a file is, told by its content; whose it is; and the bytes that come out again."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import AddEvidence, RemoveEvidence, keep_file
from ccm.commands.evidence_files import harmless
from ccm.commands.people_changes import DisablePerson
from ccm.commands.reports import SubmitTable
from ccm.domain.errors import CcmError, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import EvidenceKind, UserRole
from ccm.queries.ask import ask_as
from ccm.queries.evidence import EvidenceQuery
from ccm.store import Store
from ccm.store.files import evidence_files
from ccm.store.models import DraftEvidence, Evidence
from tests.integration.acting import DIFFA, report
from tests.support import documents, people

ANSWER, OTHER = "CCM7-A1-05/NE002", "CCM7-A1-05/NE007"
MIB = 1024 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def diffa(store: Store) -> Actor:
    """The focal point of Diffa, signed in."""
    return people.add(store, "Point focal Diffa", UserRole.FOCAL_POINT, "NE002")


def attach(store: Store, actor: Actor, name: str, content: bytes, answer: str = ANSWER) -> int:
    """Put a file beside an answer; the piece's id."""
    return submit(store, actor, keep_file(store, actor, answer, name, content))


def pieces(store: Store, table: Any) -> list[Any]:
    """The rows of a table of evidence."""
    with store.read() as connection:
        return list(connection.execute(select(table.__table__).order_by(table.id)).all())


def files_of(store: Store) -> int:
    """How many files the evidence folder holds."""
    folder = evidence_files(store).folder
    return sum(1 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0


def mend(error: CcmError) -> list[tuple[str | None, str]]:
    """What is to be mended: column, message."""
    assert isinstance(error, Invalid)
    return [(problem.column, problem.text) for problem in error.problems]


# What a file is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (documents.PDF, "application/pdf"),
        (documents.word(), WORD),
        (documents.workbook(), WORD.replace("wordprocessingml.document", "spreadsheetml.sheet")),
    ],
    ids=["pdf", "docx", "xlsx"],
)
def test_documents_are_kept_byte_by_byte(content: bytes, media_type: str) -> None:
    assert harmless(content) == (media_type, content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_without_what_it_hides(kind: str) -> None:
    given = documents.photo(kind)
    assert b"13.5N 2.1E" in given
    media_type, kept = harmless(given)
    assert media_type == f"image/{kind.lower()}"
    assert b"13.5N" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        # It lay on its side: what said so is gone, so that it has been turned.
        assert (image.size, dict(image.getexif()), image.format) == ((20, 40), {}, kind)
        corner = image.convert("RGB").getpixel((19, 0))
        assert isinstance(corner, tuple)
        assert corner[2] > corner[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MZ\x90\x00 programme", "genre accepté"),
        (b"<html><script>alert(1)</script>", "genre accepté"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "genre accepté"),
        (b"GIF89a" + b"\0" * 40, "genre accepté"),
        (documents.archive({"[Content_Types].xml": b"", "x.txt": b""}), "genre accepté"),
        (documents.word(extra={"xl/workbook.xml": b""}), "genre accepté"),
        (documents.word(macros="held"), "macros"),
        (documents.word(macros="declared"), "macros"),
        (documents.word(extra={"../../etc/passwd": b"x"}), "abîmé"),
        (documents.word(extra={"/etc/passwd": b"x"}), "abîmé"),
        (documents.word(extra={"a\\..\\..\\b": b"x"}), "abîmé"),
        (documents.word(extra={f"word/{n}": b"" for n in range(1001)}), "abîmé"),
        (documents.word(body=b"0" * 3 * MIB), "abîmé"),
        (documents.lying(documents.word(body=b"0" * 3 * MIB)), "abîmé"),
        (documents.word()[:-30], "abîmé"),
        (documents.damaged(documents.word()), "abîmé"),
        (documents.huge_png(50_000, 50_000), "trop grande"),
        (documents.huge_png(8_000, 8_000), "trop grande"),
        (documents.photo("PNG")[:60], "ne peut pas être lue"),
    ],
)
def test_what_is_refused_and_why(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        harmless(content)
    ((column, text),) = mend(caught.value)
    assert column == "evidence"
    assert says in text


# Where it is kept -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("PV Téra 05-24.pdf", "PV Téra 05-24.pdf"),
        ("../../etc/x", "x.pdf"),
        ("..\\..\\C:x.PDF", "Cx.PDF"),
        ("photo.exe", "photo.exe.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("", "document.pdf"),
    ],
)
def test_a_file_keeps_no_more_of_its_name_than_does_no_harm(
    store: Store, diffa: Actor, given: str, named: str
) -> None:
    attach(store, diffa, given, documents.PDF)
    (piece,) = pieces(store, DraftEvidence)
    assert (piece.name, piece.size, piece.kind) == (named, len(documents.PDF), EvidenceKind.FILE)
    assert evidence_files(store).read(piece.sha256) == documents.PDF


def test_sizes(store: Store, diffa: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        attach(store, diffa, "x.pdf", documents.PDF.ljust(5 * MIB + 1, b"\n"))
    assert mend(caught.value) == [("evidence", "evidence : ce fichier fait 5.0 Mo : 5 Mo au plus")]
    with pytest.raises(Invalid, match="vide"):
        attach(store, diffa, "x.pdf", b"")
    assert (pieces(store, DraftEvidence), files_of(store)) == ([], 0)
    attach(store, diffa, "x.pdf", documents.PDF.ljust(5 * MIB, b"\n"))
    assert files_of(store) == 1


def test_nothing_is_written_for_whoever_may_not_attach(store: Store, diffa: Actor) -> None:
    reader = people.add(store, "Lectrice", UserRole.READER)
    for actor, answer in ((reader, ANSWER), (diffa, OTHER), (DIFFA, ANSWER)):
        with pytest.raises(NotAllowed):
            attach(store, actor, "x.pdf", documents.PDF, answer)
    # Disabled since the page was drawn.
    administrator = people.add(store, "Secrétaire", UserRole.ADMINISTRATOR)
    submit(store, administrator, DisablePerson("Point focal Diffa"))
    with pytest.raises(NotAllowed):
        attach(store, diffa, "x.pdf", documents.PDF)
    assert (pieces(store, DraftEvidence), files_of(store)) == ([], 0)


def test_the_same_file_is_on_the_disk_once(store: Store, diffa: Actor) -> None:
    attach(store, diffa, "a.pdf", documents.PDF)
    attach(store, diffa, "b.pdf", documents.PDF)
    assert [piece.name for piece in pieces(store, DraftEvidence)] == ["a.pdf", "b.pdf"]
    assert files_of(store) == 1


# Links, names, and how many -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pnm.ne",
        "javascript:alert(1)",
        "ftp://pnm.ne/x",
        "https://",
        "https://a b.ne",
        "//pnm.ne",
        "data:,x",
    ],
)
def test_what_is_no_address(store: Store, diffa: Actor, url: str) -> None:
    with pytest.raises(Invalid) as caught:
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.LINK, url or " ", url=url))
    assert {column for column, _ in mend(caught.value)} == {"evidence"}


def test_a_link_and_a_named_document(store: Store, diffa: Actor) -> None:
    url = "https://www.pnm.ne/pv?n=12&x=%3Cb%3E"
    submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.LINK, url, url=url))
    submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, "  Arrêté n° 12 <b>  "))
    assert [(piece.kind, piece.name, piece.url) for piece in pieces(store, DraftEvidence)] == [
        (EvidenceKind.LINK, url, url),
        (EvidenceKind.DOCUMENT, "Arrêté n° 12 b", None),
    ]
    with pytest.raises(Invalid):
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, "   "))


def test_ten_pieces_at_most(store: Store, diffa: Actor) -> None:
    for number in range(10):
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, f"PV {number}"))
    with pytest.raises(Invalid, match="10 preuves au plus"):
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, "PV 11"))
    with pytest.raises(Invalid, match="10 preuves au plus"):
        attach(store, diffa, "x.pdf", documents.PDF)
    assert files_of(store) == 0


def test_one_takes_away_one_s_own_only(store: Store, diffa: Actor) -> None:
    colleague = people.add(store, "Adjointe Diffa", UserRole.FOCAL_POINT, "NE002")
    number = attach(store, diffa, "x.pdf", documents.PDF)
    with pytest.raises(NotFound):
        submit(store, colleague, RemoveEvidence(number))
    submit(store, diffa, RemoveEvidence(number))
    assert pieces(store, DraftEvidence) == []


# Behind a report ------------------------------------------------------------------------------------------


def test_evidence_goes_with_its_report_and_is_read_by_whoever_may(store: Store, diffa: Actor) -> None:
    number = attach(store, diffa, "PV.pdf", documents.PDF)
    line = report(status="completed", percent="", line=None)
    sent = submit(store, diffa, SubmitReport(line, None, (number,)))
    assert pieces(store, DraftEvidence) == []
    (piece,) = pieces(store, Evidence)
    assert (piece.report_id, piece.name) == (sent, "PV.pdf")
    query = EvidenceQuery(piece.id)
    for reader in (diffa, people.add(store, "Ministre", UserRole.MINISTER)):
        assert ask_as(store, reader, query).sha256 == piece.sha256
    zinder = people.add(store, "Point focal Zinder", UserRole.FOCAL_POINT, "NE007")
    with pytest.raises(NotFound):
        ask_as(store, zinder, query)
    with pytest.raises(NotFound):
        ask_as(store, diffa, EvidenceQuery(piece.id + 1))
    with pytest.raises(NotAllowed):
        ask_as(store, people.add(store, "Lectrice", UserRole.READER), query)


def test_another_s_piece_cannot_be_handed_in(store: Store, diffa: Actor) -> None:
    colleague = people.add(store, "Adjointe Diffa", UserRole.FOCAL_POINT, "NE002")
    theirs = attach(store, colleague, "x.pdf", documents.PDF)
    with pytest.raises(Invalid) as caught:
        submit(store, diffa, SubmitReport(report(line=None), None, (theirs,)))
    assert [column for column, _ in mend(caught.value)] == ["evidence"]
    assert len(pieces(store, DraftEvidence)) == 1


def test_evidence_put_beside_an_answer_goes_with_its_line_of_the_table(store: Store, diffa: Actor) -> None:
    attach(store, diffa, "PV.pdf", documents.PDF)
    submit(store, diffa, SubmitTable((report(status="completed", percent=""),), (None,)))
    assert pieces(store, DraftEvidence) == []
    assert [piece.name for piece in pieces(store, Evidence)] == ["PV.pdf"]
