"""The one table of permissions: action x role x reach x state of the record. What is not here is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ccm.domain.vocabulary import RecordState, UserRole


class Action(StrEnum):
    """Everything a person can ask of the store, to see or to do."""

    READ_VALIDATED = "read_validated"
    READ_PROVISIONAL = "read_provisional"
    READ_SUBMITTED = "read_submitted"
    READ_RETURNED = "read_returned"
    READ_EVIDENCE = "read_evidence"
    READ_RECORD_JOURNAL = "read_record_journal"
    READ_JOURNAL = "read_journal"
    READ_QUEUE = "read_queue"
    READ_SILENCE = "read_silence"
    READ_CONTACTS = "read_contacts"
    READ_PEOPLE = "read_people"
    SAVE_DRAFT = "save_draft"
    ADD_EVIDENCE = "add_evidence"
    SUBMIT_REPORT = "submit_report"
    SUBMIT_ON_BEHALF = "submit_on_behalf"
    VALIDATE_REPORT = "validate_report"
    RETURN_REPORT = "return_report"
    RETRACT_REPORT = "retract_report"
    VERIFY_REPORT = "verify_report"
    CONTEST_REPORT = "contest_report"
    ANSWER_CONTEST = "answer_contest"
    CHANGE_ASSIGNMENT = "change_assignment"
    RECORD_REMINDER = "record_reminder"
    MANAGE_PERIODS = "manage_periods"
    MANAGE_ENTITIES = "manage_entities"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    OPEN_SESSION = "open_session"
    EXPORT_JOURNAL = "export_journal"
    MANAGE_OWN_ACCOUNT = "manage_own_account"


class Reach(StrEnum):
    """How far a permission goes: the entities one answers for, oneself alone, or everything."""

    OWN_ENTITIES = "own_entities"
    ONESELF = "oneself"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Rule:
    """Who may do one thing, how far, and in which states of the record."""

    reach: Mapping[UserRole, Reach]
    states: frozenset[RecordState] = frozenset(RecordState)


def _rule(
    reach: Mapping[UserRole, Reach] | None = None, *states: RecordState, secretariat: bool = False
) -> Rule:
    known = dict(reach or {})
    if secretariat:
        known |= {UserRole.VALIDATOR: Reach.EVERYTHING, UserRole.ADMINISTRATOR: Reach.EVERYTHING}
    return Rule(MappingProxyType(known), frozenset(states or RecordState))


_FOCAL = {UserRole.FOCAL_POINT: Reach.OWN_ENTITIES}
_FOLLOWERS = {UserRole.DONOR: Reach.EVERYTHING, UserRole.MINISTER: Reach.EVERYTHING}
_ADMINISTRATOR = {UserRole.ADMINISTRATOR: Reach.EVERYTHING}
_SUBMITTED, _VALIDATED = RecordState.SUBMITTED, RecordState.VALIDATED
_OUT = (RecordState.SUBMITTED, RecordState.RETURNED, RecordState.VALIDATED, RecordState.RETRACTED)

PERMISSIONS: Mapping[Action, Rule] = MappingProxyType(
    {
        # Reading. What is official is everybody's; what is not yet is the followers' of the plan, marked so.
        Action.READ_VALIDATED: _rule(
            dict.fromkeys(UserRole, Reach.EVERYTHING), _VALIDATED, RecordState.RETRACTED, RecordState.NONE
        ),
        Action.READ_PROVISIONAL: _rule(_FOLLOWERS, secretariat=True),
        Action.READ_SUBMITTED: _rule({**_FOCAL, **_FOLLOWERS}, _SUBMITTED, secretariat=True),
        Action.READ_RETURNED: _rule(_FOCAL, RecordState.RETURNED, secretariat=True),
        Action.READ_EVIDENCE: _rule({**_FOCAL, **_FOLLOWERS}, *_OUT, secretariat=True),
        Action.READ_RECORD_JOURNAL: _rule({**_FOCAL, **_FOLLOWERS}, secretariat=True),
        Action.READ_JOURNAL: _rule(_ADMINISTRATOR),
        Action.READ_QUEUE: _rule(secretariat=True),
        Action.READ_SILENCE: _rule({UserRole.MINISTER: Reach.EVERYTHING}, secretariat=True),
        Action.READ_CONTACTS: _rule(secretariat=True),
        Action.READ_PEOPLE: _rule(_ADMINISTRATOR),
        # Reporting. A draft is looked for among one's own: whoever may keep one reads theirs alone.
        Action.SAVE_DRAFT: _rule(_FOCAL, secretariat=True),
        Action.ADD_EVIDENCE: _rule(_FOCAL, secretariat=True),
        Action.SUBMIT_REPORT: _rule(_FOCAL, secretariat=True),
        Action.SUBMIT_ON_BEHALF: _rule(secretariat=True),
        # What the Secretariat decides, each from one state to another.
        Action.VALIDATE_REPORT: _rule(None, _SUBMITTED, secretariat=True),
        Action.RETURN_REPORT: _rule(None, _SUBMITTED, secretariat=True),
        Action.RETRACT_REPORT: _rule(None, _VALIDATED, secretariat=True),
        Action.VERIFY_REPORT: _rule(None, _VALIDATED, secretariat=True),
        Action.CONTEST_REPORT: _rule({UserRole.DONOR: Reach.EVERYTHING}, _VALIDATED),
        Action.ANSWER_CONTEST: _rule(None, _VALIDATED, RecordState.RETRACTED, secretariat=True),
        Action.CHANGE_ASSIGNMENT: _rule(secretariat=True),
        Action.RECORD_REMINDER: _rule(secretariat=True),
        # Running the cycle.
        Action.MANAGE_PERIODS: _rule(_ADMINISTRATOR),
        Action.MANAGE_ENTITIES: _rule(_ADMINISTRATOR),
        Action.MANAGE_USERS: _rule(_ADMINISTRATOR),
        Action.MANAGE_SETTINGS: _rule(_ADMINISTRATOR),
        Action.OPEN_SESSION: _rule(_ADMINISTRATOR),
        Action.EXPORT_JOURNAL: _rule(_ADMINISTRATOR),
        Action.MANAGE_OWN_ACCOUNT: _rule(dict.fromkeys(UserRole, Reach.ONESELF)),
    }
)
