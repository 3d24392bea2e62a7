"""The answers of the regions as CSV with HXL hashtags: one row per recommendation and region, by p-code."""

import csv
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind
from ccm.exports.columns import Kind
from ccm.exports.register import About, csv_cell
from ccm.i18n import N_, translator
from ccm.queries.results import AnswerState

_Read = Callable[[AnswerState], Any]
#: Heading, hashtag, what it holds, how it is read.
_COLUMNS: tuple[tuple[str, str, Kind, _Read], ...] = (
    (N_("Référence"), "#activity+code", Kind.TEXT, lambda one: one.recommendation),
    (N_("Recommandation"), "#activity+name", Kind.TEXT, lambda one: one.text),
    (N_("Axe"), "#sector+code", Kind.TEXT, lambda one: one.axis),
    (N_("Code de la région"), "#adm1+code", Kind.TEXT, lambda one: one.entity.key),
    (N_("Région"), "#adm1+name", Kind.TEXT, lambda one: one.entity.short_name),
    (N_("Rôle"), "#meta+role", Kind.CODE, lambda one: one.role),
    (N_("Nature"), "#meta+nature", Kind.CODE, lambda one: one.nature),
    (N_("Code de l’état"), "#status+code", Kind.CODE, lambda one: one.status),
)
_FIGURES: tuple[tuple[str, str, Kind, _Read], ...] = (
    (N_("Avancement (%%)"), "#indicator+progress+num", Kind.RATE, lambda one: one.percent),
    (N_("Date du point"), "#date+reported", Kind.DAY, lambda one: one.as_of),
    (N_("Échéance"), "#date+due", Kind.DAY, lambda one: one.due_date),
    (N_("En retard"), "#meta+overdue", Kind.FLAG, lambda one: one.overdue),
)


def write_hxl(file: TextIO, rows: Iterable[AnswerState], about: About) -> None:
    """The headings, the hashtags, the rows of the regions; a silence has no percentage and no date."""
    t = translator(about.locale)
    columns = (
        *_COLUMNS,
        (N_("État de la réponse"), "#status+name", Kind.TEXT, lambda one: label(one.status, t)),
        *_FIGURES,
        (N_("Date de la situation"), "#date+situation", Kind.DAY, lambda _: about.as_of),
        (N_("Données de démonstration"), "#meta+demo", Kind.FLAG, lambda _: about.demo),
        (N_("Chiffres provisoires"), "#meta+provisional", Kind.FLAG, lambda _: about.provisional),
    )
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(t.gettext(heading).replace("%%", "%") for heading, _, _, _ in columns)
    writer.writerow(tag for _, tag, _, _ in columns)
    for row in rows:
        if row.entity.kind is EntityKind.REGION:
            writer.writerow(csv_cell(read(row), kind) for _, _, kind, read in columns)
