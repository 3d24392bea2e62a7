"""Text that somebody typed, where Streamlit would read Markdown: labels of pills, buttons, tabs."""

import re

#: Joins without showing: keeps `:name:` from becoming an icon and an address from becoming a link.
_JOINER = "\N{WORD JOINER}"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>^=])")


def plain_label(text: str) -> str:
    """The same text, which Markdown leaves as it is."""
    escaped = _MARKS.sub(r"\\\1", text)
    return re.sub(r"([:@]|(?<=w)(?=ww))", rf"\1{_JOINER}", escaped)
