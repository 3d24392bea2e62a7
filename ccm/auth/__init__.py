"""Who may do what: actors, and one table of permissions that every command asks."""

from ccm.auth.policy import CONSOLE, Action, Actor, allowed, require

__all__ = ["CONSOLE", "Action", "Actor", "allowed", "require"]
