"""`evidence …`: the files of evidence."""

from fractions import Fraction
from typing import Annotated

import typer

from ccm.auth import CONSOLE
from ccm.cli.french import Command, Group
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.commands import submit
from ccm.commands.evidence_sweep import SweepEvidence
from ccm.i18n import numbers

evidences = typer.Typer(cls=Group, no_args_is_help=True, help="Les fichiers de preuve.")


@evidences.callback()
def _group() -> None:
    """Keep `sweep` a command by its name, though it is the only one."""


@evidences.command("sweep", cls=Command)
def sweep(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compte seulement.")] = False,
    store: StoreOption = None,
) -> None:
    """Ôte les fichiers que ni un point ni un brouillon ne cite, un jour après leur arrivée."""
    with ready_store(store_url(context, store)) as opened:
        swept = submit(opened, CONSOLE, SweepEvidence(dry_run))
    told = "à ôter" if dry_run else "ôtés"
    room = numbers.decimal(Fraction(swept.size, 2**20), "fr")
    typer.echo(f"{swept.files} fichiers {told}, {room} Mio.")
