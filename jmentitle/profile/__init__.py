"""Households: from a file to checked facts."""
