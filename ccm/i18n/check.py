"""Are the translations complete? `python -m ccm.i18n.check` says; `… check update` brings new messages in."""

import ast
import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeGuard

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from ccm.i18n.catalogue import LOCALES_FOLDER

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = LOCALES_FOLDER / "en" / "LC_MESSAGES" / "ccm.po"

_REMARKS = "data/recommendations.csv"
#: The functions whose arguments are messages; an error's first argument is one too.
KEYWORDS = {
    **{name: DEFAULT_KEYWORDS[name] for name in ("_", "N_", "gettext", "ngettext", "pgettext", "npgettext")},
    **dict.fromkeys(("CcmError", "Conflict", "NotAllowed", "NotFound", "Problem", "StoreUnavailable")),
}
_SOURCES: tuple[tuple[str, str | Callable[..., Any]], ...] = (
    ("dashboard.py", "python"),
    ("pages/**/*.py", "python"),
    ("ccm/**/*.py", "python"),
    ("ccm/render/templates/**/*.html", babel_extract),
)


def messages(root: Path = ROOT) -> Catalog:
    """The messages that the code and the templates under `root` hold."""
    found = Catalog(project="ccm", domain="ccm", charset="utf-8")
    for pattern, method in _SOURCES:
        for path in sorted(root.glob(pattern)):
            # Templates mark whole sentences: line breaks inside them are layout.
            options = {"trimmed": "true", "silent": "false"} if callable(method) else {}
            for line, message, comments, context in extract_from_file(
                method, path, keywords=KEYWORDS, comment_tags=("i18n:",), options=options
            ):
                place = (path.relative_to(root).as_posix(), line)
                found.add(message, locations=[place], auto_comments=comments, context=context)
    for remark in _remarks(root):
        found.add(remark, locations=[(_REMARKS, 1)])
    return found


def _remarks(root: Path) -> Iterator[str]:
    """What we say ourselves of the source, beside its own words, which stay as they are."""
    with (root / _REMARKS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (row[column] for column in ("doubt", "other_reading") if row[column])


def read(path: Path = CATALOGUE) -> Catalog:
    """The catalogue at `path`, or an empty English one where there is none yet."""
    if not path.exists():
        return Catalog(
            locale="en",
            domain="ccm",
            header_comment="# The English of the CCM dashboard; message ids are French.",
            last_translator="the CCM dashboard contributors",
            language_team="en",
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale="en", domain="ccm", abort_invalid=True)


def problems(code: Catalog, translated: Catalog) -> Iterator[str]:
    """One line for each message that is missing, fuzzy, obsolete or wrongly filled in."""
    for wanted in filter(lambda message: message.id, code):
        entry = translated.get(wanted.id, context=wanted.context)
        if entry is None or not _complete(entry):
            yield f"missing: {_named(wanted)}"
        elif entry.fuzzy:
            yield f"fuzzy: {_named(entry)}"
        else:
            # As the code sees it: only there is a message known to hold placeholders.
            entry.flags |= wanted.flags
            yield from (f"wrong: {_named(entry)}: {error}" for error in entry.check(translated))
    for entry in filter(lambda message: message.id, translated):
        if code.get(entry.id, context=entry.context) is None:
            yield f"obsolete: {_named(entry)}"
    yield from (f"obsolete: {_named(entry)}" for entry in translated.obsolete.values())


def hidden(root: Path = ROOT) -> Iterator[str]:
    """One line for each message inside an f-string, where extraction does not look before Python 3.12."""
    for pattern, method in _SOURCES:
        for path in sorted(root.glob(pattern)) if method == "python" else ():
            inside = (
                call
                for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(text, ast.JoinedStr)
                for call in ast.walk(text)
            )
            # An f-string may stand in another: each message once.
            for call in dict.fromkeys(filter(_translates, inside)):
                place = f"{path.relative_to(root).as_posix()}:{call.lineno}"
                yield f"hidden: {ast.unparse(call)} ({place}): take it out of the f-string"


def update(path: Path = CATALOGUE, root: Path = ROOT) -> None:
    """Bring new messages into the catalogue, near ones as fuzzy, and take out those that no code holds."""
    catalogue = read(path)
    catalogue.update(messages(root), update_creation_date=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Line numbers and wrapping would make every diff about something else.
        write_po(file, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def main(arguments: list[str]) -> str | None:
    """Check, or update; what it returns is for `sys.exit`."""
    if arguments == ["update"]:
        update()
        return None
    if arguments:
        return "usage: python -m ccm.i18n.check [update]"
    found = sorted({*problems(messages(), read()), *hidden()})
    if not found:
        return None
    advice = f"{len(found)} to mend: run `make i18n`, then translate in {CATALOGUE.relative_to(ROOT)}"
    return "\n".join([*found, advice])


def _translates(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a message is written here; a name that stands for one is extracted where it is."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = (one for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return called in KEYWORDS and any(texts)


def _complete(entry: Message) -> bool:
    return all(entry.string) if isinstance(entry.string, list | tuple) else bool(entry.string)


def _named(entry: Message) -> str:
    text = entry.id if isinstance(entry.id, str) else entry.id[0]
    where = f" ({entry.locations[0][0]}:{entry.locations[0][1]})" if entry.locations else ""
    return f"{text!r}{where}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
