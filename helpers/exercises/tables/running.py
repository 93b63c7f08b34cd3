"""What the student of notebook 15 writes before evaluation: batch norm with running averages."""

from types import SimpleNamespace

import numpy as np

from ..exercise import function


def either(random, X, mean, var, *_):
    """Training or evaluation, by the shape; a positive variance, a momentum and ε."""
    training = 1 < len(X) != X.shape[1]
    return X, mean, var**2 + 0.2, training, random.uniform(0.6, 0.9), random.uniform(0.1, 0.5)


def forward(X, mean, var, training, eps, root=np.sqrt):
    """X̂ of either mode."""
    mu, v = (X.mean(0), X.var(0)) if training else (mean, var)
    return (X - mu) / root(v + eps)


def moved(running, batch, training, momentum):
    """A running average after this batch."""
    return running + (1 - momentum) * (batch - running) if training else running


def row(name, remedy, output, formula):
    """A mistake of `batchnorm_forward`: its formula takes the arguments by name."""
    names = "X", "mean", "var", "training", "momentum", "eps"
    return name, lambda *given: formula(
        SimpleNamespace(**dict(zip(names, given, strict=True)))), remedy, output


def averaged(output, batch):
    """Slips at a running average; batch: from X to what it averages."""
    def old(v):
        return getattr(v, output)

    return (
        row("weights exchanged", "Momentum is the weight of what was: the larger it is, the more "
            "slowly the average moves.", output,
            lambda v: moved(old(v), batch(v.X), v.training, 1 - v.momentum)),
        row("moved in evaluation", "In evaluation nothing is learned: leave the averages alone.",
            output, lambda v: moved(old(v), batch(v.X), True, v.momentum)),
        row("never moved", "In training each batch moves the averages a little.", output, old),
        row("replaced", "The batch moves the average, it does not replace it.", output,
            lambda v: moved(old(v), batch(v.X), v.training, 0)),
        row("share forgotten", "The weights are momentum and 1 − momentum: they add up to 1.",
            output, lambda v: v.momentum * old(v) + batch(v.X) if v.training else old(v)),
        row("modes exchanged", "The averages move in training and rest in evaluation.", output,
            lambda v: moved(old(v), batch(v.X), not v.training, v.momentum)),
    )


FORWARD = function(
    "batchnorm_forward", "code", "X, mean, var, training, momentum, eps",
    "if training:\n    mu, v = X.mean(0), X.var(0)\n"
    "    mean = momentum * mean + (1 - momentum) * mu\n"
    "    var = momentum * var + (1 - momentum) * v\n"
    "else:\n    mu, v = mean, var\n"
    "return (X - mu) / np.sqrt(v + eps), mean, var",
    "Both modes in one function, without γ and β. `mean` and `var` are running averages. In "
    "training: normalize by the batch, and move them, running ← momentum · running + "
    "(1 − momentum) · batch. In evaluation: normalize by them, and leave them. Return X̂, mean "
    "and var.",
    axes="n h, h, h,,,", prepare=either,
    truth={"Xhat": lambda X, mean, var, training, momentum, eps: forward(
               X, mean, var, training, eps),
           "mean": lambda X, mean, var, training, momentum, eps: moved(
               mean, X.mean(0), training, momentum),
           "var": lambda X, mean, var, training, momentum, eps: moved(
               var, X.var(0), training, momentum)},
    mistakes=(
        row("modes exchanged", "In training the batch is the measure, in evaluation the "
            "running averages are.", "Xhat", lambda v: forward(
                v.X, v.mean, v.var, not v.training, v.eps)),
        row("always the batch", "In evaluation there may be one example: take the running "
            "averages.", "Xhat", lambda v: forward(v.X, v.mean, v.var, True, v.eps)),
        row("always the running averages", "In training normalize by the mean and the variance "
            "of this batch.", "Xhat", lambda v: forward(v.X, v.mean, v.var, False, v.eps)),
        row("moved too early", "In training normalize by the mean and the variance of this "
            "batch, not by the averages that it has moved.", "Xhat", lambda v: forward(
                v.X, moved(v.mean, v.X.mean(0), v.training, v.momentum),
                moved(v.var, v.X.var(0), v.training, v.momentum), False, v.eps)),
        row("ε forgotten", "", "Xhat", lambda v: forward(v.X, v.mean, v.var, v.training, 0)),
        row("root forgotten", "Divide by the root of v + ε.", "Xhat", lambda v: forward(
            v.X, v.mean, v.var, v.training, v.eps, np.asarray)),
        *(one for name, batch in (("mean", lambda X: X.mean(0)), ("var", lambda X: X.var(0)))
          for one in averaged(name, batch)),
        row("Bessel", "Here the running variance takes the same v as the batch, divided by N.",
            "var", lambda v: moved(v.var, v.X.var(0) * len(v.X) / max(len(v.X) - 1, 1),
                                   v.training, v.momentum)),
        row("root for variance", "What is averaged is the variance, not its root.", "var",
            lambda v: moved(v.var, v.X.std(0), v.training, v.momentum)),
    ),
    hints=("Two cases: `if training:` … `else:` … Both choose the mean and the variance that "
           "X̂ is made with.",
           "Only in training the running averages move, a little: mostly they stay what they "
           "were.",
           "mean = momentum * mean + (1 - momentum) * X.mean(0), the same with X.var(0)."),
    why=r"Training: $\hat X = (X - \mu)/\sqrt{v + \varepsilon}$ with $\mu$ and $v$ of the batch, "
        r"and $m \leftarrow \alpha\,m + (1-\alpha)\,\mu$ with the momentum $\alpha$. "
        r"Evaluation: $\hat X = (X - m)/\sqrt{\mathrm{var} + \varepsilon}$, and nothing moves.",
)
