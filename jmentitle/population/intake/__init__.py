"""Frames of a user as they come in: their columns one after another, their ids, and the check of
every cell."""
