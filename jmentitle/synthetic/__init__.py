"""A synthetic city, drawn from documented figures, for trying things."""
