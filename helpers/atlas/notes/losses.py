"""Notes on softmax and the losses."""

from .note import Note

LESSON = "06_find_the_replacement"
NOTES = {
    "softmax": Note(
        title="Softmax", lesson=LESSON,
        torch="torch.softmax(Z, -1)", jax="jax.nn.softmax(Z)",
        traps=(
            "`np.exp(Z)` overflows above 709: take each row's maximum off first. That changes "
            "nothing in Y and nothing in the gradient.",
            "The Jacobian of a row is a dense K×K block: `Y * (1 - Y)` is its diagonal alone.",
            "`keepdims=True` on the sum, or for N = K the rows are mixed in silence.",
            "Rows of dZ add up to 0: a constant added to a row of Z changes nothing."),
        near=("log_softmax", "softmax_cross_entropy", "attention")),
    "log_softmax": Note(
        title="Log-softmax", lesson=LESSON,
        torch="torch.log_softmax(Z, -1)", jax="jax.nn.log_softmax(Z)",
        traps=(
            "The logarithm of a softmax that has underflowed is −∞: subtract the log-sum-exp "
            "instead.",
            "P in the gradient is the softmax, `np.exp(Y)`, not Y."),
        near=("softmax", "softmax_cross_entropy")),
    "squared_error": Note(
        title="Squared error", lesson="03_vector_chain_rule",
        torch="F.mse_loss(Y, target, reduction='sum')", jax="((Y - target) ** 2).sum()",
        traps=(
            "A sum here; `F.mse_loss` is by default a mean over *all* entries, and some books "
            "write a factor ½: the gradient changes by these factors.",
            "Shapes (N,) and (N, 1) broadcast to (N, N): the loss is a number all the same, a "
            "wrong one."),
        near=("sigmoid_cross_entropy", "softmax_cross_entropy")),
    "sigmoid_cross_entropy": Note(
        title="Sigmoid with binary cross-entropy", lesson="01_activations",
        torch="F.binary_cross_entropy_with_logits(Z, labels)",
        jax="-(labels * jax.nn.log_sigmoid(Z) + (1 - labels) * jax.nn.log_sigmoid(-Z)).mean()",
        traps=(
            "Give it scores, not probabilities: a sigmoid before it is applied twice.",
            "`np.log(P)` of a P that has been rounded to 0 or 1 is −∞. From scores nothing is "
            "lost: max(z, 0) − z·t + log(1 + e^−|z|).",
            "It is a mean over all entries: the gradient is divided by `Z.size`."),
        near=("sigmoid", "softmax_cross_entropy")),
    "softmax_cross_entropy": Note(
        title="Softmax with cross-entropy", lesson=LESSON,
        torch="F.cross_entropy(Z, labels)",
        jax="-jnp.take_along_axis(jax.nn.log_softmax(Z), labels[:, None], 1).mean()",
        traps=(
            "Give it scores: `F.cross_entropy` after a softmax applies it twice, and still learns, "
            "slowly.",
            "P − T is divided by N once: either in the loss or in the learning rate, not in both.",
            "`P[range(N), labels] -= 1` overwrites P: the next line that needs it reads P − T."),
        near=("softmax", "log_softmax", "sigmoid_cross_entropy")),
    "log_sum_exp": Note(
        title="Log-sum-exp", lesson=LESSON,
        torch="torch.logsumexp(Z, -1)", jax="jax.nn.logsumexp(Z, -1)",
        traps=(
            "`np.log(np.exp(Z).sum(-1))` overflows above 709 and is −∞ below −745: take each row's "
            "maximum off, and add it again.",
            "The maximum that is taken off needs no gradient of its own: the two shares cancel.",
            "Its gradient is the softmax; rows of it add up to G."),
        near=("softmax", "log_softmax", "softmax_cross_entropy")),
    "huber": Note(
        title="Huber loss", lesson="03_vector_chain_rule",
        torch="F.huber_loss(Y, target, delta=delta)",
        jax="jnp.where(jnp.abs(Y - target) <= delta, (Y - target)**2 / 2,"
            " delta * (jnp.abs(Y - target) - delta / 2)).mean()",
        traps=(
            "`F.smooth_l1_loss` is this loss divided by δ: its gradient too.",
            "The square has a factor ½ here, so its slope is Y − T and meets that of the line at "
            "δ: no jump.",
            "It is a mean over all entries: the gradient is divided by `Y.size`."),
        near=("squared_error", "hinge")),
    "hinge": Note(
        title="Hinge loss", lesson="03_vector_chain_rule",
        torch="F.relu(1 - labels * Z).mean()", jax="jax.nn.relu(1 - labels * Z).mean()",
        traps=(
            "Labels are −1 and 1; with 0 and 1 the loss runs, and learns nothing of class 0.",
            "At the margin, T·Z = 1, it has a kink: 0 is taken for the slope.",
            "Where every example is right by the margin the gradient is exactly 0."),
        near=("relu", "sigmoid_cross_entropy", "huber")),
}
