"""`journal …`: the head of the chain, to be kept elsewhere."""

import typer

from ccm.auth import CONSOLE
from ccm.cli.french import Command, Group
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.queries.ask import ask_as
from ccm.queries.journal import HeadQuery

journals = typer.Typer(cls=Group, no_args_is_help=True, help="Le journal des changements.")


@journals.callback()
def _group() -> None:
    """Keep `head` a command by its name, though it is the only one."""


@journals.command("head", cls=Command)
def head(context: typer.Context, store: StoreOption = None) -> None:
    """Écrit la tête de la chaîne, à garder ailleurs : « verify --head » la compare plus tard."""
    with ready_store(store_url(context, store)) as opened:
        typer.echo(ask_as(opened, CONSOLE, HeadQuery()).text, nl=False)
