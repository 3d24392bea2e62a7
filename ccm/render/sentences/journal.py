"""The journal's entries in words."""

from ccm.i18n import N_, Translator
from ccm.queries.journal import JournalEntry

_ACTIONS = {
    "session.loaded": N_("Session chargée"),
    "session.opened": N_("Session ouverte"),
    "session.changed": N_("Session modifiée"),
    "schema.upgraded": N_("Entrepôt mis à niveau"),
    "assignment.added": N_("Engagement ajouté"),
    "assignment.changed": N_("Engagement modifié"),
    "recommendation.changed": N_("Recommandation modifiée"),
    "report.submitted": N_("Point transmis"),
    "report.validated": N_("Point validé"),
    "report.returned": N_("Point renvoyé"),
    "report.retracted": N_("Point retiré"),
    "report.verified": N_("Preuve vérifiée"),
    "report.contested": N_("Point contesté"),
    "report.contest_answered": N_("Contestation close"),
    "user.added": N_("Personne ajoutée"),
    "user.changed": N_("Personne modifiée"),
    "user.disabled": N_("Personne désactivée"),
    "user.enabled": N_("Personne réactivée"),
    "user.contact_changed": N_("Coordonnées modifiées"),
    "user.link_issued": N_("Lien remis"),
    "user.password_set": N_("Mot de passe choisi par lien"),
    "user.password_changed": N_("Mot de passe changé"),
    "user.second_factor_set": N_("Second facteur mis en place"),
    "user.second_factor_removed": N_("Second facteur retiré"),
    "user.signed_out_everywhere": N_("Déconnexion partout"),
    "entity.alias_added": N_("Orthographe ajoutée"),
    "entity.renamed": N_("Acteur renommé"),
    "entity.succeeded": N_("Succession enregistrée"),
    "period.opened": N_("Période ouverte"),
    "reminder.made": N_("Relance faite"),
    "setting.changed": N_("Réglage changé"),
}


def action(code: str, t: Translator) -> str:
    """What an action is called; its code where it has no name yet."""
    return t.gettext(_ACTIONS[code]) if code in _ACTIONS else code


def detail(entry: JournalEntry) -> str:
    """What an entry holds, as `name: value`, on one line; the digests of rows are left to `verify`."""
    told = []
    for name, value in entry.detail.items():
        if name in ("rows", "digests", "sha256") or value in (None, "", [], {}):
            continue
        parts = value if isinstance(value, list) else [value]
        told.append(f"{name}: {', '.join(_one(part) for part in parts)}")
    return " · ".join(told)


def _one(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part not in (None, ""))
    return str(value)
