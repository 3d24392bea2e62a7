"""The one place where HTML enters Streamlit: only what `ccm.render` escaped and drew."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import streamlit as st
from markupsafe import Markup

from ccm.render import block


def show(markup: Markup) -> None:
    """Draw HTML and SVG. Takes `Markup` alone: user text reaches it escaped, or not at all."""
    if not isinstance(markup, Markup):
        raise TypeError("show() draws Markup; plain text goes through a template, which escapes it")
    st.markdown(_for_streamlit(str(markup)), unsafe_allow_html=True)


def _for_streamlit(html: str) -> str:
    # It reads this one mark even inside HTML, opens a link that names no window in a new one, and scrolls to
    # a heading, on arrival too, by an attribute of its own.
    html = html.replace(":material/", "&#58;material/").replace("<a ", '<a target="_self" ')
    html = html.replace('<a target="_self" target=', "<a target=")
    return html.replace("<h2 id=", "<h2 data-anchor=").replace("<h3 id=", "<h3 data-anchor=")


def show_again(template: str, locale: str, **context: Any) -> None:
    """Draw a template that many runs show alike, and that depends on nothing but `context`."""
    show(_drawn(template, locale, **context))


_drawn = lru_cache(maxsize=512)(block)


def style_further(sheet: str = "", words: Mapping[str, str] = MappingProxyType({})) -> None:
    """Rules beside the style sheet, which comes with the page (`ccm.web.first`).

    `words` stand after what their selectors find: Streamlit has English only.
    """
    said = [f'{selector}::after {{ content: "{_string(text)}"; }}' for selector, text in words.items()]
    # Not by `st.html`: browsers would fetch its sanitiser, 11 kB, for this alone.
    st.markdown("<style>" + "\n".join((sheet, *said)) + "</style>", unsafe_allow_html=True)


def _string(text: str) -> str:
    """A text in a string of CSS, in which nothing can end the string, the rule or the element."""
    return "".join(
        letter if letter.isalnum() or letter == " " else f"\\{ord(letter):06x} " for letter in text
    )
