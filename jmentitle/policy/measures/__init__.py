"""What a population gets: coverage, take-up and the indicators of a plan."""
