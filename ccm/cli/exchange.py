"""`import …` and `export …`: files in and out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.french import Command, Group
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.cli.tables import counted
from ccm.commands import actor_named, submit
from ccm.domain.errors import CcmError, ImportRejected
from ccm.exports.atomic import reason
from ccm.exports.raw import export_raw
from ccm.importers import follow_up
from ccm.importers.follow_up import Sample
from ccm.importers.tabular import LARGEST_FILE

imports = typer.Typer(cls=Group, no_args_is_help=True, help="Fait entrer un fichier.")
exports = typer.Typer(cls=Group, no_args_is_help=True, help="Fait sortir les données.")

_TRIED = "acceptable ; essai, rien n'a été enregistré"

#: What is said of one row, and of several.
_REPEATED = tuple(
    f"{counts} à la place de ce qui était dit du même jour ; "
    "le Secrétariat retire ce qui est de trop, avec un motif, depuis la fiche de la recommandation"
    for counts in ("elle compte", "elles comptent")
)
_TO_REPEAT = (
    "ôtez-la du fichier, ou elle sera enregistrée une seconde fois",
    "ôtez-les du fichier, ou elles seront enregistrées une seconde fois",
)

FileArgument = Annotated[Path, typer.Argument(metavar="FICHIER", show_default=False, help="Le fichier CSV.")]
AsOption = Annotated[
    str, typer.Option("--as", metavar="PERSONNE", help="Au nom de qui (voir « user list »).")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Vérifie seulement : rien n'est enregistré.")]
OutOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="FICHIER", show_default=False, help="Le fichier à écrire.")
]


@imports.command("reports", cls=Command)
def import_reports(
    context: typer.Context,
    file: FileArgument,
    person: AsOption,
    validate: Annotated[bool, typer.Option("--validate", help="Valide aussitôt ces points.")] = False,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
) -> None:
    """Points de situation (CSV).

    Colonnes : recommendation, entity, as_of, status ; et au besoin percent, note, blocked_reason,
    blocked_cause, blocked_by, dropped_kind. Si une ligne est refusée, rien n'est enregistré.
    """
    with ready_store(store_url(context, store)) as opened, naming(file):
        command, sample = follow_up.reports(file_bytes(file), validate=validate, dry_run=dry_run)
        done = submit(opened, actor_named(opened, person), command)
    _say_encoding(sample)
    reports = counted(done.reports, "point de situation", "points de situation")
    recommendations = counted(done.recommendations, "recommandation", "recommandations")
    kept = "import fait, validé" if done.validated else "import fait, à valider"
    typer.echo(f"{reports} sur {recommendations} : {kept if done.written else _TRIED}.")
    if done.repeated:
        same = counted(
            done.repeated,
            "ligne identique à un point de situation déjà enregistré",
            "lignes identiques à des points de situation déjà enregistrés",
        )
        told = _REPEATED if done.written else _TO_REPEAT
        typer.echo(f"{same} : {told[done.repeated > 1]}.")


@imports.command("assignments", cls=Command)
def import_assignments(
    context: typer.Context,
    file: FileArgument,
    person: AsOption,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
) -> None:
    """Engagements : qui répond de quoi (CSV).

    Colonnes : recommendation, entity ; et au besoin role, weight, due_date, nature, effective_on. Une cellule
    vide laisse la valeur, « - » efface une échéance. Si une ligne est refusée, rien n'est enregistré.
    """
    with ready_store(store_url(context, store)) as opened, naming(file):
        command, sample = follow_up.assignments(file_bytes(file), dry_run=dry_run)
        done = submit(opened, actor_named(opened, person), command)
    _say_encoding(sample)
    told = (
        counted(done.added, "engagement nouveau", "engagements nouveaux"),
        counted(done.changed, "engagement modifié", "engagements modifiés"),
        counted(done.natures, "nature fixée", "natures fixées"),
    )
    typer.echo(f"{', '.join(told)} : {'enregistré' if done.written else _TRIED}.")
    if done.last_to_come:
        typer.echo(f"Le dernier changement ne prendra effet que le {done.last_to_come:%d/%m/%Y}.")
    if done.outweighed:
        changes = counted(done.outweighed, "changement d'avant", "changements d'avant")
        typer.echo(
            f"{changes} l'adoption : sans effet, la table adoptée dit autre chose à partir de ce jour."
        )


@exports.command("raw", cls=Command)
def export_raw_rows(context: typer.Context, output: OutOption, store: StoreOption = None) -> None:
    """Les lignes dont viennent les chiffres, en JSON.

    De quoi les recalculer tous hors du programme. Les lignes disent ce qui est en vigueur à la date as_of :
    aujourd'hui, ou le dernier jour inventé d'une démonstration.
    """
    with ready_store(store_url(context, store)) as opened:
        counts = export_raw(opened, output)
    told = (
        counted(counts["recommendations"], "recommandation", "recommandations"),
        counted(counts["assignments"], "engagement", "engagements"),
        counted(counts["reports"], "point de situation", "points de situation"),
    )
    typer.echo(f"{output} : {', '.join(told)}.")


def file_bytes(file: Path) -> bytes:
    """What a file holds, up to one byte more than is accepted."""
    try:
        with file.open("rb") as opened:
            # One byte more than is accepted tells too large a file without reading all of it.
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CcmError(
            "%(file)s ne peut pas être lu : %(reason)s.", file=file, reason=reason(error)
        ) from error


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Say which file the problems are in, and that none of it was kept."""
    try:
        yield
    except ImportRejected as error:
        raise CcmError(
            "%(file)s : %(problems)s, rien n'a été enregistré.\n%(told)s",
            file=file,
            problems=counted(len(error.problems), "problème", "problèmes"),
            told=error,
        ) from error


def _say_encoding(sample: Sample) -> None:
    if sample.encoding == "cp1252" and sample.words:
        typer.echo(f"Fichier lu en Windows-1252, vérifiez les accents : {', '.join(sample.words)}.")
