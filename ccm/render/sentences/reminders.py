"""The texts of a reminder, in French: whole, short for a telephone, and the subject of a mail."""

import unicodedata

from ccm.i18n import numbers, translator
from ccm.queries.names import short_key
from ccm.queries.reminder import Reminded
from ccm.queries.reporting_periods import Phase
from ccm.queries.results import AnswerState
from ccm.queries.silence import Silence

#: Reminders go to people in Niger, whatever language the Secretariat reads the dashboard in.
_LOCALE = "fr"
#: How many answers a whole reminder names; the address leads to the others.
_MOST = 40
#: Characters of one SMS in its own alphabet; a single character outside of it leaves room for 70.
SMS = 160
_INVENTED = ("DÉMONSTRATION : les états et les dates de ce message sont inventés.", "")
_SMS_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def subject(reminded: Reminded) -> str:
    """The subject of the mail."""
    n = len(reminded.missing)
    what = f"{n} point de situation attendu" if n == 1 else f"{n} points de situation attendus"
    mark = "[Démonstration] " if reminded.demo else ""
    return f"{mark}CCM – {reminded.entity.short_name} : {what}"


def whole(reminded: Reminded, address: str) -> str:
    """The reminder with the list of what is due, the most pressing first."""
    n, entity = len(reminded.missing), reminded.entity.name
    asked = f"{n} point de situation est attendu" if n == 1 else f"{n} points de situation sont attendus"
    of_period = f" au titre de la période « {reminded.period.label} »"
    head = [
        *(_INVENTED if reminded.demo else ()),
        "Bonjour,",
        "",
        f"{asked} de votre part ({entity}) pour le suivi des recommandations du CCM{of_period}"
        f"{_until(reminded)}.",
        "",
    ]
    lines = [_line(answer, reminded.returned.get(answer.assignment)) for answer in reminded.missing[:_MOST]]
    more = n - len(lines)
    if more > 0:
        lines.append(f"… et {more} autre{'s' if more > 1 else ''}.")
    foot = [
        "",
        f"Pour répondre, une minute par point : {address}",
        "Sans connexion, répondez par téléphone ou sur papier : le Secrétariat saisira pour vous.",
        "",
        "Le Secrétariat permanent du CCM",
    ]
    return "\n".join([*head, *lines, *foot])


def short(reminded: Reminded, address: str) -> str:
    """The reminder for WhatsApp or SMS: how many, which first, until when, where; one SMS where it fits."""
    n = len(reminded.missing)
    points = f"{n} point{'s' if n > 1 else ''} à transmettre"
    mark = "DEMONSTRATION " if reminded.demo else ""
    head = _sms(f"{mark}CCM, {reminded.entity.short_name} : {points}{_until(reminded)}")
    foot = f". Répondre : {address}"
    keys = [short_key(answer.recommendation) for answer in reminded.missing]
    for count in range(len(keys), 0, -1):
        shown = " (" + ", ".join(keys[:count]) + (", ..." if count < len(keys) else "") + ")"
        if len(head) + len(shown) + len(foot) <= SMS:
            return head + shown + foot
    return head + foot


def title(silence: Silence, locale: str) -> str:
    """How many answers are missing, of how many entities."""
    t = translator(locale)
    total = silence.total
    if not total.asked:
        return t.gettext("Aucune réponse n’est demandée sur cette période")
    if silence.phase is Phase.TO_COME:
        return t.gettext("Cette période n’a pas encore commencé")
    if not total.missing:
        return t.gettext("Tout le monde a répondu")
    silent = sum(1 for line in silence.lines if line.tally.missing)
    answers = t.ngettext("%(n)s réponse manque", "%(n)s réponses manquent", total.missing)
    actors = t.ngettext("chez %(n)s acteur", "chez %(n)s acteurs", silent)
    shown = numbers.integer(total.missing, locale)
    return f"{answers % {'n': shown}}, {actors % {'n': silent}}"


def _until(reminded: Reminded) -> str:
    period = reminded.period
    day = numbers.day(period.due_on, _LOCALE)
    late = reminded.phase in (Phase.LATE, Phase.CLOSED)
    return f", délai passé depuis le {day}" if late else f", au plus tard le {day}"


def _line(answer: AnswerState, returned: str | None) -> str:
    due = f", échéance {numbers.day(answer.due_date, _LOCALE)}" if answer.due_date else ""
    late = ", en retard" if answer.overdue else ""
    last = f"dernier point {numbers.day(answer.as_of, _LOCALE)}" if answer.as_of else "jamais renseigné"
    if returned is not None:
        last = f"à corriger : « {' '.join(returned.split())} »"
    text = " ".join(answer.text.split())
    shortened = text if len(text) <= 110 else text[:109].rsplit(" ", 1)[0] + "…"
    return f"- {short_key(answer.recommendation)} : {shortened} ({last}{due}{late})"


def _sms(text: str) -> str:
    """A text in the alphabet of an SMS: what is not in it loses its accent, or becomes a plain sign."""
    return "".join(letter if letter in _SMS_ALPHABET else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", {"’": "'", "–": "-", "—": "-", "…": "..."}.get(letter, letter))
    return "".join(sign for sign in bare if sign in _SMS_ALPHABET)
