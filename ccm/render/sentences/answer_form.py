"""The words of the form of one answer: choices with a sentence each, and what to mend, field by field."""

from collections.abc import Iterable, Mapping

from ccm.domain.errors import Problem
from ccm.domain.labels import label
from ccm.domain.vocabulary import Status
from ccm.i18n import N_, numbers, translator

_CHOICES = {
    Status.NOT_STARTED: N_("Rien n’a été engagé."),
    Status.IN_PROGRESS: N_("Une action au moins a commencé."),
    Status.BLOCKED: N_("L’action est arrêtée ; je dis pourquoi."),
    Status.COMPLETED: N_("Tout est fait, et je peux le montrer."),
    Status.DROPPED: N_("Ne sera pas fait ; je dis pourquoi."),
}
#: The order in which one is asked: as an action goes.
ASKED = tuple(_CHOICES)
_STEPS = {
    0: (N_("arrêté d’emblée"), N_("Rien n’avait commencé")),
    25: (N_("lancé"), N_("Équipe ou budget désigné")),
    50: (N_("à mi-chemin"), N_("Premières activités tenues")),
    75: (N_("presque fait"), N_("Reste à conclure ou à vérifier")),
}
#: What to mend, by the column where something is missing or wrong.
_MEND = {
    "status": N_("Choisissez où l’on en est."),
    "percent": N_("Choisissez un point de l’échelle."),
    "as_of": N_("La date doit être le jour même ou avant."),
    "blocked_reason": N_("Dites pourquoi c’est bloqué : une phrase suffit."),
    "dropped_kind": N_("Abandonné, ou sans objet : choisissez."),
    "note": N_("Dites pourquoi : une phrase suffit."),
}
#: Problems that say themselves what to do, whatever their column.
_PLAIN = ("le texte", "%(answer)s est déjà")


def choice(status: Status, locale: str) -> tuple[str, str]:
    """A status as a choice: its word and its sentence."""
    t = translator(locale)
    return label(status, t), t.gettext(_CHOICES[status])


def step(percent: int, locale: str) -> tuple[str, str]:
    """A percent as a choice: with its word where it is one of the scale's, and its sentence."""
    t = translator(locale)
    shown = numbers.whole_percent(percent, locale)
    word, sentence = _STEPS.get(percent, ("", ""))
    return (f"{shown} {t.gettext(word)}" if word else shown), (t.gettext(sentence) if sentence else "")


def mine(cells: Mapping[str, str], locale: str) -> dict[str, str]:
    """One's own draft beside another's report: what was typed, as words."""
    t, status = translator(locale), cells.get("status", "")
    known = label(Status(status), t) if status in {code.value for code in ASKED} else status
    typed = {name: cells.get(name, "") for name in ("percent", "as_of", "note", "blocked_reason")}
    return {**typed, "status": known}


def to_mend(problems: Iterable[Problem], locale: str) -> dict[str, str]:
    """One sentence by column; "" gathers what belongs to no field."""
    t, told = translator(locale), dict[str, str]()
    for problem in problems:
        column = problem.column or ""
        mend = None if problem.message.startswith(_PLAIN) else _MEND.get(column)
        text = t.gettext(mend or problem.message)
        text = text % dict(problem.values) if problem.values and not mend else text
        told.setdefault(column, text[:1].upper() + text[1:] + ("" if text.endswith(".") else "."))
    return told
