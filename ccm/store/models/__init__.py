"""Every table of the store; their names are the domain's words."""

from ccm.store.models.actors import Entity, EntityAlias, EntityName, Succession, User, UserEntity
from ccm.store.models.base import Base
from ccm.store.models.follow_up import (
    Assignment,
    AssignmentChange,
    Contest,
    ProgressReport,
    RecommendationChange,
    SessionChange,
)
from ccm.store.models.plan import (
    Axis,
    Challenge,
    Framework,
    Instance,
    Membership,
    Observation,
    Priority,
    Recommendation,
    RecommendationPriority,
    Revision,
    Session,
)
from ccm.store.models.state import (
    AssignmentState,
    AuditEvent,
    RecommendationState,
    Setting,
    StoreState,
)

__all__ = [
    "Assignment",
    "AssignmentChange",
    "AssignmentState",
    "AuditEvent",
    "Axis",
    "Base",
    "Challenge",
    "Contest",
    "Entity",
    "EntityAlias",
    "EntityName",
    "Framework",
    "Instance",
    "Membership",
    "Observation",
    "Priority",
    "ProgressReport",
    "Recommendation",
    "RecommendationChange",
    "RecommendationPriority",
    "RecommendationState",
    "Revision",
    "Session",
    "SessionChange",
    "Setting",
    "StoreState",
    "Succession",
    "User",
    "UserEntity",
]
