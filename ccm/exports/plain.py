"""Texts that people typed, as a file may hold them: they do nothing, and break nothing."""

import re

#: A cell that starts like this, in full width too, is a formula for a spreadsheet program.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
#: What no XML document may hold.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def inert(text: str) -> str:
    """A cell of a CSV file that no spreadsheet program takes for a formula, nor a reader for several rows."""
    text = _lines(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def printable(text: str) -> str:
    """A text that XML accepts: each sign that it refuses is seen as missing; lines end as XML ends them."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", _lines(text))


def _lines(text: str) -> str:
    """The same lines, each ended alike: Python writes a bare return without quotation marks."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
