"""Faults that change nothing anybody could notice, each with the reason: they are not planted.

(file, its line, the fault): why.
"""

EQUIVALENT = {
}
