"""How much the tests try: few cases in `make check`, a sample in `make test`, all in `make soak`."""

import os

LEVEL = next((level for level in ("soak", "check") if os.environ.get(f"TM_{level.upper()}") == "1"),
             "test")
SOAK = LEVEL == "soak"


def amount(check: int, test: int, soak: int) -> int:
    return {"check": check, "test": test, "soak": soak}[LEVEL]
