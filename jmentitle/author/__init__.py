"""For those who write packs: examples and generated files."""
