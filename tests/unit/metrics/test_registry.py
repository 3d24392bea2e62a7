"""Every figure is defined, once, in words that hold no placeholder."""

from dataclasses import fields

import pytest

from ccm.domain.figures import COUNTS
from ccm.i18n import translator
from ccm.metrics.registry import METRICS, Metric, Unit, metric

TEXTS = ("label", "definition", "numerator", "denominator", "rule")


def test_every_figure_of_a_row_is_defined() -> None:
    assert {*COUNTS, "realised", "completion", "coverage"} <= {known.key for known in METRICS}


def test_no_figure_is_defined_twice() -> None:
    for name in ("key", "label", "definition"):
        told = [getattr(known, name) for known in METRICS]
        assert len(told) == len(set(told)), name


def test_a_figure_is_found_by_its_name() -> None:
    assert all(metric(known.key) is known for known in METRICS)
    with pytest.raises(KeyError):
        metric("progress")


@pytest.mark.parametrize("known", METRICS, ids=lambda known: known.key)
def test_its_texts_are_whole_sentences_without_placeholders(known: Metric) -> None:
    assert [field.name for field in fields(known) if field.name not in TEXTS] == ["key", "unit"]
    texts = [getattr(known, name) for name in TEXTS]
    assert not any("%" in text or "{" in text or "  " in text for text in texts)
    assert known.label
    assert known.definition.endswith(".")
    assert known.rule.endswith(".")


@pytest.mark.parametrize("known", METRICS, ids=lambda known: known.key)
def test_a_rate_says_what_is_divided_by_what(known: Metric) -> None:
    is_count = known.unit in (Unit.ANSWERS, Unit.RECOMMENDATIONS)
    assert bool(known.numerator) is not is_count
    assert bool(known.denominator) is (known.unit in (Unit.PERCENT, Unit.CLASS))


def test_french_spaces_hold() -> None:
    told = translator("fr").gettext(metric("completion").rule)
    assert "\N{NO-BREAK SPACE};" in told
