"""What a succession means for the people who answer, as the administrator is told."""

from collections.abc import Sequence

from ccm.i18n import translator


def recorded(follow: Sequence[str], answering: Sequence[str], successor: str, locale: str) -> str:
    """That figures follow, and which people do; that the successor has nobody yet where that is so."""
    t = translator(locale)
    if follow:
        people = t.gettext("Répondent désormais aussi pour %(entity)s : %(names)s.")
    elif answering:
        people = t.gettext("Répondent pour %(entity)s, comme avant : %(names)s.")
    else:
        people = t.gettext(
            "Personne ne répond encore pour %(entity)s : confiez cet acteur à quelqu’un sous « Personnes »."
        )
    people %= {"entity": successor, "names": ", ".join(follow or answering)}
    return t.gettext("Succession enregistrée : les chiffres la suivent.") + " " + people


def withdrawn(both: Sequence[str], successor: str, locale: str) -> str:
    """That figures come back, and who still answers for the one that followed."""
    t = translator(locale)
    done = t.gettext("Succession annulée : les chiffres reviennent.")
    if not both:
        return done
    people = t.gettext(
        "Répondent toujours aussi pour %(entity)s : %(names)s ; cela se change sous « Personnes »."
    )
    return f"{done} {people % {'entity': successor, 'names': ', '.join(both)}}"


def who_follows(names: Sequence[str], predecessor: str, locale: str) -> str:
    """The choice that the administrator has: these people go with the entity, or do not."""
    words = translator(locale).gettext(
        "Qui répond pour %(entity)s répondra aussi pour l’acteur qui suit : %(names)s"
    )
    return words % {"entity": predecessor, "names": ", ".join(names)}
