"""The closed lists of the domain. Values are the stable codes found in the store, in JSON and in files."""

from enum import StrEnum


class Status(StrEnum):
    """State of one answer. `not_reported` is the absence of a report, never a stored one."""

    COMPLETED = "completed"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    NOT_STARTED = "not_started"
    NOT_REPORTED = "not_reported"
    DROPPED = "dropped"


#: The order of the status bar: what is done first, silence last; `dropped` never stands in the bar.
BAR_ORDER = (
    Status.COMPLETED,
    Status.IN_PROGRESS,
    Status.BLOCKED,
    Status.NOT_STARTED,
    Status.NOT_REPORTED,
)
#: The statuses a report may carry.
REPORTABLE = (*BAR_ORDER[:4], Status.DROPPED)


class ReportState(StrEnum):
    """Where a progress report stands between its author and the Secretariat."""

    SUBMITTED = "submitted"
    VALIDATED = "validated"
    RETURNED = "returned"
    RETRACTED = "retracted"


class NewsKind(StrEnum):
    """What is done on a report once it is handed in, and told to whoever answers."""

    VALIDATED = "validated"
    RETURNED = "returned"
    RETRACTED = "retracted"
    VERIFIED = "verified"
    CONTESTED = "contested"
    CONTEST_ANSWERED = "contest_answered"


class RecordState(StrEnum):
    """Where an answer's record stands, from nothing said to taken back: what permissions look at."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VALIDATED = "validated"
    RETRACTED = "retracted"


class ReportOrigin(StrEnum):
    """How a progress report reached the store; the last three are entered by the Secretariat on behalf."""

    PORTAL = "portal"
    FILE = "file"
    PHONE = "phone"
    PAPER = "paper"
    MAIL = "mail"


#: Origins of what the Secretariat enters for an entity.
ON_BEHALF = (ReportOrigin.PHONE, ReportOrigin.PAPER, ReportOrigin.MAIL)


class EvidenceKind(StrEnum):
    """What stands behind a report: a file kept here, an address, or a document named and kept elsewhere."""

    FILE = "file"
    LINK = "link"
    DOCUMENT = "document"


class LinkPurpose(StrEnum):
    """What a one-time link opens: the first administrator's account, a first password, a new password."""

    FIRST_ADMINISTRATOR = "first_administrator"
    FIRST_PASSWORD = "first_password"  # noqa: S105 - a purpose, not a password
    RESET = "reset"


class SignInEnd(StrEnum):
    """Why a sign-in ended."""

    SIGNED_OUT = "signed_out"
    EVERYWHERE = "everywhere"
    IDLE = "idle"
    EXPIRED = "expired"
    DISABLED = "disabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password


class ReminderChannel(StrEnum):
    """How a reminder was handed over."""

    COPY = "copy"
    PRINT = "print"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


class AssignmentRole(StrEnum):
    """A responsible entity owes an answer; a supporting one is shown and enters no figure."""

    RESPONSIBLE = "responsible"
    SUPPORT = "support"


class Nature(StrEnum):
    """Whether a recommendation can be completed, or goes on without an end."""

    FINITE = "finite"
    CONTINUOUS = "continuous"


class InstanceKind(StrEnum):
    """The three meetings of a session, in their order."""

    PREPARATORY = "preparatory"
    TECHNICAL = "technical"
    POLITICAL = "political"


class EntityKind(StrEnum):
    """What kind of actor an entity is."""

    REGION = "region"
    MINISTRY = "ministry"
    AGENCY = "agency"
    STATE = "state"
    LOCAL_AUTHORITIES = "local_authorities"
    PARTNER = "partner"


#: Kinds that name a class of actors: nobody can answer for them until an institution is named.
COLLECTIVE_KINDS = (EntityKind.STATE, EntityKind.LOCAL_AUTHORITIES, EntityKind.PARTNER)


class BlockedCause(StrEnum):
    """Why an action is stopped, where the cause is known."""

    FUNDING = "funding"
    LEGAL_TEXT = "legal_text"
    COORDINATION = "coordination"
    CAPACITY = "capacity"
    SECURITY = "security"
    OTHER = "other"


class DroppedKind(StrEnum):
    """Why an answer leaves the count: given up, or overtaken by events."""

    ABANDONED = "abandoned"
    OVERTAKEN = "overtaken"


class RevisionKind(StrEnum):
    """What a meeting did to the text of a recommendation."""

    PROPOSED = "proposed"
    AMENDED = "amended"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class UserRole(StrEnum):
    """Who a person is in the follow-up."""

    READER = "reader"
    DONOR = "donor"
    MINISTER = "minister"
    FOCAL_POINT = "focal_point"
    VALIDATOR = "validator"
    ADMINISTRATOR = "administrator"


class GroupBy(StrEnum):
    """The ways figures are grouped."""

    RECOMMENDATION = "recommendation"
    AXIS = "axis"
    CHALLENGE = "challenge"
    PRIORITY = "priority"
    ENTITY = "entity"
    REGION = "region"
    MINISTRY = "ministry"
    STATUS = "status"
    SESSION = "session"
    DONOR = "donor"


class ChangeField(StrEnum):
    """What an append-only change speaks of."""

    ROLE = "role"
    WEIGHT = "weight"
    DUE_DATE = "due_date"
    END = "end"
    NATURE = "nature"
    PLACE = "place"
    WITHDRAWN = "withdrawn"
    POLITICAL_DATE = "political_date"
