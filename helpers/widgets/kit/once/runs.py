"""What the earlier runs of a cell have shown is closed: else a page and Python hold it for ever."""

import sys

RUNS = 5  # so many runs of a cell stay
SHOWN = {}  # {cell: {run: [what it has shown]}}


def running_cell():
    """(id of the cell that is running, id of this run of it); None twice where nobody says so."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    parent = getattr(shell, "get_parent", dict)() or {}
    cell = parent.get("metadata", {}).get("cellId")
    return (cell, parent["header"]["msg_id"]) if cell else (None, None)


def close_earlier(widget):
    """Close what a cell has shown before its last `RUNS` runs, where it shows `widget` now.

    What another cell, or a later run, shows too stays open.
    """
    cell, run = running_cell()
    if not cell:
        return
    runs = SHOWN.setdefault(cell, {})
    runs.setdefault(run, []).append(widget)
    gone = [one for old in [*runs][:-RUNS] for one in runs.pop(old)]
    stay = {id(one) for runs in SHOWN.values() for ones in runs.values() for one in ones}
    for one in gone:
        if id(one) not in stay:
            for model in (one, one.layout):
                model.close()
            vars(one).pop("_repr_mimebundle_", None)  # may be shown again: ours opens it
