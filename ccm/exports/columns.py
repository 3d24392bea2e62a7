"""The columns of every table that is handed out: one list for Excel, CSV and JSON."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import Any

from ccm.domain.figures import COUNTS
from ccm.i18n import N_, Translator
from ccm.metrics.registry import METRICS
from ccm.queries.register_rows import RegisterRow
from ccm.queries.results import AnswerState, GroupLine


class Kind(Enum):
    """What the cells of a column hold; None is an empty cell in all of them.

    TEXT somebody's words; CODE a code of a closed list; COUNT a whole number; RATE an exact percentage
    0..100; DAY a date; FLAG yes or no; NAMES several names.
    """

    TEXT = auto()
    CODE = auto()
    COUNT = auto()
    RATE = auto()
    DAY = auto()
    FLAG = auto()
    NAMES = auto()


@dataclass(frozen=True)
class Column:
    """One column: its name in CSV and JSON, its heading (a French gettext id), what it reads of a row.

    `wide`: the characters that it is wide in a workbook.
    """

    key: str
    label: str
    kind: Kind
    read: Callable[[Any, dt.date], object]
    wide: int = 12

    def heading(self, t: Translator) -> str:
        """What people read above the column."""
        return t.gettext(self.label)


@dataclass(frozen=True)
class Table:
    """What a file's rows are: their name in JSON and in its own name, a title (a gettext id), columns.

    `everything` says, as an id too, that no filter keeps less. `ends_in_plan`: its last row is the whole
    plan, which stays in its place where a spreadsheet sorts or filters the others.
    """

    key: str
    file: str
    title: str
    columns: tuple[Column, ...]
    everything: str = ""
    ends_in_plan: bool = False


def nearest(value: Fraction | int | None) -> float | None:
    """The double nearest to an exact percentage."""
    return None if value is None else float(value)


_LABELS = {metric.key: metric.label for metric in METRICS}
#: Of a recommendation, these counts say no more than its nature and its responsible actors do.
_SAID_OTHERWISE = ("recommendations", "continuous", "unassigned")


def _plain(key: str, label: str, kind: Kind, wide: int = 12) -> Column:
    return Column(key, label, kind, lambda row, _: getattr(row, key), wide)


def _figure(key: str, kind: Kind) -> Column:
    # A word of a heading is not cut.
    wide = max(13, *(len(word) + 2 for word in _LABELS[key].split()))
    return Column(key, _LABELS[key], kind, lambda row, _: getattr(row.figures, key), wide)


def _reported_on(row: RegisterRow, as_of: dt.date) -> dt.date | None:
    return None if row.age is None else as_of - dt.timedelta(days=row.age)


def _blocked_by(row: AnswerState, _: dt.date) -> str | None:
    return row.blocked_by.short_name if row.blocked_by else None


_RATES = tuple(_figure(name, Kind.RATE) for name in ("realised", "completion", "coverage"))
_RECOMMENDATIONS: tuple[Column, ...] = (
    _plain("key", N_("Référence"), Kind.TEXT, 13),
    _plain("axis", N_("Axe"), Kind.TEXT, 6),
    _plain("challenge", N_("Défi"), Kind.TEXT, 34),
    _plain("text", N_("Recommandation"), Kind.TEXT, 60),
    _plain("nature", N_("Nature"), Kind.CODE),
    _plain("regions", N_("Régions"), Kind.NAMES, 24),
    _plain("entities", N_("Institutions"), Kind.NAMES, 18),
    *(_figure(name, Kind.COUNT) for name in COUNTS if name not in _SAID_OTHERWISE),
    *_RATES,
    _plain("due_date", N_("Échéance"), Kind.DAY),
    Column("reported_on", N_("Dernier point"), Kind.DAY, _reported_on),
    _plain("doubtful", N_("Doute à trancher"), Kind.FLAG),
    _plain("matching", N_("Réponses retenues"), Kind.NAMES, 24),
)

_ANSWERS: tuple[Column, ...] = (
    _plain("assignment", N_("Engagement"), Kind.TEXT, 18),
    _plain("recommendation", N_("Référence"), Kind.TEXT, 13),
    _plain("axis", N_("Axe"), Kind.TEXT, 6),
    _plain("text", N_("Recommandation"), Kind.TEXT, 60),
    Column("entity", N_("Code de l’acteur"), Kind.TEXT, lambda row, _: row.entity.key),
    Column("entity_name", N_("Acteur"), Kind.TEXT, lambda row, _: row.entity.short_name, 18),
    Column("entity_kind", N_("Catégorie"), Kind.CODE, lambda row, _: row.entity.kind),
    _plain("role", N_("Rôle"), Kind.CODE),
    _plain("weight", N_("Poids"), Kind.COUNT, 7),
    _plain("nature", N_("Nature"), Kind.CODE),
    _plain("status", N_("État de la réponse"), Kind.CODE, 16),
    _plain("percent", N_("Avancement"), Kind.RATE),
    _plain("as_of", N_("Date du point"), Kind.DAY),
    _plain("due_date", N_("Échéance"), Kind.DAY),
    _plain("overdue", N_("En retard"), Kind.FLAG),
    _plain("blocked_reason", N_("Motif du blocage"), Kind.TEXT, 40),
    _plain("blocked_cause", N_("Cause du blocage"), Kind.CODE, 18),
    Column("blocked_by", N_("Qui peut lever le blocage"), Kind.TEXT, _blocked_by, 18),
    _plain("note", N_("Note"), Kind.TEXT, 60),
    _plain("contested", N_("Contesté"), Kind.FLAG),
    _plain("verified", N_("Preuve vérifiée"), Kind.FLAG),
    _plain("unproven", N_("Sans preuve"), Kind.FLAG),
)


def _of_entity(field: str) -> Callable[[GroupLine, dt.date], object]:
    return lambda row, _: getattr(row.entity, field, None)


def _of_cross(field: str) -> Callable[[GroupLine, dt.date], object]:
    # The whole plan, the last row, is within no axis.
    return lambda row, _: getattr(row, field, None)


#: Every figure of a group, under the names that `figures --format json` gives them.
_FIGURES: tuple[Column, ...] = (*(_figure(name, Kind.COUNT) for name in COUNTS), *_RATES)
_KEPT = N_("aucun, tout le registre")
RECOMMENDATIONS = Table("recommendations", "recommandations", N_("Recommandations"), _RECOMMENDATIONS, _KEPT)
ANSWERS = Table("answers", "reponses", N_("Réponses"), _ANSWERS, _KEPT)
AXES = Table(
    "axes",
    "axes",
    N_("Axes"),
    (_plain("key", N_("Axe"), Kind.TEXT, 9), _plain("label", N_("Intitulé"), Kind.TEXT, 48), *_FIGURES),
    ends_in_plan=True,
)
REGIONS = Table(
    "regions",
    "regions",
    N_("Régions"),
    (
        _plain("key", N_("Code de la région"), Kind.TEXT),
        _plain("label", N_("Région"), Kind.TEXT, 20),
        *_FIGURES,
    ),
    ends_in_plan=True,
)
#: Who answers, and what kind of actor that is.
_ACTOR = (
    _plain("key", N_("Code de l’acteur"), Kind.TEXT, 14),
    _plain("label", N_("Acteur"), Kind.TEXT, 24),
)
_KIND = Column("kind", N_("Catégorie"), Kind.CODE, _of_entity("kind"), 18)
INSTITUTIONS = Table(
    "institutions",
    "institutions",
    N_("Institutions"),
    (
        *_ACTOR,
        Column("name", N_("Nom complet"), Kind.TEXT, _of_entity("name"), 48),
        _KIND,
        *_FIGURES,
    ),
    ends_in_plan=True,
)
CROSSES = Table(
    "actors_by_axis",
    "explorer",
    N_("Acteurs par axe"),
    (
        *_ACTOR,
        _KIND,
        Column("axis", N_("Code de l’axe"), Kind.TEXT, _of_cross("axis"), 8),
        Column("axis_label", N_("Axe"), Kind.TEXT, _of_cross("axis_label"), 40),
        *_FIGURES,
    ),
    ends_in_plan=True,
)
