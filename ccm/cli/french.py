"""The terminal's manners: help and errors in French, one sentence and an exit code, never a traceback."""

import re
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ccm.domain.errors import CcmError

#: Exit codes: what was given is wrong; a check failed (`typer.Exit`).
GIVEN_WRONG = 2

_HELP = (
    ("Usage: ", "Usage : "),
    ("\nOptions:\n", "\nOptions :\n"),
    ("\nArguments:\n", "\nArguments :\n"),
    ("\nCommands:\n", "\nCommandes :\n"),
    ("Show this message and exit.", "Affiche cette aide."),
    ("[required]", "[obligatoire]"),
    ("[default: ", "[par défaut : "),
)
_QUOTED = re.compile(r"'([^']*)'|\(([^)]*)\)")


def in_french(text: str) -> str:
    """The help that Typer composes, in French."""
    for english, french in _HELP:
        text = text.replace(english, french)
    return text


class Command(TyperCommand):
    """A command whose help is in French."""

    def get_help(self, ctx: Any) -> str:
        """The help of this command."""
        return in_french(super().get_help(ctx))


class Group(TyperGroup):
    """Commands under one name; their help is in French."""

    def get_help(self, ctx: Any) -> str:
        """The help of this group."""
        return in_french(super().get_help(ctx))


class Program(Group):
    """The whole program: whatever goes wrong ends in a sentence on stderr and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and exit; with `standalone_mode=False`, raise and return as the commands do."""
        ends_here = extra.get("standalone_mode", True)
        extra["standalone_mode"] = False
        if not ends_here:
            return super().main(*args, **extra)
        for stream in (sys.stdout, sys.stderr):
            _write_utf8(stream)
        try:
            code = super().main(*args, **extra)
        except CcmError as error:
            code = _fail(str(error))
        except typer.Abort:
            code = _fail("Interrompu.")
        except typer.TyperException as error:
            code = _fail(usage_sentence(error))
        sys.exit(code if isinstance(code, int) else 0)


def _write_utf8(stream: Any) -> None:
    # Redirected output takes the machine's old code page on some systems; a name may hold stray bytes.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")


def _fail(sentence: str) -> int:
    typer.echo(sentence, err=True)
    return GIVEN_WRONG


def usage_sentence(error: Any) -> str:
    """What is wrong with a command line, in one French sentence; its help where nothing was asked."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return str(error.message)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "python -m ccm"
    return f"{_what_is_wrong(kind, error)} (aide : « {path} --help »)."


def _what_is_wrong(kind: str, error: Any) -> str:
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        return f"L'option {error.option_name} n'existe pas" + (f" : {near} ?" if near else "")
    if kind == "MissingParameter":
        param = error.param
        return f"Il manque {max(param.opts, key=len) if param.param_type_name == 'option' else param.metavar}"
    if kind == "BadOptionUsage":
        takes = "n'attend pas de valeur" if "not take" in error.message else "attend une valeur"
        return f"L'option {error.option_name} {takes}"
    return _of_message(error.message)


def _of_message(message: str) -> str:
    quoted = [one or other for one, other in _QUOTED.findall(message)] or [""]
    if message.startswith("No such command"):
        near = " ou ".join(quoted[1:])
        return f"La commande « {quoted[0]} » n'existe pas" + (f" : {near} ?" if near else "")
    if message.startswith("Missing command"):
        return "Il manque une commande"
    if "unexpected extra argument" in message:
        return f"« {quoted[-1]} » est de trop"
    return f"La ligne de commande n'est pas comprise : {message}"
