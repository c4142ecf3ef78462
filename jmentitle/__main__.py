"""`python -m jmentitle` is the command `jmentitle`."""

import signal
import sys


def run() -> int:
    """The command as a process. Ctrl-C ends it with 130 and without a traceback at any time, also
    while the package is being imported."""
    try:
        from jmentitle.cli.main import main

        return main()
    except KeyboardInterrupt:
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to end


if __name__ == "__main__":
    sys.exit(run())
