"""All engines beside each other on households drawn from what the rules of a pack turn on. By hand:
`python -m tests.differential --help`."""
