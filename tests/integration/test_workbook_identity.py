"""Which answer a row of a workbook is: moved, tampered with, doubled, or without its columns."""

from collections.abc import Iterable
from typing import Any

from ccm.domain.workbook import IDENTITY
from ccm.render.sentences import workbook as say
from ccm.store import Store
from tests.integration.books import DAY, FIRST, ROUND, ZINDER, Book, back, kept, outcomes, refused

POSTGRESQL_IN_PROOF = True


def test_rows_may_move_whole_but_not_lose_who_they_are(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    rows = [[cell.value for cell in row] for row in book.sheet.iter_rows(min_row=FIRST)]
    _write(book, reversed(rows))
    assert set(outcomes(back(sqlite_store, book.saved(), dry_run=True)).values()) == {"new"}

    # Sorted without the hidden column: what is seen and what is hidden are no longer one row.
    hidden = [row[0] for row in rows]
    _write(book, [[first, *row[1:]] for first, row in zip(hidden, reversed(rows), strict=True)])
    taken = back(sqlite_store, book.saved())
    assert set(outcomes(taken).values()) == {"tampered"}
    assert not kept(sqlite_store)


def _write(book: Book, rows: Iterable[list[Any]]) -> None:
    for number, row in enumerate(rows, FIRST):
        for place, value in enumerate(row, 1):
            book.sheet.cell(number, place).value = value


def test_each_row_shows_what_it_answers_since_answers_may_be_moved_without_it(
    sqlite_store: Store, blank: bytes
) -> None:
    book = Book(blank)
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    # The cells to fill alone, sorted the other way round: nothing in the file says that they moved.
    first = book.column("status")
    filled = [[cell.value for cell in row[first - 1 :]] for row in book.sheet.iter_rows(min_row=FIRST)]
    for number, row in enumerate(reversed(filled), FIRST):
        for place, value in enumerate(row, first):
            book.sheet.cell(number, place).value = value
    taken = back(sqlite_store, book.saved(), dry_run=True)
    texts = {
        str(row[1].value): str(row[2].value) for row in book.sheet.iter_rows(min_row=FIRST) if row[1].value
    }
    assert len(taken.rows) == len(ROUND)
    for one in taken.rows:
        asked = texts[one.row.cells.recommendation]
        beginning = say.asked(one).strip("«»\N{NO-BREAK SPACE}…")
        assert asked.startswith(beginning) and len(beginning) > 20
        assert f"{one.row.assignment} {say.asked(one)} : " in say.lines(one, None)[0]


def test_a_foreign_row_is_refused_and_the_good_ones_taken(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    for recommendation in ("CCM7-A1-01", "CCM7-A1-02", "CCM7-A1-03", "CCM7-A1-04", "CCM7-A1-05"):
        book.fill(recommendation, status="Réalisé", as_of=DAY)
    book.sheet.cell(book.row("CCM7-A1-01"), 1).value = "CCM7-A1-01/NE007"
    book.sheet.cell(book.row("CCM7-A1-02"), 1).value = None
    book.sheet.cell(book.row("CCM7-A1-04"), 1).value = "CCM7-A1-03/NE002"
    taken = back(sqlite_store, book.saved())
    found = [one.outcome.value for one in taken.rows]
    assert found == ["tampered", "tampered", "new", "tampered", "new"]
    assert set(kept(sqlite_store)) == {"CCM7-A1-03/NE002", "CCM7-A1-05/NE002"}
    assert "CCM7-A1-01/NE002" in taken.missing


def test_an_answer_given_by_two_whole_rows_is_told(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY)
    row = [cell.value for cell in book.sheet[book.row("CCM7-A1-05")]]
    for place, value in enumerate(row, 1):
        book.sheet.cell(60, place).value = value
    taken = back(sqlite_store, book.saved())
    assert [one.outcome.value for one in taken.rows] == ["wrong", "wrong"]
    assert "plusieurs lignes" in "".join(line for one in taken.rows for line in say.lines(one, None))


def test_either_of_identity_and_reference_is_enough(sqlite_store: Store, blank: bytes) -> None:
    hidden = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY)
    hidden.sheet.cell(hidden.row("CCM7-A1-02"), 2).value = "CCM7-A9-99"
    hidden.fill("CCM7-A9-99", status="Réalisé", as_of=DAY)
    hidden.sheet.delete_cols(1)
    taken = back(sqlite_store, hidden.saved())
    assert outcomes(taken) == {"CCM7-A1-05/NE002": "new", "CCM7-A9-99/NE002": "tampered"}
    (told,) = taken.notices
    assert IDENTITY in told.text and "Réf." in told.text
    assert set(taken.missing) == {"CCM7-A1-02/NE002"}

    seen = Book(blank).fill("CCM7-A1-01", status="Réalisé", as_of=DAY)
    seen.sheet.delete_cols(2)
    taken = back(sqlite_store, seen.saved())
    assert (outcomes(taken), taken.missing) == ({"CCM7-A1-01/NE002": "new"}, ())
    assert [IDENTITY in problem.text for problem in taken.notices] == [True]

    assert set(outcomes(back(sqlite_store, hidden.saved(), ZINDER)).values()) == {"tampered"}
    seen.sheet.delete_cols(1)
    says = refused(seen.saved())
    assert IDENTITY in says and "Réf." in says
