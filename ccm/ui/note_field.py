"""A text area that keeps what is typed: on the server two seconds after the last key, and in the browser
until the server has answered. Streamlit's own tells the server nothing before one leaves it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent / "components"
_NAME = "ccm_note"
_FIELD = """<div class="field"><label for="ccm-text"></label>
<textarea id="ccm-text" rows="4" disabled aria-describedby="ccm-hint"></textarea>
<span class="hint" id="ccm-hint"></span><span class="state" role="status"></span></div>"""


def note_field(
    label: str,
    value: str,
    *,
    key: str,
    draft: dict[str, str | int | None],
    words: dict[str, str],
    on_change: Callable[[], None],
) -> None:
    """Draw it. `draft` says where its text is kept (path, assignment, cell, csrf, who, base) and what is
    `known` to be there; `words` is what it says. The control's `value` is its `text`, and the texts that it
    has `seen` the draft to hold, or may have brought there.
    """
    component = st.components.v2.component(_NAME, html=_FIELD, css=_read("note.css"), js=_read("note.js"))
    component(
        key=key,
        data={"label": label, "value": value, "draft": draft, "words": words},
        default={"value": {"text": value, "seen": []}},
        on_value_change=on_change,
        height="content",
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
