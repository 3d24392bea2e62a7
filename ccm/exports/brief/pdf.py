"""The brief as PDF: tagged, with a title, a language and bookmarks; its charts are drawn as vectors."""

import datetime as dt
import json
from pathlib import Path

import typst

from ccm.exports.brief.content import Content
from ccm.render.tokens import TOKENS

_FOLDER = Path(__file__).parent
_TEMPLATE = (_FOLDER / "brief.typ").read_bytes()


def pdf(brief: Content, dated: dt.datetime) -> bytes:
    """The document; equal contents of one date make equal bytes."""
    day = [dated.year, dated.month, dated.day]
    # Fonts of this folder alone, and those of the typesetter: the same on every machine.
    compiler = typst.Compiler(_TEMPLATE, font_paths=[_FOLDER / "fonts"], ignore_system_fonts=True)
    inputs = {"data": json.dumps({**brief.data(), "day": day}), "tokens": json.dumps(dict(TOKENS))}
    return compiler.compile(format="pdf", sys_inputs=inputs, timestamp=dated)
