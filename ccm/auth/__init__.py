"""Who may do what: actors, and one table of permissions that every command and private query asks."""

from ccm.auth.permissions import PERMISSIONS, Action, Reach, Rule
from ccm.auth.policy import (
    CONSOLE,
    FOLLOWER,
    NOBODY,
    PUBLIC,
    Actor,
    allowed,
    allowed_somewhere,
    refusal,
    require,
    require_somewhere,
)
from ccm.auth.reading import may_read, may_see_evidence, may_see_names
from ccm.auth.sign_ins import ABSOLUTE, IDLE, digest, resolve

__all__ = [
    "ABSOLUTE",
    "CONSOLE",
    "FOLLOWER",
    "IDLE",
    "NOBODY",
    "PERMISSIONS",
    "PUBLIC",
    "Action",
    "Actor",
    "Reach",
    "Rule",
    "allowed",
    "allowed_somewhere",
    "digest",
    "may_read",
    "may_see_evidence",
    "may_see_names",
    "refusal",
    "require",
    "require_somewhere",
    "resolve",
]
