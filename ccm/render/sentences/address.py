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
    "connu": N_(
        "« %(value)s » n’est pas un instant : recopiez l’adresse de la note. Voici ce qu’on sait à présent."
    ),
    "lang": N_("« %(value)s » n’est pas une langue proposée : la page est en français."),
}
_UNCOMPARED = N_(
    "« %(value)s » n’est pas une date d’avant le %(as_of)s, écrite jj/mm/aaaa : "
    "aucune évolution n’est montrée."
)
_FILTERS = {
    "axe": N_("« %(value)s » n’est pas un axe connu : le filtre est laissé de côté."),
    "defi": N_("« %(value)s » n’est pas un défi connu : le filtre est laissé de côté."),
    "priorite": N_("« %(value)s » n’est pas une priorité connue : le filtre est laissé de côté."),
    "region": N_("« %(value)s » n’est pas une région connue : le filtre est laissé de côté."),
    "institution": N_("« %(value)s » n’est pas une institution connue : le filtre est laissé de côté."),
    "statut": N_("« %(value)s » n’est pas un état connu : le filtre est laissé de côté."),
}
_UNREAD = N_("« %(name)s=%(value)s » ne se comprend pas : ce réglage est laissé de côté.")


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


def unknown_value(name: str, value: str, locale: str) -> str:
    """What is said of a value of the address that means nothing."""
    if name not in _FILTERS:
        return unknown_name(name, value, locale)
    return translator(locale).gettext(_FILTERS[name]) % {"value": excerpt(value, 40)}


def unknown_name(name: str, value: str, locale: str) -> str:
    """What is said of a parameter that a page does not have."""
    return translator(locale).gettext(_UNREAD) % {"name": excerpt(name, 40), "value": excerpt(value, 40)}


def beyond_last(page: int, pages: int, locale: str) -> str:
    """What is said of a page of the address that there is not: the last one is shown."""
    said = translator(locale).ngettext(
        "« page=%(page)s » : il n’y a qu’une page.",
        "« page=%(page)s » : il n’y a que %(pages)s pages, voici la dernière.",
        pages,
    )
    return said % {"page": page, "pages": numbers.integer(pages, locale)}
