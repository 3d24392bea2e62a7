"""`user …` and `session …`: the people, and the cycle."""

from typing import Annotated

import typer

from ccm.auth import CONSOLE
from ccm.cli import options
from ccm.cli.french import Command, Group
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.cli.tables import columns
from ccm.commands import AddUser, OpenSession, submit
from ccm.commands.one_time_links import IssueLink
from ccm.commands.people_changes import DisablePerson
from ccm.config import settings
from ccm.domain.labels import label
from ccm.domain.vocabulary import UserRole
from ccm.i18n import translator
from ccm.i18n.numbers import day
from ccm.queries.people import people

AddressOption = Annotated[
    str,
    typer.Option(
        "--address", metavar="URL", help="Adresse du tableau de bord, pour le lien (sinon CCM_ADDRESS)."
    ),
]
_ADDRESS = settings().address or "http://127.0.0.1:8501"

users = typer.Typer(cls=Group, no_args_is_help=True, help="Les personnes du suivi.")
sessions = typer.Typer(cls=Group, no_args_is_help=True, help="Le cycle des sessions.")


@users.command("add", cls=Command)
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NOM", show_default=False, help="Nom de la personne.")],
    role: Annotated[str, typer.Option("--role", metavar="|".join(UserRole), help="Son rôle.")],
    entity: Annotated[
        list[str] | None,
        typer.Option(
            "--entity", metavar="CODE", help="Acteur pour lequel répond un point focal (répétable)."
        ),
    ] = None,
    address: AddressOption = _ADDRESS,
    store: StoreOption = None,
) -> None:
    """Ajoute une personne ; donne le lien de son premier mot de passe."""
    with ready_store(store_url(context, store)) as opened:
        submit(opened, CONSOLE, AddUser(name, role, tuple(entity or ())))
        token = submit(opened, CONSOLE, IssueLink(name.strip()))
    typer.echo(f"« {name.strip()} » est ajouté.", err=True)
    _tell_link(address, token)


@users.command("reset", cls=Command)
def reset(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NOM", show_default=False, help="Nom de la personne.")],
    address: AddressOption = _ADDRESS,
    store: StoreOption = None,
) -> None:
    """Prépare un lien qui sert une fois : premier mot de passe, ou nouveau."""
    with ready_store(store_url(context, store)) as opened:
        token = submit(opened, CONSOLE, IssueLink(name))
    _tell_link(address, token)


def _tell_link(address: str, token: str) -> None:
    """The link alone where a program reads, and beside it what to do with it."""
    typer.echo(f"{address.rstrip('/')}/lien/{token}")
    typer.echo("Remettez ce lien à la personne : il sert une fois, pendant 24 heures.", err=True)


@users.command("disable", cls=Command)
def disable(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NOM", show_default=False, help="Nom de la personne.")],
    store: StoreOption = None,
) -> None:
    """Désactive une personne, à l'instant : ses connexions prennent fin."""
    with ready_store(store_url(context, store)) as opened:
        submit(opened, CONSOLE, DisablePerson(name))
    typer.echo(f"« {name} » est désactivé.")


@users.command("list", cls=Command)
def list_(context: typer.Context, store: StoreOption = None) -> None:
    """Les personnes, leur rôle et les acteurs pour lesquels elles répondent."""
    with ready_store(store_url(context, store)) as opened, opened.read() as connection:
        known = people(connection)
    t = translator("fr")
    lines = [
        (
            person.name,
            f"{label(person.role, t)} ({person.role.value})",
            " ".join(person.entities) or "—",
            "activée" if person.active else "désactivée",
        )
        for person in known
    ]
    headings = ("Nom", "Rôle", "Acteurs", "État")
    typer.echo("\n".join(columns(headings, lines, words=4)) if lines else "Personne n'est encore inscrit.")


@sessions.command("open", cls=Command)
def open_session(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="N", show_default=False, help="Numéro de la session.")],
    political: Annotated[str, typer.Option("--political", metavar="DATE", help="Réunion politique.")],
    preparatory: Annotated[
        str | None, typer.Option("--preparatory", metavar="DATE", help="Réunion préparatoire.")
    ] = None,
    technical: Annotated[
        str | None, typer.Option("--technical", metavar="DATE", help="Réunion technique.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Ouvre une session, aux dates de ses réunions, passées ou à venir."""
    command = OpenSession(
        options.required(options.whole("N", number)),
        options.required(options.day("--political", political)),
        options.day("--preparatory", preparatory),
        options.day("--technical", technical),
    )
    with ready_store(store_url(context, store)) as opened:
        submit(opened, CONSOLE, command)
    typer.echo(f"Session {command.number} ouverte, réunion politique le {day(command.political, 'fr')}.")
