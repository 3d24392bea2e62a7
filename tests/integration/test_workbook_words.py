"""What is said of a workbook's rows is said in a focal point's words: states, names, what was typed."""

import datetime as dt
import re
from typing import Any

import pytest

from ccm.commands import ReportLine
from ccm.domain.errors import ImportRejected
from ccm.domain.vocabulary import BlockedCause, DroppedKind, Status
from ccm.render.sentences import workbook as say
from ccm.store import Store
from tests.integration.acting import import_reports
from tests.integration.books import DAY, Book, back

_CODES = re.compile(rf"\b({'|'.join([*Status, *BlockedCause, *DroppedKind])})\b|\bNE\d\d\d\b")


def _mend(store: Store, blank: bytes, locale: str = "fr", **cells: Any) -> str:
    right = {"status": "En cours", "percent": 50, "as_of": DAY, **cells}
    taken = back(store, Book(blank).fill("CCM7-A1-05", **right).saved(), dry_run=True)
    return "\n".join(say.problems(taken.rows[0], locale)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"blocked_reason": "crédits"}, "« crédits » ne va qu'avec « Bloqué », pas avec « En cours »"),
        ({"blocked_cause": "Autre motif"}, "« Autre motif » ne va qu'avec « Bloqué », pas avec « En cours »"),
        (
            {"dropped_kind": "Sans objet"},
            "« Sans objet » ne va qu'avec « Abandonné ou sans objet », pas avec « En cours »",
        ),
        ({"percent": 150}, "« 150 » n'est pas accepté : « En cours » demande un nombre entier de 1 à 99"),
        ({"percent": "cinquante"}, "« cinquante » n'est pas un nombre entier de 1 à 99"),
        ({"percent": None}, "« En cours » demande un nombre entier de 1 à 99"),
        ({"status": "Réalisé"}, "« 50 » n'est pas accepté : « Réalisé » vaut 100, ou laissez vide"),
        ({"status": "Abandonné ou sans objet"}, "« Abandonné ou sans objet » n'a pas de pourcentage"),
        ({"status": "Bloqué", "percent": 120}, "« 120 » n'est pas accepté : « Bloqué » demande"),
        ({"status": None, "percent": 150}, "« 150 » n'est pas un nombre entier de 0 à 100"),
        ({"as_of": dt.date(2999, 1, 1)}, "« 01/01/2999 » : "),
        ({"status": "Bloqué", "blocked_reason": "x", "blocked_by": "Tahouia"}, "« Tahouia » n'est pas"),
    ],
)
def test_a_row_to_mend_repeats_what_was_typed_and_says_no_code(
    sqlite_store: Store, blank: bytes, cells: dict[str, Any], says: str
) -> None:
    heard = _mend(sqlite_store, blank, **cells)
    assert says in heard
    assert not _CODES.search(heard)


def test_states_are_said_in_the_readers_language(sqlite_store: Store, blank: bytes) -> None:
    heard = _mend(sqlite_store, blank, "en", blocked_reason="crédits")
    assert "“Blocked”" in heard and "“In progress”" in heard


def test_a_file_of_reports_is_told_the_code_beside_the_word(sqlite_store: Store) -> None:
    line = ReportLine("CCM7-A1-05", "NE002", "2024-03-31", "in_progress", "50", blocked_reason="crédits")
    with pytest.raises(ImportRejected) as caught:
        import_reports(sqlite_store, line)
    assert "ne va qu'avec « Bloqué (blocked) », pas avec « En cours (in_progress) »" in str(caught.value)
