"""Every figure computed again from the rows of `export raw`, by plain loops and exact fractions.

Written from the definitions alone: it shares no line with the program, so that two independent readings
of the same rules must agree. `figures(raw, by, Point(…))` takes the JSON of `export raw` as Python values.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.spec.by_hand import Answer, Followed, Point, Row, Rows, answer, follow

__all__ = ["Point", "figures"]

STATUSES = ("completed", "in_progress", "blocked", "not_started", "not_reported")


@dataclass(frozen=True)
class Member:
    """A recommendation in a group: the answers counted there, and those that say what became of it."""

    recommendation: Followed
    answers: list[Answer]
    judged: list[Answer]


def count(members: list[Member], point: Point) -> Row:
    """All the counts of a group."""
    since = point.as_of - dt.timedelta(days=point.fresh_days)
    answers = [answer for member in members for answer in member.answers if answer.recommendation.finite]
    expected = [answer for answer in answers if answer.expected]
    answered = [answer for answer in expected if answer.status != "not_reported"]
    found: Row = {"recommendations": len(members), "unassigned": sum(not member.judged for member in members)}
    found |= count_recommendations(members, since)
    found |= {
        "expected": len(expected),
        "answered": len(answered),
        "fresh": sum(answer.as_of is not None and answer.as_of >= since for answer in answered),
        **{status: sum(answer.status == status for answer in expected) for status in STATUSES},
        "dropped": len(answers) - len(expected),
        "overdue": sum(late(answer, point) for answer in expected),
    }
    found["realised"] = share(found["completed"], len(expected))
    found["coverage"] = share(len(answered), len(expected))
    return found


def count_recommendations(members: list[Member], since: dt.date) -> Row:
    """The counts that look at a recommendation's answers together."""
    names = ("recommendations_realised", "recommendations_dropped")
    names += ("continuous", "continuous_active", "continuous_silent")
    found = dict.fromkeys(names, 0)
    for member in members:
        fresh = [answer for answer in member.judged if answer.as_of is not None and answer.as_of >= since]
        if member.recommendation.finite:
            kept = [answer for answer in member.judged if answer.status != "dropped"]
            found["recommendations_realised"] += bool(kept) and all(a.status == "completed" for a in kept)
            found["recommendations_dropped"] += bool(member.judged) and not kept
        else:
            found["continuous"] += 1
            found["continuous_active"] += any(answer.status == "in_progress" for answer in fresh)
            found["continuous_silent"] += not fresh
    return found


def late(answer: Answer, point: Point) -> bool:
    """Whether an expected answer is overdue."""
    return answer.due is not None and answer.due < point.as_of and answer.status != "completed"


def share(part: int, whole: int) -> Fraction | None:
    """A percent, or no figure where there is nothing to divide by."""
    return Fraction(100 * part, whole) if whole else None


def mean(values: list[Fraction]) -> Fraction | None:
    """The mean, or no figure where there is nothing to take it of."""
    return sum(values, Fraction(0)) / len(values) if values else None


def completion_of(member: Member) -> Fraction | None:
    """A recommendation's weighted mean; 0 where it names nobody; None where it leaves the means."""
    kept = [answer for answer in member.answers if answer.expected]
    if not member.recommendation.finite or (member.answers and not kept):
        return None
    if not kept:
        return Fraction(0)
    return Fraction(sum(a.weight * a.points for a in kept), sum(a.weight for a in kept))


def row_of_recommendations(members: list[Member], point: Point) -> Row:
    """The figures of a group of recommendations, each counting once."""
    means = [value for value in map(completion_of, members) if value is not None]
    return count(members, point) | {"completion": mean(means)}


def row_of_answers(members: list[Member], point: Point) -> Row:
    """The figures of a group of answers, each counting once."""
    points = [Fraction(a.points) for member in members for a in member.answers if a.expected]
    return count(members, point) | {"completion": mean(points)}


# The grouped answer -----------------------------------------------------------------------------------


def members_at(rows: Rows, point: Point) -> list[Member]:
    """Every recommendation in follow-up with its responsible answers."""
    found = []
    for source in rows.raw["recommendations"]:
        followed = follow(rows, source, point)
        if followed is not None:
            states = [answer(rows, row, followed, point) for row in rows.assignments[followed.key]]
            kept = [state for state in states if state is not None]
            found.append(Member(followed, kept, kept))
    return found


def keys_of(recommendation: Followed, by: str) -> list[Any]:
    """The groups of recommendations in which this one counts."""
    if by == "priority":
        return list(recommendation.priorities)
    if by == "donor":
        return []
    return [recommendation.key if by == "recommendation" else getattr(recommendation, by)]


def by_recommendations(members: list[Member], by: str, point: Point) -> dict[Any, Row]:
    """The rows of a grouping of recommendations."""
    groups: dict[Any, list[Member]] = {}
    for member in members:
        for key in keys_of(member.recommendation, by):
            groups.setdefault(key, []).append(member)
    return {key: row_of_recommendations(group, point) for key, group in groups.items()}


def by_answers(
    members: list[Member], key_of: Callable[[Answer], str], alone: bool, point: Point
) -> dict[Any, Row]:
    """The rows of a grouping of answers; `alone`: a group is judged by its own answers only."""
    groups: dict[Any, list[Member]] = {}
    for member in members:
        own: dict[Any, list[Answer]] = {}
        for state in member.answers:
            own.setdefault(key_of(state), []).append(state)
        for key, answers in own.items():
            part = Member(member.recommendation, answers, answers if alone else member.judged)
            groups.setdefault(key, []).append(part)
    return {key: row_of_answers(group, point) for key, group in groups.items()}


def figures(raw: Row, by: str, point: Point) -> Row:
    """`rows` by key, `total` and `plan`, as the command `figures` gives them, with exact fractions."""
    rows = Rows(raw)
    members = members_at(rows, point)
    plan = row_of_recommendations(members, point)
    if by == "status":
        finite = [member for member in members if member.recommendation.finite]
        return {"rows": by_answers(finite, lambda a: a.status, False, point), "total": plan, "plan": plan}
    if by not in ("entity", "region", "ministry"):
        return {"rows": by_recommendations(members, by, point), "total": plan, "plan": plan}
    narrowed = []
    for member in members:
        own = [a for a in member.answers if by == "entity" or rows.kinds[a.entity] == by]
        if own:
            narrowed.append(Member(member.recommendation, own, own))
    total = row_of_answers(narrowed, point) | {"unassigned": plan["unassigned"]}
    return {"rows": by_answers(narrowed, lambda a: a.entity, True, point), "total": total, "plan": plan}
