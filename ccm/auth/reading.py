"""Who may read a report, by the state it is in, and what of it."""

from ccm.auth.permissions import Action
from ccm.auth.policy import Actor, allowed
from ccm.domain.vocabulary import RecordState, ReportState

_READING = {
    ReportState.SUBMITTED: Action.READ_SUBMITTED,
    ReportState.RETURNED: Action.READ_RETURNED,
    ReportState.VALIDATED: Action.READ_VALIDATED,
    ReportState.RETRACTED: Action.READ_VALIDATED,
}


def may_read(actor: Actor, state: ReportState, entity: str) -> bool:
    """Whether the actor may read a report of this state and entity."""
    return allowed(actor, _READING[state], entity, RecordState(state.value))


def may_see_evidence(actor: Actor, state: ReportState, entity: str) -> bool:
    """Whether the actor may also see what stands behind it: never where the report itself is hidden."""
    return may_read(actor, state, entity) and allowed(actor, Action.READ_EVIDENCE, entity)


def may_see_names(actor: Actor, entity: str) -> bool:
    """Whether the actor may also see who wrote, validated or returned it: whoever may see its journal."""
    return allowed(actor, Action.READ_RECORD_JOURNAL, entity)
