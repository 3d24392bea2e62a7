"""The table of permissions as it is written down, and what comes out of a cell that is carried out."""

import csv
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

from ccm.domain.vocabulary import RecordState
from tests.integration import permission_executors  # noqa: F401 - it fills EXECUTORS
from tests.integration.permission_attempts import EXECUTORS
from tests.integration.permission_world import SCOPES, SUBJECTS, UNASSIGNED, Place, World

TABLE = Path(__file__).with_name("permissions.csv")
Cell = tuple[str, str, str, str]


def lines() -> list[dict[str, str]]:
    """The lines of the table, by the names of its columns."""
    text = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(text, strict=True))


@cache
def expected() -> Counter[tuple[Cell, str]]:
    """Every cell of the table with what it says: (operation, scope, state, subject) and y, c or a point."""
    found: Counter[tuple[Cell, str]] = Counter()
    for line in lines():
        for scope, state in spread(line["operation"], line["scope"], line["state"]):
            for subject in SUBJECTS:
                found[(line["operation"], scope, state, subject), line[subject]] += 1
    return found


@cache
def said() -> dict[Cell, str]:
    """What the table says of each cell."""
    return dict(expected().keys())


def spread(operation: str, scope: str, state: str) -> list[tuple[str, str]]:
    """The places that a line names, as (scope, state)."""
    every = _places(EXECUTORS[operation].bound)
    return [
        (place, at)
        for place, at in every
        if (scope == "*" or place in scope.split("|")) and (state == "*" or at in state.split("|"))
    ]


def _places(bound: str) -> list[tuple[str, str]]:
    if bound == "store":
        return [("-", "-")]
    if bound == "entity":
        return [(scope, "-") for scope in SCOPES]
    return [*product(SCOPES, (state.value for state in RecordState)), (UNASSIGNED, "none")]


def cells(operation: str) -> list[Cell]:
    """Every cell of an operation."""
    places = _places(EXECUTORS[operation].bound)
    return [(operation, scope, state, subject) for (scope, state), subject in product(places, SUBJECTS)]


def wrong(world: World, some: list[Cell]) -> list[tuple[Cell, str]]:
    """The cells that come out otherwise than the table says, with what came out."""
    records = {(place.scope, place.state): place for place in world.places}
    found = []
    for cell in some:
        operation, scope, state, subject = cell
        place = records.get((scope, state)) or Place(scope, state, entity=SCOPES.get(scope, ""))
        became = EXECUTORS[operation].attempt(world, world.subjects[subject], place)
        if became != said()[cell]:
            found.append((cell, became))
    return found
