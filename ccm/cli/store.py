"""`init` and `demo`: making a store, with the real session or with invented data."""

from typing import Annotated

import typer

from ccm.cli import options
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import any_store
from ccm.commands.first_load import initialise
from ccm.config import DEFAULT_STORE, DEMO_STORE


def init(context: typer.Context, store: StoreOption = None) -> None:
    """Crée ou met à niveau l'entrepôt, y charge la 7e session."""
    with any_store(store_url(context, store)) as opened:
        loaded = initialise(opened)
        typer.echo(f"{opened.url} : {'créé, 7e session chargée' if loaded else 'à jour'}.")


def demo(
    context: typer.Context,
    size: Annotated[str, typer.Option("--size", metavar="S|M|L", help="Combien de données.")] = "S",
    seed: Annotated[
        str, typer.Option("--seed", metavar="N", help="La même graine donne les mêmes lignes.")
    ] = "7",
    store: StoreOption = None,
) -> None:
    """Invente des données dans un entrepôt absent ou vide."""
    # Heavy, and needed by this command alone.
    from ccm.commands.demo import generate  # noqa: PLC0415

    number = options.required(options.whole("--seed", seed))
    url = store_url(context, store)
    # Invented data never goes to the default store: it has a file of its own.
    url = DEMO_STORE if url == DEFAULT_STORE and not store else url
    with any_store(url) as opened:
        generate(opened, size, number, progress=_tell)
        typer.echo(f"Données de démonstration (taille {size}, graine {number}) : {opened.url}.")


def _tell(step: str, done: int, total: int) -> None:
    typer.echo(f"{step} : {100 * done // max(total, 1)} %", err=True)
