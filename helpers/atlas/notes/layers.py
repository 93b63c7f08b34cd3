"""Notes on layers with weights, on products, windows and attention."""

from .note import Note

LESSON = "05_affine_and_batchnorm"
DEEP = "06_find_the_replacement"
NOTES = {
    "affine": Note(
        title="Affine layer on a batch", lesson=LESSON,
        torch="torch.addmm(b, X, W)", jax="X @ W + b",
        traps=(
            "`torch.nn.Linear` and `F.linear` keep the weight as (K, M) and compute X Wᵀ + b: "
            "their gradient of the weight is Gᵀ X, the transpose of this one.",
            "b meets every example: db is a sum over the batch, `G.sum(0)`, not `G` and not "
            "a mean.",
            "With N = M or M = K a lost transpose fits the shapes. Try unequal sizes.",
            "(N,) and (N, 1) are not alike: adding one to the other broadcasts to (N, N)."),
        near=("affine_vector", "matmul", "maxout", "broadcast")),
    "affine_vector": Note(
        title="Affine layer on one column vector", lesson="04_tensor_derivatives",
        torch="torch.addmv(b, W, x)", jax="W @ x + b",
        traps=(
            "In the denominator layout ∂c/∂x is Wᵀ, in the numerator layout W: dx = Wᵀ G in both.",
            "Slice k of ∂c/∂W holds x in row k and 0 in all others.",
            "dW is the outer product G xᵀ, the shape of W; x Gᵀ is its transpose."),
        near=("affine", "matmul")),
    "maxout": Note(
        title="Maxout", lesson="11_formulas_under_test",
        torch="(X @ W + b[:, None, :]).max(0).values", jax="(X @ W + b[:, None, :]).max(0)",
        traps=(
            "Ties: here the first of equal pieces wins, and takes all of the gradient. Other "
            "libraries may share it out.",
            "Only the winning piece gets a gradient: a piece that never wins never learns."),
        near=("affine", "relu", "maxpool1d")),
    "matmul": Note(
        title="Matrix product", lesson=DEEP,
        torch="torch.matmul(A, B)", jax="jnp.matmul(A, B)",
        traps=(
            "The order counts: dA = G Bᵀ, dB = Aᵀ G. For square matrices every wrong order has a "
            "fitting shape.",
            "With batch axes that broadcast, a gradient is summed over the axes that were copied."),
        near=("affine", "hadamard", "transpose", "attention")),
    "hadamard": Note(
        title="Product entry by entry", lesson=DEEP,
        torch="torch.mul(A, B)", jax="jnp.multiply(A, B)",
        traps=(
            "A * A uses A twice: both gradients are added, 2 G ⊙ A.",
            "Where NumPy broadcasts one of the two, its gradient is summed over the copies; here "
            "both have one shape."),
        near=("matmul", "broadcast")),
    "conv1d": Note(
        title="Convolution in one dimension", lesson=DEEP,
        torch="F.conv1d(X[:, None], w[None, None])[:, 0]",
        jax="jax.vmap(lambda x: jnp.correlate(x, w, 'valid'))(X)",
        traps=(
            "Learning libraries call the correlation a convolution: the filter is not turned "
            "over. On the way back it is: dX is the full convolution with w.",
            "`np.convolve(x, w, 'valid')` turns the filter over; `np.correlate` does not.",
            "dX is longer than G by w − 1 entries; cut or padded wrongly, the ends are wrong.",
            "w is shared by all places and examples: dw is a sum over both."),
        near=("maxpool1d", "affine")),
    "maxpool1d": Note(
        title="Max pooling in one dimension", lesson=DEEP,
        torch="F.max_pool1d(X[:, None], size)[:, 0]",
        jax="X[:, :X.shape[1] // size * size]"
            ".reshape(X.shape[0], X.shape[1] // size, size).max(-1)",
        traps=(
            "Ties: the first of equal numbers wins here and in PyTorch. `X == Y` as a mask gives "
            "the gradient to each of them; JAX's `max` shares it out in equal parts.",
            "What is left at the end of a row is in no window: its gradient is 0.",
            "Where windows overlap (stride below size) one entry may win twice: add, do not "
            "assign."),
        near=("conv1d", "maxout")),
    "attention": Note(
        title="Scaled dot-product attention, one head", lesson=DEEP,
        torch="F.scaled_dot_product_attention(Q[None], K[None], V[None])[0]",
        jax="jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1])) @ V",
        traps=(
            "The factor 1/√d belongs to dQ and dK too.",
            "The softmax runs over the keys, axis 1 of the scores; over the queries every shape "
            "fits too.",
            "Scores that are large: take each row's maximum off before `exp`. The forward pass "
            "here does; the printed line does not."),
        near=("softmax", "matmul")),
}
