"""How much is tried: few cases by `make check`, a sample by `make test`, all by `make soak`."""

import os

LEVEL = next((level for level in ("soak", "check") if os.environ.get(f"TM_{level.upper()}") == "1"),
             "test")
SOAK = LEVEL == "soak"


def amount(check: int, test: int, soak: int) -> int:
    return {"check": check, "test": test, "soak": soak}[LEVEL]


def spread(items: list, count: int) -> list:
    """At most so many of the items, from the first to the last at even distances."""
    if len(items) <= count or count < 2:
        return items[:count]
    return [items[round(k * (len(items) - 1) / (count - 1))] for k in range(count)]
