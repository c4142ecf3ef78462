"""Why and why not: proof trees from the typed conditions, and their reading in words."""
