"""Opening the store that a command speaks of, and giving it back."""

from collections.abc import Iterator
from contextlib import contextmanager

from ccm.queries.integrity import require_ready
from ccm.store import Store, open_store


@contextmanager
def any_store(url: str) -> Iterator[Store]:
    """The store at `url`, in whatever state it is."""
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def ready_store(url: str) -> Iterator[Store]:
    """The store at `url`; raises StoreUnavailable where it does not exist yet or must be upgraded."""
    with any_store(url) as store:
        require_ready(store)
        yield store
