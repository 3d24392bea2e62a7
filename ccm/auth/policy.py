"""Actors, and whether the table of permissions lets them do what they ask."""

from dataclasses import dataclass, replace

from ccm.auth.permissions import PERMISSIONS, Action, Reach
from ccm.domain.errors import NotAllowed
from ccm.domain.vocabulary import RecordState, UserRole

#: The visibility of whoever sees what is not official yet.
FOLLOWER = "follower"


@dataclass(frozen=True)
class Actor:
    """Who acts. `entities` are the keys a focal point answers for.

    `user_id` and `sign_in_id` are None for whoever has no account: the public, and the machine's own
    terminal. An actor who is not `admitted` may do nothing: a disabled person, or the public where
    reading without an account is switched off. One who is `confined` reaches their own account alone, until
    the second factor that is asked of them is in place.
    """

    name: str
    role: UserRole
    entities: frozenset[str] = frozenset()
    user_id: int | None = None
    sign_in_id: int | None = None
    anonymous: bool = False
    admitted: bool = True
    confined: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether a person of the follow-up acts."""
        return self.admitted and not self.anonymous

    @property
    def visibility(self) -> str:
        """What this actor's answers may be shared under: actors of one visibility see the same rows."""
        if allowed(self, Action.READ_PROVISIONAL):
            return FOLLOWER
        return "public" if self.admitted else "nobody"


#: The person at the machine's own terminal, who holds the store's file anyway.
CONSOLE = Actor("console", UserRole.ADMINISTRATOR)
#: Whoever reads without an account.
PUBLIC = Actor("public", UserRole.READER, anonymous=True)
#: Whoever may not even read.
NOBODY = replace(PUBLIC, name="nobody", admitted=False)


def allowed(
    actor: Actor,
    action: Action,
    entity: str | None = None,
    state: RecordState | None = None,
    author: str | None = None,
) -> bool:
    """Whether the actor may do this, on this entity's behalf where one is named.

    `state` is the record's where it matters; `author` is whose record it is, for what is one's own.
    """
    reach = _reach(actor, action)
    if reach is None or (state is not None and state not in PERMISSIONS[action].states):
        return False
    if reach is Reach.OWN_ENTITIES:
        return entity in actor.entities
    if reach is Reach.ONESELF:
        return not actor.anonymous and author == actor.name
    return True


def allowed_somewhere(actor: Actor, action: Action) -> bool:
    """Whether there is any record on which the actor may do this: what a menu asks."""
    reach = _reach(actor, action)
    if reach is Reach.OWN_ENTITIES:
        return bool(actor.entities)
    return reach is Reach.EVERYTHING or (reach is Reach.ONESELF and not actor.anonymous)


def _reach(actor: Actor, action: Action) -> Reach | None:
    if not actor.admitted or (actor.confined and action is not Action.MANAGE_OWN_ACCOUNT):
        return None
    return PERMISSIONS[action].reach.get(actor.role)


def require(
    actor: Actor,
    action: Action,
    entity: str | None = None,
    state: RecordState | None = None,
    author: str | None = None,
) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed(actor, action, entity, state, author):
        raise refusal(actor)


def require_somewhere(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless `allowed_somewhere`."""
    if not allowed_somewhere(actor, action):
        raise refusal(actor)


def refusal(actor: Actor) -> NotAllowed:
    """The one sentence of every refusal: it says nothing of what was asked for."""
    if actor.anonymous:
        return NotAllowed("Cette page demande de se connecter : connectez-vous, puis recommencez.")
    if actor.confined:
        return NotAllowed(
            "Votre compte d'administration demande un second facteur : mettez-le en place, puis recommencez."
        )
    return NotAllowed(
        "« %(name)s » n'a pas le droit de faire cela : demandez au Secrétariat permanent.",
        name=actor.name,
    )
