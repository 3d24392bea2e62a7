"""How many rows a file takes: a sheet of Excel leaves out the others, what is held whole fills the memory."""

from ccm.domain.errors import CcmError
from ccm.i18n import DEFAULT_LOCALE, numbers

#: The rows of a sheet, its headings among them.
MOST = 1_048_576
#: The recommendations of a document that is held whole until it is written: some 200 MiB in Word.
MOST_HELD = 5_000


def require_room(rows: int, headings: int = 1, locale: str = DEFAULT_LOCALE) -> None:
    """Raise CcmError where the rows of a table and these headings are more than a sheet takes."""
    if rows + headings > MOST:
        raise CcmError(
            "Rien n’est exporté : %(rows)s lignes ne tiennent pas sur une feuille Excel, qui en a %(most)s. "
            "Prenez le CSV, ou filtrez.",
            rows=numbers.integer(rows, locale),
            most=numbers.integer(MOST, locale),
        )


def require_held(recommendations: int, locale: str = DEFAULT_LOCALE) -> None:
    """Raise CcmError where a document that is held whole would hold more recommendations than it may."""
    if recommendations > MOST_HELD:
        raise CcmError(
            "Rien n’est exporté : un tel document tient %(most)s recommandations, et il y en a %(rows)s. "
            "Prenez l’Excel.",
            rows=numbers.integer(recommendations, locale),
            most=numbers.integer(MOST_HELD, locale),
        )
