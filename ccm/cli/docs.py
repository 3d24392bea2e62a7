"""Generated documentation: `python -m ccm.cli.docs` writes `docs/figures.md`; `--check`: is it stale?"""

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from ccm.config import ROOT
from ccm.domain.labels import label
from ccm.domain.vocabulary import Status
from ccm.i18n import numbers, translator
from ccm.metrics.registry import METRICS, Metric, Unit, metric
from ccm.metrics.worked_example import (
    AXIS,
    MEAN_OVER_ANSWERS,
    RECOMMENDATIONS,
    ExampleAnswer,
    ExampleRecommendation,
)

TARGET = ROOT / "docs" / "figures.md"
_LOCALE = "fr"
_UNITS = {
    Unit.PERCENT: "pour cent",
    Unit.RECOMMENDATIONS: "recommandations",
    Unit.ANSWERS: "réponses",
    Unit.POINTS: "points",
    Unit.CLASS: "trois classes",
}
_HEAD = """\
# Ce que veut dire chaque chiffre

<!-- Produit par `python -m ccm.cli.docs` : changer `ccm/metrics/registry.py`, non ce fichier. -->

Chaque chiffre est lu à une date, selon ce qui était connu à un instant. Les trois taux vont toujours
ensemble, et toujours avec leurs décomptes. Un groupe sans rien à diviser n’a pas de taux : on y voit un
tiret, jamais zéro ni cent pour cent. Les taux sont exacts ; ils ne sont arrondis, à une décimale, qu’à
l’affichage.
"""


def document() -> str:
    """The text of `docs/figures.md`."""
    parts = [_HEAD, *map(_metric, METRICS), "\n".join(_example()) + "\n"]
    return "\n".join(parts)


def _metric(told: Metric) -> str:
    text = translator(_LOCALE).gettext
    lines = [f"## {text(told.label)}", "", f"`{told.key}`, en {_UNITS[told.unit]}", ""]
    lines += [text(told.definition), ""]
    if told.denominator:
        lines += [f"- au numérateur : {_inside(text(told.numerator))}"]
        lines += [f"- au dénominateur : {_inside(text(told.denominator))}", ""]
    elif told.numerator:
        lines += [f"- se calcule ainsi : {_inside(text(told.numerator))}", ""]
    return "\n".join([*lines, f"> {text(told.rule)}", ""])


def _inside(sentence: str) -> str:
    """A sentence of its own as part of a line."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def _example() -> Iterator[str]:
    yield "## Un exemple compté à la main"
    yield ""
    yield "Un axe inventé, de quatre recommandations :"
    yield ""
    yield "| Recommandation | Réponses attendues | Ce qui est répondu | Avancement |"
    yield "|---|---:|---|---:|"
    yield from map(_line, RECOMMENDATIONS)
    yield ""
    yield "Les chiffres de l’axe :"
    yield ""
    yield "| Chiffre | Décompte | Valeur |"
    yield "|---|---|---:|"
    every, whole = AXIS.recommendations, AXIS.expected
    told = {
        "realised": (f"{AXIS.completed} réalisées sur {whole} attendues", _percent(AXIS.realised)),
        "completion": (f"moyenne des {every} recommandations", _percent(AXIS.completion)),
        "coverage": (f"{AXIS.answered} données sur {whole} attendues", _percent(AXIS.coverage)),
        "recommendations_realised": (f"sur {every} recommandations", AXIS.recommendations_realised),
        "overdue": (f"sur {whole} réponses attendues", AXIS.overdue),
    }
    for key, (counted, value) in told.items():
        yield f"| {translator(_LOCALE).gettext(metric(key).label)} | {counted} | {value} |"
    yield ""
    yield f"La moyenne des {whole} réponses serait de {_percent(MEAN_OVER_ANSWERS)} : la recommandation faite"
    yield "à toutes les régions y compterait huit fois. Ce n’est pas l’avancement de l’axe."


def _line(example: ExampleRecommendation) -> str:
    said = ", ".join(_said(example))
    return f"| {example.key} | {len(example.answers)} | {said} | {_percent(example.completion)} |"


def _said(example: ExampleRecommendation) -> Iterator[str]:
    """The answers of an example, those that are alike counted together."""
    for answer in dict.fromkeys(map(_kind, example.answers)):
        alike = sum(_kind(other) == answer for other in example.answers)
        yield f"{alike} × {answer}"


def _kind(answer: ExampleAnswer) -> str:
    said = label(answer.status, translator(_LOCALE)).lower()
    at = f" à {numbers.whole_percent(answer.percent, _LOCALE)}" if answer.status is Status.IN_PROGRESS else ""
    return f"{said}{at}{' et en retard' if answer.overdue else ''}"


def _percent(value: Fraction | None) -> str:
    return numbers.percent(value, _LOCALE)


def main(arguments: list[str], target: Path = TARGET) -> str | None:
    """Write the document, or check it; what it returns is for `sys.exit`."""
    if arguments == ["--check"]:
        fresh = target.exists() and target.read_text(encoding="utf-8") == document()
        return None if fresh else f"{target.name} is stale: run `python -m ccm.cli.docs`"
    if arguments:
        return "usage: python -m ccm.cli.docs [--check]"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(document(), encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
