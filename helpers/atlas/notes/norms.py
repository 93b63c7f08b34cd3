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
}
