"""Assessments, rules and vocabulary as text."""
