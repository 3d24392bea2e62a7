"""`export xlsx` and `export docx`: the tracking table."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import typer

from ccm.cli.exchange import OutOption
from ccm.cli.french import Command
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.cli.tables import counted
from ccm.exports.atomic import whole_bytes
from ccm.exports.room import require_held, require_room
from ccm.exports.tracking import HEADINGS, Tracking, excel, tracking, word
from ccm.metrics import At
from ccm.queries.ask import ask, reading
from ccm.queries.scope import store_query
from ccm.queries.whole import Whole


def add_to(exports: typer.Typer) -> None:
    """The commands, beside the others of `export`."""
    exports.command("xlsx", cls=Command)(export_xlsx)
    exports.command("docx", cls=Command)(export_docx)


def export_xlsx(context: typer.Context, output: OutOption, store: StoreOption = None) -> None:
    """Le tableau de suivi (Excel), une ligne par recommandation."""
    _export(store_url(context, store), output, excel)


def export_docx(context: typer.Context, output: OutOption, store: StoreOption = None) -> None:
    """Le tableau de suivi (Word), une ligne par recommandation."""
    _export(store_url(context, store), output, word)


def _export(url: str, output: Path, write: Callable[[BinaryIO, Tracking], None]) -> None:
    with ready_store(url) as opened:
        facts = ask(opened, store_query())
        at = At(facts.default_date, fresh_days=facts.fresh_days)
        whole = Whole(at)
        with reading(opened, at) as connection, whole_bytes(output) as file:
            kept = whole.count(connection)
            if write is excel:
                require_room(kept, HEADINGS)
            else:
                require_held(kept)
            rows = whole.tracking(connection)
            write(file, tracking(rows, whole.sessions(connection), facts, at.as_of))
    told = counted(kept, "recommandation", "recommandations")
    typer.echo(f"{output} : {told}, situation au {at.as_of:%d/%m/%Y}.")
