"""Méthode: every figure's definition, from the registry; example; dates, source, observations, commands."""

from collections import Counter

from markupsafe import Markup

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import BAR_ORDER, Status
from ccm.metrics.registry import METRICS
from ccm.metrics.worked_example import AXIS, MEAN_OVER_ANSWERS, RECOMMENDATIONS, ExampleRecommendation
from ccm.queries.observations import ObservationsQuery
from ccm.screens.view import View

COMMANDS = (
    "python -m ccm figures --by axis",
    "python -m ccm figures --by region --as-of 2024-06-30 --format json",
    "python -m ccm export raw -o lignes.json",
    "python -m ccm verify",
)


def method(view: View) -> Markup:
    """The method page."""
    return view.frame.block(
        "method.html",
        metrics=tuple(METRICS),
        t=view.translator,
        statuses=(*BAR_ORDER, Status.DROPPED),
        examples=[(example.key, figures(example)) for example in RECOMMENDATIONS],
        example=AXIS,
        mean_of_answers=MEAN_OVER_ANSWERS,
        commands=COMMANDS,
        period=view.facts.fresh_days,
        observed=view.ask(ObservationsQuery(view.at)),
    )


def figures(example: ExampleRecommendation) -> Figures:
    """The counts of one recommendation of the worked example, beside the completion it gives."""
    counts = Counter(answer.status for answer in example.answers)
    silent = counts[Status.NOT_REPORTED]
    return Figures(
        recommendations=1,
        expected=len(example.answers),
        answered=len(example.answers) - silent,
        completed=counts[Status.COMPLETED],
        in_progress=counts[Status.IN_PROGRESS],
        blocked=counts[Status.BLOCKED],
        not_started=counts[Status.NOT_STARTED],
        not_reported=silent,
        overdue=sum(answer.overdue for answer in example.answers),
        completion=example.completion,
    )
