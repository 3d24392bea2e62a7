"""The pages that somebody would write by hand over the same store, in plain HTML.

`/table` is one bare table of counts; any other path is a page with the figures of our overview: the
three of the plan, by axis, by region with its bar, by institution, and each one's state in words.

python -m benchmarks.hand_written PORT STORE.db
"""

import sqlite3
import sys
from collections.abc import Iterable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_SUMS = """count(*), sum(a.status = 'completed'), sum(a.status = 'in_progress'), sum(a.status = 'blocked'),
sum(a.status = 'not_started'), sum(a.status = 'not_reported'), avg(coalesce(a.percent, 0))"""
_ANSWERS = """assignment_state a JOIN recommendation_state r USING (recommendation_id)
JOIN axis x ON x.id = r.axis_id JOIN entity e ON e.id = a.entity_id
LEFT JOIN entity_name n ON n.entity_id = e.id AND n.valid_to IS NULL
WHERE a.role = 'responsible' AND a.status <> 'dropped' AND r.nature = 'finite'"""
_PLAN = f"SELECT '', '', {_SUMS} FROM {_ANSWERS}"
_AXES = f"SELECT x.key, x.label, {_SUMS} FROM {_ANSWERS} GROUP BY x.id ORDER BY x.position"
_ACTORS = f"SELECT n.short_name, n.name, {_SUMS} FROM {_ANSWERS} AND (e.kind = 'region') = ? GROUP BY e.id"
_STATES = {
    "Réalisé": "#15604a",
    "En cours": "#6fae95",
    "Bloqué": "#d1702a",
    "Non démarré": "#c3c9cc",
    "Non renseigné": "#fff",
}
_STYLE = """body{font:16px sans-serif;max-width:1200px;margin:auto}table{border-collapse:collapse;width:100%}
td,th{border-top:1px solid #ccc;padding:6px;text-align:left}b.n{font-size:32px}svg{display:block}"""


def _bar(counts: Iterable[int]) -> str:
    counts = list(counts)
    at, drawn = 0.0, []
    for count, colour in zip(counts, _STATES.values(), strict=True):
        wide = 300 * count / sum(counts)
        drawn.append(f'<rect x="{at:.1f}" width="{wide:.1f}" height="14" fill="{colour}"/>')
        at += wide
    words = ", ".join(f"{name} {count}" for name, count in zip(_STATES, counts, strict=True) if count)
    return f'<svg width="300" height="14" role="img" aria-label="{words}">{"".join(drawn)}</svg>{words}'


def _table(
    title: str, head: str, rows: Iterable[tuple[str, str, int, int, int, int, int, int, float]]
) -> str:
    lines = "".join(
        f"<tr><th>{escape(key)} <small>{escape(name)}</small><td>{_bar(counts)}<td>{expected}"
        f"<td>{mean:.1f} %<td>{100 - 100 * counts[-1] / expected:.1f} %"
        for key, name, expected, *counts, mean in rows
    )
    heads = f"<tr><th>{head}<th>État<th>Attendues<th>Avancement<th>Renseigné"
    return f"<h2>{title}</h2><table>{heads}{lines}</table>"


def figures(connection: sqlite3.Connection) -> str:
    """The page with the overview's figures."""
    (_, _, expected, *counts, mean) = connection.execute(_PLAN).fetchone()
    three = {
        "Taux de réalisation": (100 * counts[0] / expected, f"{counts[0]} réponses sur {expected}"),
        "Avancement moyen": (mean, "moyenne des réponses, silence = 0"),
        "Taux de renseignement": (
            100 - 100 * counts[-1] / expected,
            f"{expected - counts[-1]} réponses sur {expected}",
        ),
    }
    trio = "".join(
        f"<p class=ccm-trio>{name}<br><b class=n>{value:.1f} %</b><br>{of}"
        for name, (value, of) in three.items()
    )
    parts = (
        _table("Par axe", "Axe", connection.execute(_AXES)),
        _table("Par région", "Région", connection.execute(_ACTORS, (True,))),
        _table("Par institution", "Institution", connection.execute(_ACTORS, (False,))),
    )
    head = f'<meta charset="utf-8"><title>Suivi du plan</title><style>{_STYLE}</style>'
    return f"<!doctype html><html lang=fr>{head}<h1>Suivi du plan</h1>{trio}{_bar(counts)}{''.join(parts)}"


def table(connection: sqlite3.Connection) -> str:
    """The bare table."""
    rows = connection.execute(f"SELECT e.key, '', {_SUMS} FROM {_ANSWERS} GROUP BY e.id")
    cells = "".join(
        f"<tr><td>{name}<td>{n}<td>{counts[0]}<td>{mean:.1f} %" for name, _, n, *counts, mean in rows
    )
    lines = f"<table><tr><th>Acteur<th>Attendues<th>Réalisées<th>Avancement{cells}</table>"
    return (
        f"<!doctype html><html lang=fr><meta charset=utf-8><title>Suivi</title><h1>Suivi du plan</h1>{lines}"
    )


class Handler(BaseHTTPRequestHandler):
    """Asks the store and writes the page that the path names."""

    store = ""

    def do_GET(self) -> None:
        """Answer."""
        with sqlite3.connect(self.store) as connection:
            page = (table if self.path == "/table" else figures)(connection).encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing: it is measured."""


if __name__ == "__main__":
    Handler.store = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
