"""What pages of the atlas say besides their rows: a table a family, its keys names of operations.

A row without a note gets its page all the same.
"""

from . import activations, layers, losses, moving, norms

NOTES = {**activations.NOTES, **layers.NOTES, **moving.NOTES, **norms.NOTES, **losses.NOTES}
