"""Packs: reading, checking, vocabulary, parameters, registers, items, and the rules in force on a
day."""
