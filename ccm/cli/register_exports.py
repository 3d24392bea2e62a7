"""`export csv|json|hxl|html|ics`: the register in other forms."""

from typing import Annotated

import typer

from ccm.auth import CONSOLE
from ccm.cli import options
from ccm.cli.exchange import OutOption
from ccm.cli.french import Command
from ccm.cli.options import AsOfOption, SessionOption, StoreOption, store_url
from ccm.cli.stores import ready_store
from ccm.config import settings
from ccm.domain.errors import CcmError
from ccm.exports.atomic import whole_bytes
from ccm.i18n import LOCALES
from ccm.screens import view
from ccm.screens.exported import Form, exported

_HELP = {
    Form.CSV: "Le registre en CSV, une ligne par recommandation.",
    Form.JSON: "Le registre en JSON, une ligne par recommandation.",
    Form.HXL: "Les réponses des régions en CSV, avec les étiquettes HXL : par recommandation et région.",
    Form.HTML: "Le dossier hors ligne : tout le plan et son état dans un seul fichier, sans connexion.",
    Form.ICS: "Les échéances à venir ou manquées, comme calendrier (iCalendar).",
}
LanguageOption = Annotated[
    str, typer.Option("--lang", metavar="|".join(LOCALES), help="La langue des titres et des phrases.")
]


def add_to(exports: typer.Typer) -> None:
    """The commands, beside the others of `export`."""
    for form, told in _HELP.items():
        _add(exports, form, told)


def _add(exports: typer.Typer, form: Form, told: str) -> None:
    @exports.command(form.value, cls=Command, help=told)
    def export(
        context: typer.Context,
        output: OutOption,
        session: SessionOption = None,
        as_of: AsOfOption = None,
        lang: LanguageOption = LOCALES[0],
        store: StoreOption = None,
    ) -> None:
        number, day = options.whole("--session", session), options.day("--as-of", as_of)
        if lang not in LOCALES:
            raise CcmError(
                "--lang : « %(lang)s » n'est pas une langue proposée : écrivez fr ou en.", lang=lang
            )
        asked = {"date": day.isoformat() if day else "", "session": "" if number is None else str(number)}
        parameters = {name: value for name, value in {**asked, "lang": lang}.items() if value}
        with ready_store(store_url(context, store)) as opened:
            seen = view(opened, CONSOLE, parameters)
            found = exported(seen, form, parameters, settings().address)
            with whole_bytes(output) as file:
                found.write(file)
        typer.echo(f"{output} : situation au {seen.as_of:%d/%m/%Y}.")
