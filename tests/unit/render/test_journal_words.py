"""Every action that the journal can hold has words, in both languages."""

import ast
import datetime as dt
from collections.abc import Iterator

import pytest

from ccm.i18n import translator
from ccm.queries.journal import JournalEntry
from ccm.render.sentences import journal as say
from tests.support.machine import ROOT

#: Actions whose name is put together: by the state of a report, by the kind of an object.
MADE = {
    "report.submitted",
    "report.validated",
    *(f"{kind}.{what}" for kind in ("assignment", "recommendation") for what in ("added", "changed")),
    "session.changed",
} - {"recommendation.added"}


def _actions() -> Iterator[str]:
    for path in (ROOT / "ccm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Entry", "_told"):
                yield from (
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value
                )


@pytest.mark.parametrize("action", sorted({*_actions(), *MADE}))
def test_an_action_has_words(action: str) -> None:
    told = [say.action(action, translator(locale)) for locale in ("fr", "en")]
    assert action not in told
    assert told[0] != told[1]


def test_a_change_says_what_it_replaces_and_a_return_why() -> None:
    changes = [
        {"field": "due_date", "value": "2025-01-31", "effective_on": "2024-06-01", "before": "2024-12-31"},
        {"field": "weight", "value": "2", "effective_on": "2024-06-01"},
    ]
    told = _told({"changes": changes})
    assert "échéance 31/01/2025 au lieu de 31/12/2024, à compter du 01/06/2024" in told
    assert "poids 2, à compter du 01/06/2024" in told
    assert _told({"reason": "La preuve manque."}) == "motif\N{NO-BREAK SPACE}: La preuve manque."


def _told(detail: dict[str, object]) -> str:
    at = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    entry = JournalEntry(1, at, "Awa", "assignment.changed", "assignment", "A", detail, False, "")
    return say.detail(entry, translator("fr"))
