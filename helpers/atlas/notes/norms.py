"""Notes on normalization."""

from .note import Note

LESSON = "05_affine_and_batchnorm"
NOTES = {
    "batchnorm": Note(
        title="Batch normalization, training", lesson=LESSON,
        torch="F.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)",
        jax="gamma * (X - X.mean(0)) / jnp.sqrt(X.var(0, ddof=ddof) + eps) + beta",
        traps=(
            "ε stands under the root: √(variance + ε), not √variance + ε.",
            "The variance is divided by N (`ddof=0`) for the output; PyTorch's running variance "
            "is divided by N − 1. The line for PyTorch above has no `ddof=1`.",
            "Two paths go through mean and variance: `gamma / s * G` alone is the gradient of "
            "the evaluation mode.",
            "Columns of dX add up to 0. At right angles to X̂ they are only for ε = 0.",
            "A batch of one example has variance 0: Y = β, and dX = 0.",
            "The path from the variance to the mean may be dropped: it is 0 anyway."),
        near=("batchnorm_eval", "layernorm")),
    "batchnorm_eval": Note(
        title="Batch normalization, evaluation", lesson="15_inside_batchnorm",
        torch="F.batch_norm(X, mean, var, gamma, beta, eps=eps)",
        jax="gamma * (X - mean) / jnp.sqrt(var + eps) + beta",
        traps=(
            "Another Jacobian than in training: diagonal. A gradient check in the wrong mode fails "
            "although the code is right.",
            "mean and var are given, not inputs: nothing flows back to them here."),
        near=("batchnorm", "affine")),
    "layernorm": Note(
        title="Layer normalization", lesson="06_find_the_replacement",
        torch="F.layer_norm(X, X.shape[1:], gamma, beta, eps)",
        jax="gamma * (X - X.mean(1, keepdims=True))"
            " / jnp.sqrt(X.var(1, keepdims=True) + eps) + beta",
        traps=(
            "γ differs along the axis that is normalized: it multiplies G *before* the means are "
            "taken. In batch norm it may be taken out in front; here that is wrong.",
            "`keepdims=True`: without it (N, H) − (N,) fails, or for N = H broadcasts wrongly.",
            "ε stands under the root."),
        near=("batchnorm", "softmax")),
    "groupnorm": Note(
        title="Group normalization", lesson="15_inside_batchnorm",
        torch="F.group_norm(X.flatten(1, 2), X.shape[1], gamma.flatten(), beta.flatten(), eps)"
              ".reshape(X.shape)",
        jax="gamma[:, :, None] * (X - X.mean((2, 3), keepdims=True))"
            " / jnp.sqrt(X.var((2, 3), keepdims=True) + eps) + beta[:, :, None]",
        traps=(
            "Libraries take (N, C, …) and a number of groups: here the groups have an axis, "
            "X.reshape(N, G, C/G, …). Neighbouring channels form a group.",
            "γ differs within a group: it multiplies G *before* the means are taken.",
            "One channel in each group is instance norm, one group for all is layer norm with γ by "
            "channel."),
        near=("layernorm", "batchnorm")),
    "rmsnorm": Note(
        title="RMS normalization", lesson="06_find_the_replacement",
        torch="F.rms_norm(X, X.shape[1:], gamma, eps)",
        jax="gamma * X / jnp.sqrt((X**2).mean(1, keepdims=True) + eps)",
        traps=(
            "No mean is taken off: of the gradient of layer norm the term `D.mean` is gone.",
            "γ multiplies G *before* the mean with X̂ is taken.",
            "It is the mean of the squares, not their sum: L2 normalization times √H.",
            "ε stands under the root; PyTorch's default is that of the dtype, about 2e-16 for "
            "float64 and 1e-7 for float32."),
        near=("layernorm", "l2_normalize")),
    "l2_normalize": Note(
        title="L2 normalization", lesson="06_find_the_replacement",
        torch="F.normalize(X, dim=-1, eps=eps)",
        jax="X / jnp.maximum(jnp.linalg.norm(X, axis=-1, keepdims=True), eps)",
        traps=(
            "Below ε the length counts as ε: there the map is linear and the slope 1/ε. Others "
            "write √(ΣX² + ε): another function, and near 0 another gradient.",
            "At a row of zeros and ε = 0 everything is nan; JAX's line has a nan slope there for "
            "any ε.",
            "G / ‖x‖ alone forgets that the length moves too: the part along x must go."),
        near=("rmsnorm", "cosine_similarity")),
}
