"""What would open a benefit that is closed: the smallest changes of facts, each proved by deciding again."""
