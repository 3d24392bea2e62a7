"""The three figures that always stand together, with what each was counted from."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import Status
from ccm.i18n import Translator, numbers
from ccm.queries.filters import Movement, Outcome
from ccm.render.links import Rows

#: What a completion is the mean of: recommendations, one entity's answers, or one recommendation's.
Group = Literal["plan", "entity", "recommendation"]


#: What made a mean move.
MOVED = (Movement.UP, Movement.DOWN)


@dataclass(frozen=True)
class Rate:
    """One figure of the trio: exact percent or None, its source in words, its change in points.

    `also` is a count beside the source. `href` leads to the rows counted, which `rows` says in words;
    `also_href` to those of `also`, `change_href` to those that moved, where the change is one of
    recommendations: elsewhere it is told by the figure's own rows. Empty where there is nothing to go to.
    """

    key: str
    title: str
    short_title: str
    value: Fraction | None
    source: str
    change: Fraction | None
    also: str = ""
    rows: str = ""
    href: str = ""
    also_href: str = ""
    change_href: str = ""


def difference(after: Fraction | None, before: Fraction | None) -> Fraction | None:
    """The change in points; None where either figure is missing."""
    return None if after is None or before is None else after - before


def rates_of(
    figures: Figures,
    before: Figures | None = None,
    group: Group = "plan",
    period: int = numbers.OLD,
    rows: Rows | None = None,
    *,
    t: Translator,
    locale: str,
) -> tuple[Rate, Rate, Rate]:
    """Realised, completion and coverage of a group; `period` is the days an answer stays fresh.

    `rows`, where given, says where the rows behind each are: those of its numerator, or where there is
    none those of its denominator.
    """
    past = before or Figures()
    realised = Rate(
        "realised",
        t.gettext("Taux de réalisation"),
        t.gettext("Réalisation"),
        figures.realised,
        _realised_source(figures, group, t, locale),
        difference(figures.realised, past.realised),
    )
    completion = Rate(
        "completion",
        t.gettext("Avancement moyen"),
        t.gettext("Avancement"),
        figures.completion,
        _completion_source(figures, group, t, locale),
        difference(figures.completion, past.completion),
    )
    coverage = Rate(
        "coverage",
        t.gettext("Taux de renseignement"),
        t.gettext("Renseigné"),
        figures.coverage,
        _coverage_source(figures, t, locale),
        difference(figures.coverage, past.coverage),
        _fresh(figures, period, t, locale),
    )
    if rows is None or not figures.expected:
        return realised, completion, coverage
    expected, every = expected_answers(figures, t, locale), rows.answers()
    done = (
        (realised.source, rows.answers(status=Status.COMPLETED)) if figures.completed else (expected, every)
    )
    given = (coverage.source, rows.answers(answered=True)) if figures.answered else (expected, every)
    mean = rows.recommendations(outcome=Outcome.COUNTED) if group == "plan" else every
    return (
        replace(realised, rows=done[0], href=done[1], change_href=done[1]),
        replace(
            completion,
            rows=completion.source,
            href=mean,
            change_href=rows.recommendations(moved=MOVED) if group == "plan" else mean,
        ),
        replace(
            coverage,
            rows=given[0],
            href=given[1],
            change_href=given[1],
            also_href=rows.answers(fresh=True) if figures.fresh else "",
        ),
    )


def names(t: Translator) -> tuple[tuple[str, str], ...]:
    """The three figures by their names in JSON: (`realised`, « taux de réalisation »), …"""
    return (
        ("realised", t.gettext("Taux de réalisation")),
        ("completion", t.gettext("Avancement moyen")),
        ("coverage", t.gettext("Taux de renseignement")),
    )


def expected_answers(figures: Figures, t: Translator, locale: str) -> str:
    """« 36 réponses attendues »."""
    said = t.ngettext("%(n)s réponse attendue", "%(n)s réponses attendues", figures.expected)
    return said % {"n": numbers.integer(figures.expected, locale)}


def _realised_source(figures: Figures, group: Group, t: Translator, locale: str) -> str:
    if not figures.expected:
        return t.gettext("aucune réponse attendue")
    values = {
        "n": numbers.integer(figures.completed, locale),
        "of": numbers.integer(figures.expected, locale),
    }
    if group == "recommendation":
        said = t.ngettext("%(n)s sur %(of)s responsable", "%(n)s sur %(of)s responsables", figures.expected)
    else:
        said = t.ngettext(
            "%(n)s réponse « réalisé » sur %(of)s", "%(n)s réponses « réalisé » sur %(of)s", figures.completed
        )
    return said % values


def _completion_source(figures: Figures, group: Group, t: Translator, locale: str) -> str:
    if figures.completion is None:
        return t.gettext("rien à compter")
    if group == "plan":
        n = figures.counted
        said = t.ngettext(
            "moyenne de %(n)s recommandation, silence = 0",
            "moyenne des %(n)s recommandations, silence = 0",
            n,
        )
    else:
        n = figures.expected
        said = t.ngettext(
            "moyenne de %(n)s engagement, silence = 0", "moyenne des %(n)s engagements, silence = 0", n
        )
    return said % {"n": numbers.integer(n, locale)}


def _coverage_source(figures: Figures, t: Translator, locale: str) -> str:
    if not figures.expected:
        return t.gettext("aucune réponse attendue")
    return t.ngettext(
        "%(n)s réponse reçue sur %(of)s", "%(n)s réponses reçues sur %(of)s", figures.answered
    ) % {
        "n": numbers.integer(figures.answered, locale),
        "of": numbers.integer(figures.expected, locale),
    }


def _fresh(figures: Figures, period: int, t: Translator, locale: str) -> str:
    if not figures.answered:
        return ""
    said = t.gettext("%(n)s de moins de %(days)s jours")
    return said % {"n": numbers.integer(figures.fresh, locale), "days": period}
