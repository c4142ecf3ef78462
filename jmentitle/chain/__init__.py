"""Forward chaining: the specification and the engines that must equal it."""
