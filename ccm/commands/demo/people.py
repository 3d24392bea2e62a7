"""Invented people: their names say that they are."""

import datetime as dt

from ccm.commands.demo.calendar import START, Clock, days
from ccm.commands.demo.writer import Writer
from ccm.domain.vocabulary import UserRole
from ccm.store.models import User, UserEntity

ADMINISTRATOR = "Administratrice du Secrétariat (démo)"
VALIDATOR = "Validateur du Secrétariat (démo)"
DONORS = ("Bailleur Alpha (démo)", "Bailleur Bêta (démo)")
_OTHERS = (
    (ADMINISTRATOR, UserRole.ADMINISTRATOR),
    (VALIDATOR, UserRole.VALIDATOR),
    ("Ministre (démo)", UserRole.MINISTER),
    ("Conseillère du ministre (démo)", UserRole.MINISTER),
    *((name, UserRole.DONOR) for name in DONORS),
    ("Lectrice inscrite (démo)", UserRole.READER),
)
#: Diffa, the Ministry of Foreign Affairs and others have named nobody: the Secretariat hands in for them.
_FOCAL_POINTS = {
    "NE001": "Agadez",
    "NE003": "Dosso",
    "NE004": "Maradi",
    "NE005": "Tahoua",
    "NE006": "Tillabéri",
    "NE007": "Zinder",
    "NE008": "Niamey",
    "MI-D": "MI/D",
    "MJ": "MJ",
    "MAT-DC": "MAT/DC",
    "MU-H": "MU/H",
    "MF": "MF",
    "INS": "INS",
}
_FORMER, _FORMER_ENTITY, _LEFT_ON = "Ancien point focal Zinder (démo)", "NE007", dt.date(2023, 6, 30)


def author_of(entity: str, on: dt.date) -> str:
    """Who hands in for an entity on a day."""
    if entity == _FORMER_ENTITY and on <= _LEFT_ON:
        return _FORMER
    return _name(_FOCAL_POINTS[entity]) if entity in _FOCAL_POINTS else VALIDATOR


def write_people(writer: Writer, clock: Clock, entities: dict[str, int]) -> None:
    """The Secretariat, readers of every kind, and the focal points with their entities."""
    for name, role in _OTHERS:
        _add(writer, clock, name, role)
    for entity, label in _FOCAL_POINTS.items():
        user = _add(writer, clock, _name(label), UserRole.FOCAL_POINT)
        writer.link(UserEntity, {"user_id": user, "entity_id": entities[entity]})
    former = _add(writer, clock, _FORMER, UserRole.FOCAL_POINT, left_on=_LEFT_ON)
    writer.link(UserEntity, {"user_id": former, "entity_id": entities[_FORMER_ENTITY]})


def _name(label: str) -> str:
    return f"Point focal {label} (démo)"


def _add(writer: Writer, clock: Clock, name: str, role: UserRole, left_on: dt.date | None = None) -> int:
    dates = {
        "created_at": clock.instant(START + days(10)),
        "disabled_at": clock.instant(left_on) if left_on else None,
    }
    return writer.add(User, {"name": name, "role": role, **dates})
