"""What options say: the store's address, dates, instants, codes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from ccm.commands import cells
from ccm.config import DEFAULT_STORE, settings
from ccm.domain.dates import parse_instant
from ccm.domain.errors import Invalid, Problem

Value = TypeVar("Value")
Code = TypeVar("Code", bound=StrEnum)

SessionOption = Annotated[
    str | None, typer.Option("--session", metavar="N", help="Ce que cette session a adopté seulement.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="À cette date ; sinon aujourd'hui (démonstration : son dernier jour inventé).",
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="L'entrepôt : sqlite:///fichier ou postgresql://… ; sinon CCM_STORE."
    ),
]


def store_url(context: typer.Context, given: str | None) -> str:
    """The store's URL: after the command, before it, in the environment, or the default one."""
    return given or context.find_root().params.get("store") or settings().store or DEFAULT_STORE


def read(option: str, text: str | None, parse: Callable[[str], Value]) -> Value | None:
    """What an option says; None where it is not given. Raises Invalid, naming the option."""
    if text is None:
        return None
    try:
        return parse(text)
    except cells.Refusal as refusal:
        raise Invalid([replace(refusal.problem, column=option)]) from refusal


def required(value: Value | None) -> Value:
    """The value of an option that Typer has seen to be given."""
    if value is None:
        raise TypeError("an option that must be given was not")
    return value


def day(option: str, text: str | None) -> dt.date | None:
    """A date."""
    return read(option, text, cells.day)


def code(option: str, text: str, codes: type[Code]) -> Code:
    """A code of a closed list."""
    return required(read(option, text, cells.one_of(codes)))


def instant(option: str, text: str | None) -> dt.datetime | None:
    """An ISO instant with its offset."""
    return read(option, text, _instant)


def whole(option: str, text: str | None) -> int | None:
    """A whole number, zero or more."""
    return read(option, text, _whole)


def _instant(text: str) -> dt.datetime:
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        problem = Problem(
            "« %(value)s » n'est pas un instant avec son décalage : écrivez 2024-03-31T09:00:00+00:00",
            cells.told(value=cells.shown(text)),
        )
        raise cells.Refusal(problem) from None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        problem = Problem("« %(value)s » n'est pas un nombre entier", cells.told(value=cells.shown(text)))
        raise cells.Refusal(problem)
    return int(text)
