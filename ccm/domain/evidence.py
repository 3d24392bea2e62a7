"""What evidence may be: kinds of files told by their content, their size, their names, and addresses."""

import re
import unicodedata
from urllib.parse import urlsplit

#: Bytes of one file at most, and of a person's files not handed in yet; pieces of evidence behind one report.
LARGEST_FILE, MOST_WAITING = 5 * 1024 * 1024, 50 * 1024 * 1024
MOST_PIECES = 10
LONGEST_NAME, LONGEST_ADDRESS = 200, 2000

#: Accepted media types, with the ending a download is given.
MEDIA_TYPES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"|?*]')


def tidy_name(name: str) -> str:
    """A file's name as it may be shown and downloaded under: no folder, no control or hidden character.

    `../../x.pdf` becomes `x.pdf`; what leaves nothing becomes `document`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = " ".join(_UNWANTED.sub("", last).split()).strip(". ")
    if len(plain) > LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 8 else ""
        plain = plain[: LONGEST_NAME - len(ending)].rstrip() + ending
    return plain or "document"


def is_address(text: str) -> bool:
    """Whether a text is an address of the Web that may be shown as a link: http or https, with a host."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text and len(text) <= LONGEST_ADDRESS
    return plain and parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
