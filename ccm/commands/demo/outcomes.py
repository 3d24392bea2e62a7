"""Where each answer of the 7th session stands on the last invented day."""

from dataclasses import dataclass
from random import Random

from ccm.commands.demo.changes import CONTINUOUS, ENDED, MADE_SUPPORT
from ccm.commands.demo.reports import Outcome, state_of
from ccm.domain.vocabulary import DroppedKind, Status


@dataclass(frozen=True)
class Answer:
    """One assignment of the 7th session's table."""

    id: int
    recommendation: str
    entity: str
    axis: str

    @property
    def key(self) -> str:
        """The assignment's key."""
        return f"{self.recommendation}/{self.entity}"


#: Per entity, how many answers end completed, in progress, blocked and not started; the others stay silent.
_PROFILES = {
    "NE008": (14, 15, 0, 1),
    "NE004": (12, 16, 2, 0),
    "NE001": (12, 18, 0, 1),
    "NE003": (11, 14, 2, 0),
    "NE005": (8, 17, 1, 1),
    "NE007": (8, 11, 2, 3),
    "NE006": (3, 12, 1, 1),
    "NE002": (3, 3, 1, 0),
    "MI-D": (3, 3, 0, 1),
    "MJ": (3, 1, 0, 0),
    "MF": (1, 1, 1, 0),
    "MAEC": (1, 0, 0, 0),
    "MAT-DC": (1, 0, 0, 0),
    "INS": (1, 0, 0, 0),
    "DST": (1, 0, 0, 0),
    "ANLTP-TIM": (1, 0, 0, 0),
    "PTF": (0, 2, 0, 0),
    "CT": (0, 1, 0, 0),
    "ETAT": (0, 0, 0, 0),
}
#: How easily work of an axis moves; beside it each recommendation and each answer has its own luck.
_EASE = {"G": 2.0, "A1": 0.3, "A2": 1.0, "A3": -0.6}
_LUCK_OF_RECOMMENDATION, _LUCK_OF_ANSWER = 0.6, 0.6
_DROPPED = {
    "CCM7-A1-05/MI-D": DroppedKind.OVERTAKEN,
    "CCM7-A1-10/NE002": DroppedKind.OVERTAKEN,
    "CCM7-A1-10/NE006": DroppedKind.OVERTAKEN,
    "CCM7-A2-10/NE003": DroppedKind.ABANDONED,
}
#: Continuous ones have no percent to aim at: who still speaks of them (the others never did).
_SPEAK_OF_CONTINUOUS = {
    "CCM7-G-03": ("MI-D", "MU-H"),
    "CCM7-A3-04": ("NE001", "NE003", "NE004", "NE005", "NE007", "NE008"),
    "CCM7-A3-14": ("NE001", "NE002", "NE003", "NE004", "NE005", "NE008"),
}
_STOPPED_CONTINUOUS = ("CCM7-A3-04/NE007",)


def outcomes(rng: Random, answers: list[Answer]) -> dict[Answer, Outcome]:
    """The last state of every answer that was given; those left out are silent."""
    luck = {key: rng.gauss(0, _LUCK_OF_RECOMMENDATION) for key in sorted({a.recommendation for a in answers})}
    ease = {a: _EASE[a.axis] + luck[a.recommendation] + rng.gauss(0, _LUCK_OF_ANSWER) for a in answers}
    found: dict[Answer, Outcome] = {}
    for entity, profile in _PROFILES.items():
        own = [answer for answer in answers if answer.entity == entity and _is_ordinary(answer)]
        own.sort(key=lambda answer: ease[answer], reverse=True)
        found.update(zip(own, _states(rng, profile), strict=False))
    found.update({answer: outcome for answer in answers if (outcome := _special(answer))})
    return found


def _is_ordinary(answer: Answer) -> bool:
    apart = (ENDED[0], MADE_SUPPORT[0], *_DROPPED)
    return answer.recommendation not in CONTINUOUS and answer.key not in apart


def _states(rng: Random, profile: tuple[int, int, int, int]) -> list[Outcome]:
    """The states of one entity's answers, from the easiest to the hardest."""
    completed, in_progress, blocked, not_started = profile
    steps = [
        75 if 10 * i < 3 * in_progress else 50 if 10 * i < 6 * in_progress else 25 for i in range(in_progress)
    ]
    stopped = [Outcome(Status.BLOCKED, rng.choice((0, 25, 50))) for _ in range(blocked)]
    moving = [state_of(percent) for percent in steps]
    for state in stopped:
        moving.insert(rng.randrange(len(moving) // 2, len(moving) + 1), state)
    return [Outcome(Status.COMPLETED, 100)] * completed + moving + [state_of(0)] * not_started


def _special(answer: Answer) -> Outcome | None:
    if answer.key in _DROPPED:
        return Outcome(Status.DROPPED, None, _DROPPED[answer.key])
    if answer.key == ENDED[0]:
        return state_of(25)
    if answer.entity in _SPEAK_OF_CONTINUOUS.get(answer.recommendation, ()):
        return Outcome(Status.BLOCKED if answer.key in _STOPPED_CONTINUOUS else Status.IN_PROGRESS, None)
    return None
