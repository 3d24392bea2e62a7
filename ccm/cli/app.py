"""The program `python -m ccm`: its commands, by name."""

import typer

from ccm.cli import (
    brief,
    checks,
    evidence,
    exchange,
    figures,
    journal,
    people,
    register_exports,
    serve,
    store,
    tracking,
    workbooks,
)
from ccm.cli.french import Command, Program
from ccm.cli.options import StoreOption

PROGRAM = "python -m ccm"

app = typer.Typer(
    cls=Program,
    name=PROGRAM,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def program(store: StoreOption = None) -> None:
    """Suivi des recommandations du Cadre de Concertation sur la Migration (CCM) du Niger."""


tracking.add_to(exchange.exports)
workbooks.add_to(exchange.imports)
register_exports.add_to(exchange.exports)
for command in (
    store.init,
    figures.figures,
    brief.brief,
    store.demo,
    store.grants,
    checks.verify,
    checks.doctor,
    serve.serve,
    workbooks.workbook,
):
    app.command(cls=Command)(command)
for name, group in {
    "import": exchange.imports,
    "export": exchange.exports,
    "user": people.users,
    "session": people.sessions,
    "journal": journal.journals,
    "evidence": evidence.evidences,
}.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Run the program on the command line's arguments."""
    app(prog_name=PROGRAM)
