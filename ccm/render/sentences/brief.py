"""The words of the session brief that no screen has: of one axis, in a few sentences."""

from ccm.domain.figures import Figures
from ccm.i18n import numbers, translator
from ccm.queries.brief import AxisInFull, Pressing
from ccm.queries.overview import Overview
from ccm.render.sentences.words import key_range, listed, short_key


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


def waiting(axis: AxisInFull, locale: str) -> list[tuple[str, str, str, str]]:
    """What waits in an axis: how many, what, which, who must act."""
    t, f = translator(locale), axis.line.figures
    secretariat, found = t.gettext("Secrétariat permanent"), []
    if axis.blocked:
        lifters = list(
            dict.fromkeys(
                one.blocked_by.short_name if one.blocked_by else secretariat for one in axis.blocked
            )
        )
        keys = list(dict.fromkeys(short_key(one.recommendation) for one in axis.blocked))
        title = t.ngettext("engagement bloqué", "engagements bloqués", len(axis.blocked))
        found.append(
            (
                numbers.integer(len(axis.blocked), locale),
                title,
                listed(keys, locale, most=6),
                listed(lifters, locale),
            )
        )
    if axis.late.count:
        title = t.ngettext("réponse en retard", "réponses en retard", axis.late.count)
        found.append(
            (
                numbers.integer(axis.late.count, locale),
                title,
                _counted(axis.late, locale),
                _names(axis.late, locale),
            )
        )
    if axis.silent.count and f.answered:
        title = t.ngettext("réponse manquante", "réponses manquantes", axis.silent.count)
        remind = t.gettext("Secrétariat permanent : relancer")
        found.append(
            (numbers.integer(axis.silent.count, locale), title, _counted(axis.silent, locale), remind)
        )
    unassigned = [row.key for row in axis.rows if row.figures.unassigned]
    if unassigned:
        title = t.ngettext(
            "recommandation sans responsable", "recommandations sans responsable", len(unassigned)
        )
        assign = t.gettext("Secrétariat permanent : attribuer")
        found.append((numbers.integer(len(unassigned), locale), title, key_range(unassigned, locale), assign))
    return found


def _counted(pressing: Pressing, locale: str) -> str:
    return listed([f"{entity.short_name} {count}" for entity, count in pressing.entities], locale, most=4)


def _names(pressing: Pressing, locale: str) -> str:
    return listed([entity.short_name for entity, _ in pressing.entities], locale, most=3)
