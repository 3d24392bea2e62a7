"""The one place where HTML enters Streamlit: only what `ccm.render` escaped and drew."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ccm.render import stylesheet


def show(markup: Markup) -> None:
    """Draw HTML and SVG. Takes `Markup` alone: user text reaches it escaped, or not at all."""
    if not isinstance(markup, Markup):
        raise TypeError("show() draws Markup; plain text goes through a template, which escapes it")
    # Streamlit reads this one mark even inside HTML.
    st.markdown(str(markup).replace(":material/", "&#58;material/"), unsafe_allow_html=True)


@cache
def _style() -> str:
    host = Path(__file__).with_name("host.css").read_text(encoding="utf-8")
    return f"<style>{stylesheet()}\n{host}</style>"


def style() -> None:
    """The tokens and components' style sheet, once per run."""
    st.html(_style())


def style_further(sheet: str = "", words: Mapping[str, str] | None = None) -> None:
    """Rules of one page alone; `words` says by selector what stands instead of Streamlit's English."""
    instead = [_instead(selector, text) for selector, text in (words or {}).items()]
    st.html("<style>" + "\n".join((sheet, *instead)) + "</style>")


def _instead(selector: str, text: str) -> str:
    # A string of CSS, in which nothing can end the string, the rule or the element.
    told = "".join(letter if letter.isalnum() or letter == " " else f"\\{ord(letter):06x}" for letter in text)
    hidden = f"{selector} {{ font-size: 0 !important; }}"
    return f'{hidden}\n{selector}::after {{ content: "{told}"; font-size: 15px; }}'
