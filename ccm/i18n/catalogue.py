"""Catalogues read from their `.po` sources: no build step, no artefact to keep fresh."""

import gettext
import io
import re
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES_FOLDER = Path(__file__).parent / "locales"

#: French asks for a space that does not break before these signs and inside its quotation marks.
_FRENCH_SPACES = re.compile(r" (?=[:;?!»])|(?<=«) ")
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%(?!\())")


@lru_cache(maxsize=4096)
def french_spaces(text: str) -> str:
    """The same text with U+00A0 where French typography forbids a line break."""
    text = _BEFORE_PERCENT.sub("\N{NARROW NO-BREAK SPACE}", text)
    return _FRENCH_SPACES.sub("\N{NO-BREAK SPACE}", text)


class FrenchMessages(gettext.NullTranslations):
    """French, the language of the message ids: 0 and 1 take the singular, spaces hold."""

    def gettext(self, message: str) -> str:
        """The message itself, set in French typography."""
        return french_spaces(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The singular for 0 and 1, the plural beyond."""
        return french_spaces(singular if abs(n) < 2 else plural)

    def pgettext(self, context: str, message: str) -> str:
        """The message itself: the context only parts translations."""
        return french_spaces(message)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        """As `ngettext`; the context only parts translations."""
        return self.ngettext(singular, plural, n)


def _complete(entry: Message) -> bool:
    return all(entry.string) if isinstance(entry.string, list | tuple) else bool(entry.string)


@cache
def messages(locale: str) -> gettext.NullTranslations:
    """The catalogue of a locale, compiled in memory; what it lacks is said in French."""
    source = LOCALES_FOLDER / locale / "LC_MESSAGES" / "ccm.po"
    if locale == "fr" or not source.exists():
        return FrenchMessages()
    compiled = io.BytesIO()
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=locale)
    for entry in [entry for entry in catalogue if entry.id and not _complete(entry)]:
        catalogue.delete(entry.id, entry.context)
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    translations.add_fallback(FrenchMessages())
    return translations
