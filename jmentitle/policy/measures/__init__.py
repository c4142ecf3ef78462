"""Measures of a population: coverage, take-up and the indicators of a plan."""
