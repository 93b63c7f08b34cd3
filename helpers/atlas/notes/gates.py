"""Notes on what lets a signal through: residual sums, dropout, gated units."""

from .note import Note

LESSON, DEEP = "01_activations", "06_find_the_replacement"
NOTES = {
    "residual_add": Note(
        title="Residual sum", lesson="02_scalar_backprop",
        torch="X + F", jax="X + F",
        traps=(
            "Where F is computed from X, two paths lead to X: dX is G plus what comes back through "
            "F. Assigning one overwrites the other.",
            "`X += F` overwrites the X that the layer's backward pass may still need.",
            "A shape that broadcasts is added in silence: then one gradient is a sum over "
            "the copies."),
        near=("hadamard", "broadcast", "glu")),
    "dropout": Note(
        title="Dropout with its mask", lesson=LESSON,
        torch="mask * X / (1 - p)", jax="mask * X / (1 - p)",
        traps=(
            "p is the share that is *dropped*; in the first papers it is the share that is kept.",
            "The backward pass takes the mask of the forward pass: a fresh one is wrong.",
            "The factor 1/(1 − p) belongs to the backward pass too.",
            "A gradient check needs a fixed mask, or each nudge meets another function. In "
            "evaluation there is no mask and no factor."),
        near=("relu", "hadamard")),
    "glu": Note(
        title="Gated linear unit", lesson=DEEP,
        torch="F.glu(torch.cat([A, B], -1))", jax="jax.nn.glu(jnp.concatenate([A, B], -1))",
        traps=(
            "Libraries take one array and halve its last axis: signal first, gate second. With the "
            "halves exchanged every shape fits.",
            "Both halves get a gradient: A through σ(B), B through A σ′(B).",
            "A closed gate, σ(B) near 0, lets next to nothing back to A nor to B."),
        near=("swiglu", "sigmoid", "hadamard")),
    "swiglu": Note(
        title="SwiGLU", lesson=DEEP,
        torch="A * F.silu(B)", jax="A * jax.nn.silu(B)",
        traps=(
            "It is B that goes through SiLU here; in some code the gate comes first. Read which.",
            "The slope of the gate is that of SiLU, σ(B) (1 + B (1 − σ(B))), not σ′(B)."),
        near=("glu", "silu", "hadamard")),
}
