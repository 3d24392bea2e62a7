"""The store of this process: opened once, created and loaded on first use."""

from functools import cache

from ccm.commands.first_load import initialise
from ccm.store import Store, open_store


@cache
def process_store(url: str) -> Store:
    """The store at `url`; raises StoreUnavailable, and tries again at the next call."""
    store = open_store(url)
    initialise(store)
    return store
