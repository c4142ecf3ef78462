"""The language of conditions: grammar, typed tree, written semantics, diagnostics. Knows nothing of
packs."""
