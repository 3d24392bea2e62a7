"""Opening the store that a command speaks of, and giving it back."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from ccm.config import settings
from ccm.domain.errors import StoreUnavailable
from ccm.queries.integrity import in_memory, require_ready
from ccm.store import Store, open_store

_INIT = "python -m ccm init"


@contextmanager
def any_store(url: str) -> Iterator[Store]:
    """The store at `url`, in whatever state it is; raises StoreUnavailable for one that keeps nothing."""
    if in_memory(url):
        raise StoreUnavailable(
            "« %(url)s » est un entrepôt en mémoire, perdu dès que la commande s'achève : "
            "donnez un fichier, ainsi --store sqlite:///ccm.db.",
            url=url,
        )
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def ready_store(url: str) -> Iterator[Store]:
    """The store at `url`; raises StoreUnavailable where it does not exist yet or must be upgraded."""
    with any_store(url) as store:
        require_ready(store, init_command(store, url))
        yield store


def init_command(store: Store, url: str) -> str:
    """The command that makes the store at `url`: as short as it may be typed in this environment."""
    # A password is not repeated: the address is shown as the store tells it, with stars in its place.
    return _INIT if url == settings().store else f"{_INIT} --store {shlex.quote(store.url)}"
