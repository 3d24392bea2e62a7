"""Two invented years in the life of the real 7th session."""

import datetime as dt
from collections.abc import Sequence
from random import Random

from sqlalchemy import Connection, select

from ccm.commands.demo import irregular
from ccm.commands.demo.calendar import END, QUARTERS, START, Clock, days
from ccm.commands.demo.changes import CONTINUOUS, ENDED, Changes
from ccm.commands.demo.outcomes import Answer, outcomes
from ccm.commands.demo.people import author_of, write_people
from ccm.commands.demo.phrases import SUBJECTS
from ccm.commands.demo.reporting import write_evidence, write_periods
from ccm.commands.demo.reports import Author, Outcome, Row, climb, without_percent
from ccm.commands.demo.writer import Writer
from ccm.domain.vocabulary import InstanceKind, RevisionKind, Status
from ccm.store.models import (
    Assignment,
    Axis,
    Contest,
    Entity,
    Instance,
    ProgressReport,
    Recommendation,
    Revision,
)

#: Quarter of the last report (by place in QUARTERS), by weight: who is done speaks no more.
_LAST_QUARTER = {
    Status.COMPLETED: (0, 1, 8, 17, 28, 20, 26),
    Status.IN_PROGRESS: (0, 0, 0, 3, 12, 30, 55),
}
_LAST_QUARTER_OTHERWISE = (0, 0, 0, 0, 20, 30, 50)
_FIRST_QUARTER = (35, 28, 22, 15)
_KEEPS_SILENT_FOR_A_QUARTER = 0.4
_FALLS_BACK, _STOPS_FOR_A_WHILE = 0.07, 0.08
#: The three texts that the demonstration pretends to have of the preparatory meeting.
_PREPARATORY_TEXTS = {
    "CCM7-A1-05": "Réduire les coûts de transfert de fonds, en vue d'inciter la diaspora à investir dans les "
    "localités d'origine",
    "CCM7-A2-05": "Adopter le plan d'action national de lutte contre le trafic illicite de migrants",
    "CCM7-A2-07": "Former les membres des cadres de concertation sur la paix et la coexistence pacifique",
}
_INVENTED = "texte inventé pour la démonstration"


def write_seventh_session(connection: Connection, writer: Writer, rng: Random, author: Author) -> None:
    """People, changed terms, reports and remarks, over what the first load wrote."""
    clock = author.clock
    answers = _answers(connection)
    entities = ids_by_key(connection, Entity)
    recommendations = ids_by_key(connection, Recommendation)
    assignments = {answer.key: answer.id for answer in answers}
    write_people(writer, clock, entities)
    _write_preparatory_texts(connection, writer, clock, recommendations)
    changes = Changes(writer, clock, assignments, recommendations)
    changes.terms()
    changes.roles(entities)
    changes.natures()
    states = outcomes(rng, answers)
    series = {answer: _series(rng, author, answer, state) for answer, state in states.items()}
    _explain_blockages(author, series)
    silent = [answer for answer in answers if answer not in states]
    extra = irregular.write_irregular(author, series, silent)
    extra.reports += _support_reports(author, assignments)
    rows = [*extra.reports, *(row for reports in series.values() for row in reports)]
    for row in sorted(rows, key=lambda row: row["submitted_at"]):
        writer.add(ProgressReport, row)
    for report, contest in extra.contests:
        writer.add(Contest, {"report_id": report["id"], **contest})
    # Last, so that neither instants nor chance of what stands above depend on it.
    write_periods(writer, clock)
    write_evidence(writer, rng, rows)


def ids_by_key(
    connection: Connection, model: type[Entity] | type[Recommendation] | type[Axis]
) -> dict[str, int]:
    """Ids of what the first load wrote, by stable key."""
    rows = connection.execute(select(model.key, model.id).order_by(model.id))
    return {row.key: row.id for row in rows}


def _answers(connection: Connection) -> list[Answer]:
    rows = connection.execute(
        select(
            Assignment.id,
            Recommendation.key.label("recommendation"),
            Entity.key.label("entity"),
            Axis.key.label("axis"),
        )
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
        .join(Axis, Axis.id == Recommendation.initial_axis_id)
        .join(Entity, Entity.id == Assignment.entity_id)
        .order_by(Assignment.id)
    )
    return [Answer(row.id, row.recommendation, row.entity, row.axis) for row in rows]


def _series(rng: Random, author: Author, answer: Answer, outcome: Outcome) -> list[Row]:
    """The reports of one answer, from its first quarter to its last."""
    quarters = _quarters(rng, answer, outcome)
    states = list(climb(_aim(outcome), len(quarters)))[:-1]
    states = [*_with_accidents(rng, states), outcome]
    dates = [_day_of_report(rng, quarter) for quarter in quarters]
    since = CONTINUOUS.get(answer.recommendation)
    rows = []
    for as_of, state in zip(dates, states, strict=True):
        said = without_percent(state) if since and as_of >= since else _before(state)
        by = author_of(answer.entity, as_of)
        rows.append(author.validated(answer.id, as_of, said, SUBJECTS[answer.recommendation], by))
    return rows


def _quarters(rng: Random, answer: Answer, outcome: Outcome) -> list[int]:
    last = rng.choices(range(len(QUARTERS)), _LAST_QUARTER.get(outcome.status, _LAST_QUARTER_OTHERWISE))[0]
    if answer.key == ENDED[0]:
        last = 3
    elif answer.recommendation == "CCM7-G-03":
        last = 4  # continuous, and silent for more than a reporting period
    elif answer.recommendation in CONTINUOUS:
        last = 6
    first = rng.choices(range(len(_FIRST_QUARTER)), _FIRST_QUARTER)[0]
    between = [q for q in range(first + 1, last) if rng.random() > _KEEPS_SILENT_FOR_A_QUARTER]
    return [*([first] if first < last else []), *between, last]


def _aim(outcome: Outcome) -> Outcome:
    """What the earlier reports were heading for."""
    return Outcome(Status.IN_PROGRESS, 50) if outcome.dropped else outcome


def _with_accidents(rng: Random, states: list[Outcome]) -> list[Outcome]:
    """Work that stops for a while, or falls back by a step."""
    for place in range(1, len(states)):
        percent, luck = states[place].percent or 0, rng.random()
        if percent >= 50 and luck < _FALLS_BACK:
            states[place] = Outcome(Status.IN_PROGRESS, percent - 25)
        elif percent >= 25 and luck < _FALLS_BACK + _STOPS_FOR_A_WHILE:
            states[place] = Outcome(Status.BLOCKED, percent)
    return states


def _before(state: Outcome) -> Outcome:
    """A report made before its recommendation became continuous still carries a percent."""
    return Outcome(Status.IN_PROGRESS, 25) if state.percent is None and not state.dropped else state


def _day_of_report(rng: Random, quarter: int) -> dt.date:
    """A day in the quarter's last six weeks, early enough to be official before the last invented day."""
    return min(QUARTERS[quarter] - days(rng.randrange(0, 42)), END - days(8))


def _explain_blockages(author: Author, series: dict[Answer, list[Row]]) -> None:
    """Let every cause stand among the blockages that last."""
    stopped = [rows[-1] for rows in series.values() if rows[-1]["status"] is Status.BLOCKED]
    for turn, row in enumerate(stopped):
        author.explain(row, turn)


def _support_reports(author: Author, assignments: dict[str, int]) -> list[Row]:
    """What entities in support said: shown, and in no figure."""
    dates: Sequence[dt.date] = [dt.date(2023, 9, 25), dt.date(2024, 3, 20)]
    aim = Outcome(Status.IN_PROGRESS, 75)
    return [
        row
        for key in ("CCM7-A3-09/INS", "CCM7-A2-05/MI-D")
        for row in author.series(
            assignments[key],
            dates,
            climb(aim, len(dates)),
            SUBJECTS[key.partition("/")[0]],
            author_of(key.partition("/")[2], END),
        )
    ]


def _write_preparatory_texts(
    connection: Connection, writer: Writer, clock: Clock, recommendations: dict[str, int]
) -> None:
    meeting = connection.execute(
        select(Instance.id).where(Instance.kind == InstanceKind.PREPARATORY).order_by(Instance.held_on)
    ).scalar()
    for key, text in _PREPARATORY_TEXTS.items():
        row: Row = {"recommendation_id": recommendations[key], "instance_id": meeting, "text": text}
        row |= {"kind": RevisionKind.PROPOSED, "note": _INVENTED}
        row["recorded_at"] = clock.instant(START + days(3))
        writer.add(Revision, row)
