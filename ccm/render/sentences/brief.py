"""The words of the session brief that no screen has: of one axis, in a few sentences."""

from ccm.domain.figures import Figures
from ccm.i18n import numbers, translator
from ccm.queries.brief import AxisInFull, Pressing
from ccm.queries.overview import Overview
from ccm.queries.trend import Moves
from ccm.render.sentences.words import key_range, listed, short_key

#: Silent entities named on an axis's page, before the others are counted.
_SILENT = 20


def plan_lead(overview: Overview, locale: str) -> str:
    """« 2 recommandations sur 48 sont entièrement réalisées ; 4 n’ont pas de responsable. »

    While nobody has said anything, what a rate of nothing means.
    """
    plan = overview.plan
    if overview.reported or not plan.expected:
        return _realised_and_unassigned(plan, locale) if overview.reported else _unassigned(plan, locale)
    silent = translator(locale).gettext(
        "Un taux de 0,0 %% signifie ici que rien n’a été dit, non que rien n’a été fait."
    )
    return " ".join(part for part in (silent % {}, _unassigned(plan, locale)) if part)


def axis_headline(axis: AxisInFull, plan: Figures, name: str, locale: str) -> str:
    """Where an axis stands, beside the whole plan."""
    t, f = translator(locale), axis.line.figures
    if not f.answered:
        said = t.ngettext(
            "%(axis)s : %(n)s réponse attendue, aucune reçue.",
            "%(axis)s : %(n)s réponses attendues, aucune reçue.",
            f.expected,
        )
        return said % {"axis": name, "n": numbers.integer(f.expected, locale)}
    return t.gettext("%(axis)s : %(percent)s d’avancement, contre %(plan)s pour l’ensemble du plan.") % {
        "axis": name,
        "percent": numbers.percent(f.completion, locale),
        "plan": numbers.percent(plan.completion, locale),
    }


def axis_lead(axis: AxisInFull, locale: str) -> str:
    """What is done of it, and what is nobody's."""
    f = axis.line.figures
    return _realised_and_unassigned(f, locale) if f.answered else _unassigned(f, locale)


def _realised_and_unassigned(f: Figures, locale: str) -> str:
    t, done, of = translator(locale), f.recommendations_realised, f.recommendations
    said = t.ngettext(
        "%(n)s recommandation sur %(of)s est entièrement réalisée.",
        "%(n)s recommandations sur %(of)s sont entièrement réalisées.",
        done,
    )
    if not done:
        said = t.ngettext(
            "Sa seule recommandation n’est pas entièrement réalisée.",
            "Aucune des %(of)s recommandations n’est entièrement réalisée.",
            of,
        )
    realised = said % {"n": numbers.integer(done, locale), "of": numbers.integer(of, locale)}
    return " ".join(part for part in (realised, _unassigned(f, locale)) if part)


def _unassigned(f: Figures, locale: str) -> str:
    if not f.unassigned:
        return ""
    return translator(locale).ngettext(
        "%(n)s recommandation n’a pas de responsable et compte pour 0.",
        "%(n)s recommandations n’ont pas de responsable et comptent pour 0.",
        f.unassigned,
    ) % {"n": numbers.integer(f.unassigned, locale)}


def counted(plan: Figures, locale: str) -> str:
    """« 48 recommandations : 44 comptées, 3 continues, 1 abandonnée… »; empty where all are counted."""
    if plan.counted == plan.recommendations:
        return ""
    t = translator(locale)
    head = t.ngettext("%(n)s recommandation", "%(n)s recommandations", plan.recommendations)
    parts = [
        (t.ngettext("%(n)s comptée", "%(n)s comptées", plan.counted), plan.counted),
        (t.ngettext("%(n)s continue", "%(n)s continues", plan.continuous), plan.continuous),
        (
            t.ngettext(
                "%(n)s abandonnée ou sans objet",
                "%(n)s abandonnées ou sans objet",
                plan.recommendations_dropped,
            ),
            plan.recommendations_dropped,
        ),
    ]
    said = ", ".join(message % {"n": numbers.integer(count, locale)} for message, count in parts if count)
    of = head % {"n": numbers.integer(plan.recommendations, locale)}
    return t.gettext("%(of)s : %(parts)s.") % {"of": of, "parts": said}


def moved(found: Moves, locale: str) -> str:
    """Every recommendation of an axis, by how it moved, and how many of those that did are listed."""
    t = translator(locale)
    risen = t.ngettext(
        "%(n)s recommandation a progressé", "%(n)s recommandations ont progressé", found.risen
    ) % {"n": numbers.integer(found.risen, locale)}
    fallen = t.ngettext("%(n)s a reculé", "%(n)s ont reculé", found.fallen) % {
        "n": numbers.integer(found.fallen, locale)
    }
    still = t.ngettext("%(n)s n’a pas bougé", "%(n)s n’ont pas bougé", found.unmoved) % {
        "n": numbers.integer(found.unmoved, locale)
    }
    if found.risen > len(found.rises):
        risen += " " + t.gettext("(ici les %(n)s plus fortes hausses)") % {"n": len(found.rises)}
    if found.fallen > len(found.falls):
        fallen += " " + t.gettext("(ici les %(n)s plus fortes baisses)") % {"n": len(found.falls)}
    if found.unassigned:
        without = t.gettext("dont %(n)s sans responsable") % {"n": len(found.unassigned)}
        still += f" ({without})"
    done, outside = found.already_realised, found.outside
    parts = [risen, *((fallen,) if found.fallen else ()), still]
    if done:
        said = t.ngettext("%(n)s était déjà réalisée", "%(n)s étaient déjà réalisées", done)
        parts.append(said % {"n": numbers.integer(done, locale)})
    if outside:
        said = t.ngettext(
            "%(n)s est hors compte à l’une des deux dates",
            "%(n)s sont hors compte à l’une des deux dates",
            outside,
        )
        parts.append(said % {"n": numbers.integer(outside, locale)})
    return ", ".join(parts) + "."


def waiting(axis: AxisInFull, locale: str) -> list[tuple[str, tuple[str, str, str, str]]]:
    """What waits in an axis: the figure's name; how many, what, which, who must act."""
    t, found = translator(locale), []

    def add(metric: str, count: int, title: str, details: str, who: str) -> None:
        found.append((metric, (numbers.integer(count, locale), title, details, who)))

    blocked, late, silent = len(axis.blocked), axis.late, axis.silent
    if blocked:
        title = t.ngettext("engagement bloqué", "engagements bloqués", blocked)
        keys = dict.fromkeys(short_key(one.recommendation) for one in axis.blocked)
        add("blocked", blocked, title, listed(list(keys), locale, most=6), _lifters(axis, locale))
    if late.count:
        title = t.ngettext("réponse en retard", "réponses en retard", late.count)
        add("overdue", late.count, title, _counted(late, locale, 4), _names(late, locale))
    if silent.count:
        title = t.ngettext("réponse manquante", "réponses manquantes", silent.count)
        remind = t.gettext("Secrétariat permanent : relancer")
        if not any(entity.focal_points for entity, _ in silent.entities):
            # Nobody is there to be reminded.
            remind = t.gettext("Secrétariat permanent : désigner les points focaux")
        add("not_reported", silent.count, title, _counted(silent, locale, _SILENT), remind)
    unassigned = [row.key for row in axis.rows if row.figures.unassigned]
    if unassigned:
        title = t.ngettext(
            "recommandation sans responsable", "recommandations sans responsable", len(unassigned)
        )
        assign = t.gettext("Secrétariat permanent : attribuer")
        add("unassigned", len(unassigned), title, key_range(unassigned, locale), assign)
    return found


def _lifters(axis: AxisInFull, locale: str) -> str:
    secretariat = translator(locale).gettext("Secrétariat permanent")
    names = (one.blocked_by.short_name if one.blocked_by else secretariat for one in axis.blocked)
    return listed(list(dict.fromkeys(names)), locale)


def _counted(pressing: Pressing, locale: str, most: int) -> str:
    return listed([f"{entity.short_name} {count}" for entity, count in pressing.entities], locale, most=most)


def _names(pressing: Pressing, locale: str) -> str:
    return listed([entity.short_name for entity, _ in pressing.entities], locale, most=3)
