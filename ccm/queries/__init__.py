"""Questions put to the store: typed, frozen results; never a write."""
