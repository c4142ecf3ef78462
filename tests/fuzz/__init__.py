"""Fuzzing: every door of the library gets hostile input, and one oracle judges what comes of it."""
