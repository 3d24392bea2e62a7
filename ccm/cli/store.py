"""`init`, `demo`, `grants`: making a store, with the real session or invented data; who may use it."""

from typing import Annotated

import typer

from ccm.cli import options
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import any_store, ready_store
from ccm.commands.first_load import initialise
from ccm.config import DEFAULT_STORE, DEMO_STORE
from ccm.store import grants as rights


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


def grants(
    context: typer.Context,
    role: Annotated[
        str,
        typer.Argument(
            metavar="RÔLE", show_default=False, help="Le compte PostgreSQL qui sert l'application."
        ),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Donne ces droits, au lieu d'écrire le SQL.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Limite un compte PostgreSQL à ce qu'il faut à l'application : ni réécrire, ni toucher aux tables."""
    with ready_store(store_url(context, store)) as opened:
        if apply:
            with opened.schema() as connection:
                rights.apply(connection, role)
            typer.echo(f"{opened.url} : « {role} » a les droits de l'application, et eux seuls.")
            return
        with opened.read() as connection:
            statements = rights.statements(connection, role)
        typer.echo("\n".join(["BEGIN;", *(f"{statement};" for statement in statements), "COMMIT;"]))
