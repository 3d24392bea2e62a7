"""The head of Mon espace: how much is due, how much is received, until when."""

import datetime as dt

from ccm.domain.vocabulary import Nature
from ccm.i18n import numbers, translator
from ccm.queries.my_space import MySpace
from ccm.queries.replaced import Replaced


def title(space: MySpace, locale: str) -> str:
    """`17 réponses à donner`, or that nothing is; that others answer now for all that was one's own."""
    t = translator(locale)
    if space.cut_off:
        whose = len(space.entities)
        return t.ngettext("Votre acteur a été remplacé", "Vos acteurs ont été remplacés", whose)
    if not space.due:
        return t.gettext("Rien à donner aujourd’hui")
    return t.ngettext("%(n)s réponse à donner", "%(n)s réponses à donner", space.due) % {"n": space.due}


def lead(space: MySpace, next_session: tuple[int, dt.date] | None, today: dt.date, locale: str) -> str:
    """What is to be given, part by part; how much was received; when the next session is.

    Of what is no longer one's own there is nothing to say but what `replaced` does.
    """
    t = translator(locale)
    if space.cut_off:
        return ""
    parts = _parts(space, locale)
    asked = f"{', '.join(parts)}. " if len(parts) > 1 else ""
    answered = sum(figures.answered for _, figures in space.figures)
    expected = sum(figures.expected for _, figures in space.figures)
    received = t.ngettext(
        "%(answered)s reçue sur %(expected)s.", "%(answered)s reçues sur %(expected)s.", answered
    ) % {"answered": answered, "expected": expected}
    if next_session is None:
        return asked + received + " " + t.gettext("La date de la prochaine session n’est pas encore fixée.")
    number, day = next_session
    days = (day - today).days
    when = t.ngettext(
        "%(rank)s session : %(day)s, dans %(days)s jour.",
        "%(rank)s session : %(day)s, dans %(days)s jours.",
        days,
    ) % {"rank": numbers.ordinal(number, locale), "day": numbers.day(day, locale), "days": days}
    return f"{asked}{received} {when}"


def replaced(space: MySpace, locale: str) -> list[str]:
    """By whom each entity that one answers for no more was replaced, since when, and whom to ask."""
    return [_replaced(one, locale) for one in space.replaced]


def _replaced(one: Replaced, locale: str) -> str:
    t = translator(locale)
    if one.since:
        words = t.gettext(
            "Depuis le %(day)s, %(entity)s est remplacé par %(successor)s, dont vous ne répondez pas."
        )
    else:
        words = t.ngettext(
            "%(n)s engagement de %(entity)s est passé à %(successor)s, dont vous ne répondez pas.",
            "%(n)s engagements de %(entity)s sont passés à %(successor)s, dont vous ne répondez pas.",
            one.engagements,
        )
    ask = t.gettext("Si vous devez y répondre, demandez à l’administrateur de vous confier %(successor)s.")
    return f"{words} {ask}" % {
        "entity": one.entity.short_name,
        "successor": one.successor.short_name,
        "day": numbers.day(one.since, locale),
        "n": numbers.integer(one.engagements, locale),
    }


def _parts(space: MySpace, locale: str) -> list[str]:
    """`27 jamais données`, `3 à mettre à jour`: the lists below, which together are what is to be given."""
    t = translator(locale)
    parts = (
        (len(space.to_correct), t.gettext("%(n)s à corriger")),
        (len(space.to_give), t.ngettext("%(n)s jamais donnée", "%(n)s jamais données", len(space.to_give))),
        (len(space.to_update), t.gettext("%(n)s à mettre à jour")),
    )
    told = [words % {"n": numbers.integer(n, locale)} for n, words in parts if n]
    # The bar of the figures below does not count them: without a word the two numbers seem to differ.
    continuous = sum(due.answer.nature is Nature.CONTINUOUS for due in space.pressing)
    if continuous:
        words = t.gettext("dont %(n)s sur une recommandation continue, hors compte")
        told.append(words % {"n": numbers.integer(continuous, locale)})
    return told
