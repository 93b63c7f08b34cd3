"""Notes on one step of a recurrent network."""

from .note import Note

LESSON = "06_find_the_replacement"
CELL = "torch.lstm_cell(X, (H, C), W.transpose(1, 2).flatten(0, 1)," \
       " U.transpose(1, 2).flatten(0, 1), b.flatten(), 0 * b.flatten())"
JAX_CELL = "jax.nn.sigmoid(Z[1]) * C + jax.nn.sigmoid(Z[0]) * jnp.tanh(Z[2])"
SCORES = "X @ W + H @ U + b[:, None, :]"
GATES = (
    "The order of the gates differs: input, forget, candidate, output here and in PyTorch; input, "
    "candidate, forget, output in TensorFlow's old cells. A wrong order fits every shape.",
    "PyTorch keeps the weights as (4H, M) and (4H, H), all gates in one matrix, and two biases "
    "that are added.")
NOTES = {
    "rnn_step": Note(
        title="Step of a recurrent network", lesson=LESSON,
        torch="torch.rnn_tanh_cell(X, H, W.T, U.T, b, 0 * b)", jax="jnp.tanh(X @ W + H @ U + b)",
        traps=(
            "W, U and b are used at every step: over a sequence their gradients are added up, "
            "`+=`.",
            "1 − Y² comes from the output Y, not from what went into tanh.",
            "Through many steps the gradient by H is multiplied by (1 − Y²) and Uᵀ again and "
            "again: it vanishes, or it grows beyond all bounds.",
            "PyTorch keeps W and U transposed, and has two biases."),
        near=("affine", "tanh", "lstm_h")),
    "lstm_c": Note(
        title="LSTM, new cell state", lesson=LESSON,
        torch=f"{CELL}[1]", jax=f"(lambda Z: {JAX_CELL})({SCORES})",
        traps=(
            *GATES,
            "In a network dL/dC′ has two parts: from the next step, and through the output of this "
            "one. They are added before they go back.",
            "The output gate has no part in the cell state: its slices of dW, dU and db are 0."),
        near=("lstm_h", "rnn_step", "glu")),
    "lstm_h": Note(
        title="LSTM, new output", lesson=LESSON,
        torch=f"{CELL}[0]",
        jax=f"(lambda Z: jax.nn.sigmoid(Z[3]) * jnp.tanh({JAX_CELL}))({SCORES})",
        traps=(
            *GATES,
            "tanh is there twice, in the candidate and on the new cell state: each has its own "
            "slope."),
        near=("lstm_c", "rnn_step")),
}
