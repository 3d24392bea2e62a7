"""The rules one progress report must keep."""

from ccm.domain.vocabulary import Nature, Status

#: Percents each status accepts: (lowest, highest); None where a percent has no meaning.
PERCENT_RANGE: dict[Status, tuple[int, int] | None] = {
    Status.COMPLETED: (100, 100),
    Status.IN_PROGRESS: (1, 99),
    Status.BLOCKED: (0, 99),
    Status.NOT_STARTED: (0, 0),
    Status.DROPPED: None,
}


def fixed_percent(status: Status) -> int | None:
    """The percent a status fixes by itself, or None where it leaves a choice or has none."""
    allowed = PERCENT_RANGE[status]
    return allowed[0] if allowed and allowed[0] == allowed[1] else None


def accepted_statuses(nature: Nature) -> tuple[Status, ...]:
    """The statuses a report may carry: a continuous recommendation is never completed."""
    if nature is Nature.CONTINUOUS:
        return (Status.IN_PROGRESS, Status.BLOCKED, Status.NOT_STARTED, Status.DROPPED)
    return tuple(PERCENT_RANGE)


def percent_is_accepted(status: Status, percent: int | None, nature: Nature) -> bool:
    """Whether a report of this status may carry this percent (None: no percent given)."""
    allowed = PERCENT_RANGE[status]
    if nature is Nature.CONTINUOUS or allowed is None:
        return percent is None
    return percent is not None and allowed[0] <= percent <= allowed[1]
