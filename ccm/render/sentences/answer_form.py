"""The words of the form of one answer: choices with a sentence each, and what to mend, field by field."""

import datetime as dt
from collections.abc import Iterable, Mapping

from ccm.commands.report_lines import BEFORE_ADOPTION, ONLY_WITH
from ccm.domain.dates import day_or_none, local_time
from ccm.domain.errors import Problem
from ccm.domain.labels import label
from ccm.domain.vocabulary import BlockedCause, DroppedKind, ReportOrigin, Status
from ccm.i18n import N_, numbers, translator
from ccm.queries.names import short_key
from ccm.queries.results import AnswerState

_CHOICES = {
    Status.NOT_STARTED: N_("Rien n’a été engagé."),
    Status.IN_PROGRESS: N_("Une action au moins a commencé."),
    Status.BLOCKED: N_("L’action est arrêtée ; je dis pourquoi."),
    Status.COMPLETED: N_("Tout est fait, et je peux le montrer."),
    Status.DROPPED: N_("Ne sera pas fait ; je dis pourquoi."),
}
#: The order in which one is asked: as an action goes.
ASKED = tuple(_CHOICES)
#: What each cell is called where it stands alone.
_CELLS = {
    "as_of": N_("À la date du"),
    "status": N_("État"),
    "percent": N_("Pourcentage"),
    "note": N_("Qu’a-t-on fait ?"),
    "blocked_reason": N_("Qu’est-ce qui bloque ?"),
    "blocked_cause": N_("De quel ordre ?"),
    "blocked_by": N_("Qui peut lever le blocage ?"),
    "dropped_kind": N_("Abandonné, ou sans objet ?"),
    "origin": N_("Comment ce point est-il arrivé ?"),
    "link": N_("Ou un lien"),
    "document": N_("Ou le nom d’un document"),
}
_CODES = {
    "status": Status,
    "blocked_cause": BlockedCause,
    "dropped_kind": DroppedKind,
    "origin": ReportOrigin,
}
_STEPS = {
    0: (N_("arrêté d’emblée"), N_("Rien n’avait commencé")),
    25: (N_("lancé"), N_("Équipe ou budget désigné")),
    50: (N_("à mi-chemin"), N_("Premières activités tenues")),
    75: (N_("presque fait"), N_("Reste à conclure ou à vérifier")),
}
#: What to mend, by the column, whatever is wrong with it.
_MEND = {
    "status": N_("Choisissez où l’on en est."),
    "percent": N_("Choisissez un point de l’échelle."),
    "dropped_kind": N_("Abandonné, ou sans objet : choisissez."),
    "origin": N_("Dites comment ce point est arrivé."),
}
#: What to mend where nothing was typed.
_MISSING = {
    "as_of": N_("Dites de quel jour vous parlez."),
    "blocked_reason": N_("Dites pourquoi c’est bloqué : une phrase suffit."),
    "note": N_("Dites pourquoi : une phrase suffit."),
}
#: What a recommendation that never ends cannot be given, in the table, which asks it of all.
_ENDLESS = {
    "status": N_("Une recommandation continue ne s’achève pas : choisissez un autre état."),
    "percent": N_("Une recommandation continue n’a pas de pourcentage : laissez vide."),
}
_LINE_PERCENT = N_("De 1 à 99 pour « En cours » ; laissez vide pour les autres états.")
_FUTURE = N_("La date doit être le %(today)s ou avant.")
_BEFORE_ADOPTION = N_(
    "La recommandation est adoptée depuis le %(since)s : choisissez ce jour ou un jour d’après."
)


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
    shown = ("percent", "note", "blocked_reason", "status")
    told = {name: _word(name, cells.get(name, ""), locale) for name in shown}
    day = day_or_none(cells.get("as_of", ""))
    return {**told, "as_of": numbers.day(day, locale) if day else ""}


def cell(name: str, locale: str) -> str:
    """What a cell of an answer is called."""
    return translator(locale).gettext(_CELLS[name])


def reference(answer: AnswerState) -> str:
    """What an answer is called in short: its recommendation, its actor."""
    return f"{short_key(answer.recommendation)} {answer.entity.short_name}"


def typed(answer: str, cells: Mapping[str, str], locale: str) -> tuple[tuple[str, str], ...]:
    """What was typed into cells of an answer, as words: each after the words that say where it stands."""
    return tuple(
        (f"{answer}, {cell(name, locale)}", _word(name, text, locale)) for name, text in cells.items() if text
    )


def _word(name: str, text: str, locale: str) -> str:
    code = next((code for code in _CODES.get(name, ()) if code.value == text), None)
    if code is not None:
        return label(code, translator(locale))
    day = day_or_none(text) if name == "as_of" else None
    return numbers.day(day, locale) if day else text


def kept(at: dt.datetime, today: dt.date, locale: str) -> str:
    """That the draft is on the server, and since when: the time alone where it was today."""
    t, local = translator(locale), local_time(at)
    if local.date() == today:
        told = t.gettext("Brouillon gardé sur le serveur à %(time)s. Vous pouvez fermer et revenir.")
        return told % {"time": numbers.clock(local, locale)}
    told = t.gettext("Brouillon gardé sur le serveur le %(moment)s. Vous pouvez fermer et revenir.")
    return told % {"moment": numbers.moment(local, locale)}


def to_mend(problems: Iterable[Problem], today: dt.date, locale: str) -> dict[str, str]:
    """One sentence by column, the first of each; "" gathers what belongs to no field."""
    told = dict[str, str]()
    for problem in problems:
        told.setdefault(problem.column or "", _sentence(problem, today, locale))
    return told


def line_to_mend(problem: Problem, today: dt.date, locale: str) -> str:
    """What to mend in one line of the table, where a percent is typed and not chosen."""
    mend = _ENDLESS if "continue" in problem.message else {"percent": _LINE_PERCENT}
    column = problem.column or ""
    return translator(locale).gettext(mend[column]) if column in mend else _sentence(problem, today, locale)


def lines_to_mend(count: int, locale: str) -> str:
    """At the head of what is wrong with the lines of the table: that nothing was sent."""
    told = translator(locale).ngettext(
        "Rien n’est parti : une ligne est à reprendre. Ce que vous avez tapé est gardé.",
        "Rien n’est parti : %(n)s lignes sont à reprendre. Ce que vous avez tapé est gardé.",
        count,
    )
    return told % {"n": count}


def left_to_mend(columns: Iterable[str], locale: str) -> str:
    """Beside the button: how many fields above say what to mend; nothing where none does."""
    count = sum(1 for column in columns if column)
    if not count:
        return ""
    told = translator(locale).ngettext(
        "Rien n’est parti : une réponse est à reprendre plus haut. Ce que vous avez tapé est gardé.",
        "Rien n’est parti : %(n)s réponses sont à reprendre plus haut. Ce que vous avez tapé est gardé.",
        count,
    )
    return told % {"n": count}


def _sentence(problem: Problem, today: dt.date, locale: str) -> str:
    t, column = translator(locale), problem.column or ""
    if "est dans le futur" in problem.message:
        return t.gettext(_FUTURE) % {"today": numbers.day(today, locale)}
    if problem.message == BEFORE_ADOPTION:
        since = dt.date.fromisoformat(dict(problem.values)["since"])
        return t.gettext(_BEFORE_ADOPTION) % {"since": numbers.day(since, locale)}
    if problem.message.startswith("la cellule est vide") and column in _MISSING:
        return t.gettext(_MISSING[column])
    if column in _MEND and problem.message != ONLY_WITH:
        return t.gettext(_MEND[column])
    text = problem.said(t)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
