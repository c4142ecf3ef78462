"""The rules of a day as columns: conditions, numbers, members, grants and money over two frames."""
