"""Texts that people typed, as a file may hold them: they do nothing, and break nothing."""

import re

#: A cell that starts like this, in full width too, is a formula for a spreadsheet program.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
#: What no XML document may hold.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def inert(text: str) -> str:
    """A cell of a CSV file that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def printable(text: str) -> str:
    """A text that XML accepts: each sign that it refuses is seen as missing, and nothing else changes."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
