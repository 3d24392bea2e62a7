"""What a workbook says is official is what the figures count, at the same date."""

from collections import Counter

from ccm.auth import CONSOLE
from ccm.domain.labels import label
from ccm.domain.vocabulary import AssignmentRole, GroupBy, Nature, Status
from ccm.exports.workbook import workbook
from ccm.i18n import translator
from ccm.metrics import At
from ccm.queries.ask import ask, ask_as
from ccm.queries.figures import figures_table
from ccm.queries.scope import store_query
from ccm.queries.workbook import WorkbookQuery
from ccm.store import Store
from tests.integration.books import FIRST, Book

POSTGRESQL_IN_PROOF = True


def test_official_states_are_those_that_figures_count(demo: Store) -> None:
    at, t = At(ask(demo, store_query()).default_date), translator("fr")
    with demo.read() as connection:
        table = figures_table(connection, at, GroupBy.ENTITY)
    for row in table.rows:
        found = ask_as(demo, CONSOLE, WorkbookQuery(row.key, at))
        book = Book(workbook(found))
        counted = Counter[str]()
        for number, one in enumerate(found.rows, FIRST):
            answer = one.answer
            assert book.sheet.cell(number, book.column("Réf.")).value == answer.recommendation
            if answer.role is AssignmentRole.RESPONSIBLE and answer.nature is Nature.FINITE:
                counted[str(book.sheet.cell(number, book.column("État officiel")).value)] += 1
        assert counted == Counter({
            label(status, t): getattr(row.figures, status.value)
            for status in Status
            if getattr(row.figures, status.value)
        })  # fmt: skip
