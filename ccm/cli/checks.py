"""`verify` and `doctor`: is the data whole, is the machine fit."""

from collections.abc import Iterable

import typer

from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import any_store, init_command, ready_store
from ccm.queries import integrity
from ccm.queries.doctor import doctor as examine
from ccm.queries.integrity import Check

_FAILED = 1


def verify(context: typer.Context, store: StoreOption = None) -> None:
    """Vérifie la base, le journal, l'état courant."""
    with ready_store(store_url(context, store)) as opened:
        _tell(integrity.verify(opened))


def doctor(context: typer.Context, store: StoreOption = None) -> None:
    """Examine la machine, les réglages et l'entrepôt."""
    url = store_url(context, store)
    with any_store(url) as opened:
        _tell(examine(opened, init_command(opened, url)))


def _tell(checks: Iterable[Check]) -> None:
    failed = False
    for check in checks:
        failed = failed or not check.passed
        typer.echo(f"{'OK' if check.passed else 'À revoir':<9} {check.name} : {check.detail}")
    if failed:
        raise typer.Exit(_FAILED)
