"""Reading what people typed: one cell at a time, and every problem of a line."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from ccm.domain.dates import parse_day
from ccm.domain.errors import Problem
from ccm.store.types import LONGEST_TEXT

Value = TypeVar("Value")
Code = TypeVar("Code", bound=StrEnum)

_LONGEST_SHOWN = 60
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", re.ASCII)
#: How a day may be written.
DAYS = ("2024-03-31", "31/03/2024")
_FIRST_YEAR = 1900
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
#: Control characters but tab and line end, halves of characters, and what turns the reading direction
#: round: a text that holds them says something else than it shows.
_NO_WRITING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Refusal(Exception):
    """One cell that cannot be accepted."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text)


def told(**values: object) -> tuple[tuple[str, str], ...]:
    """The values of a problem's message; a code stays one, so that its word can be said in any language."""
    return tuple(
        (name, value if isinstance(value, StrEnum) else str(value)) for name, value in values.items()
    )


@dataclass
class Line:
    """One line being read; what is wrong with it is added to `problems`."""

    number: int | None
    problems: list[Problem]

    def refuse(self, column: str | None, problem: Problem) -> None:
        """Note a problem of this line."""
        self.problems.append(replace(problem, line=self.number, column=column))

    def read(self, column: str, text: str, parse: Callable[[str], Value]) -> Value | None:
        """What the cell holds; None where it is empty or cannot be accepted."""
        if is_blank(text):
            return None
        try:
            return parse(text)
        except Refusal as refusal:
            self.refuse(column, refusal.problem)
            return None

    def required(
        self, column: str, text: str, parse: Callable[[str], Value], accepted: Iterable[str] = ()
    ) -> Value | None:
        """As `read`, for a cell that must be filled; `accepted` says with what, where that can be listed."""
        if is_blank(text) and accepted:
            values = told(accepted=", ".join(accepted))
            self.refuse(
                column, Problem("la cellule est vide, une valeur est attendue : %(accepted)s", values)
            )
        elif is_blank(text):
            self.refuse(column, Problem("la cellule est vide, une valeur est attendue"))
        return self.read(column, text, parse)


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing but blanks."""
    return not text or text.isspace()


def shown(text: str) -> str:
    """A value as a message may repeat it: on one line, not too long, without control characters."""
    line = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in a row, the first `most` of them."""
    names = list(names)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by the line they stand on."""
    return sorted(problems, key=lambda problem: problem.line or 0)


def day(text: str) -> dt.date:
    """A date, ISO or day first."""
    text = text.strip()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        found = parse_day(text)
        if found.year < _FIRST_YEAR:
            raise ValueError(text)
    except ValueError:
        message = Problem(
            "« %(value)s » n'est pas une date : écrivez 2024-03-31 ou 31/03/2024", told(value=shown(text))
        )
        raise Refusal(message) from None
    return found


def past_day(text: str, today: dt.date) -> dt.date:
    """A date that is not after `today`."""
    found = day(text)
    if found > today:
        values = told(value=shown(text), today=today.isoformat())
        raise Refusal(Problem("« %(value)s » est dans le futur : au plus tard %(today)s", values))
    return found


def one_of(codes: Iterable[Code]) -> Callable[[str], Code]:
    """Reads a code of a closed list."""
    accepted = {code.value: code for code in codes}

    def parse(text: str) -> Code:
        found = accepted.get(text.strip().lower())
        if found is None:
            values = told(value=shown(text), accepted=", ".join(accepted))
            raise Refusal(Problem("« %(value)s » n'est pas accepté : %(accepted)s", values))
        return found

    return parse


def whole(text: str, lowest: int = 0, highest: int = 100) -> int:
    """A whole number; blanks around it and a final percent sign are tolerated, nothing else.

    `lowest` and `highest` are those that a refusal names; whether the number is between them is not judged.
    """
    digits = text.strip().removesuffix("%").rstrip()
    if not _WHOLE.fullmatch(digits):
        values = told(value=shown(text), lowest=lowest, highest=highest)
        message = "« %(value)s » n'est pas un nombre entier de %(lowest)s à %(highest)s"
        raise Refusal(Problem(message, values))
    return int(digits)


def weight(text: str) -> int:
    """A weight, 1 to 100."""
    digits = text.strip()
    if not _WHOLE.fullmatch(digits) or not 1 <= int(digits) <= 100:
        values = told(value=shown(text))
        raise Refusal(Problem("« %(value)s » n'est pas un poids : un nombre entier de 1 à 100", values))
    return int(digits)


def prose(text: str) -> str:
    """A text as typed, with plain line ends; refused where it is too long or holds control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_TEXT:
        values = told(length=len(text), most=LONGEST_TEXT)
        raise Refusal(Problem("le texte compte %(length)s caractères : %(most)s au plus", values))
    forbidden = _NO_WRITING.search(text)
    if forbidden:
        values = told(code=f"U+{ord(forbidden[0]):04X}")
        raise Refusal(Problem("le texte contient un caractère de commande (%(code)s) : ôtez-le", values))
    return text
