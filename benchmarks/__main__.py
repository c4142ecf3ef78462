"""`python -m benchmarks` measures one household; `python -m benchmarks population` whole
populations beside other engines."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["population"]:
        from benchmarks.population import main
    else:
        from benchmarks.one_household import main
    sys.exit(main())
