"""What every figure means, in words: the method page, `docs/figures.md` and files' legends say only this."""

from dataclasses import dataclass
from enum import StrEnum

from ccm.i18n import N_


class Unit(StrEnum):
    """What a figure counts or measures."""

    PERCENT = "percent"
    RECOMMENDATIONS = "recommendations"
    ANSWERS = "answers"
    POINTS = "points"
    CLASS = "class"


@dataclass(frozen=True)
class Metric:
    """One figure. All texts are French gettext ids.

    `key` is its name in JSON and in code. `numerator` is what is added up and `denominator` what that is
    divided by: both are empty for a count, whose definition says what is counted. `rule` is the sentence
    that stands under a chart or table.
    """

    key: str
    label: str
    definition: str
    numerator: str
    denominator: str
    unit: Unit
    rule: str


def _count(key: str, unit: Unit, label: str, definition: str, rule: str) -> Metric:
    return Metric(key, label, definition, "", "", unit, rule)


_EXPECTED = N_("Les réponses attendues")

_RATES = (
    Metric(
        "realised",
        N_("Taux de réalisation"),
        N_("La part des réponses attendues qui sont déclarées réalisées."),
        N_("Les réponses réalisées"),
        _EXPECTED,
        Unit.PERCENT,
        N_("Réponses réalisées sur réponses attendues ; seules comptent les réponses validées."),
    ),
    Metric(
        "completion",
        N_("Avancement moyen"),
        N_(
            "Jusqu’où l’on est allé en moyenne. Pour un axe, un défi, une priorité, une session ou le plan, "
            "c’est la moyenne des recommandations, chacune comptant une fois ; pour une région, un ministère "
            "ou un autre acteur, celle de ses propres réponses, à poids égal."
        ),
        N_(
            "La somme des avancements. Celui d’une recommandation est la moyenne de ses réponses, selon "
            "leurs poids ; une réponse manquante et une recommandation non attribuée comptent zéro."
        ),
        N_(
            "Les recommandations à échéance qui ne sont pas abandonnées ; pour un acteur, ses réponses "
            "attendues"
        ),
        Unit.PERCENT,
        N_(
            "Moyenne des avancements ; le silence compte zéro, ce qui est abandonné ou continu ne compte pas."
        ),
    ),
    Metric(
        "coverage",
        N_("Taux de renseignement"),
        N_("La part des réponses attendues qui ont été données, quel que soit leur état."),
        N_("Les réponses données"),
        _EXPECTED,
        Unit.PERCENT,
        N_("Réponses données sur réponses attendues : ce qui manque est un silence, non un zéro déclaré."),
    ),
)

_ANSWERS = (
    _count(
        "expected",
        Unit.ANSWERS,
        N_("Réponses attendues"),
        N_(
            "Une réponse par recommandation et par acteur responsable. N’en sont pas : les acteurs en appui, "
            "les recommandations continues, les réponses abandonnées ou devenues sans objet."
        ),
        N_("« Toutes les régions » fait huit réponses attendues."),
    ),
    _count(
        "answered",
        Unit.ANSWERS,
        N_("Réponses données"),
        N_("Les réponses attendues pour lesquelles un point de situation validé existe."),
        N_("Réponses données et non renseignées font ensemble les réponses attendues."),
    ),
    _count(
        "fresh",
        Unit.ANSWERS,
        N_("Réponses récentes"),
        N_(
            "Les réponses données dont le point de situation date au plus de la période de compte rendu "
            "(90 jours, sauf autre réglage)."
        ),
        N_("Compte la date dont parle le point de situation, non celle de son envoi."),
    ),
    _count(
        "completed",
        Unit.ANSWERS,
        N_("Réalisées"),
        N_("Les réponses déclarées réalisées, à cent pour cent."),
        N_("Réalisé : l’avancement est de cent pour cent."),
    ),
    _count(
        "in_progress",
        Unit.ANSWERS,
        N_("En cours"),
        N_("Les réponses dont l’action a commencé et n’est pas finie, de 1 à 99 pour cent."),
        N_("En cours : l’avancement est de 1 à 99 pour cent."),
    ),
    _count(
        "blocked",
        Unit.ANSWERS,
        N_("Bloquées"),
        N_("Les réponses dont l’action est arrêtée, de 0 à 99 pour cent ; le motif est toujours donné."),
        N_("Bloqué : l’avancement atteint compte, et qui peut lever le blocage est dit où on le sait."),
    ),
    _count(
        "not_started",
        Unit.ANSWERS,
        N_("Non démarrées"),
        N_("Les réponses qui disent que rien n’est engagé : un zéro déclaré."),
        N_("Non démarré : quelqu’un a répondu zéro."),
    ),
    _count(
        "not_reported",
        Unit.ANSWERS,
        N_("Non renseignées"),
        N_("Les réponses attendues pour lesquelles personne n’a encore rien dit de validé."),
        N_("Non renseigné : compte zéro dans l’avancement, et le taux de renseignement le mesure."),
    ),
    _count(
        "dropped",
        Unit.ANSWERS,
        N_("Abandonnées ou sans objet"),
        N_("Les réponses sorties du compte, par abandon ou parce qu’elles n’ont plus lieu d’être."),
        N_("Hors de tous les dénominateurs ; le motif est toujours donné, et la liste reste visible."),
    ),
    _count(
        "overdue",
        Unit.ANSWERS,
        N_("En retard"),
        N_("Les réponses attendues dont l’échéance est passée et qui ne sont pas réalisées."),
        N_(
            "Sans échéance propre, une réponse est due à la réunion politique de la session suivante, dès "
            "que la date en est connue ; un point transmis mais non validé n’arrête pas le délai."
        ),
    ),
    _count(
        "due_soon",
        Unit.ANSWERS,
        N_("À échéance proche"),
        N_("Les réponses attendues, non réalisées, dont l’échéance tombe dans les 30 jours qui viennent."),
        N_("L’échéance du jour même en est ; passée, elle fait un retard."),
    ),
)

_RECOMMENDATIONS = (
    _count(
        "recommendations",
        Unit.RECOMMENDATIONS,
        N_("Recommandations"),
        N_(
            "Toutes celles qui sont suivies à cette date : à compter de la réunion politique de leur session "
            "et tant qu’elles ne sont pas supprimées ; pour un acteur, celles qui le nomment responsable."
        ),
        N_(
            "Y sont aussi les recommandations non attribuées, continues et abandonnées. Une recommandation "
            "reconduite compte une fois, dans la dernière session qui la porte."
        ),
    ),
    _count(
        "recommendations_realised",
        Unit.RECOMMENDATIONS,
        N_("Entièrement réalisées"),
        N_(
            "Les recommandations à échéance qui ont au moins une réponse non abandonnée, et dont toutes ces "
            "réponses sont réalisées."
        ),
        N_("Pour un acteur, on ne regarde que ses propres réponses."),
    ),
    _count(
        "recommendations_dropped",
        Unit.RECOMMENDATIONS,
        N_("Recommandations abandonnées"),
        N_("Les recommandations à échéance dont toutes les réponses sont abandonnées ou sans objet."),
        N_("Elles sortent des moyennes et restent dans la liste."),
    ),
    _count(
        "unassigned",
        Unit.RECOMMENDATIONS,
        N_("Non attribuées"),
        N_("Les recommandations dont aucun acteur n’est responsable."),
        N_(
            "Elles comptent zéro dans l’avancement de leur axe et du plan ; un graphique par région ou par "
            "ministère ne les montre pas, et dit combien elles sont."
        ),
    ),
    _count(
        "continuous",
        Unit.RECOMMENDATIONS,
        N_("Continues"),
        N_("Les recommandations sans fin prévue, que le Secrétariat a désignées comme telles."),
        N_("Elles n’entrent ni dans les réponses attendues, ni dans les états, ni dans l’avancement."),
    ),
    _count(
        "continuous_active",
        Unit.RECOMMENDATIONS,
        N_("Continues et actives"),
        N_("Les recommandations continues dont un responsable au moins a une réponse récente, en cours."),
        N_("Pour un acteur, on ne regarde que ses propres réponses."),
    ),
    _count(
        "continuous_silent",
        Unit.RECOMMENDATIONS,
        N_("Continues et silencieuses"),
        N_("Les recommandations continues dont aucun responsable n’a de réponse récente."),
        N_("Pour un acteur, on ne regarde que ses propres réponses."),
    ),
)

_IN_TIME = (
    Metric(
        "moved",
        N_("Évolution"),
        N_("La différence d’avancement moyen entre deux dates."),
        N_("L’avancement à la date choisie, moins l’avancement à la date de départ"),
        "",
        Unit.POINTS,
        N_(
            "En points ; les deux dates sont lues avec ce qui est connu au même instant. Pour un acteur, "
            "ce sont aux deux dates les réponses qui sont les siennes à la date choisie, celles de ses "
            "prédécesseurs comprises."
        ),
    ),
    Metric(
        "schedule",
        N_("Rythme"),
        N_("L’avancement d’une réponse comparé au temps écoulé entre le début du suivi et l’échéance."),
        N_("Les jours écoulés depuis le début du suivi"),
        N_("Les jours entre le début du suivi et l’échéance"),
        Unit.CLASS,
        N_(
            "Dans les temps jusqu’à 10 points sous la part du temps écoulé, à surveiller jusqu’à 25 points, "
            "au-delà en décrochage ; inconnu sans échéance."
        ),
    ),
)

#: Every figure, in the order in which the method tells them.
METRICS: tuple[Metric, ...] = (*_RATES, *_ANSWERS, *_RECOMMENDATIONS, *_IN_TIME)


def metric(key: str) -> Metric:
    """The figure of this name; raises KeyError where there is none."""
    return _BY_KEY[key]


_BY_KEY = {known.key: known for known in METRICS}
