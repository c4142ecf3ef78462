"""What can be asked of an assessment: reasons, counterfactuals, timeline, plan, difference."""
