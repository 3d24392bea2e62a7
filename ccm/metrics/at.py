"""The point from which the plan is looked at."""

import datetime as dt
from dataclasses import dataclass

#: Relations are built once for each point of view that is looked from: they depend on nothing else.
KEPT = 64


@dataclass(frozen=True)
class At:
    """A date D, and what was known of it at an instant K.

    `known_at` None stands for everything that is known. `session` narrows to the cohort of one
    session; `provisional` lets submitted reports count beside validated ones; `fresh_days` is the
    reporting period. `held_on` is the day whose successions say who answers for each line, where that is not
    `as_of`: `as_held_on` sets it.
    """

    as_of: dt.date
    known_at: dt.datetime | None = None
    session: int | None = None
    provisional: bool = False
    fresh_days: int = 90
    due_soon_days: int = 30
    held_on: dt.date | None = None

    @property
    def fresh_since(self) -> dt.date:
        """The first day whose report still counts as fresh."""
        return self.as_of - dt.timedelta(days=self.fresh_days)
