"""A form whose sending was cut: how that is seen, and what of it arrived."""

import codecs
import re
from collections.abc import Mapping
from email.message import Message
from urllib.parse import unquote_to_bytes

#: The longest sign of UTF-8 as an address or a plain form writes it (`%F0%9F%98%80`).
_LONGEST_SIGN = 12


def is_cut(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether less came than was promised, or a form of several parts without its end."""
    if len(body) < int(headers["content-length"]):
        return True
    mark = _mark(headers)
    return bool(mark) and mark in body and mark + b"--" not in body


def mended(headers: Mapping[str, str], body: bytes) -> bytes:
    """What arrived of a form that was cut, as a form that can be read."""
    mark = _mark(headers)
    return _ended(body, mark) if mark else _without_half_sign(body)


def _mark(headers: Mapping[str, str]) -> bytes:
    """What stands between the parts of a form; nothing where it has no parts."""
    kind = Message()
    kind["content-type"] = headers.get("content-type", "")
    boundary = kind.get_boundary() if kind.get_content_type() == "multipart/form-data" else None
    return b"--" + boundary.encode("latin-1", "replace") if boundary else b""


def _ended(body: bytes, mark: bytes) -> bytes:
    """The parts that came, the last one as far as it came; without it where not even its name came whole."""
    start = body.rfind(mark)
    head, begun, _ = body[max(start, 0) :].partition(b"\r\n\r\n")
    if not begun:
        kept = body[: max(start, 0)].removesuffix(b"\r\n")
        return kept + (b"\r\n" if kept else b"") + mark + b"--\r\n"
    between = b"\r\n" + mark
    half = next((n for n in range(len(between), 0, -1) if body.endswith(between[:n])), 0)
    whole = body[: max(len(body) - half, start + len(head) + len(begun))]
    return whole[: len(whole) - _pending(whole[-4:])] + between + b"--\r\n"


def _without_half_sign(body: bytes) -> bytes:
    """A plain form up to its last whole sign."""
    end = re.sub(rb"%[0-9A-Fa-f]?$", b"", body[-_LONGEST_SIGN:])
    signs = re.search(rb"(?:%[0-9A-Fa-f]{2})+$", end)
    half = 3 * _pending(unquote_to_bytes(signs[0])) if signs else 0
    return body[:-_LONGEST_SIGN] + end[: len(end) - half]


def _pending(end: bytes) -> int:
    """How many bytes at the end begin a sign that is not whole."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    decoder.decode(end)
    return len(decoder.getstate()[0])
