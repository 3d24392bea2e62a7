"""The words for every code of the domain's closed lists."""

from enum import StrEnum

from ccm.domain.vocabulary import (
    AssignmentRole,
    BlockedCause,
    ChangeField,
    DroppedKind,
    EntityKind,
    EvidenceKind,
    GroupBy,
    InstanceKind,
    LinkPurpose,
    Nature,
    NewsKind,
    RecordState,
    ReminderChannel,
    ReportOrigin,
    ReportState,
    RevisionKind,
    SignInEnd,
    Status,
    UserRole,
)
from ccm.i18n import N_, Translator

#: By closed list: codes of two lists may be spelled alike.
_LABELS: dict[type[StrEnum], dict[str, str]] = {
    Status: {
        Status.COMPLETED: N_("Réalisé"),
        Status.IN_PROGRESS: N_("En cours"),
        Status.BLOCKED: N_("Bloqué"),
        Status.NOT_STARTED: N_("Non démarré"),
        Status.NOT_REPORTED: N_("Non renseigné"),
        Status.DROPPED: N_("Abandonné ou sans objet"),
    },
    ReportState: {
        ReportState.SUBMITTED: N_("Transmis, à valider"),
        ReportState.VALIDATED: N_("Validé"),
        ReportState.RETURNED: N_("Renvoyé pour correction"),
        ReportState.RETRACTED: N_("Retiré"),
    },
    NewsKind: {
        NewsKind.VALIDATED: N_("Validé"),
        NewsKind.RETURNED: N_("Renvoyé pour correction"),
        NewsKind.RETRACTED: N_("Retiré"),
        NewsKind.VERIFIED: N_("Preuve vérifiée par le Secrétariat"),
        NewsKind.CONTESTED: N_("Contesté par un partenaire"),
        NewsKind.CONTEST_ANSWERED: N_("Le Secrétariat a répondu à la contestation"),
    },
    RecordState: {
        RecordState.NONE: N_("Rien n’est dit"),
        RecordState.DRAFT: N_("Brouillon"),
        RecordState.SUBMITTED: N_("Transmis, à valider"),
        RecordState.RETURNED: N_("Renvoyé pour correction"),
        RecordState.VALIDATED: N_("Validé"),
        RecordState.RETRACTED: N_("Retiré"),
    },
    ReportOrigin: {
        ReportOrigin.PORTAL: N_("Saisi par l’acteur"),
        ReportOrigin.FILE: N_("Reçu par fichier"),
        ReportOrigin.PHONE: N_("Reçu par téléphone, saisi par le Secrétariat"),
        ReportOrigin.PAPER: N_("Reçu sur papier, saisi par le Secrétariat"),
        ReportOrigin.MAIL: N_("Reçu par courriel, saisi par le Secrétariat"),
    },
    EvidenceKind: {
        EvidenceKind.FILE: N_("Fichier"),
        EvidenceKind.LINK: N_("Lien"),
        EvidenceKind.DOCUMENT: N_("Document nommé"),
    },
    ReminderChannel: {
        ReminderChannel.COPY: N_("Copié"),
        ReminderChannel.PRINT: N_("Imprimé"),
        ReminderChannel.WHATSAPP: N_("WhatsApp"),
        ReminderChannel.SMS: N_("SMS"),
        ReminderChannel.EMAIL: N_("Courriel"),
    },
    LinkPurpose: {
        LinkPurpose.FIRST_ADMINISTRATOR: N_("premier compte d’administration"),
        LinkPurpose.FIRST_PASSWORD: N_("premier mot de passe"),
        LinkPurpose.RESET: N_("nouveau mot de passe"),
    },
    SignInEnd: {
        SignInEnd.SIGNED_OUT: N_("déconnexion"),
        SignInEnd.EVERYWHERE: N_("déconnexion partout"),
        SignInEnd.IDLE: N_("trop longtemps sans geste"),
        SignInEnd.EXPIRED: N_("durée écoulée"),
        SignInEnd.DISABLED: N_("personne désactivée"),
        SignInEnd.PASSWORD_CHANGED: N_("mot de passe changé"),
    },
    AssignmentRole: {
        AssignmentRole.RESPONSIBLE: N_("Responsable"),
        AssignmentRole.SUPPORT: N_("En appui"),
    },
    Nature: {
        Nature.FINITE: N_("À échéance"),
        Nature.CONTINUOUS: N_("Continue"),
    },
    InstanceKind: {
        InstanceKind.PREPARATORY: N_("Réunion préparatoire"),
        InstanceKind.TECHNICAL: N_("Réunion technique"),
        InstanceKind.POLITICAL: N_("Réunion politique"),
    },
    EntityKind: {
        EntityKind.REGION: N_("Région"),
        EntityKind.MINISTRY: N_("Ministère"),
        EntityKind.AGENCY: N_("Agence ou institut"),
        EntityKind.STATE: N_("L’État"),
        EntityKind.LOCAL_AUTHORITIES: N_("Collectivités territoriales"),
        EntityKind.PARTNER: N_("Partenaires techniques et financiers"),
    },
    BlockedCause: {
        BlockedCause.FUNDING: N_("Financement non mobilisé"),
        BlockedCause.LEGAL_TEXT: N_("Texte d’application attendu"),
        BlockedCause.COORDINATION: N_("Coordination entre acteurs"),
        BlockedCause.CAPACITY: N_("Moyens humains ou techniques"),
        BlockedCause.SECURITY: N_("Situation sécuritaire"),
        BlockedCause.OTHER: N_("Autre motif"),
    },
    DroppedKind: {
        DroppedKind.ABANDONED: N_("Abandonné"),
        DroppedKind.OVERTAKEN: N_("Sans objet"),
    },
    RevisionKind: {
        RevisionKind.PROPOSED: N_("proposé"),
        RevisionKind.AMENDED: N_("amendé"),
        RevisionKind.MOVED: N_("déplacé"),
        RevisionKind.MERGED: N_("fusionné"),
        RevisionKind.SPLIT: N_("scindé"),
        RevisionKind.ADOPTED: N_("adopté"),
        RevisionKind.WITHDRAWN: N_("supprimé"),
    },
    UserRole: {
        UserRole.READER: N_("Lecteur"),
        UserRole.DONOR: N_("Partenaire financier"),
        UserRole.MINISTER: N_("Ministre ou conseiller"),
        UserRole.FOCAL_POINT: N_("Point focal"),
        UserRole.VALIDATOR: N_("Validateur"),
        UserRole.ADMINISTRATOR: N_("Administrateur"),
    },
    GroupBy: {
        GroupBy.RECOMMENDATION: N_("Recommandation"),
        GroupBy.AXIS: N_("Axe"),
        GroupBy.CHALLENGE: N_("Défi"),
        GroupBy.PRIORITY: N_("Priorité"),
        GroupBy.ENTITY: N_("Acteur"),
        GroupBy.REGION: N_("Région"),
        GroupBy.MINISTRY: N_("Ministère"),
        GroupBy.STATUS: N_("État de la réponse"),
        GroupBy.SESSION: N_("Session"),
        GroupBy.DONOR: N_("Partenaire financier"),
    },
    ChangeField: {
        ChangeField.ROLE: N_("Rôle"),
        ChangeField.WEIGHT: N_("Poids"),
        ChangeField.DUE_DATE: N_("Échéance"),
        ChangeField.END: N_("Fin de l’engagement"),
        ChangeField.NATURE: N_("Nature"),
        ChangeField.PLACE: N_("Place dans le plan"),
        ChangeField.WITHDRAWN: N_("Suppression"),
        ChangeField.POLITICAL_DATE: N_("Date de la réunion politique"),
    },
}

_PLURAL_KINDS = {
    EntityKind.REGION: N_("Régions"),
    EntityKind.MINISTRY: N_("Ministères"),
    EntityKind.AGENCY: N_("Agences et instituts"),
    EntityKind.STATE: N_("L’État"),
    EntityKind.LOCAL_AUTHORITIES: N_("Collectivités territoriales"),
    EntityKind.PARTNER: N_("Partenaires techniques et financiers"),
}

_MEANINGS = {
    Status.COMPLETED: N_("Fait à 100 %% ; point validé par le Secrétariat."),
    Status.IN_PROGRESS: N_("Une action au moins a commencé (1 à 99 %%)."),
    Status.BLOCKED: N_("L’action est arrêtée ; le motif est donné."),
    Status.NOT_STARTED: N_("On a répondu : rien n’est engagé (0 %%)."),
    Status.NOT_REPORTED: N_("Personne n’a répondu. Ni oui, ni non."),
    Status.DROPPED: N_("Ne sera pas fait, ou n’a plus lieu d’être : hors compte."),
}


def label(code: StrEnum, t: Translator) -> str:
    """The word for a code of the vocabulary, as it heads a column or names a state."""
    return t.gettext(_LABELS[type(code)][code])


def kind_heading(kind: EntityKind, t: Translator) -> str:
    """The heading of a group of entities of one kind: `Ministères`."""
    return t.gettext(_PLURAL_KINDS[kind])


def meaning(status: Status, t: Translator) -> str:
    """What a status says, in one sentence."""
    return t.gettext(_MEANINGS[status]) % {}


def letter(status: Status, t: Translator) -> str:
    """The letter of a status where no word fits: R, C, B, N, ?, A in French."""
    return {
        Status.COMPLETED: t.pgettext("lettre d’état", "R"),
        Status.IN_PROGRESS: t.pgettext("lettre d’état", "C"),
        Status.BLOCKED: t.pgettext("lettre d’état", "B"),
        Status.NOT_STARTED: t.pgettext("lettre d’état", "N"),
        Status.NOT_REPORTED: "?",
        Status.DROPPED: t.pgettext("lettre d’état", "A"),
    }[status]
