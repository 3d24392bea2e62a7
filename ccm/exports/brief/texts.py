"""What a file can hold of the texts that people type."""

import re

#: What XML refuses, whoever typed it.
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def readable(text: str) -> str:
    """The text, with a mark in the place of each character that XML refuses."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
