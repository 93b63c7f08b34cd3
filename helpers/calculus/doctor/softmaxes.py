"""The mistakes of a softmax, found by what forward does: its gradient is Y ⊙ (G − ΣG⊙Y)."""

import numpy as np

MISSING = "The sum has the probabilities in it: Σ G ⊙ P."
ROWS = (
    ("P forgotten", lambda G, P: P * (G - G.sum(-1, keepdims=True)), MISSING),
    ("P forgotten", lambda G, P: G - P * G.sum(-1, keepdims=True), "In front stands P too; this is "
     "the gradient of the logarithm of a softmax."),
    ("P forgotten", lambda G, P: G - (G * P).sum(-1, keepdims=True), "In front stands P too."),
    ("lost path", lambda G, P: G * P, "Each score also makes the other probabilities smaller: the "
     "sum is missing."),
    ("mean for sum", lambda G, P: P * (G - (G * P).mean(-1, keepdims=True)), "The probabilities "
     "are the weights: Σ G ⊙ P is a sum."),
    ("wrong axis", lambda G, P: P * (G - (G * P).sum(0)), "The sum runs along each row."),
    ("wrong axis", lambda G, P: P * (G - (G * P).sum()), "Each row has a sum of its own."),
    ("wrong axis", lambda G, P: P * (G - (G * P).sum(-1)), "keepdims: the sum of row n belongs to "
     "row n."),
)


def softmax_rows(row):
    """A row for each mistake of a softmax along the last axis."""
    for title, wrong, remedy in ROWS:
        def gives(t, name, wrong=wrong):
            return wrong(t.G, t.Y) if is_softmax(t, name) else None

        yield row(title, gives, remedy)


def is_softmax(t, name):
    """Whether the gradient in this trial is that of a softmax with the output Y."""
    G, P = t.G, t.Y
    if not np.allclose(P.sum(-1), 1):
        return False
    return np.allclose(t.right(name), P * (G - (G * P).sum(-1, keepdims=True)), 1e-6, 1e-9)
