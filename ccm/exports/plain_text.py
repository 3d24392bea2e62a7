"""Text that any office format takes: whole, but for what XML itself refuses."""

import re

#: What no XML 1.0 document may hold: control characters, halves of characters, two non-characters.
_REFUSED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """The text with what XML refuses replaced, so that one character breaks no file."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
