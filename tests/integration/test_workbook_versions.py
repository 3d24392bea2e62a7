"""A workbook of another version, store or entity, or without its columns: row by row, nothing guessed."""

from dataclasses import replace

import pytest

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.workbook import WorkbookTaken
from ccm.domain.vocabulary import UserRole
from ccm.domain.workbook import STAMP, Outcome, Stamp
from ccm.importers.workbook import returned
from ccm.render.sentences import workbook as say
from ccm.store import Store
from tests.integration.acting import DIFFA, everything, import_reports, report
from tests.integration.books import (
    DAY,
    HEADINGS,
    ROUND,
    ZINDER,
    Book,
    back,
    kept,
    out,
    outcomes,
    refused,
)

POSTGRESQL_IN_PROOF = True
#: Who answers for Diffa after a succession, or for both.
BOTH = Actor("Les deux", UserRole.FOCAL_POINT, frozenset({"NE002", "NE007"}))


def _said(taken: WorkbookTaken, number: int) -> str:
    return "\n".join(say.problems(taken.rows[number], "fr")).replace("\xa0", " ")


def _around(taken: WorkbookTaken) -> str:
    return "\n".join(say.around(taken, "fr")).replace("\xa0", " ")


def _version(book: Book, number: int, *, sealed: bool = True) -> Book:
    """The workbook as another version would stamp it; not `sealed`: as it would seal it otherwise."""
    sheet = book.book[STAMP]
    said = {row[0].value: row[1].value or "" for row in sheet.iter_rows()}
    bases = {key: int(base) if base else None for key, base in said.items() if "/" in key}
    stamp = Stamp(
        said["store"], said["entity"], said["known_at"], int(said["revision"]), bases, format=number
    )
    sheet["B1"], sheet["B6"] = str(number), stamp.sealed if sealed else "?"
    return book


def test_another_version_is_read_by_its_headings(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="En cours", percent=50, as_of=DAY, note="lu")
    book.fill("CCM7-A1-01", status="Fini", as_of=DAY).fill("CCM7-A1-02", status="Réalisé", as_of=DAY)
    book.sheet.delete_cols(book.column("blocked_cause"))
    book.sheet.cell(HEADINGS, 20).value = "Montant engagé"
    taken = back(sqlite_store, _version(book, 2).saved())
    assert outcomes(taken) == {
        "CCM7-A1-01/NE002": "wrong",
        "CCM7-A1-02/NE002": "new",
        "CCM7-A1-05/NE002": "new",
    }
    assert "« Fini »" in _said(taken, 0)
    around = _around(taken)
    assert "autre version (2)" in around and "Vérifiez chaque ligne" in around
    assert "« Bloqué : cause »" in around and "« Montant engagé »" in around
    assert kept(sqlite_store)["CCM7-A1-05/NE002"].note == "lu"


def test_what_another_version_knew_is_believed_if_its_seal_says_so(sqlite_store: Store, blank: bytes) -> None:
    import_reports(sqlite_store, report(percent="20"))
    book = Book(out(sqlite_store)).fill("CCM7-A1-05", status="En cours", percent=50, as_of=DAY)
    command = returned(_version(book, 2).saved(), dry_run=True)
    assert [one.outcome for one in submit(sqlite_store, DIFFA, command).rows] == [Outcome.NEW]
    book.book[STAMP]["D1"] = "more"
    book.book[STAMP].append(["language", "fr"])
    unsealed = _version(book, 2, sealed=False).saved()
    assert [one.outcome for one in back(sqlite_store, unsealed, dry_run=True).rows] == [Outcome.CONFLICT]


def test_what_is_none_of_ours_is_refused_in_one_sentence(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    stamp = book.book[STAMP]
    stamp["A7"] = "CCM7-A1-01/NE007"
    assert "modifié" in refused(book.saved())
    stamp["B1"] = "deux"
    assert "modifié" in refused(book.saved())
    stamp["B1"], stamp["A2"] = "2", "autre"
    assert "n'est pas un classeur que" in refused(book.saved())
    del book.book[STAMP]
    assert "reprenez un classeur neuf" in refused(book.saved())
    headless = Book(blank)
    headless.sheet.delete_rows(HEADINGS)
    assert "reprenez un classeur neuf" in refused(headless.saved())


def test_without_its_states_a_row_is_never_taken(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    back(sqlite_store, book.saved())
    before = everything(sqlite_store)

    again = Book(out(sqlite_store))
    for recommendation, (cells, _) in ROUND.items():
        again.fill(recommendation, **cells)
    again.fill("CCM7-A1-01", percent=75)
    again.fill("CCM7-A2-01", percent=10, as_of="31/02/2024")
    again.sheet.delete_cols(again.column("status"))
    taken = back(sqlite_store, again.saved())
    assert outcomes(taken) == {
        **{f"CCM7-A1-0{number}/NE002": "unchanged" for number in range(2, 6)},
        "CCM7-A1-01/NE002": "wrong",
        "CCM7-A2-01/NE002": "wrong",
    }
    changed, mistyped = (_said(taken, place) for place in (0, 5))
    assert "« État »" in changed and "à droite de « Votre dernier envoi »" in changed
    assert "« État »" in mistyped and "« 31/02/2024 »" in mistyped
    assert "« État »" in _around(taken)
    assert everything(sqlite_store) == before

    # Put back, with the state of the row that changed alone.
    column = again.sheet.max_column + 1
    again.sheet.cell(HEADINGS, column).value = "État"
    again.sheet.cell(again.row("CCM7-A1-01"), column).value = "En cours"
    taken = back(sqlite_store, again.saved())
    assert outcomes(taken)["CCM7-A1-01/NE002"] == "new"
    assert kept(sqlite_store)["CCM7-A1-01/NE002"].percent == 75


@pytest.mark.parametrize("column", ["percent", "as_of", "note", "blocked_reason", "dropped_kind"])
def test_what_a_row_needs_of_a_column_that_is_gone_is_told(
    sqlite_store: Store, blank: bytes, column: str
) -> None:
    book = Book(blank)
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    title = str(book.titles[book.column(column) - 1]).replace("\xa0", " ")
    whole = book.saved()
    book.sheet.delete_cols(book.column(column))
    tried = back(sqlite_store, book.saved(), dry_run=True)
    wrong = [place for place, one in enumerate(tried.rows) if one.outcome is Outcome.WRONG]
    assert wrong, outcomes(tried)
    assert all(
        f"« {title} »" in _said(tried, place) and "à droite de" in _said(tried, place) for place in wrong
    )
    assert f"« {title} »" in _around(tried)

    # What it says beside is what was recorded: nothing of it is recorded again without that column.
    back(sqlite_store, whole)
    assert set(outcomes(back(sqlite_store, book.saved())).values()) == {"unchanged"}


def test_without_any_state_or_identity_the_reference_is_enough(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY)
    book.sheet.delete_cols(book.column("status"))
    book.sheet.delete_cols(1)
    taken = back(sqlite_store, book.saved())
    assert outcomes(taken) == {"CCM7-A1-05/NE002": "wrong"}
    assert "« État »" in _said(taken, 0)


def test_each_row_of_another_store_is_refused(sqlite_store: Store, blank: bytes) -> None:
    command = returned(Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved())
    elsewhere = replace(command, stamp=replace(command.stamp, store_uuid="autre"))
    taken = submit(sqlite_store, DIFFA, elsewhere)
    assert outcomes(taken) == {"CCM7-A1-05/NE002": "tampered"}
    assert "autre tableau de bord" in _said(taken, 0) and "recopiez-y vos réponses" in _around(taken)
    assert not kept(sqlite_store)


def test_a_row_of_another_session_is_told_apart(sqlite_store: Store, blank: bytes) -> None:
    data = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved()
    command = returned(Book(data).fill("CCM7-A1-01", status="Réalisé", as_of=DAY).saved())
    gone, stays = (row for row in command.rows if not row.blank)
    old = replace(gone, assignment="CCM6-A1-01/NE002", cells=replace(gone.cells, recommendation="CCM6-A1-01"))
    stamp = replace(command.stamp, bases={**command.stamp.bases, old.assignment: None})
    taken = submit(sqlite_store, DIFFA, replace(command, stamp=stamp, rows=(old, stays)))
    assert outcomes(taken) == {"CCM6-A1-01/NE002": "wrong", "CCM7-A1-05/NE002": "new"}
    assert "n'est plus suivie" in _said(taken, 0)


def test_each_row_of_another_region_is_refused(sqlite_store: Store, blank: bytes) -> None:
    data = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved()
    taken = back(sqlite_store, data, ZINDER)
    assert outcomes(taken) == {"CCM7-A1-05/NE002": "tampered"}
    for heard in (_said(taken, 0), _around(taken)):
        assert "Région de Diffa" in heard and "Région de Zinder" in heard
        assert "NE002" not in heard and "NE007" not in heard
    assert not kept(sqlite_store)
    assert "Diffa" not in _around(back(sqlite_store, data, BOTH))
    assert set(kept(sqlite_store)) == {"CCM7-A1-05/NE002"}
