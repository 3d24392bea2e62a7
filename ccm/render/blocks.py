"""What pages hand to the templates beside query results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One line of « À décider » or « Par quoi commencer »: how many or which rank, what, where, who acts.

    `title`, `details` and `who` are plain text, or Markup made from translated sentences. `figure` is the one
    it tells, where it tells one: its group's code and key, and its name.
    """

    mark: int
    title: str
    href: str | None = None
    details: tuple[str, ...] = ()
    who: str = ""
    figure: tuple[str, str, str] | None = None
