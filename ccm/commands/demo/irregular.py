"""Reports that did not go the plain way: retracted, returned, waiting, corrected late, contested."""

import datetime as dt
from dataclasses import dataclass, field

from ccm.commands.demo.calendar import END, Clock, days
from ccm.commands.demo.outcomes import Answer
from ccm.commands.demo.people import DONORS, author_of
from ccm.commands.demo.phrases import SUBJECTS
from ccm.commands.demo.reports import Author, Outcome, Row, state_of
from ccm.domain.vocabulary import ReportState, Status

_RETRACTED_REASON = "La pièce jointe concerne une autre commune ; un point corrigé est demandé."
_RETURNED_REASONS = (
    "Précisez combien de communes sont couvertes.",
    "Le pourcentage ne correspond pas à la note : lequel des deux faut-il retenir ?",
    "Joignez le compte rendu de l'atelier.",
)
_DOUBTS = (
    "La mission conjointe n'a vu aucune activité dans deux des communes citées.",
    "Le rapport cité n'est pas parvenu aux partenaires.",
    "Le nombre de participants dépasse celui de la liste de présence.",
    "L'équipement annoncé n'était pas installé lors de la visite.",
)
_ANSWERS = (
    "Les listes de présence sont remises au partenaire ; le point est maintenu.",
    "Le rapport est transmis ; la remarque est close.",
)
_LATE_FROM, _LATE_TO = dt.date(2023, 10, 1), dt.date(2023, 12, 31)
_LATE_VALIDATION = dt.date(2024, 5, 14)


@dataclass
class Extra:
    """Reports beside the plain series, and remarks on reports whose id is not known yet."""

    reports: list[Row] = field(default_factory=list)
    contests: list[tuple[Row, Row]] = field(default_factory=list)


def write_irregular(author: Author, series: dict[Answer, list[Row]], silent: list[Answer]) -> Extra:
    """Turn some reports of the series aside; returns what comes beside them."""
    extra = Extra()
    moving = [answer for answer, rows in series.items() if _is_moving(rows[-1])]
    moving.sort(key=lambda answer: (series[answer][-1]["as_of"], answer.id))
    past = [answer for answer in moving if series[answer][-1]["as_of"] < dt.date(2024, 4, 20)]
    for answer in past[-3:]:
        extra.reports.append(_retract(author, answer, series[answer][-1]))
    for answer, reason in zip(past[-6:-3], _RETURNED_REASONS, strict=False):
        extra.reports.append(_return(author, answer, series[answer][-1], reason))
    for answer in past[:6]:
        extra.reports.append(_waiting(author, answer, _next_state(series[answer][-1])))
    owed = [answer for answer in silent if answer.entity in ("NE006", "NE007", "CT", "MF")]
    for answer in owed[1:5]:
        extra.reports.append(_waiting(author, answer, state_of(25)))
    extra.reports += [_sent_back(author, answer) for answer in owed[:1]]
    extra.reports += _late_corrections(author, series)
    _verify(author.clock, series)
    extra.contests = _contests(author.clock, series)
    return extra


def _is_moving(row: Row) -> bool:
    return row["status"] is Status.IN_PROGRESS and row["percent"] is not None


def _next_state(row: Row) -> Outcome:
    percent = min(row["percent"] + 25, 100)
    return Outcome(Status.COMPLETED, 100) if percent == 100 else state_of(percent)


def _retract(author: Author, answer: Answer, right: Row) -> Row:
    """A mistaken « completed » that stood for three weeks; `right`, of the same date, corrects it."""
    done, subject = Outcome(Status.COMPLETED, 100), SUBJECTS[answer.recommendation]
    wrong = author.validated(answer.id, right["as_of"], done, subject, right["author"])
    seen_on = wrong["validated_at"].date() + days(20)
    wrong.update(
        state=ReportState.RETRACTED,
        retracted_at=author.clock.instant(seen_on),
        retracted_reason=_RETRACTED_REASON,
    )
    _again(author, right, seen_on + days(2))
    return wrong


def _return(author: Author, answer: Answer, right: Row, reason: str) -> Row:
    """A first version sent back; `right` is what came instead."""
    wrong = author.submitted(
        answer.id, right["as_of"], _next_state(right), SUBJECTS[answer.recommendation], right["author"]
    )
    sent_back_on = _send_back(author.clock, wrong, reason)
    _again(author, right, sent_back_on + days(5))
    return wrong


def _sent_back(author: Author, answer: Answer) -> Row:
    """A report sent back, with nothing since."""
    row = author.submitted(
        answer.id,
        dt.date(2024, 5, 27),
        state_of(50),
        SUBJECTS[answer.recommendation],
        author_of(answer.entity, END),
    )
    _send_back(author.clock, row, _RETURNED_REASONS[0])
    return row


def _send_back(clock: Clock, row: Row, reason: str) -> dt.date:
    on: dt.date = row["submitted_at"].date() + days(3)
    row.update(state=ReportState.RETURNED, returned_at=clock.instant(on), returned_reason=reason)
    return on


def _again(author: Author, row: Row, on: dt.date) -> None:
    row["submitted_at"] = author.clock.instant(on)
    author.validate(row, on + days(3))


def _waiting(author: Author, answer: Answer, state: Outcome) -> Row:
    as_of = END - days(4 + answer.id % 9)
    by = author_of(answer.entity, as_of)
    return author.submitted(answer.id, as_of, state, SUBJECTS[answer.recommendation], by)


def _late_corrections(author: Author, series: dict[Answer, list[Row]]) -> list[Row]:
    """What was said of the end of 2023, corrected half a year later: the past changes, and that is seen."""
    corrected: list[Row] = []
    for answer, rows in series.items():
        for row in rows[:-1]:
            if _LATE_FROM <= row["as_of"] <= _LATE_TO and _is_moving(row) and row["percent"] >= 50:
                less = state_of(row["percent"] - 25)
                subject = SUBJECTS[answer.recommendation]
                again = author.submitted(answer.id, row["as_of"], less, subject, row["author"])
                again["note"] = "Corrigé après vérification : des communes étaient comptées deux fois."
                again["submitted_at"] = author.clock.instant(_LATE_VALIDATION - days(1))
                corrected.append(author.validate(again, _LATE_VALIDATION + days(len(corrected))))
    return corrected[:4]


def _verify(clock: Clock, series: dict[Answer, list[Row]]) -> None:
    """The Secretariat has checked the evidence of one completed answer in three."""
    completed = [rows[-1] for rows in series.values() if rows[-1]["status"] is Status.COMPLETED]
    for row in completed[::3]:
        checked_on = row["validated_at"].date() + days(21)
        if checked_on < END:
            row["verified_at"] = clock.instant(checked_on)


def _contests(clock: Clock, series: dict[Answer, list[Row]]) -> list[tuple[Row, Row]]:
    """Doubts of donors on the latest word of some answers; two of them were answered."""
    completed = [rows[-1] for rows in series.values() if rows[-1]["status"] is Status.COMPLETED]
    early = [row for row in completed if row["validated_at"].date() < dt.date(2024, 5, 1)]
    contests = []
    for place, (row, reason) in enumerate(zip(early[1::11], _DOUBTS, strict=False)):
        opened_on = row["validated_at"].date() + days(25)
        answered = place < len(_ANSWERS)
        contest = {
            "author": DONORS[place % len(DONORS)],
            "reason": reason,
            "opened_at": clock.instant(opened_on),
            "answer": _ANSWERS[place] if answered else "",
            "answered_at": clock.instant(opened_on + days(12)) if answered else None,
        }
        contests.append((row, contest))
    return contests
