"""The texts of a reminder, in French: whole, short for a telephone, and the subject of a mail."""

from ccm.i18n import numbers, translator
from ccm.queries.names import short_key
from ccm.queries.results import AnswerState
from ccm.queries.silence import Reminded, Silence

#: Reminders go to people in Niger, whatever language the Secretariat reads the dashboard in.
_LOCALE = "fr"
#: How many answers a whole reminder names; the address leads to the others.
_MOST = 40
#: Characters of a short message, kept within three parts of an SMS.
_SHORT = 459


def subject(reminded: Reminded) -> str:
    """The subject of the mail."""
    n = len(reminded.missing)
    what = f"{n} point de situation attendu" if n == 1 else f"{n} points de situation attendus"
    return f"CCM – {reminded.entity.short_name} : {what}"


def whole(reminded: Reminded, address: str) -> str:
    """The reminder with the list of what is due, the latest first to be late."""
    n, entity = len(reminded.missing), reminded.entity.name
    asked = f"{n} point de situation est attendu" if n == 1 else f"{n} points de situation sont attendus"
    head = [
        "Bonjour,",
        "",
        f"{asked} de votre part ({entity}) pour le suivi des recommandations du CCM, {_until(reminded)}.",
        "",
    ]
    lines = [_line(answer) for answer in reminded.missing[:_MOST]]
    more = n - len(lines)
    if more > 0:
        lines.append(f"… et {more} autre{'s' if more > 1 else ''}.")
    foot = [
        "",
        f"Pour répondre, une minute par point : {address}",
        "",
        "Le Secrétariat permanent du CCM",
    ]
    return "\n".join([*head, *lines, *foot])


def short(reminded: Reminded, address: str) -> str:
    """The reminder for WhatsApp or SMS: how many, which first, until when, where."""
    n = len(reminded.missing)
    points = f"{n} point{'s' if n > 1 else ''} à transmettre"
    head = f"CCM, {reminded.entity.short_name} : {points}, {_until(reminded)}"
    foot = f". Répondre : {address}"
    keys, shown = [short_key(answer.recommendation) for answer in reminded.missing], ""
    for count in range(len(keys), 0, -1):
        shown = " (" + ", ".join(keys[:count]) + (", …" if count < len(keys) else "") + ")"
        if len(head) + len(shown) + len(foot) <= _SHORT:
            break
    return head + shown + foot


def title(silence: Silence, locale: str) -> str:
    """How many answers are missing, of how many entities."""
    t = translator(locale)
    missing = silence.asked - silence.given
    if not silence.asked:
        return t.gettext("Aucune réponse n’est demandée sur cette période")
    if not missing:
        return t.gettext("Tout le monde a répondu")
    silent = sum(1 for line in silence.lines if line.missing)
    answers = t.ngettext("%(n)s réponse manque", "%(n)s réponses manquent", missing) % {"n": missing}
    actors = t.ngettext("chez %(n)s acteur", "chez %(n)s acteurs", silent) % {"n": silent}
    return f"{answers}, {actors}"


def _until(reminded: Reminded) -> str:
    return f"au plus tard le {numbers.day(reminded.period.due_on, _LOCALE)}"


def _line(answer: AnswerState) -> str:
    due = f" (échéance {numbers.day(answer.due_date, _LOCALE)})" if answer.due_date else ""
    late = ", en retard" if answer.overdue else ""
    text = " ".join(answer.text.split())
    shortened = text if len(text) <= 110 else text[:109].rsplit(" ", 1)[0] + "…"
    return f"- {short_key(answer.recommendation)} : {shortened}{due}{late}"
