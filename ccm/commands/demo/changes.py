"""What changed after the first load, as the Secretariat would record it: the real rows stay as they are."""

import datetime as dt
from dataclasses import dataclass

from ccm.commands.demo.calendar import NEXT_SESSION, NEXT_SESSION_ANNOUNCED, Clock, days
from ccm.commands.demo.people import ADMINISTRATOR
from ccm.commands.demo.reports import Row
from ccm.commands.demo.writer import Writer
from ccm.domain.vocabulary import AssignmentRole, ChangeField, InstanceKind, Nature
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Instance,
    RecommendationChange,
    Session,
    SessionChange,
)

#: Recommendations without an end, and since when the Secretariat says so.
CONTINUOUS = {
    "CCM7-G-03": dt.date(2022, 10, 3),
    "CCM7-A3-04": dt.date(2022, 10, 3),
    "CCM7-A3-14": dt.date(2023, 7, 3),
}
#: Answers that are owed no more: ended, or changed into support.
ENDED = ("CCM7-A1-03/MF", dt.date(2024, 1, 15))
MADE_SUPPORT = ("CCM7-A1-04/MAEC", dt.date(2023, 3, 1))
#: Entities that came to support an answer: (recommendation, entity).
SUPPORTS = (
    ("CCM7-A1-06", "MAT-DC"),
    ("CCM7-A1-11", "PTF"),
    ("CCM7-A2-05", "MI-D"),
    ("CCM7-A3-09", "INS"),
)
_WEIGHTS = {"CCM7-G-02/MI-D": 2, "CCM7-A1-01/MAEC": 2, "CCM7-A1-05/MF": 4, "CCM7-A3-15/INS": 3}

_TERMS_SET_ON = dt.date(2022, 10, 3)
_END_2023, _MARCH_2024 = dt.date(2023, 12, 31), dt.date(2024, 3, 31)
_JULY_2024, _SEPTEMBER_2024 = dt.date(2024, 7, 15), dt.date(2024, 9, 30)
_DUE = {
    "CCM7-G-01": _END_2023,
    "CCM7-A1-03": _END_2023,
    "CCM7-A3-08": _END_2023,
    "CCM7-A1-04": _MARCH_2024,
    "CCM7-A1-10": _MARCH_2024,
    "CCM7-A2-03": _MARCH_2024,
    "CCM7-A2-05": _MARCH_2024,
    "CCM7-A2-08": _MARCH_2024,
    "CCM7-A1-07": _JULY_2024,
}
_WITHOUT_DUE_DATE = (
    "CCM7-G-03",
    "CCM7-A1-02",
    "CCM7-A1-09",
    "CCM7-A1-12",
    "CCM7-A2-13",
    "CCM7-A3-03",
    "CCM7-A3-04",
    "CCM7-A3-05",
    "CCM7-A3-06",
)
#: Due dates put off (a day) or cleared (None), with the day on which it was decided.
_DUE_AGAIN = (
    ("CCM7-A2-03/NE007", _SEPTEMBER_2024, dt.date(2024, 2, 12)),
    ("CCM7-A2-03/NE006", _SEPTEMBER_2024, dt.date(2024, 2, 12)),
    ("CCM7-A1-06/NE005", None, dt.date(2024, 1, 22)),
)
_DAYS_BEFORE_POLITICAL = {InstanceKind.PREPARATORY: 10, InstanceKind.TECHNICAL: 8, InstanceKind.POLITICAL: 0}


class Changes:
    """Writes append-only changes, each effective on the day it is recorded unless said otherwise."""

    def __init__(
        self, writer: Writer, clock: Clock, assignments: dict[str, int], recommendations: dict[str, int]
    ):
        self._writer = writer
        self._clock = clock
        self._assignments = assignments
        self._recommendations = recommendations

    def terms(self) -> None:
        """Due dates and weights, then what was revised of them."""
        for key in self._assignments:
            recommendation = key.partition("/")[0]
            if recommendation not in _WITHOUT_DUE_DATE:
                self._due(key, _DUE.get(recommendation, _SEPTEMBER_2024), _TERMS_SET_ON)
        for key, weight in _WEIGHTS.items():
            self._assignment(key, ChangeField.WEIGHT, str(weight), _TERMS_SET_ON, number=weight)
        for key, due, on in _DUE_AGAIN:
            self._due(key, due, on, "Échéance revue par le Secrétariat (démonstration)")

    def roles(self, entities: dict[str, int]) -> None:
        """Who answers no more, and who came in support."""
        key, on = ENDED
        self._assignment(
            key, ChangeField.END, "true", on, reason="Repris par un autre service (démonstration)"
        )
        key, on = MADE_SUPPORT
        support = AssignmentRole.SUPPORT.value
        self._assignment(key, ChangeField.ROLE, support, on, reason="Passe en appui (démonstration)")
        for recommendation, entity in SUPPORTS:
            key = f"{recommendation}/{entity}"
            self._assignments[key] = self._new_assignment(key, recommendation, entities[entity])
            self._assignment(key, ChangeField.ROLE, support, _TERMS_SET_ON)

    def natures(self) -> None:
        """Which recommendations go on without an end."""
        for key, on in CONTINUOUS.items():
            row = {"recommendation_id": self._recommendations[key], "axis_id": None, "challenge_id": None}
            reason = "Sans fin prévue (démonstration)"
            row |= self._change(ChangeField.NATURE, Nature.CONTINUOUS.value, on, reason)
            self._writer.add(RecommendationChange, row)

    def _new_assignment(self, key: str, recommendation: str, entity: int) -> int:
        known_at = self._clock.instant(_TERMS_SET_ON)
        row = assignment_row(key, self._recommendations[recommendation], entity, known_at)
        return self._writer.add(Assignment, row)

    def _due(self, key: str, due: dt.date | None, on: dt.date, reason: str = "") -> None:
        value = due.isoformat() if due else ""
        self._assignment(key, ChangeField.DUE_DATE, value, on, day=due, reason=reason)

    def _assignment(
        self,
        key: str,
        field: ChangeField,
        value: str,
        on: dt.date,
        *,
        number: int | None = None,
        day: dt.date | None = None,
        reason: str = "",
    ) -> None:
        row = {**self._change(field, value, on, reason), "number": number, "day": day}
        self._writer.add(AssignmentChange, {"assignment_id": self._assignments[key], **row})

    def _change(self, field: ChangeField, value: str, on: dt.date, reason: str) -> Row:
        return change(self._clock, field, value, on, reason)


def assignment_row(key: str, recommendation: int, entity: int, known_at: dt.datetime) -> Row:
    """An assignment that exists from its first change of role on; see `Assignment.initial_role`."""
    return {
        "key": key,
        "recommendation_id": recommendation,
        "entity_id": entity,
        "initial_role": None,
        "initial_weight": 1,
        "initial_due_date": None,
        "recorded_at": known_at,
    }


def change(clock: Clock, field: ChangeField, value: str, on: dt.date, reason: str = "") -> Row:
    """The columns that every change has."""
    return {
        "field": field,
        "value": value,
        "number": None,
        "day": None,
        "effective_on": on,
        "recorded_at": clock.instant(on),
        "author": ADMINISTRATOR,
        "reason": reason,
    }


@dataclass(frozen=True)
class OpenedSession:
    """Ids of an invented session and of its technical meeting."""

    session: int
    technical: int


def open_session(writer: Writer, clock: Clock, number: int, dates: dict[dt.date, dt.date]) -> OpenedSession:
    """A session and its meetings. `dates`: its political date, by the day on which it was announced."""
    opened, political = min(dates), dates[max(dates)]
    session = writer.add(
        Session,
        {
            "number": number,
            "key": f"CCM{number}",
            "title": f"{number}e session du Cadre de Concertation sur la Migration (démonstration)",
            "note": "Session inventée pour la démonstration",
            "initial_political_date": None,
            "recorded_at": clock.instant(opened),
        },
    )
    for on, announced in dates.items():
        row = change(clock, ChangeField.POLITICAL_DATE, announced.isoformat(), on)
        writer.add(SessionChange, {"session_id": session, **row, "day": announced})
    meetings = {}
    for kind, gap in _DAYS_BEFORE_POLITICAL.items():
        row = {"session_id": session, "kind": kind, "held_on": political - days(gap), "source_line": None}
        meetings[kind] = writer.add(Instance, {**row, "note": "Date inventée pour la démonstration"})
    return OpenedSession(session, meetings[InstanceKind.TECHNICAL])


def announce_next_session(writer: Writer, clock: Clock, number: int) -> None:
    """The session to come after the last invented day: announced, then put off."""
    dates = {dt.date(2024, 4, 15): NEXT_SESSION_ANNOUNCED, dt.date(2024, 5, 20): NEXT_SESSION}
    open_session(writer, clock, number, dates)
