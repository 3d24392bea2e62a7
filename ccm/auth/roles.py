"""The roles in words: what each person is for, as the administration page and the guides say it."""

from ccm.domain.vocabulary import UserRole
from ccm.i18n import N_, Translator

_PROSE = {
    UserRole.READER: N_("Lit les chiffres validés. N’écrit rien."),
    UserRole.DONOR: N_(
        "Lit tout ce qui est transmis, les points non validés étant marqués provisoires ; jamais les "
        "brouillons. Peut contester un point validé, avec un motif."
    ),
    UserRole.MINISTER: N_(
        "Lit tout ce qui est transmis, les points non validés étant marqués provisoires ; jamais les "
        "brouillons. N’écrit rien."
    ),
    UserRole.FOCAL_POINT: N_(
        "Rend compte pour ses acteurs et pour eux seuls : brouillons, preuves, points transmis."
    ),
    UserRole.VALIDATOR: N_(
        "Valide, renvoie ou retire les points de tous, vérifie les preuves, attribue les recommandations, "
        "relance les acteurs."
    ),
    UserRole.ADMINISTRATOR: N_(
        "Fait tout ce que fait un validateur, et gère les personnes, les acteurs, les périodes, les sessions "
        "et le journal."
    ),
}


def prose(role: UserRole, t: Translator) -> str:
    """What a role may do, in one or two sentences."""
    return t.gettext(_PROSE[role])
