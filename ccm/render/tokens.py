"""The design tokens for Python: the same colours as the style sheet, read from it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ccm.domain.vocabulary import Status

_FOLDER = Path(__file__).parent
#: The sheets that make one, in their order.
SHEETS = ("tokens.css", "base.css", "marks.css", "layout.css", "space.css", "media.css")
_DECLARATION = re.compile(r"--ccm-([\w-]+):\s*([^;]+);")


def _read() -> dict[str, str]:
    return dict(_DECLARATION.findall((_FOLDER / "tokens.css").read_text(encoding="utf-8")))


#: Every token by its name without `--ccm-`: `TOKENS["ink"]` is `#14212B`.
TOKENS = MappingProxyType(_read())


@dataclass(frozen=True)
class StatusTokens:
    """How a status looks: its code in class names, and its six colours."""

    code: str
    fill: str
    edge: str
    on: str
    text: str
    tint: str
    line: str


def _status(code: str) -> StatusTokens:
    shades = [TOKENS[f"{code}-{shade}"] for shade in ("edge", "on", "text", "tint", "line")]
    return StatusTokens(code, TOKENS[code], *shades)


#: The looks of every status; the code is the French letter, and U (unspoken) for silence.
STATUS = MappingProxyType(
    {
        Status.COMPLETED: _status("R"),
        Status.IN_PROGRESS: _status("C"),
        Status.BLOCKED: _status("B"),
        Status.NOT_STARTED: _status("N"),
        Status.NOT_REPORTED: _status("U"),
        Status.DROPPED: _status("A"),
    }
)

#: Tints for a mean percent of 0-20, 20-40, 40-60, 60-80 and 80-100.
SEQUENCE = tuple(TOKENS[f"seq-{step}"] for step in range(1, 6))


def color(name: str) -> str:
    """A colour token as `#RRGGBB`, by its name without `--ccm-`; raises KeyError for an unknown one."""
    return TOKENS[name]


@cache
def stylesheet(*more: str) -> str:
    """The whole style sheet, without comments and spare spaces, ready for `<style>`.

    `more` names sheets that follow: `forms.css` for the pages that Streamlit does not frame.
    """
    return own_sheet(*SHEETS[1:], *more)


@cache
def own_sheet(*sheets: str) -> str:
    """The tokens and these sheets, without comments and spare spaces, ready for `<style>`."""
    css = "".join((_FOLDER / sheet).read_text(encoding="utf-8") for sheet in (SHEETS[0], *sheets))
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace(";}", "}").strip()
