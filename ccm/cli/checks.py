"""`verify` and `doctor`: is the data whole, is the machine fit."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import any_store, init_command, ready_store
from ccm.domain.errors import NotFound
from ccm.queries import integrity
from ccm.queries.doctor import doctor as examine
from ccm.queries.heads import read_head
from ccm.queries.integrity import Check

_FAILED = 1


def verify(
    context: typer.Context,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="FICHIER", help="Tête du journal exportée plus tôt."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Vérifie la base, le journal, les preuves, l'état courant."""
    known = read_head(_read(Path(head))) if head else None
    with ready_store(store_url(context, store)) as opened:
        _tell(integrity.verify(opened, known))


def doctor(context: typer.Context, store: StoreOption = None) -> None:
    """Examine la machine, les réglages et l'entrepôt."""
    url = store_url(context, store)
    with any_store(url) as opened:
        _tell(examine(opened, init_command(opened, url)))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "ce n'est pas du texte"
        raise NotFound("%(path)s ne peut pas être lu (%(reason)s).", path=path, reason=reason) from error


def _tell(checks: Iterable[Check]) -> None:
    failed = False
    for check in checks:
        failed = failed or not check.passed
        typer.echo(f"{'OK' if check.passed else 'À revoir':<9} {check.name} : {check.detail}")
    if failed:
        raise typer.Exit(_FAILED)
