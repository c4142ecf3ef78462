"""The same rules over columns: a whole population decided at once."""
