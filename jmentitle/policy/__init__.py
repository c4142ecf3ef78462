"""Questions asked of runs: what-if, measures and plots."""
