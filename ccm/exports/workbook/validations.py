"""What each cell to fill accepts, and what Excel says beside it: in French, in the program's own limits."""

from typing import Any

from ccm.domain.vocabulary import Nature
from ccm.i18n import DEFAULT_LOCALE, N_, translator
from ccm.store.types import LONGEST_TEXT

_TITLES = {
    "status": N_("Où en est-on ?"),
    "percent": N_("Un nombre entier, 0 à 100"),
    "as_of": N_("De quel jour parlez-vous ?"),
    "note": N_("Qu’a-t-on fait ?"),
    "blocked_reason": N_("Pourquoi est-ce bloqué ?"),
    "blocked_cause": N_("La cause, si elle est connue"),
    "blocked_by": N_("Qui peut débloquer ?"),
    "dropped_kind": N_("Abandonné, ou sans objet"),
}
#: Beside the cell, and where what was typed is refused.
_HINTS = {
    "status": N_("Choisissez dans la liste. Laissez vide s’il n’y a rien de nouveau."),
    "percent": N_(
        "25 lancé : équipe ou budget désigné. 50 à mi-chemin : premières activités tenues. 75 presque fait : "
        "reste à conclure. « En cours » : 1 à 99. Réalisé, Non démarré, Abandonné : laissez vide."
    ),
    "as_of": N_("jj/mm/aaaa, ni avant l’adoption, ni dans le futur."),
    "note": N_("Une phrase suffit. Demandée quand l’action est abandonnée ou sans objet."),
    "blocked_reason": N_("Seulement si l’état est « Bloqué » : une phrase suffit."),
    "blocked_cause": N_("Seulement si l’état est « Bloqué » : choisissez dans la liste, ou laissez vide."),
    "blocked_by": N_("Seulement si l’état est « Bloqué » : choisissez dans la liste, ou laissez vide."),
    "dropped_kind": N_("Seulement si l’état est « Abandonné ou sans objet » : choisissez dans la liste."),
}
_ENDLESS = N_("Une recommandation continue n’a pas de pourcentage : laissez vide.")
_REFUSED = {
    "percent": N_("Tapez un nombre entier de 0 à 100, sans décimales."),
    "as_of": N_("Tapez une date (jj/mm/aaaa) qui n’est pas dans le futur."),
    "note": N_("Ce texte est trop long : 10 000 caractères au plus."),
    "blocked_reason": N_("Ce texte est trop long : 10 000 caractères au plus."),
}
_FROM_LIST = N_("Choisissez un mot de la liste.")
_FIRST_DAY = "=DATE(2000,1,1)"


def rule(cell: str, nature: Nature, lists: dict[str, str]) -> dict[str, Any]:
    """The validation of one cell, as XlsxWriter takes it."""
    t = translator(DEFAULT_LOCALE).gettext
    hint = _ENDLESS if cell == "percent" and nature is Nature.CONTINUOUS else _HINTS[cell]
    return {
        **_accepted(cell, nature, lists),
        "ignore_blank": True,
        "input_title": t(_TITLES[cell]),
        "input_message": t(hint),
        "error_title": t(N_("Ce n’est pas accepté")),
        "error_message": t(_REFUSED.get(cell, _FROM_LIST)),
    }


def _accepted(cell: str, nature: Nature, lists: dict[str, str]) -> dict[str, Any]:
    if cell == "percent":
        return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100}
    if cell == "as_of":
        return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": "=TODAY()"}
    if cell in ("note", "blocked_reason"):
        return {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
    return {"validate": "list", "source": lists[f"status-{nature}" if cell == "status" else cell]}
