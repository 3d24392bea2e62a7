"""How many rows a sheet of Excel takes: what is written below them is left out without a word."""

from ccm.domain.errors import CcmError
from ccm.i18n import DEFAULT_LOCALE, numbers

#: The rows of a sheet, its headings among them.
MOST = 1_048_576


def require_room(rows: int, headings: int = 1, locale: str = DEFAULT_LOCALE) -> None:
    """Raise CcmError where the rows of a table and these headings are more than a sheet takes."""
    if rows + headings > MOST:
        raise CcmError(
            "Rien n’est exporté : %(rows)s lignes ne tiennent pas sur une feuille Excel, qui en a %(most)s. "
            "Prenez le CSV, ou filtrez.",
            rows=numbers.integer(rows, locale),
            most=numbers.integer(MOST, locale),
        )
