"""Notes on the units, entry by entry."""

from .note import Note

LESSON = "01_activations"
IN_PLACE = "Multiply a copy: `G *= mask` overwrites the gradient that another branch still needs."
NOTES = {
    "relu": Note(
        title="ReLU", lesson=LESSON,
        torch="torch.relu(X)", jax="jax.nn.relu(X)",
        traps=(
            "At 0 there is a corner: every slope from 0 to 1 is legal. Libraries take 0; here "
            "`at_zero` chooses.",
            "The mask comes from X (or from Y, which is positive at the same places), never "
            "from G.",
            "`X * (X > 0)` is nan at −∞; `np.maximum(X, 0)` is 0. And `np.max(X, 0)` is another "
            "function: its second argument is an axis.",
            IN_PLACE),
        near=("leaky_relu", "prelu", "elu", "softplus", "maxout", "silu", "gelu")),
    "sigmoid": Note(
        title="Sigmoid", lesson=LESSON,
        torch="torch.sigmoid(X)", jax="jax.nn.sigmoid(X)",
        traps=(
            "Saturation: the slope is at most 1/4, at 0, and below 0.0001 beyond |x| = 10: a "
            "stack of sigmoids passes little back.",
            "`1 / (1 + np.exp(-X))` overflows in `exp` below x ≈ −709: the value is still 0, but "
            "NumPy warns. The forward pass here does not.",
            "`Y * (1 - Y)` reuses the output. The slope of Y computed from Y *again*, "
            "σ(Y)(1 − σ(Y)), is a common slip.",
            "Before a cross-entropy use the fused loss: its slope σ(z) − t does not vanish."),
        near=("tanh", "silu", "softplus", "sigmoid_cross_entropy")),
    "tanh": Note(
        title="Hyperbolic tangent", lesson=LESSON,
        torch="torch.tanh(X)", jax="jnp.tanh(X)",
        traps=(
            "tanh(x) = 2σ(2x) − 1: the inner 2 is often lost.",
            "Saturation: beyond |x| = 19.1 the output in float64 is exactly ±1, so `1 - Y**2` is "
            "exactly 0. The forward pass here keeps the small slope by another formula."),
        near=("sigmoid", "relu")),
    "leaky_relu": Note(
        title="Leaky ReLU", lesson=LESSON,
        torch="F.leaky_relu(X, alpha)", jax="jax.nn.leaky_relu(X, alpha)",
        traps=(
            "`np.maximum(alpha * X, X)` is this function only for α ≤ 1.",
            "Defaults differ: α is 0.01 in PyTorch and JAX, 0.1 here and in the course's slides.",
            "At 0 the slope is α here and in PyTorch: the condition is X > 0."),
        near=("relu", "prelu", "elu")),
    "prelu": Note(
        title="PReLU, with a slope that is learned", lesson="11_formulas_under_test",
        torch="F.prelu(X, alpha)", jax="jnp.where(X > 0, X, alpha * X)",
        traps=(
            "α is one number for all entries: its gradient is one sum over all of them.",
            "`np.minimum(X, 0)` is ∂Y/∂α; the mask alone forgets the factor X."),
        near=("leaky_relu", "relu")),
    "elu": Note(
        title="ELU", lesson="11_formulas_under_test",
        torch="F.elu(X, alpha)", jax="jax.nn.elu(X, alpha)",
        traps=(
            "max(α(eˣ − 1), x) is another function: for α = 1 it is eˣ − 1 on the right side too.",
            "`np.exp(X)` on both branches of `np.where` overflows for large x; take "
            "`np.minimum(X, 0)` first.",
            "For α ≠ 1 there is a corner at 0: the slope is α on its left side, 1 on its right.",
            "`Y + alpha` is the slope on the left, by the output alone; near −∞ it loses digits."),
        near=("relu", "leaky_relu", "silu")),
    "softplus": Note(
        title="Softplus", lesson="12_backprop_in_code",
        torch="F.softplus(X)", jax="jax.nn.softplus(X)",
        traps=(
            "`np.log(1 + np.exp(X))` overflows near x = 710 and is exactly 0 below x ≈ −37. "
            "`np.logaddexp(0, X)` is neither.",
            "PyTorch goes over to the identity above `threshold=20`; at 20 the difference is "
            "below 1e-8, and it is not zero."),
        near=("relu", "sigmoid", "silu")),
    "gelu": Note(
        title="GELU", lesson=LESSON,
        torch="F.gelu(X)", jax="jax.nn.gelu(X, approximate=False)",
        traps=(
            "Two functions bear this name: with the error function (here, PyTorch's default) and "
            "with a tanh (`jax.nn.gelu`'s default). They differ by up to 0.0005.",
            "The slope has two terms, Φ(x) and x·φ(x); it is negative below x ≈ −0.752, and above "
            "1 beyond 0.752."),
        near=("silu", "relu")),
    "silu": Note(
        title="SiLU, or swish", lesson=LESSON,
        torch="F.silu(X)", jax="jax.nn.silu(X)",
        traps=(
            "Two terms: σ(x) alone, without x·σ(x)(1 − σ(x)), is the slope of something else.",
            "Not monotonic: the slope is negative below x ≈ −1.28.",
            "`X / (1 + np.exp(-X))` overflows in `exp` far on the left and is nan at −∞; the "
            "forward pass here is 0 there."),
        near=("gelu", "sigmoid", "relu")),
}
