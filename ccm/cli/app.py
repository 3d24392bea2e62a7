"""The program `python -m ccm`: its commands, by name."""

import sys
from importlib import import_module
from typing import Any

import typer

from ccm.cli.french import Command, Program
from ccm.cli.options import StoreOption

PROGRAM = "python -m ccm"

#: Each command's or group's module here, and its name there.
_COMMANDS = {
    "init": ("store", "init"),
    "figures": ("figures", "figures"),
    "brief": ("brief", "brief"),
    "demo": ("store", "demo"),
    "grants": ("store", "grants"),
    "verify": ("checks", "verify"),
    "doctor": ("checks", "doctor"),
    "serve": ("serve", "serve"),
    "workbook": ("workbooks", "workbook"),
    "import": ("files", "imports"),
    "export": ("files", "exports"),
    "user": ("people", "users"),
    "session": ("people", "sessions"),
    "journal": ("journal", "journals"),
    "evidence": ("evidence", "evidences"),
}


def program(*names: str) -> typer.Typer:
    """The program; with names, these commands of it alone, and nothing loaded that others need."""
    app = typer.Typer(
        cls=Program,
        name=PROGRAM,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_program)
    for name in names or _COMMANDS:
        found = _found(name)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name, cls=Command)(found)
    return app


def main() -> None:
    """Run the program on the command line's arguments."""
    asked = sys.argv[1:2]
    program(*(name for name in asked if name in _COMMANDS))(prog_name=PROGRAM)


def _found(name: str) -> Any:
    module, attribute = _COMMANDS[name]
    return getattr(import_module(f"ccm.cli.{module}"), attribute)


def _program(store: StoreOption = None) -> None:
    """Suivi des recommandations du Cadre de Concertation sur la Migration (CCM) du Niger."""
