"""Evidence: what a file is, told by its content; whose it is; and the bytes that come out again."""

import datetime as dt
import io
import random
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from ccm.auth import CONSOLE, Actor
from ccm.commands import evidence_files as evidence_reading, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import AddEvidence, RemoveEvidence, keep_file
from ccm.commands.evidence_files import harmless
from ccm.commands.evidence_sweep import SweepEvidence
from ccm.commands.people_changes import DisablePerson
from ccm.commands.reports import SubmitTable
from ccm.domain import evidence as rules
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError, Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import EvidenceKind, UserRole
from ccm.i18n import translator
from ccm.queries.ask import ask_as
from ccm.queries.evidence import EvidenceQuery
from ccm.store import Store
from ccm.store.files import evidence_files
from ccm.store.models import DraftEvidence, Evidence
from tests.integration.acting import DIFFA, report
from tests.support import documents, people
from tests.support.machine import ROOT

POSTGRESQL_ONE_IN = 4

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


def test_the_photo_of_a_telephone_with_several_pictures_is_its_first() -> None:
    given = documents.several_pictures()
    with Image.open(io.BytesIO(given)) as image:
        assert image.format == "MPO", "the picture is not what telephones write"
    media_type, kept = harmless(given)
    assert media_type == "image/jpeg"
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("JPEG", (40, 20), 1)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (documents.picture("JPEG", "RGB", 7_000, 5_000), (3_500, 2_500)),
        (documents.picture("JPEG", "RGB", 7_000, 5_000, exif=documents.lying_down()), (2_500, 3_500)),
        (documents.picture("PNG", "L", 7_000, 5_000, exif=documents.lying_down()), (2_500, 3_500)),
        (documents.picture("JPEG", "L", 4_000, 3_000), (4_000, 3_000)),
        (documents.picture("PNG", "1", 6_300, 6_300), (3_150, 3_150)),
        (documents.picture("PNG", "1", 4_000, 4_000), (4_000, 4_000)),
        (documents.picture("PNG", "RGBA", 30, 20), (30, 20)),
        (documents.picture("PNG", "P", 30, 20), (30, 20)),
        (documents.picture("PNG", "I;16", 30, 20), (30, 20)),
        (documents.picture("JPEG", "CMYK", 30, 20), (30, 20)),
        (documents.picture("JPEG", "RGB", 30_000, 100), (3_750, 13)),
    ],
    ids=[
        "large",
        "turned",
        "turned-png",
        "fits",
        "bits",
        "fits-bits",
        "clear",
        "palette",
        "deep",
        "press",
        "long",
    ],
)
def test_a_large_picture_is_made_smaller_as_it_is_read(content: bytes, size: tuple[int, int]) -> None:
    _, kept = harmless(content)
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == size


_MADE = """
import pickle, sys
from tests.support import documents

given = [
    documents.picture("PNG", "1", 6_300, 6_300),
    documents.picture("PNG", "RGB", 5_000, 3_900),
    documents.picture("JPEG", "RGB", 7_000, 5_600),
    documents.picture("JPEG", "RGB", 5_000, 3_900, progressive=True),
]
sys.stdout.buffer.write(pickle.dumps(given))
"""
_READ = """
import pickle, sys
from ccm.commands.evidence_files import harmless
from tests.support import documents
from tests.support.machine import most_held

given = pickle.loads(sys.stdin.buffer.read())
harmless(documents.photo())
before = most_held()
for content in given:
    harmless(content)
print(most_held() - before)
"""


def test_no_picture_asks_for_more_than_200_mib() -> None:
    """They are made in one process and read in another, which has not yet asked for memory."""
    run = partial(subprocess.run, cwd=ROOT, check=True, capture_output=True)
    made = run([sys.executable, "-c", _MADE]).stdout
    assert 50 < float(run([sys.executable, "-c", _READ], input=made).stdout) <= 200


def test_two_files_are_looked_at_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    redrawn, present, most, lock = evidence_reading._redrawn, 0, 0, threading.Lock()

    def counting(content: bytes) -> tuple[str, bytes]:
        nonlocal present, most
        with lock:
            present += 1
            most = max(most, present)
        try:
            return redrawn(content)
        finally:
            with lock:
                present -= 1

    monkeypatch.setattr(evidence_reading, "_redrawn", counting)
    photos = [documents.picture("JPEG", "RGB", 1_000, 800) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        assert len(list(pool.map(harmless, photos))) == 12
    assert 1 <= most <= 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_word_packs_its_files_in_one_way_and_others_are_refused(method: int) -> None:
    with zipfile.ZipFile(io.BytesIO(documents.word())) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    packed = documents.archive(parts, method)
    for content in (packed, packed[:60] + b"\xff" * 8 + packed[68:]):
        with pytest.raises(Invalid, match="abîmé"):
            harmless(content)
    assert harmless(documents.archive(parts, zipfile.ZIP_STORED))[0] == WORD


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize(
    "content",
    [
        documents.word(),
        documents.archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"x"}, zipfile.ZIP_BZIP2),
        documents.archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"x"}, zipfile.ZIP_LZMA),
        documents.photo("PNG"),
        documents.photo("JPEG"),
        documents.several_pictures(),
    ],
    ids=["docx", "bzip2", "lzma", "png", "jpeg", "mpo"],
)
def test_whatever_is_wrong_with_a_file_is_told_of_its_field(content: bytes) -> None:
    chance = random.Random(20261126)  # noqa: S311 - the same damages each time
    refused = 0
    for _ in range(250):
        hurt = bytearray(content[: chance.choice([len(content), chance.randrange(len(content))])])
        for _ in range(chance.randrange(1, 6)):
            if hurt:
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        try:
            harmless(bytes(hurt))
        except Invalid as error:
            assert [column for column, _ in mend(error)] == ["evidence"]
            refused += 1
    assert refused > 50


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
    assert mend(caught.value) == [("evidence", "evidence : ce fichier fait 5,1 Mo : 5 Mo au plus")]
    (problem,) = caught.value.problems
    english = translator("en").gettext(problem.message) % dict(problem.values)
    assert english == "this file is 5.1 MB: 5 MB at most"
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


def test_a_person_s_drafts_hold_so_much_and_no_more(
    store: Store, diffa: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_WAITING", 3 * len(documents.PDF))
    for n in range(3):
        attach(store, diffa, f"{n}.pdf", documents.PDF, f"CCM7-A1-0{n + 1}/NE002")
    with pytest.raises(Invalid, match="transmettez"):
        attach(store, diffa, "x.pdf", documents.PDF + b" ")
    assert files_of(store) == 1, "nothing is written of what is refused"
    with pytest.raises(Invalid, match="transmettez"):
        submit(store, diffa, kept_past_the_door(store))
    colleague = people.add(store, "Adjointe Diffa", UserRole.FOCAL_POINT, "NE002")
    attach(store, colleague, "x.pdf", documents.PDF)
    submit(store, diffa, SubmitTable((report(recommendation="CCM7-A1-01"),), (None,)))
    attach(store, diffa, "x.pdf", documents.PDF)


def kept_past_the_door(store: Store) -> AddEvidence:
    """The command that puts the bytes of a document beside an answer, made past `keep_file`."""
    digest = evidence_files(store).keep(documents.PDF)
    return AddEvidence(
        ANSWER,
        EvidenceKind.FILE,
        "x.pdf",
        sha256=digest,
        media_type="application/pdf",
        size=len(documents.PDF),
    )


def test_a_piece_is_taken_only_with_its_bytes(store: Store, diffa: Actor) -> None:
    command = keep_file(store, diffa, ANSWER, "x.pdf", documents.PDF)
    evidence_files(store).path(command.sha256 or "").unlink()
    with pytest.raises(Invalid, match="choisissez-le à nouveau"):
        submit(store, diffa, command)
    assert pieces(store, DraftEvidence) == []


def test_files_that_no_row_refers_to_are_swept_after_a_day(store: Store, diffa: Actor) -> None:
    files, start = evidence_files(store), utc_now()
    pdf = {name: documents.PDF + name.encode() for name in ("sent", "kept", "removed", "refused", "both")}
    sent = attach(store, diffa, "sent.pdf", pdf["sent"])
    submit(store, diffa, SubmitReport(report(status="completed", percent="", line=None), None, (sent,)))
    attach(store, diffa, "kept.pdf", pdf["kept"])
    submit(store, diffa, RemoveEvidence(attach(store, diffa, "removed.pdf", pdf["removed"])))
    again = attach(store, diffa, "both.pdf", pdf["both"])
    attach(store, diffa, "both 2.pdf", pdf["both"])
    submit(store, diffa, RemoveEvidence(again))
    keep_file(store, diffa, ANSWER, "refused.pdf", pdf["refused"])
    (files.folder / "ab").mkdir(exist_ok=True)
    (files.folder / "ab" / ".new.half").write_bytes(b"half")
    (files.folder / "ab" / "lisez-moi.txt").write_bytes(b"somebody else's")

    def swept(after: dt.timedelta, **given: bool) -> tuple[int, int]:
        with time_machine.travel(start + after, tick=False):
            found = submit(store, CONSOLE, SweepEvidence(**given))
        return found.files, found.size

    gone = sum(len(pdf[name]) for name in ("removed", "refused")) + len(b"half")
    assert swept(dt.timedelta(hours=23)) == (0, 0)
    with pytest.raises(NotAllowed):
        submit(store, diffa, SweepEvidence())
    assert swept(dt.timedelta(hours=25), dry_run=True) == (3, gone)
    assert (files_of(store), files.read(sha256(pdf["removed"]).hexdigest())) == (7, pdf["removed"])
    # Chosen again, a file is as new.
    with time_machine.travel(start + dt.timedelta(hours=24), tick=False):
        files.keep(pdf["refused"])
    assert swept(dt.timedelta(hours=25)) == (2, gone - len(pdf["refused"]))
    assert swept(dt.timedelta(hours=49)) == (1, len(pdf["refused"]))
    assert swept(dt.timedelta(hours=73)) == (0, 0)
    assert {path.name for path in files.folder.rglob("*") if path.is_file()} == {
        *(sha256(pdf[name]).hexdigest() for name in ("sent", "kept", "both")),
        "lisez-moi.txt",
    }


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
        (EvidenceKind.DOCUMENT, "Arrêté n° 12 <b>", None),
    ]
    with pytest.raises(Invalid):
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, "   "))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("Arrêté n° 0123/MI/D/ACR/2023", "Arrêté n° 0123/MI/D/ACR/2023"),
        ("PV : « réunion » ?  *suite*\n(2)", "PV : « réunion » ? *suite* (2)"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_document_is_named_as_it_is_called(store: Store, diffa: Actor, given: str, named: str) -> None:
    submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, given))
    (piece,) = pieces(store, DraftEvidence)
    assert piece.name == named


@pytest.mark.parametrize(
    ("given", "says"), [("x" * 201, "200 caractères au plus"), ("a\0b", "U+0000"), ("\u202ePV", "U+202E")]
)
def test_what_names_no_document(store: Store, diffa: Actor, given: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        submit(store, diffa, AddEvidence(ANSWER, EvidenceKind.DOCUMENT, given))
    ((column, text),) = mend(caught.value)
    assert column == "evidence"
    assert says in text
    assert pieces(store, DraftEvidence) == []


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
