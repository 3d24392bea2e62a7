"""Every figure's SQL, written once."""

from ccm.metrics.at import At
from ccm.metrics.figures import Grouped, figures, kind_figures, whole_plan
from ccm.metrics.holders import holders
from ccm.metrics.readings import (
    EntityReading,
    PlanReading,
    entity_reading,
    own_answers,
    plan_reading,
    recommendation_figures,
)
from ccm.metrics.succession import as_held_on

__all__ = [
    "At",
    "EntityReading",
    "Grouped",
    "PlanReading",
    "as_held_on",
    "entity_reading",
    "figures",
    "holders",
    "kind_figures",
    "own_answers",
    "plan_reading",
    "recommendation_figures",
    "whole_plan",
]
