"""The same rules over many households at once, as columns."""
