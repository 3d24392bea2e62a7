"""What the Explorer says: its headline, a title for each chart, and the words of every point."""

from collections.abc import Sequence
from fractions import Fraction

from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.i18n import N_, Translator, numbers, translator
from ccm.queries.explorer import Behind, Explorer, Selection
from ccm.queries.results import GroupLine, TrendPoint
from ccm.render.marks.heat import HEAT_MINIMUM, MAP_MINIMUM, is_silent
from ccm.render.sentences.words import listed

#: The actors that can be compared, by the code of the address.
ACTORS = {"regions": N_("Régions"), "ministeres": N_("Ministères"), "institutions": N_("Autres institutions")}
#: The figures that can be drawn, by the code of the address.
MEASURES = {
    "avancement": N_("Avancement"),
    "realisation": N_("Réalisation"),
    "renseignement": N_("Renseigné"),
}
_BY_AXIS = {
    "regions": N_("par région et par axe"),
    "ministeres": N_("par ministère et par axe"),
    "institutions": N_("par institution et par axe"),
}
_SPREAD = {
    "regions": N_("L’avancement des régions va de %(low)s (%(last)s) à %(high)s (%(first)s)"),
    "ministeres": N_("L’avancement des ministères va de %(low)s (%(last)s) à %(high)s (%(first)s)"),
    "institutions": N_(
        "L’avancement des autres institutions va de %(low)s (%(last)s) à %(high)s (%(first)s)"
    ),
}


def value(figures: Figures, measure: str) -> Fraction | None:
    """The figure a measure's code names, 0..100."""
    return {
        "avancement": figures.completion,
        "realisation": figures.realised,
        "renseignement": figures.coverage,
    }[measure]


def of_expected(figures: Figures, measure: str, locale: str) -> str:
    """« 9 sur 12 »: answers completed for the realisation, answers received for the two others."""
    n = figures.completed if measure == "realisation" else figures.answered
    values = {"n": numbers.integer(n, locale), "of": numbers.integer(figures.expected, locale)}
    return translator(locale).gettext("%(n)s sur %(of)s") % values


def axis_name(key: str, locale: str) -> str:
    """« Ordre général », « Axe 2 »."""
    t = translator(locale)
    return t.gettext("Ordre général") if key == "G" else t.gettext("Axe %(number)s") % {"number": key[1:]}


def headline(explorer: Explorer, lines: Sequence[GroupLine], actors: str, day: str, locale: str) -> str:
    """The page's answer: how far those compared are apart, and how much of the plan has spoken."""
    t, plan = translator(locale), explorer.plan
    if not explorer.in_follow_up:
        return t.gettext("Aucune recommandation n’était en suivi au %(date)s.") % {"date": day}
    if not plan.expected:
        return t.gettext("Aucune réponse n’entre plus dans le compte") + "."
    if not plan.answered:
        return _expected(plan.expected, t, locale)
    spoken = t.gettext("%(percent)s des réponses attendues du plan sont données.") % {
        "percent": numbers.percent(plan.coverage, locale)
    }
    known = sorted(
        (line for line in lines if line.figures.completion is not None),
        key=lambda line: line.figures.completion or 0,
    )
    if len(known) < 2 or known[0].figures.completion == known[-1].figures.completion:
        return spoken
    values = {
        "low": numbers.percent(known[0].figures.completion, locale),
        "high": numbers.percent(known[-1].figures.completion, locale),
        "last": known[0].label,
        "first": known[-1].label,
    }
    return t.gettext("%(first)s ; %(second)s") % {
        "first": t.gettext(_SPREAD[actors]) % values,
        "second": spoken,
    }


def _expected(n: int, t: Translator, locale: str) -> str:
    said = t.ngettext(
        "%(n)s réponse est attendue et n’est pas encore reçue : voici qui la doit.",
        "%(n)s réponses sont attendues, aucune n’est encore reçue : voici qui les doit.",
        n,
    )
    return said % {"n": numbers.integer(n, locale)}


def heat_title(lines: Sequence[GroupLine], measure: str, actors: str, locale: str) -> str:
    """« Avancement, par région et par axe : 3 cases sur 32 ont reçu moins d’une réponse sur quatre. »"""
    t = translator(locale)
    cells = [row.figures for line in lines for row in line.by_axis if row.figures.expected]
    head = f"{t.gettext(MEASURES[measure])}, {t.gettext(_BY_AXIS[actors])}" + t.gettext(" : ")
    silent = sum(is_silent(figures, HEAT_MINIMUM) for figures in cells)
    if not any(figures.answered for figures in cells):
        return head + t.gettext("aucune réponse reçue, chaque case dit combien sont attendues.")
    if not silent:
        return head + t.gettext("partout, une réponse sur quatre au moins est reçue.")
    said = t.ngettext(
        "%(n)s case sur %(of)s a reçu moins d’une réponse sur quatre.",
        "%(n)s cases sur %(of)s ont reçu moins d’une réponse sur quatre.",
        silent,
    )
    return head + said % {"n": silent, "of": len(cells)}


def bars_title(plan: Figures, locale: str) -> str:
    """« Le plan : 90 réponses sur 317 sont réalisées, 10 sont bloquées et 84 manquent. »"""
    t = translator(locale)
    head = t.gettext("Le plan") + t.gettext(" : ")
    values = {
        "n": numbers.integer(plan.completed, locale),
        "of": numbers.integer(plan.expected, locale),
        "blocked": numbers.integer(plan.blocked, locale),
        "missing": numbers.integer(plan.not_reported, locale),
    }
    if not plan.answered:
        said = t.ngettext(
            "%(missing)s réponse attendue, non renseignée.",
            "%(missing)s réponses attendues, toutes non renseignées.",
            plan.not_reported,
        )
        return head + said % values
    done = t.ngettext(
        "%(n)s réponse sur %(of)s est réalisée", "%(n)s réponses sur %(of)s sont réalisées", plan.completed
    )
    stopped = t.ngettext("%(blocked)s est bloquée", "%(blocked)s sont bloquées", plan.blocked)
    absent = t.ngettext("%(missing)s manque", "%(missing)s manquent", plan.not_reported)
    parts = [done] + [stopped] * bool(plan.blocked) + [absent] * bool(plan.not_reported)
    return head + listed([part % values for part in parts], locale) + "."


def map_title(regions: Sequence[GroupLine], measure: str, locale: str) -> str:
    """Who leads among the regions that speak, and who has answered least."""
    t = translator(locale)
    head = t.gettext(MEASURES[measure]) + t.gettext(" : ")
    owing = [line for line in regions if line.figures.expected]
    spoken = [line for line in owing if not is_silent(line.figures, MAP_MINIMUM)]
    if not any(line.figures.answered for line in owing):
        return head + t.gettext("aucune région n’a encore répondu.")
    if not spoken:
        return head + t.gettext("aucune région n’a donné la moitié de ses réponses.")
    best = max(spoken, key=lambda line: value(line.figures, measure) or 0)
    lead = t.gettext("%(region)s en tête (%(percent)s)") % {
        "region": best.label,
        "percent": numbers.percent(value(best.figures, measure), locale),
    }
    quiet = [line.label for line in owing if is_silent(line.figures, MAP_MINIMUM)]
    if not quiet:
        return head + lead + "."
    said = t.ngettext(
        "%(names)s a répondu à moins de la moitié",
        "%(names)s ont répondu à moins de la moitié",
        len(quiet),
    )
    second = said % {"names": listed(quiet, locale)}
    return head + t.gettext("%(first)s ; %(second)s") % {"first": lead, "second": second} + "."


def trend_title(points: Sequence[TrendPoint], whose: str, locale: str) -> str:
    """« Diffa · Axe 2 : l’avancement passe de 0,0 % à 14,3 % depuis le 05/08/2022 ; … »"""
    t = translator(locale)
    head = whose + t.gettext(" : ") if whose else ""
    known = [point for point in points if point.figures.completion is not None]
    if not known or not any(point.figures.answered for point in points):
        said = head + t.gettext("aucune réponse reçue, aucune évolution à montrer.")
        return said if whose else said[:1].upper() + said[1:]
    first, last = known[0], known[-1]
    values = {
        "before": numbers.percent(first.figures.completion, locale),
        "after": numbers.percent(last.figures.completion, locale),
        "date": numbers.day(first.on, locale),
        "coverage": numbers.percent(last.figures.coverage, locale),
    }
    said = t.gettext(
        "de %(before)s à %(after)s d’avancement depuis le %(date)s, pour %(coverage)s de réponses données."
    )
    return (head or t.gettext("Le plan") + t.gettext(" : ")) + said % values


def details(title: str, figures: Figures, locale: str) -> tuple[str, ...]:
    """All that a point says when it is looked at: the three figures, and the silence, one line each."""
    t = translator(locale)
    if not figures.expected:
        return title, t.gettext("aucune réponse attendue")
    missing, colon = t.gettext("%(n)s sans réponse"), t.gettext(" : ")
    lines = [title] + [
        f"{t.gettext(name)}{colon}{numbers.percent(value(figures, code), locale)}"
        + ("" if code == "avancement" else f" ({of_expected(figures, code, locale)})")
        for code, name in MEASURES.items()
    ]
    return (*lines, missing % {"n": numbers.integer(figures.not_reported, locale)})


def selected(selection: Selection, explorer: Explorer, locale: str) -> str:
    """« Axe 2 · Diffa · Bloqué · au 31/03/2024 »."""
    t = translator(locale)
    lines = [explorer.line(key) for key in selection.entities]
    parts = [
        listed([axis_name(key, locale) for key in selection.axes], locale, most=4),
        listed([line.label for line in lines if line], locale),
        listed([label(status, t) for status in selection.statuses], locale, most=5),
        t.gettext("situation au %(date)s") % {"date": numbers.day(selection.on, locale)}
        if selection.on
        else "",
    ]
    return " · ".join(part for part in parts if part)


def behind_count(behind: Behind, locale: str) -> str:
    """« 14 réponses attendues, 4 reçues »."""
    t = translator(locale)
    count = t.ngettext("%(n)s réponse attendue", "%(n)s réponses attendues", behind.count)
    given = t.ngettext("%(n)s reçue", "%(n)s reçues", behind.answered)
    parts = [(count, behind.count), (given, behind.answered)]
    return ", ".join(said % {"n": numbers.integer(n, locale)} for said, n in parts)
