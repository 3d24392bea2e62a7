"""`make proof`: the same tests at the sizes that the requirements give, too long for every change."""

import os
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")

#: Whether this run is the long one.
PROOF = os.environ.get("CCM_PROOF") == "1"


def some(items: Iterable[Item], case: str, one_in: int = 4) -> list[Item]:
    """All of them on SQLite and in `make proof`; else one in so many.

    For tests that ask the same over and over, which one engine has shown to be right, or a few of each kind.
    """
    found = list(items)
    return found if PROOF or case == "sqlite" else found[::one_in]
