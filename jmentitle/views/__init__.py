"""Views of an assessment: reasons, counterfactuals, timeline, plan, difference."""
