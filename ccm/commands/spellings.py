"""What names an entity; no spelling may mean two of them, or files that hold it are refused."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ccm.domain.errors import Conflict, NotFound, Problem
from ccm.domain.folding import fold
from ccm.store.models import Entity, EntityAlias, EntityName


def require_free(connection: Connection, spelling: str, but_for: str = "", *, ever: bool = False) -> None:
    """Raises Conflict, saying whose it is, for a spelling that means an entity other than `but_for`.

    A name that an entity had may become another's; not so a spelling (`ever`), which holds for all files.
    """
    folded = fold(spelling)
    for key, held in _spellings(connection, ever):
        if held == folded and key != but_for:
            raise Conflict("« %(alias)s » désigne déjà %(key)s.", alias=spelling, key=key)


def unchosen(**keys: str) -> list[Problem]:
    """A problem for each field in which no entity is chosen."""
    return [Problem("choisissez un acteur", column=column) for column, key in keys.items() if not key]


def entity_id(connection: Connection, key: str) -> int:
    """The entity of this key; raises NotFound."""
    found: int | None = connection.execute(select(Entity.id).where(Entity.key == key)).scalar()
    if found is None:
        raise NotFound("« %(key)s » n'est pas un acteur connu.", key=key)
    return found


def _spellings(connection: Connection, ever: bool) -> Iterator[tuple[str, str]]:
    """(key, folded spelling): keys, names, and other spellings."""
    named = select(Entity.key, EntityName.short_name, EntityName.name).join(
        EntityName, EntityName.entity_id == Entity.id
    )
    spelled = select(Entity.key, EntityAlias.folded).join(EntityAlias, EntityAlias.entity_id == Entity.id)
    yield from ((key, fold(key)) for key in connection.execute(select(Entity.key)).scalars())
    for key, *names in connection.execute(named if ever else named.where(EntityName.valid_to.is_(None))):
        yield from ((key, fold(name)) for name in names)
    for key, folded in connection.execute(spelled):
        yield key, folded
