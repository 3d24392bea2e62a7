"""Figures as JSON and CSV: the stable forms that other programs read."""

import csv
import io
import json
from fractions import Fraction

from ccm.domain.figures import COUNTS, Figures
from ccm.exports.plain import inert
from ccm.queries.results import FiguresTable

_RATES = ("realised", "completion", "coverage")
_COLUMNS = ("key", "label", *COUNTS, *_RATES)


def figures_json(table: FiguresTable, *, provisional: bool = False) -> str:
    """The answer of `figures --format json`."""
    answer = {
        "as_of": table.as_of.isoformat(),
        "known_at": table.known_at.isoformat(timespec="microseconds"),
        "demo": table.demo,
        "by": table.by.value,
        "rows": [_row(row.key, row.label, row.figures) for row in table.rows],
        "total": _row("total", "Total", table.total),
        "plan": _row("plan", "Ensemble du plan", table.plan),
    }
    if provisional:
        answer["provisional"] = True
    return json.dumps(answer, ensure_ascii=False, indent=1)


def figures_csv(table: FiguresTable) -> str:
    """The same rows as CSV; `total` and `plan` are the last two, and each says what it was taken from."""
    text = io.StringIO()
    columns = (*_COLUMNS, "as_of", "known_at", "demo")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    rows = [_row(row.key, inert(row.label), row.figures) for row in table.rows]
    rows += [_row("total", "Total", table.total), _row("plan", "Ensemble du plan", table.plan)]
    point = {
        "as_of": table.as_of.isoformat(),
        "known_at": table.known_at.isoformat(timespec="microseconds"),
        "demo": "true" if table.demo else "false",
    }
    writer.writerows({**row, **point} for row in rows)
    return text.getvalue()


def _row(key: str, label: str, figures: Figures) -> dict[str, object]:
    counts = {name: getattr(figures, name) for name in COUNTS}
    rates = {name: _nearest(getattr(figures, name)) for name in _RATES}
    return {"key": key, "label": label, **counts, **rates}


def _nearest(value: Fraction | None) -> float | None:
    """The double nearest to an exact percentage."""
    return None if value is None else float(value)
