"""What stands out of a report that waits, beside the official one."""

from collections.abc import Iterator
from enum import StrEnum

from ccm.domain.vocabulary import Status
from ccm.queries.answer_form import FullReport

_HALF = 50


class Mark(StrEnum):
    """What stands out of a waiting report, and asks for a person's eye."""

    #: The percent goes down.
    FALLS = "falls"
    #: Completed from less than half, or from nothing.
    JUMPS = "jumps"
    #: It was completed, and is so no more.
    REOPENS = "reopens"
    #: Completed without evidence.
    NO_PROOF = "no_proof"
    #: It speaks of a day before the official report's: it will not be the answer's state.
    OLDER = "older"
    #: A later one of the same answer waits too.
    SUPERSEDED = "superseded"
    #: The answer is not followed any more.
    ENDED = "ended"
    #: Entered by whoever asks: another person validates.
    OWN = "own"
    #: Entered by whoever asks, and nobody else is there to validate.
    ALONE = "alone"


def beside(report: FullReport, previous: FullReport | None) -> Iterator[Mark]:
    """What stands out of a report beside the official one."""
    before = previous.percent if previous else None
    if previous and report.as_of < previous.as_of:
        yield Mark.OLDER
    elif before is not None and report.percent is not None and report.percent < before:
        yield Mark.FALLS
    if previous and previous.status is Status.COMPLETED and report.status is not Status.COMPLETED:
        yield Mark.REOPENS
    if report.status is Status.COMPLETED and (before or 0) < _HALF:
        yield Mark.JUMPS
    if report.status is Status.COMPLETED and not report.evidence:
        yield Mark.NO_PROOF
