"""Notes on functions of matrices and of pairs of vectors."""

from .note import Note

LESSON, FULL = "06_find_the_replacement", "04_tensor_derivatives"
NOTES = {
    "outer": Note(
        title="Outer product", lesson=FULL,
        torch="torch.outer(a, b)", jax="jnp.outer(a, b)",
        traps=(
            "da = G b and db = Gᵀ a: with vectors of one length an exchanged G fits the shapes.",
            "`np.outer(x, x)` uses x twice: its gradient is (G + Gᵀ) x."),
        near=("kron", "matmul", "quadratic_form")),
    "kron": Note(
        title="Kronecker product", lesson=LESSON,
        torch="torch.kron(A, B)", jax="jnp.kron(A, B)",
        traps=(
            "A reshape of Y to (N, P, K, H) sorts it: rows n·P + p, columns k·H + h. Reshaped to "
            "(N, K, P, H) the numbers are mixed in silence.",
            "A ⊗ B and B ⊗ A hold the same numbers in other places."),
        near=("outer", "matmul")),
    "quadratic_form": Note(
        title="Quadratic form xᵀAx", lesson=FULL,
        torch="x @ A @ x", jax="x @ A @ x",
        traps=(
            "2Ax is right only where A is symmetric: in general it is (A + Aᵀ) x.",
            "The gradient by A is xxᵀ, symmetric although A need not be. Where A is symmetric by "
            "construction, books count an entry and its mirror image as one variable and "
            "get another formula.",
            "With two vectors, xᵀAy, there is no factor 2: dx = G Ay, dy = G Aᵀx, dA = G xyᵀ."),
        near=("matmul", "outer", "log_det")),
    "log_det": Note(
        title="Logarithm of a determinant", lesson=LESSON,
        torch="torch.linalg.slogdet(A).logabsdet", jax="jnp.linalg.slogdet(A)[1]",
        traps=(
            "`np.log(np.linalg.det(A))` is nan for a negative determinant, and a determinant of a "
            "few hundred rows leaves the range of float64: use `slogdet`.",
            "The gradient is A⁻ᵀ, *transposed*: unseen where A is symmetric.",
            "At a singular A the value is −∞ and the gradient nan."),
        near=("inverse", "quadratic_form")),
    "inverse": Note(
        title="Inverse of a matrix", lesson=LESSON,
        torch="torch.linalg.inv(A)", jax="jnp.linalg.inv(A)",
        traps=(
            "Both factors are transposed on the way back, −Yᵀ G Yᵀ, and the minus sign is easily "
            "lost.",
            "For A⁻¹b solve a system instead, forward and backward: it is cheaper and loses fewer "
            "digits.",
            "Near a singular A both Y and its slopes are large: the slopes grow with Y²."),
        near=("log_det", "matmul")),
    "cosine_similarity": Note(
        title="Cosine similarity", lesson="03_vector_chain_rule",
        torch="(F.normalize(A, dim=-1, eps=eps) * F.normalize(B, dim=-1, eps=eps)).sum(-1)",
        jax="(A / jnp.maximum(jnp.linalg.norm(A, axis=-1, keepdims=True), eps)"
            " * B / jnp.maximum(jnp.linalg.norm(B, axis=-1, keepdims=True), eps)).sum(-1)",
        traps=(
            "Lengths below ε count as ε, each on its own; there the map is linear in that vector.",
            "The gradient by a is at right angles to a: moving along a changes nothing. It is "
            "smaller the longer a is.",
            "At a = 0 the cosine has no derivative for ε = 0: JAX's line gives nan there.",
            "`F.cosine_similarity(A, B, -1, eps)` has the same value. Its gradient is the same for "
            "lengths of ε and more; by a shorter vector it is not that of its value, but taken as "
            "if the length were not held at ε (measured with PyTorch 2.13)."),
        near=("l2_normalize", "hadamard")),
}
