"""The head of Mon espace: how much is due, how much is received, until when."""

import datetime as dt

from ccm.i18n import numbers, translator
from ccm.queries.my_space import MySpace


def title(space: MySpace, locale: str) -> str:
    """`17 réponses à donner`, or that nothing is."""
    t = translator(locale)
    if not space.due:
        return t.gettext("Rien à donner aujourd’hui")
    return t.ngettext("%(n)s réponse à donner", "%(n)s réponses à donner", space.due) % {"n": space.due}


def lead(space: MySpace, next_session: tuple[int, dt.date] | None, today: dt.date, locale: str) -> str:
    """How many answers were received of those expected, and when the next session is."""
    t = translator(locale)
    answered = sum(figures.answered for _, figures in space.figures)
    expected = sum(figures.expected for _, figures in space.figures)
    received = t.ngettext(
        "%(answered)s reçue sur %(expected)s.", "%(answered)s reçues sur %(expected)s.", answered
    ) % {"answered": answered, "expected": expected}
    if next_session is None:
        return f"{received} {t.gettext('La date de la prochaine session n’est pas encore fixée.')}"
    number, day = next_session
    days = (day - today).days
    when = t.ngettext(
        "%(rank)s session : %(day)s, dans %(days)s jour.",
        "%(rank)s session : %(day)s, dans %(days)s jours.",
        days,
    ) % {"rank": numbers.ordinal(number, locale), "day": numbers.day(day, locale), "days": days}
    return f"{received} {when}"
