"""Streamlit's programs that a page asks for once its socket is open, named in the page itself.

Streamlit learns what a page needs from its first run: its socket is opened, asked and answered while nothing
else comes, which on a slow line is seconds. Named in the page, its programs come in that time.
"""

import re
from functools import cache
from pathlib import Path

from ccm.render.pages import PAGES, PageName
from ccm.web.static import stock

_IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
#: What every page draws with, and what single pages add, by how the files' names begin.
EVERY_PAGE = ("PageLink", "rehype-raw", "ButtonGroup")
MORE = {
    PAGES["register"]: ("TextInput", "Selectbox"),
    PAGES["institutions"]: ("Selectbox",),
    PAGES["my_space"]: ("Checkbox", "FileUploader"),
    PAGES["answer"]: ("Radio", "TextInput", "BidiComponent", "FileUploader", "Button"),
}


@cache
def links(page: PageName, named: bytes) -> bytes:
    """The `<link>` of each of the page's programs, and of those that they import, but for what is `named`.

    A program that this version of Streamlit does not have is passed over: it comes when it is asked for.
    """
    folder = stock() / "js"
    wanted = [file for root in (*EVERY_PAGE, *MORE.get(page, ())) for file in folder.glob(f"{root}.*.js")]
    found: dict[str, None] = {}
    while wanted:
        file = wanted.pop(0)
        if file.name in found or file.name.encode() in named:
            continue
        found[file.name] = None
        wanted += [folder / name for name in _imported(file)]
    return b"".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'.encode() for name in found
    )


def _imported(file: Path) -> list[str]:
    return _IMPORTED.findall(file.read_text(encoding="utf-8"))
