"""What-if analysis: comparison of two runs, sensitivity to parameters, cliffs."""
