"""The one family of errors whose message a person can act on."""

from dataclasses import dataclass
from enum import StrEnum

from ccm.domain.labels import label
from ccm.i18n import DEFAULT_LOCALE, N_, Translator, translator

_UNAVAILABLE = N_(
    "Les données ne peuvent être ni lues ni gardées pour l'instant, et rien n'a été enregistré : réessayez "
    "dans un moment, puis prévenez le Secrétariat permanent si cela dure."
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was given, and what would be accepted.

    `message` is a French gettext id with named placeholders, `values` fills them: a code of the vocabulary
    among them is said by its word; `line` counts the file's lines with its heading as 1; `column` is the
    heading's name.
    """

    message: str
    values: tuple[tuple[str, str], ...] = ()
    line: int | None = None
    column: str | None = None

    def said(self, t: Translator) -> str:
        """The message in a reader's language, filled in."""
        words = {
            name: label(value, t) if isinstance(value, StrEnum) else value for name, value in self.values
        }
        message = t.gettext(self.message)
        return message % words if words else message

    @property
    def text(self) -> str:
        """The message in French, filled in, after its place; codes stand beside their words, as in a file."""
        words = {name: _beside(value) if isinstance(value, StrEnum) else value for name, value in self.values}
        filled = self.message % words if words else self.message
        where = [f"ligne {self.line}"] if self.line is not None else []
        where += [self.column] if self.column else []
        return f"{', '.join(where)} : {filled}" if where else filled


def _beside(code: StrEnum) -> str:
    return f"{label(code, translator(DEFAULT_LOCALE))} ({code})"


class CcmError(Exception):
    """Something a person can mend; `str()` of it is one French sentence, or one line per problem."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(message % self.values if self.values else message)


class Invalid(CcmError):
    """What was given breaks rules; `problems` holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("%(problems)s", problems="\n".join(problem.text for problem in problems))


def problems_of(error: CcmError, column: str = "") -> list[Problem]:
    """What is wrong, field by field; what an error says as a whole stands at `column` ('': at none)."""
    if isinstance(error, Invalid):
        return list(error.problems)
    return [Problem(error.message, tuple(error.values.items()), column=column)]


class ImportRejected(Invalid):
    """A file with bad lines: nothing of it was written."""


class NotAllowed(CcmError):
    """The actor may not do this."""


class NotFound(CcmError):
    """Nothing of that name is known, or the actor may not see it: both answer alike."""


class Conflict(CcmError):
    """Somebody else changed the record meanwhile, or it exists already."""


class StoreUnavailable(CcmError):
    """The store cannot be opened, read or written.

    `str()` of it tells the terminal and the log where the store is and what it has; `message`, which
    pages show, does not: that is nobody else's business.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.message, self.values = _UNAVAILABLE, {}
