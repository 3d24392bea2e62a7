"""The page that somebody would write by hand: a few counts of the same store, in plain HTML.

python -m benchmarks.hand_written PORT STORE.db
"""

import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_COUNTS = """SELECT entity.key, count(*), sum(state.status = 'completed'), avg(state.percent)
FROM assignment_state AS state JOIN entity ON entity.id = state.entity_id GROUP BY 1 ORDER BY 1"""


class Handler(BaseHTTPRequestHandler):
    """Answers every path with the same page."""

    store = ""

    def do_GET(self) -> None:
        """Ask the store, write the page."""
        with sqlite3.connect(self.store) as connection:
            rows = connection.execute(_COUNTS).fetchall()
        cells = "".join(
            f"<tr><td>{name}<td>{n}<td>{done}<td>{mean or 0:.1f} %" for name, n, done, mean in rows
        )
        table = f"<table><tr><th>Acteur<th>Attendues<th>Réalisées<th>Avancement{cells}</table>"
        page = f"<!doctype html><html lang=fr><title>Suivi</title><h1>Suivi du plan</h1>{table}".encode()
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
