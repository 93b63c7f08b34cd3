"""How long a lesson takes, estimated from what is in its notebook: `docs/teaching.md` says so."""

import re

from helpers.exercises import cells

WIDGET = re.compile(r"\b[A-Z]\w*(Lab|Explorer|Stepper|Puzzle|Finder|Doctor|Curve)\(")
CHECK = re.compile(r"\.check\(|\bpuzzle")


def minutes(path):
    """(Minutes of the lesson, of its exercises): those that stand after "Your turn" take three."""
    lesson, exercises, turn = 0.0, 0, False
    for cell in cells.read(path)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            turn = turn or bool(re.search(r"^#+.*Your turn", source, re.MULTILINE))
            lesson += len(source.split()) / 150 + source.count("**Predict")
        elif CHECK.search(source):
            exercises, lesson = (exercises + 3, lesson) if turn else (exercises, lesson + 1)
        else:
            lesson += 0.5 + 2 * bool(WIDGET.search(source))
    return lesson, exercises
