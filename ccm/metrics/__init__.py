"""Every figure's SQL, written once."""

from ccm.metrics.at import At
from ccm.metrics.figures import Grouped, entity_figures, entity_figures_by_axis, figures, whole_plan

__all__ = ["At", "Grouped", "entity_figures", "entity_figures_by_axis", "figures", "whole_plan"]
