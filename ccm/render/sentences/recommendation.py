"""What the page of one recommendation says beside its figures: who, by when, what to do, what changed."""

import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ccm.domain.labels import label
from ccm.domain.vocabulary import (
    AssignmentRole,
    ChangeField,
    EntityKind,
    InstanceKind,
    Nature,
    RevisionKind,
    Status,
)
from ccm.i18n import numbers, translator
from ccm.queries.changes import Change, PastReport
from ccm.queries.recommendation import Sheet
from ccm.queries.results import AnswerState, RevisionEntry
from ccm.render.blocks import Action
from ccm.render.environment import excerpt
from ccm.render.sentences.words import listed

#: A word or a sign, with the space after it.
_WORDS = re.compile(r"(?:\w[\w'’-]*|[^\w\s])\s*")


#: Names written out before « et 3 autres ».
_MOST_NAMES = 12


@dataclass(frozen=True)
class Piece:
    """Some words of a text: `kept`, `added` since the one before, or `removed`; `spaced`: a space follows."""

    kind: str
    text: str
    spaced: bool = False


@dataclass(frozen=True)
class Version:
    """One text of a recommendation, its pieces compared with the known text before it (None: none is).

    It `stands` while it is the last one known and the political meeting's minutes are not.
    """

    entry: RevisionEntry
    pieces: tuple[Piece, ...]
    added: int | None
    removed: int | None
    stands: bool = False


@dataclass(frozen=True)
class Event:
    """One line of a history: a report, a change, or a meeting's text."""

    on: dt.date
    report: PastReport | None = None
    change: Change | None = None
    text: RevisionEntry | None = None


def holders(answers: Iterable[AnswerState], locale: str) -> str:
    """« 8 régions, 3 ministères »: who answers, by kind."""
    t, kinds = translator(locale), Counter(answer.entity.kind for answer in answers)
    messages = {
        EntityKind.REGION: t.ngettext("%(n)s région", "%(n)s régions", kinds[EntityKind.REGION]),
        EntityKind.MINISTRY: t.ngettext("%(n)s ministère", "%(n)s ministères", kinds[EntityKind.MINISTRY]),
        EntityKind.AGENCY: t.ngettext("%(n)s agence", "%(n)s agences", kinds[EntityKind.AGENCY]),
    }
    others = [kind for kind in kinds if kind not in messages]
    parts = [message % {"n": kinds[kind]} for kind, message in messages.items() if kinds[kind]]
    return ", ".join([*parts, *(label(kind, t) for kind in others)])


def lead(sheet: Sheet, as_of: dt.date, locale: str) -> str:
    """What to know before the figures, where they do not speak for themselves; empty otherwise."""
    t, date = translator(locale), numbers.day(as_of, locale)
    if sheet.withdrawn:
        return t.gettext("Cette recommandation était retirée du suivi au %(date)s.") % {"date": date}
    if not sheet.followed:
        start = numbers.day(sheet.starts_on, locale)
        message = t.gettext("Pas encore en suivi au %(date)s : son suivi commence le %(start)s.")
        return message % {"date": date, "start": start}
    if sheet.nature is Nature.CONTINUOUS:
        said = t.gettext(
            "Recommandation continue : elle n’a pas de fin. Ses réponses sont montrées et n’entrent ni dans "
            "l’avancement ni dans le taux de réalisation."
        )
        return f"{said} {_life(sheet, locale)}" if sheet.answers else said
    if sheet.unassigned:
        return t.gettext(
            "Non attribuée : personne n’en est responsable. "
            "Elle compte pour 0 dans l’avancement de son axe et du plan."
        )
    if sheet.dropped:
        return t.gettext(
            "Abandonnée ou sans objet pour tous ses responsables : "
            "elle n’entre plus dans les moyennes et reste listée."
        )
    return ""


def _life(sheet: Sheet, locale: str) -> str:
    t = translator(locale)
    if sheet.figures.continuous_active:
        return t.gettext("Elle est active : au moins une réponse récente la dit en cours.")
    if sheet.figures.continuous_silent:
        return t.gettext("Elle est silencieuse : aucune réponse récente.")
    return t.gettext("Une réponse récente existe, aucune ne la dit en cours.")


def due(answers: Sequence[AnswerState], locale: str) -> str:
    """When the answers are due, in one line."""
    t = translator(locale)
    days = sorted({answer.due_date for answer in answers if answer.due_date})
    if not days:
        return t.gettext("sans échéance connue")
    if len(days) == 1:
        return numbers.day(days[0], locale)
    values = {"first": numbers.day(days[0], locale), "last": numbers.day(days[-1], locale)}
    return t.gettext("du %(first)s au %(last)s, selon le responsable") % values


def actions(sheet: Sheet, locale: str) -> tuple[Action, ...]:
    """What waits for somebody, and for whom: blocked, late, silent, unassigned."""
    if not sheet.followed:
        return ()
    t = translator(locale)
    secretariat = t.gettext("Secrétariat permanent")
    found = []
    blocked = [answer for answer in sheet.answers if answer.status is Status.BLOCKED]
    if blocked:
        title = t.ngettext("engagement bloqué", "engagements bloqués", len(blocked))
        lifters = dict.fromkeys(a.blocked_by.short_name if a.blocked_by else secretariat for a in blocked)
        reasons = tuple(_reason(answer, locale) for answer in blocked)
        found.append(Action(len(blocked), title, None, reasons, listed(list(lifters), locale)))
    late = [answer for answer in sheet.answers if answer.overdue]
    if late:
        title = t.ngettext("réponse en retard", "réponses en retard", len(late))
        found.append(Action(len(late), title, None, (_due_dates(late, locale),), _names(late, locale)))
    silent = [answer for answer in sheet.answers if answer.status is Status.NOT_REPORTED]
    if silent:
        title = t.ngettext("réponse jamais donnée", "réponses jamais données", len(silent))
        remind = t.gettext("Aucun point depuis le début du suivi : à relancer.")
        found.append(Action(len(silent), title, None, (remind,), _names(silent, locale)))
    if sheet.unassigned:
        found.append(_assign(sheet, locale))
    return tuple(found)


def _reason(answer: AnswerState, locale: str) -> str:
    t = translator(locale)
    cause = label(answer.blocked_cause, t) if answer.blocked_cause else ""
    values = {"name": answer.entity.short_name, "reason": excerpt(answer.blocked_reason, 240), "cause": cause}
    if cause:
        return t.gettext("%(name)s : %(reason)s (%(cause)s)") % values
    return t.gettext("%(name)s : %(reason)s") % values


def _assign(sheet: Sheet, locale: str) -> Action:
    t = translator(locale)
    empty = t.gettext("La cellule « acteurs » est vide dans la table source.")
    nobody = t.gettext("Aucun responsable n’est désigné.")
    return Action(
        1,
        t.ngettext("recommandation sans responsable", "recommandations sans responsable", 1),
        None,
        (nobody if sheet.actor_cell else empty,),
        t.gettext("Secrétariat permanent : attribuer"),
    )


def _due_dates(late: Sequence[AnswerState], locale: str) -> str:
    t, days = translator(locale), {answer.due_date for answer in late}
    if len(days) == 1:
        return t.gettext("Échéance passée le %(date)s.") % {"date": numbers.day(days.pop(), locale)}
    names = [f"{answer.entity.short_name} ({numbers.day(answer.due_date, locale)})" for answer in late]
    return f"{listed(names, locale, _MOST_NAMES)}."


def _names(answers: Iterable[AnswerState], locale: str) -> str:
    return listed([answer.entity.short_name for answer in answers], locale, _MOST_NAMES)


def texts(entries: Iterable[RevisionEntry]) -> tuple[Version, ...]:
    """The texts from meeting to meeting, each compared word by word with the known one before it."""
    versions, last = [], None
    for entry in entries:
        if entry.text is None or last is None:
            whole = (Piece("kept", entry.text),) if entry.text else ()
            versions.append(Version(entry, whole, None, None))
        else:
            pieces = compared(last, entry.text)
            versions.append(Version(entry, pieces, _words(pieces, "added"), _words(pieces, "removed")))
        last = entry.text or last
    return _standing(versions)


def _standing(versions: Sequence[Version]) -> tuple[Version, ...]:
    known = [i for i, version in enumerate(versions) if version.entry.text is not None]
    if not known or versions[known[-1]].entry.instance is InstanceKind.POLITICAL:
        return tuple(versions)
    return tuple(replace(version, stands=i == known[-1]) for i, version in enumerate(versions))


def text_kind(entry: RevisionEntry, locale: str) -> str:
    """What a meeting did with a text: what a technical one holds first, it has validated."""
    t = translator(locale)
    if entry.kind is None:
        return ""
    if entry.instance is InstanceKind.TECHNICAL and entry.kind is RevisionKind.PROPOSED:
        return t.gettext("validé")
    return label(entry.kind, t)


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """The words of `after` and those it took out of `before`, in their order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    stripped = ([word.strip() for word in old], [word.strip() for word in new])
    pieces = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, *stripped, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(_piece("kept", new[k:m]))
            continue
        if i < j:
            pieces.append(_piece("removed", old[i:j]))
        if k < m:
            pieces.append(_piece("added", new[k:m]))
    return tuple(pieces)


def _piece(kind: str, words: list[str]) -> Piece:
    text = "".join(words)
    return Piece(kind, text.rstrip(), text != text.rstrip())


def _words(pieces: Iterable[Piece], kind: str) -> int:
    found = (word for piece in pieces if piece.kind == kind for word in _WORDS.findall(piece.text))
    return sum(word[0].isalnum() for word in found)


def history(sheet: Sheet) -> tuple[Event, ...]:
    """Reports, changes and meetings, the newest first."""
    events = [
        *(Event(report.as_of, report=report) for report in sheet.reports),
        *(Event(change.effective_on, change=change) for change in sheet.changes),
        *(Event(entry.held_on, text=entry) for entry in reversed(sheet.texts) if entry.text is not None),
    ]
    return tuple(sorted(events, key=lambda event: event.on, reverse=True))


def changed(change: Change, locale: str) -> str:
    """What a change says, without of whom: « échéance fixée au 31/12/2024 », « rôle : responsable »."""
    t, value = translator(locale), change.value
    if change.field is ChangeField.DUE_DATE:
        if not isinstance(value, dt.date):
            return t.gettext("échéance retirée")
        return t.gettext("échéance fixée au %(date)s") % {"date": numbers.day(value, locale)}
    if change.field is ChangeField.WEIGHT:
        return t.gettext("poids %(n)s") % {"n": value}
    if change.field is ChangeField.END:
        return t.gettext("engagement repris") if value == "false" else t.gettext("fin de l’engagement")
    if change.field is ChangeField.WITHDRAWN:
        return t.gettext("remise en suivi") if value == "false" else t.gettext("retirée du suivi")
    told = label(value, t).lower() if isinstance(value, AssignmentRole | Nature) else value
    return t.gettext("%(what)s : %(value)s") % {"what": label(change.field, t).lower(), "value": told}
