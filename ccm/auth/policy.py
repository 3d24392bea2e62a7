"""The table of permissions: default deny."""

from dataclasses import dataclass
from enum import StrEnum

from ccm.domain.errors import NotAllowed
from ccm.domain.vocabulary import UserRole


class Action(StrEnum):
    """Everything a person can ask the store to do."""

    SUBMIT_REPORT = "submit_report"
    VALIDATE_REPORT = "validate_report"
    CHANGE_ASSIGNMENT = "change_assignment"
    OPEN_SESSION = "open_session"
    MANAGE_USERS = "manage_users"


class Extent(StrEnum):
    """How far a permission reaches."""

    OWN_ENTITIES = "own_entities"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Actor:
    """Who acts. `entities` are the keys a focal point answers for."""

    name: str
    role: UserRole
    entities: frozenset[str] = frozenset()


#: The person at the machine's own terminal, who holds the store's file anyway.
CONSOLE = Actor("console", UserRole.ADMINISTRATOR)

_PERMISSIONS: dict[UserRole, dict[Action, Extent]] = {
    UserRole.READER: {},
    UserRole.DONOR: {},
    UserRole.MINISTER: {},
    UserRole.FOCAL_POINT: {Action.SUBMIT_REPORT: Extent.OWN_ENTITIES},
    UserRole.VALIDATOR: {
        Action.SUBMIT_REPORT: Extent.EVERYTHING,
        Action.VALIDATE_REPORT: Extent.EVERYTHING,
        Action.CHANGE_ASSIGNMENT: Extent.EVERYTHING,
    },
    UserRole.ADMINISTRATOR: dict.fromkeys(Action, Extent.EVERYTHING),
}


def allowed(actor: Actor, action: Action, entity: str | None = None) -> bool:
    """Whether the actor may do this, on this entity's behalf where one is named."""
    extent = _PERMISSIONS[actor.role].get(action)
    return extent is Extent.EVERYTHING or (extent is Extent.OWN_ENTITIES and entity in actor.entities)


def require(actor: Actor, action: Action, entity: str | None = None) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed(actor, action, entity):
        raise NotAllowed(
            "« %(name)s » (%(role)s) n'a pas le droit de faire cela : demandez au Secrétariat permanent.",
            name=actor.name,
            role=actor.role.value,
        )
