"""The brief as PDF: tagged, with a title, a language and bookmarks; its charts are drawn as vectors."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import typst

from ccm.exports.brief.model import Content
from ccm.exports.plain import printable
from ccm.i18n.numbers import RANK
from ccm.render.tokens import TOKENS

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "brief.typ"


def pdf(brief: Content, dated: dt.datetime) -> bytes:
    """The document; equal contents of one date make equal bytes."""
    day = [dated.year, dated.month, dated.day]
    inputs = {
        "data": json.dumps(_readable({**brief.data(), "day": day})),
        "tokens": json.dumps(dict(TOKENS)),
        "rank": RANK,
    }
    # Fonts of this folder alone, and those of the typesetter: the same on every machine.
    return typst.compile(
        _TEMPLATE,
        format="pdf",
        font_paths=[_FOLDER / "fonts"],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards="ua-1",
        timestamp=dated,
    )


def _readable(value: Any) -> Any:
    """The same plain values, their texts without what no file holds."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _readable(one) for name, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list | tuple) else value
