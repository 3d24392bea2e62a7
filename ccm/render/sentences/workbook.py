"""The words of a workbook that comes back: what becomes of each row, and what is to be mended in it."""

import datetime as dt
from enum import StrEnum

from ccm.commands.cells import shown
from ccm.commands.lookup import SHARED_SPELLING, UNKNOWN_ENTITY
from ccm.commands.report_lines import ReportLine
from ccm.commands.workbook import WorkbookTaken
from ccm.commands.workbook_rows import JudgedRow
from ccm.domain.dates import day_or_none, today
from ccm.domain.errors import Problem
from ccm.domain.labels import label
from ccm.domain.vocabulary import BlockedCause, DroppedKind, Status
from ccm.domain.workbook import FILLED, Outcome
from ccm.i18n import DEFAULT_LOCALE, N_, numbers, translator
from ccm.queries.answer_form import FullReport
from ccm.queries.names import short_key
from ccm.render.environment import excerpt
from ccm.render.sentences.answer_form import line_to_mend

_OUTCOMES = {
    Outcome.NEW: N_("nouvelle"),
    Outcome.UNCHANGED: N_("déjà enregistrée, rien ne change"),
    Outcome.CONFLICT: N_("en conflit : ce point a changé depuis que le classeur est parti"),
    Outcome.TAMPERED: N_("refusée"),
    Outcome.WRONG: N_("à reprendre"),
}
_CODES: dict[str, type[StrEnum]] = {
    "status": Status,
    "blocked_cause": BlockedCause,
    "dropped_kind": DroppedKind,
}
#: Of a longer text the beginning is told.
_LONG = 200
_NO_LIFTER = N_("« %(value)s » n'est pas un acteur de la liste : choisissez-en un.")


def outcome(row: JudgedRow, locale: str) -> str:
    """What becomes of a row, in a word or two."""
    return translator(locale).gettext(_OUTCOMES[row.outcome])


def asked(row: JudgedRow) -> str:
    """The beginning of what a row answers, between quotation marks; nothing where that is not known."""
    return f"«\N{NO-BREAK SPACE}{excerpt(row.text)}\N{NO-BREAK SPACE}»" if row.text else ""


def said(line: ReportLine, locale: str) -> str:
    """What a row says, in one line, its texts cut where they are long."""
    day, percent = day_or_none(line.as_of), line.percent.strip().removesuffix("%").rstrip()
    told = (
        _word(Status, line.status, locale),
        f"{percent} %" if percent else "",
        numbers.day(day, locale) if day else line.as_of,
        _word(DroppedKind, line.dropped_kind, locale),
        _cause(_word(BlockedCause, line.blocked_cause, locale), line.blocked_by, locale),
    )
    return _joined((*told, *(_cut(text, locale) for text in (line.blocked_reason, line.note))))


def theirs(report: FullReport, locale: str) -> str:
    """The report that came meanwhile, in one line, its texts cut where they are long."""
    t = translator(locale)
    told = (
        label(report.status, t),
        "" if report.percent is None else f"{report.percent} %",
        numbers.day(report.as_of, locale),
        label(report.dropped_kind, t) if report.dropped_kind else "",
        _cause(
            label(report.blocked_cause, t) if report.blocked_cause else "",
            report.blocked_by.short_name if report.blocked_by else "",
            locale,
        ),
    )
    texts = (_cut(text, locale) for text in (report.blocked_reason, report.note))
    return _joined((*told, *texts, label(report.state, t), report.author))


def _word(codes: type[StrEnum], code: str, locale: str) -> str:
    """The word of a code; what is no code as it was typed."""
    return label(codes(code), translator(locale)) if code in tuple(codes) else code


def _cause(cause: str, lifter: str, locale: str) -> str:
    t = translator(locale)
    told = (
        t.gettext("cause : %(cause)s") % {"cause": cause} if cause.strip() else "",
        t.gettext("peut lever : %(who)s") % {"who": lifter} if lifter.strip() else "",
    )
    return _joined(told)


def _cut(text: str, locale: str) -> str:
    """The beginning of a long text, and how long it is."""
    line = " ".join(text.split())
    if len(line) <= _LONG:
        return line
    length = translator(locale).gettext("%(n)s caractères") % {"n": numbers.integer(len(text), locale)}
    return f"{line[:_LONG].rstrip()}… ({length})"


def problems(row: JudgedRow, locale: str, on: dt.date | None = None) -> tuple[str, ...]:
    """What is wrong with a row, a sentence for each cell, after the heading of its column."""
    return tuple(_placed(problem, row.row.cells, locale, on or today()) for problem in row.problems)


def around(taken: WorkbookTaken, locale: str) -> tuple[str, ...]:
    """What is said of the workbook beside its rows: where it is from, what is no longer there."""
    t = translator(locale)
    told = [_sentence(problem, locale) for problem in taken.notices]
    if taken.missing:
        missing = t.gettext("Des lignes ne sont plus dans le classeur, rien n’en est dit : %(keys)s.")
        told.append(missing % {"keys": ", ".join(short_key(key.rpartition("/")[0]) for key in taken.missing)})
    return tuple(told)


def lines(row: JudgedRow, meanwhile: FullReport | None) -> tuple[str, ...]:
    """A row as the terminal tells it, in French: what it is and says, what is wrong or came meanwhile."""
    given, locale = row.row, DEFAULT_LOCALE
    named = " ".join(filter(None, (given.assignment or "?", asked(row))))
    head = f"ligne {given.number}, {named} : {outcome(row, locale)}"
    if row.problems:
        return (head, *(f"  {problem}" for problem in problems(row, locale)))
    if meanwhile is None:
        return (f"{head} : {said(given.cells, locale)}",)
    return (
        head,
        f"  dans le classeur : {said(given.cells, locale)}",
        f"  enregistré entre-temps : {theirs(meanwhile, locale)}",
    )


def _joined(parts: tuple[str, ...]) -> str:
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())


def _placed(problem: Problem, cells: ReportLine, locale: str, on: dt.date) -> str:
    t, column = translator(locale), problem.column or ""
    if column not in FILLED:
        return line_to_mend(problem, on, locale)
    told = _mend(problem, _typed(column, getattr(cells, column), locale), locale, on)
    return f"{t.gettext(FILLED[column]).replace('%%', '%')} : {told}"


def _mend(problem: Problem, typed: str, locale: str, on: dt.date) -> str:
    """What to mend in a cell, after what was typed there: a person looks for it in a sheet, not in a form."""
    t = translator(locale)
    if problem.message in (UNKNOWN_ENTITY, SHARED_SPELLING):
        return t.gettext(_NO_LIFTER) % dict(problem.values)
    told = _sentence(problem, locale)
    # Of a number the reader of every report says what was typed, and what the row's state asks for.
    if _of_workbook(problem) or (problem.column == "percent" and "continue" not in problem.message):
        return told
    mend = line_to_mend(problem, on, locale)
    if mend == told or not typed:
        return mend
    return t.gettext("« %(value)s » : %(mend)s") % {"value": typed, "mend": mend}


def _typed(column: str, text: str, locale: str) -> str:
    """What was typed into a cell, as a message may repeat it."""
    if column in _CODES:
        return _word(_CODES[column], text, locale)
    day = day_or_none(text) if column == "as_of" else None
    return numbers.day(day, locale) if day else shown(text)


def _of_workbook(problem: Problem) -> bool:
    """Whether a problem already says what a cell of the workbook should hold."""
    return any(word in problem.message for word in ("cellule contient", "n'est pas dans la liste", "tapez"))


def _sentence(problem: Problem, locale: str) -> str:
    text = problem.said(translator(locale))
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
