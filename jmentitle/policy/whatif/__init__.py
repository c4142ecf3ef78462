"""What would be different: two runs compared, thresholds moved, cliffs."""
