"""Counterfactuals: the smallest changes of facts that open a closed benefit, each verified by
deciding again."""
