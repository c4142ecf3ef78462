"""`python -m jmentitle` is the command `jmentitle`."""

import sys

from jmentitle.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
