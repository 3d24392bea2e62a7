"""The one place where HTML enters Streamlit: only what `ccm.render` escaped and drew."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import streamlit as st
from markupsafe import Markup

from ccm.render import application_sheet, block


def show(markup: Markup) -> None:
    """Draw HTML and SVG. Takes `Markup` alone: user text reaches it escaped, or not at all."""
    if not isinstance(markup, Markup):
        raise TypeError("show() draws Markup; plain text goes through a template, which escapes it")
    # Streamlit reads this one mark even inside HTML.
    st.markdown(str(markup).replace(":material/", "&#58;material/"), unsafe_allow_html=True)


def show_again(template: str, locale: str, **context: Any) -> None:
    """Draw a template that many runs show alike, and that depends on nothing but `context`."""
    show(_drawn(template, locale, **context))


_drawn = lru_cache(maxsize=512)(block)


def style(words: Mapping[str, str]) -> None:
    """The style sheet, once per run: by name, as the browser keeps the sheet itself.

    `words` stand after what their selectors find: Streamlit has English only.
    """
    style_further(f'@import url("{application_sheet().href}");', words)


def style_further(sheet: str = "", words: Mapping[str, str] = MappingProxyType({})) -> None:
    """Rules of one page alone, and words as those of `style`."""
    said = [f'{selector}::after {{ content: "{_string(text)}"; }}' for selector, text in words.items()]
    st.html("<style>" + "\n".join((sheet, *said)) + "</style>")


def _string(text: str) -> str:
    """A text in a string of CSS, in which nothing can end the string, the rule or the element."""
    return "".join(
        letter if letter.isalnum() or letter == " " else f"\\{ord(letter):06x} " for letter in text
    )
