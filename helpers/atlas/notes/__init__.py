"""What pages of the atlas say besides their rows: a table a family, its keys names of operations.

A row without a note gets its page all the same.
"""

from . import activations, gates, images, layers, losses, matrices, moving, norms, recurrent

NOTES = {name: note for family in (activations, gates, layers, matrices, moving, norms, losses,
                                   images, recurrent)
         for name, note in family.NOTES.items()}
