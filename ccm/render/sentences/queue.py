"""The words of the Secretariat's queue."""

from ccm.i18n import N_, translator
from ccm.queries.queue import AFTER_OTHER, FALLS, JUMPS, NO_PROOF, OWN, SUPERSEDED, Queue

_MARKS = {
    FALLS: N_("Le pourcentage baisse"),
    JUMPS: N_("Passe d’un coup à réalisé"),
    NO_PROOF: N_("Sans preuve"),
    SUPERSEDED: N_("Un point plus récent attend aussi"),
    OWN: N_("Saisi par vous : une autre personne valide"),
    AFTER_OTHER: N_("Était réalisé"),
}


def marks(locale: str) -> dict[str, str]:
    """What each mark of a waiting report says."""
    t = translator(locale)
    return {mark: t.gettext(text) for mark, text in _MARKS.items()}


def title(queue: Queue, locale: str) -> str:
    """How many reports wait."""
    t = translator(locale)
    if not queue.count:
        return t.gettext("Aucun point n’attend la validation")
    return t.ngettext(
        "%(n)s point attend la validation", "%(n)s points attendent la validation", queue.count
    ) % {"n": queue.count}


def lead(queue: Queue, locale: str) -> str:
    """How many of those shown stand out, and how many contests wait."""
    t = translator(locale)
    doubtful = sum(not item.plain for item in queue.waiting)
    told = []
    if queue.waiting:
        told.append(
            t.ngettext(
                "%(n)s demande un regard, les autres se valident ensemble.",
                "%(n)s demandent un regard, les autres se valident ensemble.",
                doubtful,
            )
            % {"n": doubtful}
        )
    if queue.contests:
        told.append(
            t.ngettext(
                "%(n)s contestation attend une réponse.",
                "%(n)s contestations attendent une réponse.",
                len(queue.contests),
            )
            % {"n": len(queue.contests)}
        )
    return " ".join(told)
