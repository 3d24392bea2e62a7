"""`brief`: the session brief as a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ccm.auth import CONSOLE
from ccm.cli import options
from ccm.cli.exchange import OutOption
from ccm.cli.options import AsOfOption, StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.commands import cells
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.domain.errors import Invalid, Problem
from ccm.exports.atomic import whole_bytes
from ccm.exports.brief.forms import Form, Told, written
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.brief import BriefQuery
from ccm.queries.results import Scope
from ccm.queries.scope import store_query
from ccm.screens.choice import default_since


class _Language(StrEnum):
    FR = "fr"
    EN = "en"


def brief(  # noqa: PLR0913, PLR0917 - one parameter for each option
    context: typer.Context,
    output: OutOption,
    session: Annotated[
        str | None, typer.Option("--session", metavar="N", help="De cette session ; sinon de toutes.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(Form),
            help="Sous quelle forme ; sinon celle que dit la fin du nom du fichier, ou PDF.",
        ),
    ] = None,
    as_of: AsOfOption = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            "--known-at",
            metavar="INSTANT",
            help="Selon ce qui était connu à cet instant : la même note ressort.",
        ),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", metavar="|".join(_Language), help="En quelle langue.")
    ] = _Language.FR.value,
    store: StoreOption = None,
) -> None:
    """La note de situation d'une session, prête à être imprimée ou retouchée."""
    shape, locale = _shape(form, output), options.code("--lang", lang, _Language)
    number = options.whole("--session", session)
    day, instant = options.day("--as-of", as_of), options.instant("--known-at", known_at)
    with ready_store(store_url(context, store)) as opened:
        facts = ask(opened, store_query())
        at = At(day or facts.default_date, instant, number, fresh_days=facts.fresh_days)
        since = default_since(at.as_of, facts)
        before = At(since, instant, number, fresh_days=facts.fresh_days) if since else None
        found = ask(opened, BriefQuery(at, before), CONSOLE.visibility)
    dates = {known.number: known.political_date for known in facts.sessions}
    scope = Scope(number, dates.get(number or 0), at.as_of, since, facts.today, facts.demo)
    told = Told(scope, instant or utc_now(), locale.value, settings().address)
    content = written(shape, found, told)
    with whole_bytes(output) as file:
        file.write(content)
    typer.echo(f"{output} : note de situation au {at.as_of:%d/%m/%Y}.")


def _shape(asked: str | None, output: Path) -> Form:
    """The form that is asked for, else the one that the file's name ends with, else PDF.

    Raises Invalid where the two say different things: the file would not open under its name.
    """
    ending = next((form for form in Form if output.suffix.lower() == f".{form}"), None)
    if asked is None:
        return ending or Form.PDF
    shape = options.code("--format", asked, Form)
    if ending not in (None, shape):
        problem = Problem(
            "« %(name)s » n'est pas un nom de fichier %(form)s : ôtez --format ou changez la fin du nom",
            cells.told(name=cells.shown(output.name), form=shape.value),
            column="--format",
        )
        raise Invalid([problem])
    return shape
