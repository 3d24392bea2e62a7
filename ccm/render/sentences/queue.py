"""The words of the Secretariat's queue."""

from ccm.domain.errors import Problem
from ccm.i18n import N_, numbers, translator
from ccm.metrics.marks import Mark
from ccm.queries.queue import PAGE, Queue
from ccm.render.sentences.address import unknown_value

_MARKS = {
    Mark.FALLS: N_("Le pourcentage baisse"),
    Mark.JUMPS: N_("Passe d’un coup à réalisé"),
    Mark.REOPENS: N_("Était réalisé, ne l’est plus"),
    Mark.NO_PROOF: N_("Réalisé sans preuve"),
    Mark.DROPPED: N_("Abandonné ou sans objet : il ne sera plus demandé"),
    Mark.CONTESTED: N_("Une contestation de cet engagement attend une réponse"),
    Mark.OLDER: N_("Parle d’un jour plus ancien que le dernier point validé : l’état ne changera pas"),
    Mark.SUPERSEDED: N_("Un point plus récent du même engagement attend aussi"),
    Mark.ENDED: N_("Cet engagement n’est plus suivi"),
    Mark.OWN: N_("Saisi par vous : une autre personne valide"),
    Mark.ALONE: N_("Saisi par vous, et personne d’autre ne peut valider"),
}


def marks(locale: str) -> dict[Mark, str]:
    """What each mark of a waiting report says."""
    t = translator(locale)
    return {mark: t.gettext(text) for mark, text in _MARKS.items()}


def problem(found: Problem, locale: str) -> str:
    """What is wrong with a decision, as a sentence."""
    text = translator(locale).gettext(found.message)
    text = text % dict(found.values) if found.values else text
    return text[:1].upper() + text[1:]


def title(queue: Queue, locale: str) -> str:
    """How many reports wait."""
    t, n = translator(locale), queue.count
    if not n:
        return t.gettext("Aucun point n’attend la validation")
    said = t.ngettext("%(n)s point attend la validation", "%(n)s points attendent la validation", n)
    return said % {"n": numbers.integer(n, locale)}


def unknown(queue: Queue, asked: str | None, locale: str) -> str | None:
    """What is said of an address that asks for the reports of nobody known."""
    return unknown_value("institution", asked, locale) if asked and not queue.of else None


def lead(queue: Queue, locale: str) -> str:
    """How many of those shown stand out, and what else waits."""
    t, told = translator(locale), []
    if n := len(queue.doubtful):
        told.append(t.ngettext("%(n)s demande un regard.", "%(n)s demandent un regard.", n) % {"n": n})
    if n := len(queue.plain):
        said = t.ngettext(
            "%(n)s n’a rien de particulier.",
            "%(n)s n’ont rien de particulier et se valident ensemble.",
            n,
        )
        told.append(said % {"n": n})
    if n := queue.contested:
        said = t.ngettext(
            "%(n)s contestation attend une réponse.", "%(n)s contestations attendent une réponse.", n
        )
        told.append(said % {"n": numbers.integer(n, locale)})
    return " ".join(told)


def span(queue: Queue, locale: str) -> str:
    """Which of the achievements with unchecked evidence are shown, of how many."""
    first = PAGE * (queue.unchecked_page - 1) + 1
    shown = {"first": first, "last": first + len(queue.unverified) - 1, "count": queue.unchecked}
    told = translator(locale).gettext("%(first)s à %(last)s sur %(count)s")
    return told % {name: numbers.integer(n, locale) for name, n in shown.items()}


def bulk(n: int, locale: str) -> str:
    """The button that validates all that nothing stands out of."""
    said = translator(locale).ngettext("Valider ce point", "Valider ces %(n)s points", n)
    return said % {"n": n} if n > 1 else said
