"""The population benchmark gives every contestant that is always here the same work, and its page
can be made."""

from __future__ import annotations

import pytest

from benchmarks.crowd import draw_crowd
from benchmarks.oracle import truths
from benchmarks.peers import contestant
from benchmarks.report import Found, Results, page
from benchmarks.rules import draw_rules


@pytest.mark.parametrize(
    "module",
    [
        "polars_by_hand",
        "numpy_by_hand",
        "jmentitle_columns",
        "jmentitle_columns_unknown",
        "jmentitle_native",
        "jmentitle_native_unknown",
    ],
)
def test_contestants_agree_with_the_oracle(module: str) -> None:
    peer, rules = contestant(module), draw_rules(80)
    crowd = draw_crowd(50, peer.unknown)
    peer.prepare(rules, crowd)
    assert (peer.matrix(peer.run()) == truths(rules, crowd)).all()


def test_the_page_names_who_did_not_run() -> None:
    times = {(80, 10_000): 0.5, (800, 10_000): 6.0, (80, 500): 0.01, (800, 500): 0.1}
    one = Found("Polars by hand", "1", "a plan", 500, 0.0, times)
    city = {
        (10_000, 0.1): {
            "people": 29_000,
            "items": 80,
            "check": 1.0,
            "decide": 2.0,
            "totals": 0.005,
            "peak": 300.0,
        }
    }
    text = page(
        Results(
            "a machine",
            [10_000],
            {"polars_by_hand": one},
            {"slow": one},
            1e-6,
            {"absent": "No module named 'absent'"},
            city,
        )
    )
    assert "Did not run: absent (No module named 'absent')." in text
    assert "| Polars by hand | 1 | a plan | 500 ms (1.0 ×) | 0.0 M |" in text
    assert "| Polars by hand | 1 | a plan | 20 µs | 200 µs | 10.0 × | 20 × | 20.0 s |" in text
    assert "| 10,000 | 29,000 | 80 | 10% | 1.00 s | 2.00 s | 5.0 ms | 300 MB |" in text
