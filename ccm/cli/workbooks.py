"""`workbook` and `import workbook`: the focal point's sheet, out and back."""

import sys
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ccm.auth import CONSOLE, Actor
from ccm.cli.exchange import AsOption, DryRunOption, OutOption, file_bytes, naming
from ccm.cli.french import Command
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.cli.tables import counted
from ccm.commands import actor_named, cells, submit
from ccm.commands.workbook import TakeWorkbook, WorkbookTaken
from ccm.commands.workbook_rows import JudgedRow
from ccm.domain.errors import CcmError
from ccm.domain.workbook import Outcome
from ccm.exports import workbook as exports
from ccm.exports.atomic import whole_bytes
from ccm.i18n import DEFAULT_LOCALE
from ccm.importers.workbook import returned
from ccm.metrics import At
from ccm.queries.answer_form import ReportQuery
from ccm.queries.ask import ask, ask_as
from ccm.queries.scope import store_query
from ccm.queries.workbook import WorkbookQuery
from ccm.render.sentences import workbook as say
from ccm.store import Store

_COUNTS = {
    Outcome.NEW: ("réponse nouvelle", "réponses nouvelles"),
    Outcome.UNCHANGED: ("déjà enregistrée", "déjà enregistrées"),
    Outcome.CONFLICT: ("en conflit", "en conflit"),
    Outcome.TAMPERED: ("ligne refusée", "lignes refusées"),
    Outcome.WRONG: ("ligne à reprendre", "lignes à reprendre"),
}


def add_to(imports: typer.Typer) -> None:
    """The command, beside the others of `import`."""
    imports.command("workbook", cls=Command)(import_workbook)


def workbook(
    context: typer.Context,
    entity: Annotated[
        str, typer.Option("--entity", metavar="CODE", help="L'acteur : NE002, MAEC…", show_default=False)
    ],
    output: OutOption,
    store: StoreOption = None,
) -> None:
    """Le classeur d'un acteur, à remplir hors ligne (.xlsx).

    « import workbook » le relit.
    """
    with ready_store(store_url(context, store)) as opened:
        facts = ask(opened, store_query())
        at = At(facts.default_date, fresh_days=facts.fresh_days)
        found = ask_as(opened, CONSOLE, WorkbookQuery(entity, at))
        with whole_bytes(output) as file:
            file.write(exports.workbook(found))
    answers = counted(len(found.rows), "réponse attendue", "réponses attendues")
    typer.echo(f"{output} : {answers} de {found.entity.short_name}.")


def import_workbook(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", show_default=False, help="Le classeur rempli.")],
    person: AsOption,
    mine: Annotated[
        list[str] | None,
        typer.Option(
            "--mine",
            metavar="RÉPONSE",
            help="Dans un conflit, prend le texte du classeur (CCM7-A1-05/NE002) ; à répéter.",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Enregistre sans demander.")] = False,
    store: StoreOption = None,
) -> None:
    """Classeur d'un acteur, rempli (.xlsx).

    Chaque ligne est jugée : nouvelle, inchangée, en conflit avec un changement fait entre-temps, à reprendre,
    ou refusée parce que son identité a changé. Les bonnes lignes sont enregistrées, les autres sont dites ;
    le même fichier pris deux fois ne change rien. Dans un terminal, tout est montré et il est demandé avant
    d'enregistrer, à moins de --yes ; un script n'est pas interrogé. Commencez par --dry-run.
    """
    with ready_store(store_url(context, store)) as opened, naming(file):
        actor = actor_named(opened, person)
        command = returned(file_bytes(file))
        keys = _known(mine or (), command)
        asks = sys.stdin.isatty() and not (dry_run or yes)
        # What one chooses against is shown first, and is what one has chosen against.
        taken = submit(opened, actor, replace(command, dry_run=dry_run or asks or bool(keys)))
        _tell(opened, actor, taken.rows)
        command = replace(command, mine=_chosen(taken, keys))
        if dry_run or asks or not keys:
            _sum_up(taken, asks=asks)
        if asks and (taken.of(Outcome.NEW) or command.mine):
            taken = _asked(opened, actor, command, taken)
        elif keys and not (dry_run or asks):
            taken = _recorded(opened, actor, command, taken)
    if any(row.outcome not in (Outcome.NEW, Outcome.UNCHANGED) for row in taken.rows):
        raise typer.Exit(2)


def _asked(store: Store, actor: Actor, command: TakeWorkbook, shown: WorkbookTaken) -> WorkbookTaken:
    """Take the workbook that was shown, if the person at the terminal says so."""
    answer = typer.prompt(
        "Enregistrer ces réponses ? [o/N]", default="n", show_default=False, prompt_suffix=" "
    )
    if answer.strip().casefold() not in ("o", "oui"):
        typer.echo("Rien n'a été enregistré.")
        return shown
    return _recorded(store, actor, command, shown)


def _recorded(store: Store, actor: Actor, command: TakeWorkbook, shown: WorkbookTaken) -> WorkbookTaken:
    taken = submit(store, actor, command)
    # What somebody else recorded while the question stood there changes what becomes of a row.
    _tell(store, actor, (row for row in taken.rows if row not in shown.rows))
    _sum_up(taken)
    return taken


def _known(keys: Collection[str], command: TakeWorkbook) -> Collection[str]:
    """The answers named; raises CcmError for one that the workbook does not have."""
    strange = sorted(set(keys) - command.stamp.bases.keys())
    if strange:
        raise CcmError(
            "--mine : « %(key)s » n'est pas une réponse de ce classeur : écrivez CCM7-A1-05/NE002.",
            key=cells.shown(strange[0]),
        )
    return keys


def _chosen(shown: WorkbookTaken, keys: Collection[str]) -> frozenset[tuple[str, int | None]]:
    """The answers of the workbook that are taken, each with the report that it was shown beside."""
    conflicts = shown.of(Outcome.CONFLICT)
    return frozenset((row.row.assignment, row.theirs) for row in conflicts if row.row.assignment in keys)


def _tell(store: Store, actor: Actor, rows: Iterable[JudgedRow]) -> None:
    for row in rows:
        meanwhile = ask_as(store, actor, ReportQuery(row.theirs)) if row.theirs else None
        for line in say.lines(row, meanwhile):
            typer.echo(line)


def _sum_up(taken: WorkbookTaken, *, asks: bool = False) -> None:
    for line in say.around(taken, DEFAULT_LOCALE):
        typer.echo(line)
    counts = [
        counted(len(taken.of(outcome)), *words) for outcome, words in _COUNTS.items() if taken.of(outcome)
    ]
    counts += [counted(taken.blank, "ligne vide", "lignes vides")] if taken.blank else []
    typer.echo(f"{', '.join(counts) or 'aucune ligne'} : {_kept(taken, asks=asks)}.")


def _kept(taken: WorkbookTaken, *, asks: bool) -> str:
    """What was recorded; `asks`: it is asked next whether to."""
    if taken.taken:
        return "enregistré, à valider"
    if taken.written or (asks and not taken.of(Outcome.NEW)):
        return "rien à enregistrer"
    return "rien n'est encore enregistré" if asks else "essai, rien n'a été enregistré"
