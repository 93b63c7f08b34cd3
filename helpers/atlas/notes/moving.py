"""Notes on what only moves, adds up or copies numbers."""

from .note import Note

LESSON = "06_find_the_replacement"
NOTES = {
    "transpose": Note(
        title="Transpose", lesson=LESSON,
        torch="X.T", jax="X.T",
        traps=(
            "`reshape` to the transposed shape is another operation: it keeps the order of the "
            "numbers.",
            "With more axes the gradient goes back by the *inverse* permutation, "
            "`np.argsort(axes)`."),
        near=("matmul", "sum")),
    "sum": Note(
        title="Sum along an axis", lesson=LESSON,
        torch="X.sum(axis)", jax="X.sum(axis)",
        traps=(
            "The axis that went must come back before the copy: `np.expand_dims(G, axis)`. For a "
            "square X a forgotten one goes unnoticed.",
            "`np.broadcast_to` is a view that must not be written to."),
        near=("mean", "broadcast")),
    "mean": Note(
        title="Mean along an axis", lesson=LESSON,
        torch="X.mean(axis)", jax="X.mean(axis)",
        traps=(
            "The factor is 1 over the count *along that axis*, not over the size of the array.",
            "A mean of no numbers is nan."),
        near=("sum", "broadcast")),
    "broadcast": Note(
        title="Broadcasting", lesson="05_affine_and_batchnorm",
        torch="b.expand(n, -1)", jax="jnp.broadcast_to(b, (n, b.shape[0]))",
        traps=(
            "NumPy broadcasts in silence: each `X + b` hides one. Its derivative is the sum over "
            "the copies.",
            "A size of 1 that is stretched is summed with `keepdims=True`, a missing axis "
            "without."),
        near=("sum", "affine")),
    "embedding": Note(
        title="Embedding, rows of a table", lesson=LESSON,
        torch="F.embedding(index.long(), E)", jax="E[index.astype(int)]",
        traps=(
            "An index that stands there twice gets the sum of two gradients. `dE[index] += G` "
            "keeps one of them; `np.add.at(dE, index, G)` adds both.",
            "The indices are whole numbers: nothing is differentiated by them.",
            "Rows that were not used have gradient 0, and momentum or weight decay moves them all "
            "the same.",
            "It is a product with a one-hot matrix, which nobody builds."),
        near=("transpose", "matmul", "sum")),
}
