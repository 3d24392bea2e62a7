"""Random plans, as tables: every kind of row, in random order, of few days and instants: ties abound."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from ccm.domain.vocabulary import GroupBy
from tests.spec.tables import Cells, Plan
from tests.support.recompute import Point

#: The day of the trial: all is recorded before it, some of it takes effect after.
NOW = dt.datetime(2024, 6, 15, 10, tzinfo=dt.UTC)
POLITICAL = {"7": "2022-08-05", "8": "2023-08-04", "9": "2024-09-02"}
#: Before the follow-up, its first days, edges of the reporting period (90 days), and days yet to come.
DAYS = (
    *("2022-07-20", "2022-08-05", "2022-08-06", "2022-11-03", "2022-11-04", "2023-05-06", "2023-08-04"),
    *("2023-08-05", "2024-03-16", "2024-03-17", "2024-06-14", "2024-06-15", "2024-09-01", "2024-12-01"),
)
PAST = tuple(text for text in DAYS if text <= "2024-06-15")
INSTANTS = (
    *("2022-08-01T09:00:00+00:00", "2022-11-03T08:00:00+00:00", "2022-11-03T08:00:00.000001+00:00"),
    *("2023-05-06T23:30:00+00:00", "2023-09-01T10:00:00+01:00", "2024-03-16T12:00:00+00:00"),
    "2024-06-15T09:00:00+00:00",
)
ENTITIES: dict[str, str] = {
    "NE001": "region",
    "NE002": "region",
    "MJ": "ministry",
    "MI-D": "ministry",
    "INS": "agency",
    "MF": "ministry",
}
AXES, CHALLENGES, PRIORITIES = ("A1", "A2"), ("D1", "D2", "D3"), ("P1", "P2", "P3")
PERCENTS = {"completed": (100, 100), "in_progress": (1, 99), "blocked": (0, 99), "not_started": (0, 0)}

days, past_days, instants = st.sampled_from(DAYS), st.sampled_from(PAST), st.sampled_from(INSTANTS)
Draw = Any


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    """An empty cell, or one filled in."""
    return st.none() | strategy


@st.composite
def plans(draw: Draw) -> Plan:
    """A plan with its history: sessions, recommendations, assignments, reports and all kinds of changes."""
    plan: Plan = {"entities": [{"key": key, "kind": kind} for key, kind in ENTITIES.items()]}
    numbers = draw(st.sampled_from((["7"], ["7", "8"], ["7", "8", "9"])))
    plan["sessions"] = sessions = [draw(_session(number)) for number in numbers]
    keys = draw(_some(("R1", "R2", "R3", "R4")))
    plan["recommendations"] = [draw(_recommendation(key, sessions)) for key in keys]
    plan["memberships"] = draw(_memberships(plan["recommendations"], sessions))
    plan["assignments"] = draw(_assignments(plan["recommendations"]))
    keys = [f"{row['recommendation']}/{row['entities']}" for row in plan["assignments"]]
    plan["changes"] = draw(st.lists(_changes(plan, keys), max_size=9))
    began = [row for row in plan["assignments"] if row["began"] == "later"]
    plan["changes"] += [draw(_beginning(row)) for row in began]
    plan["reports"] = draw(st.lists(_report(keys), max_size=9)) if keys else []
    plan["successions"] = draw(_successions(keys))
    return plan


@st.composite
def points(draw: Draw) -> Point:
    """A point of view: any day (or one compared with a later one), any instant, with or without a cohort,
    official or provisional."""
    as_of, later = draw(_days_looked_from), draw(st.none() | _days_looked_from)
    return Point(
        as_of=as_of,
        held_on=later if later and later > as_of else None,
        known_at=draw(st.none() | instants.map(dt.datetime.fromisoformat)),
        session=draw(st.sampled_from((None, None, 7, 8))),
        provisional=draw(st.booleans()),
    )


_days_looked_from = st.builds(
    lambda text, beside: dt.date.fromisoformat(text) + dt.timedelta(days=beside),
    days,
    st.sampled_from((0, 0, 1, -1)),
)
groupings = st.sampled_from([by.value for by in GroupBy])


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


@st.composite
def _session(draw: Draw, number: str) -> Cells:
    later = number != "7"
    first = draw(maybe(st.just(POLITICAL[number]))) if later else POLITICAL[number]
    return {
        "number": number,
        "political_date": first,
        "recorded_at": draw(maybe(instants)) if later else None,
    }


def _recorded(session: Cells) -> st.SearchStrategy[str | None]:
    """When something of a session may have been recorded: not before the session itself."""
    known = session["recorded_at"]
    return maybe(instants) if known is None else st.sampled_from(INSTANTS[INSTANTS.index(known) :])


@st.composite
def _recommendation(draw: Draw, key: str, sessions: list[Cells]) -> Cells:
    session = draw(st.sampled_from(sessions))
    return {
        "key": key,
        "session": session["number"],
        "axis": draw(st.sampled_from(AXES)),
        "challenge": draw(st.sampled_from(CHALLENGES)),
        "priorities": ",".join(draw(_some(PRIORITIES))),
        "nature": draw(st.sampled_from(("finite", "finite", "finite", "continuous"))),
        "recorded_at": draw(_recorded(session)),
    }


@st.composite
def _memberships(draw: Draw, recommendations: list[Cells], sessions: list[Cells]) -> list[Cells]:
    found: list[Cells] = []
    for row in recommendations:
        for later in (session for session in sessions if str(session["number"]) > str(row["session"])):
            if draw(st.booleans()):
                known = {"effective_on": draw(days), "recorded_at": draw(_recorded(later))}
                found.append({"recommendation": row["key"], "session": later["number"], **known})
    return found


@st.composite
def _assignments(draw: Draw, recommendations: list[Cells]) -> list[Cells]:
    found: list[Cells] = []
    for row in recommendations:
        for entity in draw(st.lists(st.sampled_from(list(ENTITIES)[:5]), unique=True, max_size=4)):
            first = draw(st.one_of(_terms, _terms, _LATER))
            found.append({"recommendation": row["key"], "entities": entity, **first})
    return found


_weights = st.sampled_from(("1", "1", "2", "3", "7"))
_roles = st.sampled_from(("responsible", "support"))
_often_responsible = st.sampled_from(("responsible", "responsible", "support"))
_terms: st.SearchStrategy[Cells] = st.fixed_dictionaries(
    {"role": _often_responsible, "weight": _weights, "due_date": maybe(days), "began": st.none()}
)
# What began after the first load has its terms by changes alone.
_LATER: st.SearchStrategy[Cells] = st.just({"role": None, "weight": None, "due_date": None, "began": "later"})
_VALUES: dict[str, st.SearchStrategy[str | None]] = {
    "role": _roles,
    "weight": _weights,
    "due_date": maybe(days),
    "end": st.sampled_from(("true", "false")),
    "nature": st.sampled_from(("finite", "continuous")),
    "place": st.builds("{}/{}".format, st.sampled_from(AXES), st.sampled_from(CHALLENGES)),
    "withdrawn": st.sampled_from(("true", "false")),
    "political_date": days,
}
_OF_ANSWER, _OF_PLAN = ("role", "weight", "due_date", "end"), ("nature", "place", "withdrawn")


@st.composite
def _changes(draw: Draw, plan: Plan, answers: list[str]) -> Cells:
    fields = [("political_date", [str(row["number"]) for row in plan["sessions"]])]
    fields += [(field, [str(row["key"]) for row in plan["recommendations"]]) for field in _OF_PLAN]
    fields += [(field, answers) for field in _OF_ANSWER if answers]
    field, keys = draw(st.sampled_from(fields))
    return {"key": draw(st.sampled_from(keys)), "field": field, "value": draw(_VALUES[field]), **draw(_dated)}


_dated = st.fixed_dictionaries({"effective_on": days, "recorded_at": instants})


@st.composite
def _beginning(draw: Draw, row: Cells) -> Cells:
    key = f"{row['recommendation']}/{row['entities']}"
    return {"key": key, "field": "role", "value": draw(_roles), **draw(_dated)}


@st.composite
def _report(draw: Draw, keys: list[str]) -> Cells:
    status = draw(st.sampled_from((*PERCENTS, "dropped")))
    low, high = PERCENTS.get(status, (0, 0))
    submitted, validated, ended = sorted(draw(st.tuples(instants, instants, instants)), key=_instant)
    state = draw(st.sampled_from(("validated", "validated", "submitted", "returned", "retracted")))
    return {
        "answer": draw(st.sampled_from(keys)),
        "as_of": draw(past_days),
        "status": status,
        "percent": None if status == "dropped" else str(draw(st.integers(low, high))),
        "state": state,
        "submitted_at": submitted,
        "validated_at": validated if state in ("validated", "retracted") else None,
        "returned_at": ended if state == "returned" else None,
        "retracted_at": ended if state == "retracted" else None,
    }


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@st.composite
def _successions(draw: Draw, answers: list[str]) -> list[Cells]:
    """Always towards a later entity of the list: what comes back to its beginning has no meaning."""
    names, found = list(ENTITIES), []
    passed = {answer: {answer.split("/")[1]} for answer in answers}
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, len(names) - 2))
        before, after = names[first], names[draw(st.integers(first + 1, len(names) - 1))]
        held = [answer for answer, entities in passed.items() if before in entities]
        own = draw(maybe(st.sampled_from(held))) if held else None
        for answer in [own] if own else held:
            passed[answer].add(after)
        found.append({"predecessor": before, "successor": after, "assignment": own, **draw(_dated)})
        if draw(st.booleans()):
            # Undone: the predecessor answers again.
            found.append({"predecessor": before, "successor": before, "assignment": own, **draw(_dated)})
    return found
