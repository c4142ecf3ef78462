"""When the decisions and amounts of a household change, and why."""
