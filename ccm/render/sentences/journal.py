"""The journal's entries in words."""

import re
from enum import StrEnum

from ccm.domain.labels import label
from ccm.domain.vocabulary import (
    AssignmentRole,
    ChangeField,
    EntityKind,
    LinkPurpose,
    Nature,
    ReminderChannel,
    ReportOrigin,
    ReportState,
    Status,
    UserRole,
)
from ccm.i18n import N_, Translator
from ccm.queries.journal import JournalEntry

_ACTIONS = {
    "demo.generated": N_("Démonstration inventée"),
    "rows.recorded": N_("Suite de l’entrée suivante"),
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
    "entity.added": N_("Acteur ajouté"),
    "entity.alias_added": N_("Orthographe ajoutée"),
    "entity.alias_removed": N_("Orthographe retirée"),
    "entity.renamed": N_("Acteur renommé"),
    "entity.succeeded": N_("Succession enregistrée"),
    "entity.succession_withdrawn": N_("Succession annulée"),
    "period.opened": N_("Période ouverte"),
    "period.changed": N_("Période corrigée"),
    "reminder.made": N_("Relance faite"),
    "setting.changed": N_("Réglage changé"),
}


def action(code: str, t: Translator) -> str:
    """What an action is called; its code where it has no name yet."""
    return t.gettext(_ACTIONS[code]) if code in _ACTIONS else code


def detail(entry: JournalEntry, t: Translator) -> str:
    """What an entry holds, in words, on one line; the digests of rows are left to `verify`."""
    told, colon = [], t.gettext(" : ")
    for name, value in entry.detail.items():
        if name in _UNTOLD or value in (None, "", [], {}):
            continue
        parts = [_one(part, t) for part in (value if isinstance(value, list) else [value])]
        named = t.gettext(_NAMES[name]) if name in _NAMES else name
        told.append(f"{named}{colon}{', '.join(parts)}")
    return " · ".join(told)


def _one(value: object, t: Translator) -> str:
    if isinstance(value, dict):
        if {"field", "value", "effective_on"} <= value.keys():
            return _change(value, t)
        return " ".join(_one(part, t) for part in value.values() if part not in (None, ""))
    if isinstance(value, bool):
        return t.gettext(_YES if value else _NO)
    text = str(value)
    if text in _SAID:
        return t.gettext(_SAID[text])
    code = _CODES.get(text)
    if code is not None:
        return label(code, t)
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if _DAY.fullmatch(text) else text


def _change(told: dict[str, str], t: Translator) -> str:
    """A change of terms: what it is of, what it becomes, and from when on."""
    field, before = told["field"], told.get("before")
    values = {
        "field": t.gettext(_FIELDS[field]) if field in _FIELDS else field,
        "value": _term(told["value"], t),
        "day": _one(told["effective_on"], t),
    }
    if before is None or before == told["value"]:
        return t.gettext("%(field)s %(value)s, à compter du %(day)s") % values
    text = t.gettext("%(field)s %(value)s au lieu de %(before)s, à compter du %(day)s")
    return text % {**values, "before": _term(before, t)}


def _term(value: str, t: Translator) -> str:
    return _one(value, t) if value.strip("-") else t.gettext("aucune")


#: What changes of terms change, by the field's code.
_FIELDS: dict[str, str] = {
    ChangeField.ROLE: N_("rôle"),
    ChangeField.WEIGHT: N_("poids"),
    ChangeField.DUE_DATE: N_("échéance"),
    ChangeField.END: N_("déchargé"),
    ChangeField.NATURE: N_("nature"),
    ChangeField.WITHDRAWN: N_("retirée"),
    ChangeField.POLITICAL_DATE: N_("réunion politique"),
}
_UNTOLD = ("rows", "digests", "sha256")
_YES, _NO = N_("oui"), N_("non")
_SAID: dict[str, str] = {
    "true": _YES,
    "false": _NO,
    "on": _YES,
    "off": _NO,
    LinkPurpose.FIRST_ADMINISTRATOR: N_("premier compte d’administration"),
    LinkPurpose.FIRST_PASSWORD: N_("premier mot de passe"),
    LinkPurpose.RESET: N_("nouveau mot de passe"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Codes of the domain's closed lists, as a reader knows them.
_CODES: dict[str, StrEnum] = {
    code.value: code
    for codes in (
        Status,
        ReportState,
        ReportOrigin,
        UserRole,
        AssignmentRole,
        Nature,
        ReminderChannel,
        EntityKind,
    )
    for code in codes
}
_NAMES = {
    "assignment": N_("engagement"),
    "assignments": N_("engagements"),
    "as_of": N_("au"),
    "status": N_("état"),
    "percent": N_("pour cent"),
    "origin": N_("origine"),
    "evidence": N_("preuves"),
    "state": N_("devient"),
    "by": N_("par"),
    "role": N_("rôle"),
    "entities": N_("acteurs"),
    "purpose": N_("pour"),
    "alias": N_("orthographe"),
    "short_name": N_("sigle"),
    "name": N_("nom"),
    "effective_on": N_("à compter du"),
    "successor": N_("successeur"),
    "since": N_("depuis le"),
    "kind": N_("genre"),
    "parent": N_("tutelle"),
    "label": N_("nom"),
    "before": N_("avant"),
    "changes": N_("changements"),
    "reason": N_("motif"),
    "period": N_("période"),
    "channel": N_("moyen"),
    "value": N_("valeur"),
    "starts_on": N_("du"),
    "ends_on": N_("au"),
    "due_on": N_("réponse avant le"),
    "political": N_("réunion politique"),
    "technical": N_("réunion technique"),
    "preparatory": N_("réunion préparatoire"),
    "seed": N_("graine"),
    "sign_ins": N_("connexions"),
}
