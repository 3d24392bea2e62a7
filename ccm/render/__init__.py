"""Typed results turned into sentences, SVG and HTML: pure functions shared by screens, pages and files.

`block` renders a template of `ccm/render/templates` for `st.markdown(…, unsafe_allow_html=True)`; `render`
does so without the outer element, for whole documents; `mark` renders one macro of `marks.html`, whose
heading lists them all with their arguments. `Links` builds every address. `stylesheet` is the one sheet.
"""

from ccm.render.blocks import Action
from ccm.render.environment import FOLD, block, compact, environment, in_block, mark, ordinal_html, render
from ccm.render.filters import FILTERS, written
from ccm.render.glyphs import choices_sheet
from ccm.render.links import REGISTER, UNCOMPARED, Links, Rows
from ccm.render.marks.geography import Geography, geography
from ccm.render.tokens import SEQUENCE, STATUS, TOKENS, color, stylesheet

__all__ = [
    "FILTERS",
    "FOLD",
    "REGISTER",
    "SEQUENCE",
    "STATUS",
    "TOKENS",
    "UNCOMPARED",
    "Action",
    "Geography",
    "Links",
    "Rows",
    "block",
    "choices_sheet",
    "color",
    "compact",
    "environment",
    "geography",
    "in_block",
    "mark",
    "ordinal_html",
    "render",
    "stylesheet",
    "written",
]
