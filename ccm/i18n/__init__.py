"""Languages: message ids are French, English is a catalogue, and the locale is always an argument."""

from functools import cache
from typing import Protocol

from ccm.i18n.catalogue import messages

#: The languages of the interface; the first is the one used when nothing is asked.
LOCALES = ("fr", "en")
DEFAULT_LOCALE = LOCALES[0]


class Translator(Protocol):
    """Turns French message ids into the words of one locale."""

    def gettext(self, message: str) -> str:
        """The message in this locale; the French where it is not translated."""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form of this locale for `n` things."""

    def pgettext(self, context: str, message: str) -> str:
        """As `gettext`, where one French word has several translations."""

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        """As `ngettext`, where one French word has several translations."""


def known_locale(code: str | None) -> str:
    """`fr` or `en` from whatever a browser or a link says (`en-GB` is `en`); French when unknown."""
    short = (code or "").replace("_", "-").split("-")[0].lower()
    return short if short in LOCALES else DEFAULT_LOCALE


def N_(message: str) -> str:  # noqa: N802 - the name the extraction of messages looks for
    """Marks a message for the catalogue where it is written; it is translated where it is read."""
    return message


@cache
def translator(locale: str) -> Translator:
    """The translator of a locale (`fr`, `en`)."""
    return messages(known_locale(locale))


__all__ = ["DEFAULT_LOCALE", "LOCALES", "N_", "Translator", "known_locale", "translator"]
