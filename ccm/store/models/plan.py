"""The plan as adopted: sessions, axes, challenges, priorities, recommendations, observations.

Columns named `initial_*` hold what the first load says: always known, effective on the session's
political date (`recorded_at` is then None). What changed since stands in append-only rows (`follow_up.py`).
"""

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import InstanceKind, Nature, RevisionKind
from ccm.store.models.base import Base
from ccm.store.types import LONGEST_TEXT, Id, Key, Moment, Prose, code, ref


class Session(Base):
    """A numbered cycle of the CCM. `initial_political_date` is None where it is only known by a change."""

    __tablename__ = "session"
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    key: Mapped[Key]
    title: Mapped[Prose]
    note: Mapped[Prose]
    initial_political_date: Mapped[dt.date | None]
    recorded_at: Mapped[Moment | None]
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)


class Instance(Base):
    """One of the meetings of a session. The political date in force is read from the session."""

    __tablename__ = "instance"
    id: Mapped[Id]
    session_id: Mapped[int] = ref("session.id")
    kind: Mapped[InstanceKind] = mapped_column(code(InstanceKind, "kind"))
    held_on: Mapped[dt.date]
    source_line: Mapped[int | None]
    note: Mapped[Prose]
    __table_args__ = (UniqueConstraint("session_id", "kind"),)


class Framework(Base):
    """A policy whose axes order the plan."""

    __tablename__ = "framework"
    id: Mapped[Id]
    key: Mapped[Key]
    label: Mapped[Prose]


class Axis(Base):
    """An axis of the framework, or the general recommendations."""

    __tablename__ = "axis"
    id: Mapped[Id]
    framework_id: Mapped[int] = ref("framework.id")
    key: Mapped[Key]
    label: Mapped[Prose]
    position: Mapped[int]


class Challenge(Base):
    """A `défi` of a session's synthesis table."""

    __tablename__ = "challenge"
    id: Mapped[Id]
    session_id: Mapped[int] = ref("session.id", index=True)
    axis_id: Mapped[int] = ref("axis.id")
    key: Mapped[Key]
    text: Mapped[Prose]
    position: Mapped[int]
    source_line: Mapped[int | None]
    note: Mapped[Prose]


class Priority(Base):
    """A `priorité`, beside one challenge."""

    __tablename__ = "priority"
    id: Mapped[Id]
    challenge_id: Mapped[int] = ref("challenge.id", index=True)
    key: Mapped[Key]
    text: Mapped[Prose]
    position: Mapped[int]
    source_line: Mapped[int | None]


class Recommendation(Base):
    """One recommended strategy: the unit that is followed."""

    __tablename__ = "recommendation"
    id: Mapped[Id]
    key: Mapped[Key]
    session_id: Mapped[int] = ref("session.id", index=True)
    initial_axis_id: Mapped[int] = ref("axis.id")
    initial_challenge_id: Mapped[int] = ref("challenge.id")
    initial_nature: Mapped[Nature] = mapped_column(code(Nature, "nature"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, info={"longest": 10 * LONGEST_TEXT})
    source_line: Mapped[int | None]
    actor_cell: Mapped[Prose]
    doubt: Mapped[Prose]
    other_reading: Mapped[Prose]
    recorded_at: Mapped[Moment | None]
    __table_args__ = (CheckConstraint("length(text) between 1 and 10000", name="text_length"),)


class RecommendationPriority(Base):
    """The priorities a recommendation stands beside."""

    __tablename__ = "recommendation_priority"
    recommendation_id: Mapped[int] = ref("recommendation.id", primary_key=True)
    priority_id: Mapped[int] = ref("priority.id", primary_key=True, index=True)


class Membership(Base):
    """A session that holds a recommendation: the one that adopted it, later ones that carried it over."""

    __tablename__ = "membership"
    id: Mapped[Id]
    recommendation_id: Mapped[int] = ref("recommendation.id")
    session_id: Mapped[int] = ref("session.id", index=True)
    effective_on: Mapped[dt.date | None]
    recorded_at: Mapped[Moment | None]
    __table_args__ = (UniqueConstraint("recommendation_id", "session_id"),)


class Revision(Base):
    """One dated version of a recommendation's text, by the meeting that made it."""

    __tablename__ = "revision"
    id: Mapped[Id]
    recommendation_id: Mapped[int] = ref("recommendation.id", index=True)
    instance_id: Mapped[int] = ref("instance.id")
    kind: Mapped[RevisionKind] = mapped_column(code(RevisionKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[Prose]
    recorded_at: Mapped[Moment]


class Observation(Base):
    """A remark made in a meeting, open until a revision integrates it."""

    __tablename__ = "observation"
    id: Mapped[Id]
    key: Mapped[Key]
    instance_id: Mapped[int] = ref("instance.id")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    source_line: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(16))
    __table_args__ = (CheckConstraint("status in ('open', 'integrated')", name="status"),)
