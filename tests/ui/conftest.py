"""One run of `dashboard.py` under AppTest, and what it drew, read as HTML."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test
from streamlit.util import calc_hash

from ccm.render.pages import PAGES as PAGE_NAMES
from ccm.store import Store, open_store
from ccm.ui import identity
from tests.support.machine import ROOT

#: Pages of people who act: whoever is not signed in is told so in their place.
ACTING = ("administration", "answer", "journal", "my_space", "silence", "validation")
#: Pages that everybody reads.
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - set(ACTING))
#: What a page of this name needs in its address to show something.
PARAMETERS = {"recommendation": {"cle": "CCM7-A1-05"}}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Node:
    """An element of the HTML that was drawn."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This element and every one inside it, in their order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def all(self, tag: str, **attributes: str) -> list["Node"]:
        """Every element inside of a tag; `cls="x"` keeps those of a class."""
        wanted = {name.replace("cls", "class"): value for name, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if tag in ("*", node.tag)
            and all(value in node.attributes.get(name, "").split() for name, value in wanted.items())
        ]

    @property
    def text(self) -> str:
        """What a reader sees of it, blanks made single."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            yield from [child] if isinstance(child, str) else child._texts()
        if self.tag not in ("b", "i", "span", "sup", "a", "strong"):
            yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open[-1].tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@lru_cache(512)
def read(html: str) -> Node:
    """A tree of the HTML, to be left as it is; fails if an element is not closed, or closed out of turn."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]


class Screen:
    """What one run drew."""

    def __init__(self, at: AppTest) -> None:
        self.at = at
        # What is a rule of style is not said to anyone.
        said = (markdown.value for markdown in at.markdown if markdown.allow_html)
        self.blocks = [value for value in said if not value.startswith("<style>")]
        # Each block stands in an element of its own: what it opens it closes.
        self.tree = Node("", children=[read(block) for block in self.blocks])

    @property
    def exceptions(self) -> list[str]:
        """What went wrong, as Streamlit shows it."""
        return [f"{found.message} {' '.join(found.stack_trace)}" for found in self.at.exception]

    @property
    def h1(self) -> list[str]:
        """The text of every main heading."""
        return [node.text for node in self.tree.all("h1")]

    @property
    def text(self) -> str:
        """All that was drawn, as text."""
        return self.tree.text

    @property
    def links(self) -> list[str]:
        """Where the page leads, in its order."""
        return [node.attributes.get("href", "") for node in self.tree.all("a")]

    def section(self, title: str) -> Node:
        """The section under this heading."""
        found = [
            node
            for node in self.tree.all("section")
            if any(head.text == title for level in ("h2", "h3") for head in node.all(level)[:1])
        ]
        assert len(found) == 1, f"{len(found)} sections «{title}»"
        return found[0]


def cells(table: Node) -> list[list[str]]:
    """The texts of a table's body, row by row."""
    bodies = table.all("tbody")
    assert bodies, "no table here"
    return [
        [cell.text for cell in row.walk() if cell.tag in ("th", "td")]
        for body in bodies
        for row in body.all("tr")
    ]


class _Routed(PagesManager):
    """Takes what AppTest resets at each run, so that pages go through the router, as in the application."""


OpenScreen = Callable[..., Screen]


@pytest.fixture
def demonstration(demo_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A demonstration of one test's own."""
    opened = open_store(f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demo.db')}")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def hold_token(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """`hold_token(token)` is the cookie of the browser, which AppTest does not have; none at first."""
    held: list[str | None] = [None]
    monkeypatch.setattr(identity, "token", lambda: held[-1])
    return held.append


@pytest.fixture
def open_screen(monkeypatch: pytest.MonkeyPatch) -> OpenScreen:
    """`open_screen(store_url, page, **parameters)`: go to a page of the application as a reader does."""

    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr(app_test, "PagesManager", _Routed)

    def go(store_url: str, page: str = "overview", /, **parameters: str) -> Screen:
        monkeypatch.setenv("CCM_STORE", store_url)
        # We have no component of our own; to look for one in all that is installed takes longer than a page.
        monkeypatch.setattr(BidiComponentManager, "discover_and_register_components", lambda *_, **__: None)
        at = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
        # As a browser asks for it: by its path, at once. `switch_page` would run the overview before.
        at._page_hash = calc_hash(PAGE_NAMES[page].path.strip("/"))
        for name, value in parameters.items():
            at.query_params[name] = value
        at.run()
        return Screen(at)

    return go


@pytest.fixture(scope="module")
def first_load_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The real store as the first start leaves it, for tests of a module that only read."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path_factory.mktemp('real') / 'store.db')}"


@pytest.fixture(scope="module")
def demo_url(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demonstration, for tests of a module that only read."""
    return f"sqlite:///{shutil.copyfile(demo_template, tmp_path_factory.mktemp('demo') / 'store.db')}"
