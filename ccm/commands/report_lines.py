"""From the cells of a line to a progress report, or to what is wrong with them."""

import datetime as dt
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from ccm.commands import cells
from ccm.commands.cells import Line, Refusal, listed, shown, told
from ccm.commands.followed import followed
from ccm.commands.lookup import Lookup, Named
from ccm.domain.errors import Problem
from ccm.domain.reporting import PERCENT_RANGE, accepted_statuses, fixed_percent, percent_is_accepted
from ccm.domain.vocabulary import REPORTABLE, BlockedCause, DroppedKind, Nature, Status
from ccm.i18n import N_

#: A day before the recommendation was adopted; the form tells it in its own words.
BEFORE_ADOPTION = N_(
    "« %(value)s » est avant l'adoption de %(recommendation)s : donnez le %(since)s ou un jour d'après"
)
#: A cell that only another status asks for; of a choice it tells something else than that one is missing.
ONLY_WITH = N_("« %(value)s » ne va qu'avec « %(owner)s », pas avec « %(status)s »")
_REASON = N_("la cellule est vide : « %(status)s » demande un motif")

_CHOSEN: Mapping[str, type[StrEnum]] = {"blocked_cause": BlockedCause, "dropped_kind": DroppedKind}


@dataclass(frozen=True)
class ReportLine:
    """One progress report as typed, cell by cell; `line` counts the file's lines, its heading being 1."""

    recommendation: str = ""
    entity: str = ""
    as_of: str = ""
    status: str = ""
    percent: str = ""
    note: str = ""
    blocked_reason: str = ""
    blocked_cause: str = ""
    blocked_by: str = ""
    dropped_kind: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """A report that may be recorded; `values` are columns of `progress_report`."""

    line: int | None
    recommendation: Named
    entity: Named
    assignment: Named
    values: Mapping[str, Any]


class ReportReader:
    """Reads lines against the plan as it is, on a day."""

    def __init__(self, lookup: Lookup, today: dt.date) -> None:
        self._lookup = lookup
        self._past_day = partial(cells.past_day, today=today)
        self._followed = followed(lookup.connection, lookup.recommendations.values(), today)
        self._given: dict[tuple[int, dt.date], int | None] = {}

    def apart(self) -> "ReportReader":
        """The same reader, for a line that is read beside those that are taken."""
        other = copy(self)
        other._given = {}
        return other

    def read(self, given: ReportLine, problems: list[Problem]) -> Report | None:
        """The report of a line; None, and its problems noted, where it cannot be accepted."""
        line = Line(given.line, problems)
        before = len(problems)
        recommendation = line.required("recommendation", given.recommendation, self._lookup.recommendation)
        entity = line.required("entity", given.entity, self._lookup.entity)
        assignment = self._assignment(line, given, recommendation, entity)
        known = self._followed[recommendation.id] if recommendation else None
        nature = known.nature if known else None
        as_of = line.required("as_of", given.as_of, self._past_day, cells.DAYS)
        if recommendation and known:
            _since_adoption(line, recommendation, as_of, known.since)
        self._once(line, assignment, as_of)
        values = {
            "as_of": as_of,
            "note": line.read("note", given.note, cells.prose) or "",
            **self._answer(line, given, nature),
        }
        if len(problems) > before or not (recommendation and entity and assignment):
            return None
        return Report(given.line, recommendation, entity, assignment, values)

    def _assignment(
        self, line: Line, given: ReportLine, recommendation: Named | None, entity: Named | None
    ) -> Named | None:
        if not (recommendation and entity):
            return None
        found = self._lookup.assignments.get((recommendation.id, entity.id))
        if found is None:
            assigned = self._lookup.assigned(recommendation)
            values = told(
                value=shown(given.entity), recommendation=recommendation.key, assigned=listed(assigned)
            )
            problem = (
                Problem(
                    "« %(value)s » n'est pas chargé de %(recommendation)s ; en sont chargés : %(assigned)s",
                    values,
                )
                if assigned
                else Problem("personne n'est chargé de %(recommendation)s : nommez d'abord un acteur", values)
            )
            line.refuse("entity", problem)
        return found

    def _once(self, line: Line, assignment: Named | None, as_of: dt.date | None) -> None:
        if assignment is None or as_of is None:
            return
        answer = (assignment.id, as_of)
        if answer in self._given:
            values = told(answer=assignment.key, as_of=as_of, line=self._given[answer])
            problem = Problem(
                "%(answer)s est déjà donné au %(as_of)s par la ligne %(line)s : gardez une seule ligne",
                values,
            )
            line.refuse("as_of", problem)
        self._given.setdefault(answer, line.number)

    def _answer(self, line: Line, given: ReportLine, nature: Nature | None) -> dict[str, Any]:
        status = line.required("status", given.status, _status(nature), _accepted(nature))
        answer: dict[str, Any] = {"status": status, "percent": _percent(line, given.percent, status, nature)}
        _only_with(line, given, status, Status.BLOCKED, ("blocked_reason", "blocked_cause", "blocked_by"))
        _only_with(line, given, status, Status.DROPPED, ("dropped_kind",))
        if status is Status.BLOCKED:
            answer |= self._blocked(line, given)
        if status is Status.DROPPED:
            kind = cells.one_of(DroppedKind)
            answer["dropped_kind"] = line.required("dropped_kind", given.dropped_kind, kind, DroppedKind)
            if cells.is_blank(given.note):
                line.refuse("note", Problem(_REASON, told(status=status)))
        return answer

    def _blocked(self, line: Line, given: ReportLine) -> dict[str, Any]:
        if cells.is_blank(given.blocked_reason):
            line.refuse("blocked_reason", Problem(_REASON, told(status=Status.BLOCKED)))
        by = line.read("blocked_by", given.blocked_by, self._lookup.entity)
        return {
            "blocked_reason": line.read("blocked_reason", given.blocked_reason, cells.prose) or "",
            "blocked_cause": line.read("blocked_cause", given.blocked_cause, cells.one_of(BlockedCause)),
            "blocked_by_id": by.id if by else None,
        }


def _since_adoption(line: Line, recommendation: Named, as_of: dt.date | None, since: dt.date | None) -> None:
    """Nothing can be said of a recommendation on a day when it was not adopted yet.

    Of a day before the entity was named it can: who is named today may tell where things stood.
    """
    if as_of is not None and since is not None and as_of < since:
        values = told(value=as_of.isoformat(), recommendation=recommendation.key, since=since.isoformat())
        line.refuse("as_of", Problem(BEFORE_ADOPTION, values))


def _only_with(
    line: Line, given: ReportLine, status: Status | None, owner: Status, columns: tuple[str, ...]
) -> None:
    for column in columns:
        text = getattr(given, column)
        if status not in (None, owner) and not cells.is_blank(text):
            values = told(value=_chosen(column, text), owner=owner, status=status)
            line.refuse(column, Problem(ONLY_WITH, values))


def _chosen(column: str, text: str) -> str:
    """The code that a cell holds; what is none as a message may repeat it."""
    codes = {code.value: code for code in _CHOSEN.get(column, ())}
    return codes.get(text.strip().lower()) or shown(text)


def _accepted(nature: Nature | None) -> tuple[Status, ...]:
    return accepted_statuses(nature) if nature else REPORTABLE


def _status(nature: Nature | None) -> Callable[[str], Status]:
    """Reads a status; a continuous recommendation is never completed."""
    accepted = _accepted(nature)

    def parse(text: str) -> Status:
        status = cells.one_of(REPORTABLE)(text)
        if status not in accepted:
            values = told(value=shown(text), accepted=", ".join(accepted))
            raise Refusal(
                Problem("« %(value)s » : une recommandation continue ne s'achève pas : %(accepted)s", values)
            )
        return status

    return parse


def _percent(line: Line, text: str, status: Status | None, nature: Nature | None) -> int | None:
    lowest, highest = (PERCENT_RANGE[status] if status else None) or (0, 100)
    percent = line.read("percent", text, lambda typed: cells.whole(typed, lowest, highest))
    if percent is None and not cells.is_blank(text):
        return None
    if percent is None and status and nature is not Nature.CONTINUOUS:
        percent = fixed_percent(status)
    problem = _percent_problem(percent, status, nature)
    if problem:
        line.refuse("percent", problem)
    return percent


def _percent_problem(percent: int | None, status: Status | None, nature: Nature | None) -> Problem | None:
    if status is None or (nature is None and percent is None):
        # What is not known to be wrong is not told: whether a percent is missing depends on the nature.
        beyond = percent is not None and percent > 100
        return (
            Problem(
                "« %(value)s » n'est pas un nombre entier de %(lowest)s à %(highest)s",
                told(value=percent, lowest=0, highest=100),
            )
            if beyond
            else None
        )
    if percent_is_accepted(status, percent, nature or Nature.FINITE):
        return None
    allowed = PERCENT_RANGE[status]
    if percent is not None and (nature is Nature.CONTINUOUS or allowed is None):
        return _superfluous(percent, status, nature)
    return _out_of_range(percent, status, allowed or (0, 100))


def _superfluous(percent: int, status: Status, nature: Nature | None) -> Problem:
    values = told(value=percent, status=status)
    if nature is Nature.CONTINUOUS:
        return Problem(
            "« %(value)s » : une recommandation continue n'a pas de pourcentage, laissez vide", values
        )
    return Problem("« %(value)s » : « %(status)s » n'a pas de pourcentage, laissez vide", values)


def _out_of_range(percent: int | None, status: Status, allowed: tuple[int, int]) -> Problem:
    values = told(value=percent, status=status, lowest=allowed[0], highest=allowed[1])
    if percent is None:
        return Problem(
            "la cellule est vide : « %(status)s » demande un nombre entier de %(lowest)s à %(highest)s",
            values,
        )
    if allowed[0] == allowed[1]:
        return Problem(
            "« %(value)s » n'est pas accepté : « %(status)s » vaut %(lowest)s, ou laissez vide", values
        )
    return Problem(
        "« %(value)s » n'est pas accepté : « %(status)s » demande un nombre entier de %(lowest)s à "
        "%(highest)s",
        values,
    )
