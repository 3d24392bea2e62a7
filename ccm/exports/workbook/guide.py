"""The sheet that says how: what to fill, what each state asks for, the scale, what figures mean."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ccm.domain import workbook as layout
from ccm.domain.dates import local_time
from ccm.domain.vocabulary import Status
from ccm.exports.heights import height
from ccm.exports.plain import printable
from ccm.exports.workbook.answers import DEMONSTRATION, words
from ccm.i18n import DEFAULT_LOCALE, N_, numbers
from ccm.metrics.registry import metric
from ccm.queries.workbook import Workbook
from ccm.render.sentences.answer_form import ASKED, choice, step

_HOW = (
    N_("Sur la feuille « Réponses », chaque ligne est une réponse attendue de vous."),
    N_("Remplissez les cellules claires des seules lignes où il y a du nouveau ; laissez les autres vides."),
    N_("Choisissez l’état dans la liste, puis la date dont vous parlez, puis ce que l’état demande."),
    N_("Les autres cellules sont verrouillées : n’en ôtez aucune, elles disent de quelle réponse on parle."),
    N_(
        "Enregistrez au format .xlsx, puis déposez le fichier dans « Mon espace », ou envoyez-le au "
        "Secrétariat. Avant que rien ne soit écrit, chaque ligne est montrée : nouvelle, inchangée, en "
        "conflit ou refusée."
    ),
    N_("Le même fichier envoyé deux fois ne change rien la seconde fois."),
)
_ASKS = {
    Status.NOT_STARTED: N_("Demande la date ; pas de pourcentage."),
    Status.IN_PROGRESS: N_("Demande la date et un pourcentage de 1 à 99."),
    Status.BLOCKED: N_(
        "Demande la date, un pourcentage de 0 à 99 et un motif ; la cause et qui peut lever, si on les "
        "connaît."
    ),
    Status.COMPLETED: N_("Demande la date ; pas de pourcentage (c’est 100)."),
    Status.DROPPED: N_(
        "Demande la date, « Abandonné » ou « Sans objet », et une phrase dans « Qu’a-t-on fait ? » ; "
        "pas de pourcentage."
    ),
}
_STEPS = (25, 50, 75)
_FIGURES = ("realised", "completion", "coverage")
_WIDTHS = (28, 90)


def guide(book: Any, found: Workbook) -> None:
    """Write the sheet."""
    sheet = book.add_worksheet(layout.GUIDE)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_size": 13, "font_color": "#00563F"})
    for number, (left, right) in enumerate(_lines(found)):
        sheet.set_row(number, height(zip((left, right), _WIDTHS, strict=True)) if right else 24)
        sheet.write_string(number, 0, printable(left), strong if right else heading)
        sheet.write_string(number, 1, printable(right), wrapped)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect()


def _lines(found: Workbook) -> Iterator[tuple[str, str]]:
    yield words(N_("Mode d’emploi")), ""
    if found.demo:
        yield words(N_("Démonstration")), words(DEMONSTRATION)
    for number, how in enumerate(_HOW, 1):
        yield str(number), words(how)
    yield words(N_("Ce que chaque état demande")), ""
    for status in ASKED:
        word, sentence = choice(status, DEFAULT_LOCALE)
        yield word, f"{sentence} {words(_ASKS[status])}"
    yield words(N_("L’échelle d’avancement")), ""
    for percent in _STEPS:
        yield step(percent, DEFAULT_LOCALE)
    yield words(N_("Ce que deviennent vos réponses")), ""
    for key in _FIGURES:
        told = metric(key)
        yield words(told.label), words(told.definition)
    yield words(N_("Ce classeur")), ""
    yield words(N_("Acteur")), f"{found.entity.name} ({found.entity.key})"
    yield words(N_("État officiel au")), numbers.day(found.as_of, DEFAULT_LOCALE)
    made = local_time(dt.datetime.fromisoformat(found.stamp.known_at))
    yield words(N_("Établi le")), numbers.moment(made, DEFAULT_LOCALE)
