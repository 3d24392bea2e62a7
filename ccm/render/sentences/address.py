"""What is said of an address that is not understood: what was not, and what is shown instead."""

import datetime as dt

from ccm.i18n import N_, numbers, translator
from ccm.render.environment import excerpt

_MESSAGES = {
    "date": N_(
        "« %(value)s » n’est pas une date entre le %(first)s et le %(last)s, écrite jj/mm/aaaa : "
        "la situation est montrée au %(as_of)s."
    ),
    "depuis": N_(
        "« %(value)s » n’est pas une date d’avant le %(as_of)s, écrite jj/mm/aaaa : "
        "l’évolution est montrée depuis le %(since)s."
    ),
    "session": N_("« %(value)s » n’est pas une session connue : toutes les sessions sont montrées."),
    "lang": N_("« %(value)s » n’est pas une langue proposée : la page est en français."),
}
_UNCOMPARED = N_(
    "« %(value)s » n’est pas une date d’avant le %(as_of)s, écrite jj/mm/aaaa : "
    "aucune évolution n’est montrée."
)


def not_understood(
    name: str,
    value: str,
    locale: str,
    *,
    as_of: dt.date,
    since: dt.date | None,
    first: dt.date,
    last: dt.date,
) -> str:
    """One sentence for a shared parameter that means nothing; dates are those shown, and those possible."""
    message = _UNCOMPARED if name == "depuis" and since is None else _MESSAGES[name]
    days = {"as_of": as_of, "since": since or as_of, "first": first, "last": last}
    written = {key: numbers.day(day, locale) for key, day in days.items()}
    return translator(locale).gettext(message) % {"value": excerpt(value, 40), **written}
