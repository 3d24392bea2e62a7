"""No way into the commands and queries without a check: what has none is listed here, with its reason."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import ccm.commands
import ccm.queries
from ccm.commands.command import Command
from ccm.queries.ask import PrivateQuery

#: Public functions that are given a store, each with what stands in for a check of its own.
WITH_A_STORE = {
    "commands.command.submit": "asks the command who may, with the rights of this instant",
    "queries.ask.ask": "public questions; provisional ones are refused to others than followers",
    "queries.ask.reading": "rows for files; provisional ones are refused to others than followers",
    "queries.ask.version": "the store's identity and revision: nothing that anybody may not know",
    "queries.ask.ask_as": "asks the question who may, with the rights of this instant",
    "commands.sign_in.sign_in": "a name, a password, a code; counted as a guess",
    "commands.sign_in.touch": "one's own sign-in",
    "commands.sign_in.end_lapsed": "ends a sign-in that has run out, of whoever holds its token",
    "commands.guesses.guess": "a password, counted",
    "commands.own_account.change_password": "one's own, by the present password",
    "commands.own_account.confirm_password": "one's own, by the present password",
    "commands.one_time_links.use_link": "a one-time link, and the second factor where there is one",
    "commands.one_time_links.make_first_administrator": "the code of the console, while there is none",
    "commands.one_time_links.first_administrator_code": "printed on the console",
    "commands.evidence.keep_file": "asks whether the actor may add evidence to this answer",
    "commands.people.actor_named": "the terminal, whose user has the store's file in hand",
    "commands.first_load.initialise": "an empty store, or an earlier schema",
    "queries.doctor.doctor": "the terminal",
    "queries.integrity.verify": "the terminal",
    "queries.integrity.require_ready": "tells of the store, nothing of what it holds",
    "queries.integrity.sqlite_file": "tells of the store, nothing of what it holds",
}
#: Those given a connection that the edges of the program call by themselves.
FROM_OUTSIDE = {
    "commands.one_time_links.has_administrator": "whether there is one, for the page of the first account",
    "commands.one_time_links.open_link": "a one-time link, for whoever holds it",
    "queries.people.people": "the terminal's list; pages ask PeopleQuery",
}
_CHECKS = ("require(", "require_somewhere(", "refusal(", "allowed(", ".authorise(")


def _modules() -> Iterator[ModuleType]:
    for package in (ccm.commands, ccm.queries):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            if not found.ispkg:
                yield importlib.import_module(found.name)


def _functions() -> Iterator[tuple[str, Any]]:
    for module in _modules():
        for name, function in vars(module).items():
            ours = inspect.isfunction(function) and function.__module__ == module.__name__
            if ours and not name.startswith("_"):
                yield f"{module.__name__.removeprefix('ccm.')}.{name}", function


def _given(function: Any) -> set[str]:
    """The names of the types of a function's parameters."""
    kinds = (parameter.annotation for parameter in inspect.signature(function).parameters.values())
    return {getattr(kind, "__name__", str(kind)) for kind in kinds}


def test_every_function_that_is_given_a_store_is_known() -> None:
    assert {name for name, function in _functions() if "Store" in _given(function)} == set(WITH_A_STORE)


def test_every_function_the_edges_call_with_a_connection_is_known() -> None:
    import ccm.cli
    import ccm.ui
    import ccm.web

    called = {
        id(value)
        for package in (ccm.cli, ccm.ui, ccm.web)
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        for value in vars(importlib.import_module(found.name)).values()
        if inspect.isfunction(value)
    }
    inside = {
        name
        for name, function in _functions()
        if id(function) in called and _given(function) & {"Connection", "Transaction"}
    }
    assert inside == set(FROM_OUTSIDE)


def test_every_command_and_private_question_asks_who_may() -> None:
    kinds = {
        kind
        for module in _modules()
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
        if issubclass(kind, (Command, PrivateQuery)) and not inspect.isabstract(kind)
    }
    assert len(kinds) > 50
    bare = {
        kind.__qualname__
        for kind in kinds
        if not any(check in inspect.getsource(kind.authorise) for check in _CHECKS)
    }
    assert bare == set()
