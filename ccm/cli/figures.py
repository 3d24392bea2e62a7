"""`figures`: every figure, by group, at any date."""

from enum import StrEnum
from typing import Annotated

import typer

from ccm.auth import CONSOLE
from ccm.cli import options
from ccm.cli.options import AsOfOption, SessionOption, StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.cli.tables import figures_text
from ccm.domain.vocabulary import GroupBy
from ccm.exports.figures import figures_csv, figures_json
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.figures import FiguresQuery
from ccm.queries.scope import store_query


class _Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def figures(  # noqa: PLR0913, PLR0917 - one parameter for each option
    context: typer.Context,
    by: Annotated[str, typer.Option("--by", metavar="|".join(GroupBy), help="Comment grouper.")],
    session: SessionOption = None,
    as_of: AsOfOption = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            "--known-at", metavar="INSTANT", help="Selon ce qui était connu à cet instant, compris."
        ),
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Avec les points transmis, pas encore validés.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(_Format), help="Sous quelle forme.")
    ] = "table",
    store: StoreOption = None,
) -> None:
    """Les chiffres, et les décomptes dont ils viennent."""
    grouping = options.code("--by", by, GroupBy)
    shape = options.code("--format", form, _Format)
    number = options.whole("--session", session)
    day, instant = options.day("--as-of", as_of), options.instant("--known-at", known_at)
    with ready_store(store_url(context, store)) as opened:
        facts = ask(opened, store_query())
        at = At(day or facts.default_date, instant, number, provisional, fresh_days=facts.fresh_days)
        table = ask(opened, FiguresQuery(at, grouping), CONSOLE.visibility)
    if shape is _Format.JSON:
        typer.echo(figures_json(table, provisional=provisional))
    elif shape is _Format.CSV:
        typer.echo(figures_csv(table), nl=False)
    else:
        typer.echo(figures_text(table, provisional=provisional))
