"""The headings and labels that every form of the brief writes."""

from ccm.i18n import N_, numbers, translator
from ccm.queries.results import Scope

_WORDS = {
    "subject": N_("Objet :"),
    "number": N_("N° ……… /MI/D/SP-CCM"),
    "emblem": N_("emblème"),
    "what": N_("Objet"),
    "who": N_("Doit agir"),
    "details": N_("Précisions"),
    "by_axis": N_("Par axe"),
    "by_region": N_("Par région"),
    "by_institution": N_("Par ministère et institution"),
    "method": N_("Méthode"),
    "again": N_("La même note ressort de"),
    "axis": N_("Axe"),
    "region": N_("Région"),
    "institution": N_("Institution"),
    "states": N_("État des réponses attendues"),
    "completion": N_("Avancement"),
    "coverage": N_("Renseigné"),
    "none": N_("aucune réponse attendue"),
    "nothing": N_("Rien n’attend de décision."),
    "demo": N_("Données de démonstration"),
    "realised": N_("Entièrement réalisées"),
    "expected": N_("Attendues"),
    "ref": N_("Réf."),
    "recommendation": N_("Recommandation et responsables"),
    "received": N_("Réponses reçues"),
    "hatched": N_("Hachures : réponses manquantes."),
    "mean": N_("Avancement moyen"),
    "page": N_("Page"),
}


def words(scope: Scope, reported: bool, locale: str) -> dict[str, str]:
    """Them, in a language; empty where nothing is compared, for those of the comparison."""
    gettext = translator(locale).gettext
    since = {"day": numbers.day(scope.since, locale)}
    return {
        **{name: gettext(message) for name, message in _WORDS.items()},
        "decisions": gettext("Décisions attendues") if reported else gettext("Par quoi commencer"),
        "tint": gettext("Teinte : avancement moyen.")
        if reported
        else gettext("Chaque région : ses réponses attendues."),
        "since_day": gettext("depuis le %(day)s") % since if scope.since else "",
        "since": gettext("Depuis %(day)s") % since if scope.since else "",
    }
