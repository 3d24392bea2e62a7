"""Invented sessions by the thousand of recommendations, one recommendation in memory at a time."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection

from ccm.commands.demo import inventions
from ccm.commands.demo.bulk_answers import Adopted, AnswersOfOne
from ccm.commands.demo.calendar import days
from ccm.commands.demo.changes import OpenedSession, open_session
from ccm.commands.demo.reports import Author
from ccm.commands.demo.seventh import ids_by_key
from ccm.commands.demo.writer import Writer
from ccm.domain.folding import fold
from ccm.domain.vocabulary import Nature, RevisionKind
from ccm.store.models import (
    Axis,
    Challenge,
    Entity,
    Membership,
    Priority,
    Recommendation,
    RecommendationPriority,
    Revision,
)

#: Political meetings of the invented sessions lie between these days, in the order of their numbers.
_FIRST, _LAST = dt.date(2022, 10, 20), dt.date(2024, 2, 15)
_OPENED_BEFORE = days(45)
#: Axes in the proportions of the real table.
_AXES = ("G", "A1", "A2", "A3", "A2", "A1", "A3", "A2", "A3", "A1", "A2", "A3", "A1", "A2", "A3", "G")
_RECOMMENDATIONS_BY_CHALLENGE = 12
_PRIORITIES_BY_CHALLENGE = 2
_CONTINUOUS, _CARRIED_OVER, _UNREPORTED = 0.04, 0.04, 0.05
_TELL_EVERY = 250


@dataclass(frozen=True)
class Bulk:
    """How many sessions to invent, and what they hold together."""

    first_session: int
    sessions: int
    recommendations: int
    reports: int


@dataclass(frozen=True)
class _Meeting:
    """An invented session, with its challenges by axis: (challenge, its priorities)."""

    number: int
    political: dt.date
    ids: OpenedSession
    challenges: dict[str, list[tuple[int, tuple[int, ...]]]]


def write_bulk(
    connection: Connection,
    writer: Writer,
    author: Author,
    bulk: Bulk,
    progress: Callable[[str, int, int], None],
) -> None:
    """Write the invented sessions; the counts of `bulk` are met exactly."""
    rng = author.rng
    axes = ids_by_key(connection, Axis)
    answers = AnswersOfOne(writer, author, ids_by_key(connection, Entity))
    sizes = shares(bulk.recommendations, bulk.sessions)
    meetings = _meetings(writer, author, bulk, axes, max(sizes))
    quotas = _quotas(rng, bulk.recommendations, bulk.reports)
    plan = _Plan(writer, author, axes, meetings)
    done = 0
    for place, size in enumerate(sizes):
        for turn in range(size):
            answers.write(plan.adopt(place, turn), next(quotas))
            done += 1
            if done % _TELL_EVERY == 0 or done == bulk.recommendations:
                progress("Sessions inventées", done, bulk.recommendations)


def shares(total: int, parts: int) -> list[int]:
    """`total` in `parts` whole shares that differ by one at most."""
    return [total * (i + 1) // parts - total * i // parts for i in range(parts)]


def _quotas(rng: Random, recommendations: int, reports: int) -> Iterator[int]:
    """How many reports each recommendation gets: uneven between neighbours, exact in all."""
    pairs = shares(reports, (recommendations + 1) // 2)
    for place, both in enumerate(pairs):
        share = 0.0 if rng.random() < _UNREPORTED else rng.uniform(0.1, 0.9)
        alone = place * 2 + 1 == recommendations
        first = both if alone else int(both * share)
        yield first
        yield both - first


def _meetings(writer: Writer, author: Author, bulk: Bulk, axes: dict[str, int], size: int) -> list[_Meeting]:
    step = (_LAST - _FIRST) / max(bulk.sessions - 1, 1)
    meetings = []
    for place in range(bulk.sessions):
        number, political = bulk.first_session + place, _FIRST + step * place
        ids = open_session(writer, author.clock, number, {political - _OPENED_BEFORE: political})
        challenges = _challenges(writer, author.rng, number, ids.session, axes, size)
        meetings.append(_Meeting(number, political, ids, challenges))
    return meetings


def _challenges(
    writer: Writer, rng: Random, number: int, session: int, axes: dict[str, int], size: int
) -> dict[str, list[tuple[int, tuple[int, ...]]]]:
    found: dict[str, list[tuple[int, tuple[int, ...]]]] = {axis: [] for axis in axes}
    priorities = 0
    for place in range(max(size // _RECOMMENDATIONS_BY_CHALLENGE, len(_AXES))):
        axis = _AXES[place % len(_AXES)]
        row = {"key": f"CCM{number}-D{place + 1:02d}", "session_id": session, "axis_id": axes[axis]}
        row |= {"text": inventions.challenge(rng, place + 1), "position": place}
        row |= {"source_line": None, "note": ""}
        challenge = writer.add(Challenge, row)
        of_challenge = []
        for _ in range(_PRIORITIES_BY_CHALLENGE):
            priorities += 1
            row = {"key": f"CCM{number}-P{priorities:02d}", "challenge_id": challenge}
            row |= {
                "text": inventions.priority(rng, priorities),
                "position": priorities - 1,
                "source_line": None,
            }
            of_challenge.append(writer.add(Priority, row))
        found[axis].append((challenge, tuple(of_challenge)))
    return found


class _Plan:
    """Writes the recommendations of the invented sessions."""

    def __init__(
        self, writer: Writer, author: Author, axes: dict[str, int], meetings: list[_Meeting]
    ) -> None:
        self._writer = writer
        self._rng = author.rng
        self._clock = author.clock
        self._axes = axes
        self._meetings = meetings

    def adopt(self, place: int, turn: int) -> Adopted:
        """Recommendation number `turn` of the session at `place`."""
        meeting, axis = self._meetings[place], _AXES[turn % len(_AXES)]
        key = f"CCM{meeting.number}-{axis}-{_rank(turn):02d}"
        invention = inventions.recommendation(self._rng, meeting.number, turn + 1)
        challenge, priorities = self._rng.choice(meeting.challenges[axis])
        continuous = self._rng.random() < _CONTINUOUS
        row = {
            "key": key,
            "session_id": meeting.ids.session,
            "initial_axis_id": self._axes[axis],
            "initial_challenge_id": challenge,
            "initial_nature": Nature.CONTINUOUS if continuous else Nature.FINITE,
            "position": turn,
            "text": invention.text,
            "search_text": fold(f"{key} {invention.text}"),
            "source_line": None,
            "recorded_at": self._clock.instant(meeting.political),
        }
        number = self._writer.add(Recommendation, row)
        beside = priorities if self._rng.random() < 0.2 else priorities[:1]
        for priority in beside:
            self._writer.link(RecommendationPriority, {"recommendation_id": number, "priority_id": priority})
        self._hold(number, place)
        revision = {"recommendation_id": number, "instance_id": meeting.ids.technical, "text": invention.text}
        revision |= {"kind": RevisionKind.PROPOSED, "note": "texte inventé pour la démonstration"}
        self._writer.add(Revision, {**revision, "recorded_at": row["recorded_at"]})
        return Adopted(number, key, invention.subject, meeting.political, continuous)

    def _hold(self, recommendation: int, place: int) -> None:
        """The session that adopted it, and now and then the next one, which carries it over."""
        held_by = self._meetings[place : place + 1 + (self._rng.random() < _CARRIED_OVER)]
        for meeting in held_by:
            row = {"recommendation_id": recommendation, "session_id": meeting.ids.session}
            known_at = self._clock.instant(meeting.political)
            self._writer.add(Membership, {**row, "effective_on": meeting.political, "recorded_at": known_at})


def _rank(turn: int) -> int:
    """The rank, within its axis, of the recommendation number `turn` of a session, from 1 on."""
    rounds, place = divmod(turn, len(_AXES))
    axis = _AXES[place]
    return rounds * _AXES.count(axis) + _AXES[: place + 1].count(axis)
