"""Exercises of notebook 17: what is decided while a network trains, and by which numbers."""

import numpy as np

from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import listed, short
from ..exercise import Truth, function, predict
from ..losses import onehot, softmax

RATES = 0.03, 0.3, 5


def rates(random, W, dW, rate, decay):
    """A learning rate and a weight decay."""
    return W, dW, random.uniform(0.05, 0.5), random.uniform(0.05, 0.5)


def gains(random, a, b):
    """Accuracies of two units: a seed's luck is in both."""
    luck = random.standard_normal(len(a))
    return 90 + 3 * luck + a, 89 + 3 * luck + b


def smoothed(random, Z, labels):
    """Scores, a class for each row, and the share that goes to all classes."""
    return Z, random.integers(Z.shape[1], size=len(Z)), random.uniform(0.1, 0.6)


def moving(random, W, V, dW):
    """A learning rate, and the share of the velocity that stays."""
    return W, V, dW, random.uniform(0.05, 0.5), random.uniform(0.3, 0.8)


def smooth_jacobian(Z, labels, share):
    """The full Jacobian of the smoothed loss: each of the K classes as a label, weighted."""
    loss, K = OPERATIONS["softmax_cross_entropy"], Z.shape[1]
    every = [loss.jacobian(Z, labels=np.full(len(Z), k)) for k in range(K)]
    return (1 - share) * loss.jacobian(Z, labels=labels) + share / K * sum(every)


def wanted(Z, labels, share):
    """The probabilities that smoothed labels ask for."""
    return (1 - share) * onehot(Z, labels) + share / Z.shape[1]


def smooth_mistake(formula):
    """A mistake by the probabilities P, the one-hot rows T, what is wanted S, N and K."""
    def made(Z, labels, share):
        return formula(softmax(Z), onehot(Z, labels), wanted(Z, labels, share), share, *Z.shape)

    return made


def best(of, by):
    """The entry of `of` where `by` is largest."""
    return of[int(np.argmax(by))]


def chosen_rate(*accuracies):
    """Three accuracies on what is learned from, three on the validation set, three on the test."""
    learned, validation, test = accuracies[:3], accuracies[3:6], accuracies[6:]
    rate, report = best(RATES, validation), best(test, validation)
    texts = [listed([f"{short(one)} %" for one in part]) for part in (learned, validation, test)]
    names = "training set", "validation set", "test"
    return predict(
        "chosen_rate",
        f"Three networks learned with the rates {listed([str(rate) for rate in RATES])}. In this "
        "order they read "
        + "; ".join(f"{text} of the {name}" for text, name in zip(texts, names, strict=True))
        + ". Which rate do you take, and which accuracy, in percent, do you report?",
        truth={"rate": lambda: rate, "report": lambda: report},
        answer=f"{rate}, {short(report)}",
        mistakes=(
            ("chosen by the test", best(RATES, test),
             "Who chooses by the test has used it up: nothing new is left to report.", "rate"),
            ("chosen by the training set", best(RATES, learned),
             "Who knows the images by heart reads them best: ask images that are new.", "rate"),
            ("best of the tests", max(test),
             "The best of several tests is lucky, too. Choose first, then report its test.",
             "report"),
            ("validation for test", best(validation, validation),
             "The best of several validations is lucky, too: the test is for the report.",
             "report"),
            ("training for test", best(learned, validation),
             "It has seen those images while it learned.", "report"),
            ("mean of the tests", sum(test) / 3, "You use one network, not all three.", "report"),
        ),
        hints=("Which images decide, and which only tell in the end?",
               "The validation set decides: look for its largest number.",
               "Report the test accuracy of the same network, whatever the others have."),
        why=f"The validation set is read best at the rate {short(rate)}. That network's test "
            f"accuracy is {short(report)}; the other two tests should never have been made.",
    )


ROWS = (
    chosen_rate(97, 98, 100, 92, 96, 95, 94, 93, 91),
    function(
        "smoothed_backward", "derive", "Z, labels, share",
        "P = np.exp(Z - Z.max(1, keepdims=True))\nP /= P.sum(1, keepdims=True)\n"
        "S = (1 - share) * np.eye(Z.shape[1])[labels] + share / Z.shape[1]\n"
        "return (P - S) / len(Z)",
        "Smoothed labels: instead of a 1 at its label a row asks for 1 − share there, and for "
        "share/K more at each of the K classes (the label, too). With those rows S the loss is "
        "the mean over the batch of −Σₖ S[n, k] · log softmax(Z)[n, k]. Write dL/dZ.",
        axes="n k, n", prepare=smoothed,
        truth={"dZ": Truth(lambda *a: contract(np.array(1.0), smooth_jacobian(*a)),
                           smooth_jacobian, ("L", "Z"))},
        mistakes=tuple((name, smooth_mistake(formula), remedy) for name, formula, remedy in (
            ("label not smoothed", lambda P, T, S, s, N, K: (P - T) / N,
             "A row asks for S now: put it in the place of the 1 and the zeros."),
            ("lost path", lambda P, T, S, s, N, K: (1 - s) * (P - T) / N,
             "The part share/K pulls at every score as well."),
            ("lost path", lambda P, T, S, s, N, K: (P - (1 - s) * T) / N,
             "The part share/K pulls at every score as well."),
            ("share for share/K", lambda P, T, S, s, N, K: (P - (1 - s) * T - s) / N,
             "The share is dealt to K classes: a row of S adds up to 1."),
            ("label left out", lambda P, T, S, s, N, K:
             (P - (1 - s) * T - s / max(1, K - 1) * (1 - T)) / N,
             "Each of the K classes gets share/K, the label, too."),
            ("parts swapped", lambda P, T, S, s, N, K: (P - s * T - (1 - s) / K) / N,
             "1 − share stays at the label."),
            ("probabilities smoothed", lambda P, T, S, s, N, K: ((1 - s) * P + s / K - T) / N,
             "The labels are smoothed, not the probabilities."),
            ("sum for mean", lambda P, T, S, s, N, K: P - S, "L is a mean over the batch."),
            ("wrong axis", lambda P, T, S, s, N, K: (P - S) / K,
             "The mean is over examples, not over classes."),
            ("wrong axis", lambda P, T, S, s, N, K: (P - S) / (N * K),
             "The mean is over examples, not over scores."),
            ("gradient by P", lambda P, T, S, s, N, K: -S / P / N,
             "That is a gradient by P: go on through the softmax, to Z."),
            ("label forgotten", lambda P, T, S, s, N, K: P / N,
             "What is wanted pulls at the scores, too."),
            ("value for derivative", lambda P, T, S, s, N, K: -S * np.log(P) / N,
             "Those are the terms of the loss."),
        )),
        hints=("−Σₖ Sₖ log pₖ = −Σₖ Sₖ zₖ + log Σₖ exp(zₖ), as a row of S adds up to 1.",
               "Its derivative by zₖ: −Sₖ from the first part, the softmax from the second.",
               "(P − S)/N."),
        why=r"$L_n = -\sum_k S_{nk}z_{nk} + \log\sum_k e^{z_{nk}}$, so "
            r"$\dfrac{\partial L}{\partial Z_{nk}} = \dfrac1N\,(P_{nk} - S_{nk})$: the short line "
            "stays, whatever is asked for.",
    ),
    function(
        "momentum_step", "code", "W, V, dW, rate, mu",
        "V = mu * V - rate * dW\nreturn W + V, V",
        "Gradient descent with momentum: first the new velocity, V ← μV − rate · dL/dW, then the "
        "step, W ← W + V with the new V. Return the new W and the new V, as new arrays.",
        axes="n h, n h, n h", prepare=moving,
        truth={"W": lambda W, V, dW, rate, mu: W + mu * V - rate * dW,
               "V": lambda W, V, dW, rate, mu: mu * V - rate * dW},
        mistakes=(
            ("old velocity", lambda W, V, dW, rate, mu: W + V,
             "First V changes, then W moves by the new V.", "W"),
            ("momentum forgotten", lambda W, V, dW, rate, mu: W - rate * dW,
             "That is a plain step: μ times the old velocity comes with it.", "W"),
            ("friction forgotten", lambda W, V, dW, rate, mu: W + V - rate * dW,
             "Of the old velocity the share μ stays.", "W"),
            ("rate forgotten", lambda W, V, dW, rate, mu: W + mu * V - dW,
             "The gradient is multiplied by the rate.", "W"),
            ("rate twice", lambda W, V, dW, rate, mu: W + rate * (mu * V - rate * dW),
             "The rate is in V already.", "W"),
            ("rate for all", lambda W, V, dW, rate, mu: W + rate * (mu * V - dW),
             "The rate multiplies the gradient alone.", "W"),
            ("sign of one term", lambda W, V, dW, rate, mu: W + mu * V + rate * dW,
             "Descent goes against the gradient.", "W"),
            ("sign", lambda W, V, dW, rate, mu: W - mu * V + rate * dW,
             "V points downhill already: add it.", "W"),
            ("step for weight", lambda W, V, dW, rate, mu: mu * V - rate * dW,
             "That is the velocity: add it to W.", "W"),
            ("a mean for a sum", lambda W, V, dW, rate, mu: W + mu * V - (1 - mu) * rate * dW,
             "This velocity adds up steps, it does not average them.", "W"),
            ("momentum forgotten", lambda W, V, dW, rate, mu: -rate * dW,
             "μ times the old velocity stays.", "V"),
            ("friction forgotten", lambda W, V, dW, rate, mu: V - rate * dW,
             "Of the old velocity the share μ stays.", "V"),
            ("rate forgotten", lambda W, V, dW, rate, mu: mu * V - dW,
             "The gradient is multiplied by the rate.", "V"),
            ("another velocity", lambda W, V, dW, rate, mu: mu * V + dW,
             "Some libraries keep V without rate and sign. Here V is the step itself.", "V"),
            ("sign of one term", lambda W, V, dW, rate, mu: mu * V + rate * dW,
             "Descent goes against the gradient.", "V"),
            ("a mean for a sum", lambda W, V, dW, rate, mu: mu * V - (1 - mu) * rate * dW,
             "This velocity adds up steps, it does not average them.", "V"),
            ("old velocity", lambda W, V, dW, rate, mu: V, "Return the new V.", "V"),
        ),
        hints=("Two lines: one for V, one for W.", "V = mu * V - rate * dW makes a new array.",
               "return W + V, V"),
        why="With μ = 0 this is the plain step. While the gradient stays the same, the velocity "
            "grows towards −rate · dW · (1 + μ + μ² + …) = −rate · dW / (1 − μ).",
    ),
    function(
        "paired_gain", "code", "a, b",
        "gain = a - b\nreturn gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))",
        "`a` and `b` hold the accuracies of two units, seed by seed; a seed gives both the same "
        "weights and batches. Return the mean gain of the first, and its standard error: the "
        "standard deviation of the differences (with ddof=1) over the root of their number.",
        axes="l, l", prepare=gains,
        truth={"mean": lambda a, b: np.mean(a) - np.mean(b),
               "error": lambda a, b: np.sqrt(np.var(a - b, ddof=1) / len(a))},
        mistakes=(
            ("sign", lambda a, b: np.mean(b - a), "The gain of the first: a − b.", "mean"),
            ("sizes of the gains", lambda a, b: np.mean(abs(a - b)),
             "Gains and losses cancel: no abs.", "mean"),
            ("sum for mean", lambda a, b: np.sum(a - b), "Divide by the number of seeds.", "mean"),
            ("median for mean", lambda a, b: np.median(a - b), "That is the median.", "mean"),
            ("not in pairs", lambda a, b: np.sqrt(
                (np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a)),
             "First subtract seed by seed: the luck that both share drops out.", "error"),
            ("not in pairs", lambda a, b: (np.std(a, ddof=1) - np.std(b, ddof=1)) / len(a)**0.5,
             "First subtract seed by seed, then take the spread.", "error"),
            ("spread of one seed", lambda a, b: np.std(a - b, ddof=1),
             "That is how far one seed strays. A mean of many strays less: over the root of "
             "their number.", "error"),
            ("root forgotten", lambda a, b: np.std(a - b, ddof=1) / len(a),
             "A mean of four strays half as far, not a quarter: the root of the number.",
             "error"),
            ("ddof forgotten", lambda a, b: np.std(a - b) / np.sqrt(len(a)),
             "The mean was taken from the same numbers: ddof=1.", "error"),
            ("ddof forgotten", lambda a, b: np.std(a - b), "The mean was taken from the same "
             "numbers: ddof=1. And a mean strays less than one seed.", "error"),
            ("variance for spread", lambda a, b: np.var(a - b, ddof=1) / len(a),
             "That is the square of it.", "error"),
        ),
        hints=("First one array: the difference of each seed.", "Its mean is the first answer.",
               "Its .std(ddof=1), over np.sqrt of how many there are, is the second."),
        why="The mean of n numbers that stray by s strays by s/√n. In a − b what both units owe "
            "to the seed drops out, so s is often much smaller than that of a or of b.",
    ),
    function(
        "decayed_step", "code", "W, dW, rate, decay",
        "return W - rate * (dW + decay * W)",
        "The loss gets a penalty, L + decay/2·‖W‖², where ‖W‖² is the sum of the squares of all "
        "entries of W. `dW` is dL/dW without it. Return W after one step of gradient descent, as "
        "a new array.",
        axes="n h, n h,,", prepare=rates,
        truth={"W": lambda W, dW, rate, decay: W - rate * (dW + decay * W)},
        mistakes=(
            ("sign", lambda W, dW, rate, decay: W + rate * (dW + decay * W),
             "Descent goes against the gradient."),
            ("penalty forgotten", lambda W, dW, rate, decay: W - rate * dW,
             "The penalty has a gradient, too."),
            ("factor 2", lambda W, dW, rate, decay: W - rate * (dW + 2 * decay * W),
             "The ½ of the penalty cancels the 2 of the square."),
            ("factor ½", lambda W, dW, rate, decay: W - rate * (dW + decay / 2 * W),
             "Differentiate the square: a ½ and a 2 meet."),
            ("sign of one term", lambda W, dW, rate, decay: W - rate * (dW - decay * W),
             "The penalty pulls towards 0."),
            ("W forgotten", lambda W, dW, rate, decay: W - rate * (dW + decay),
             "The pull of a square grows with W."),
            ("W forgotten", lambda W, dW, rate, decay: W - rate * (dW + np.sign(W) * decay),
             "That is the penalty Σ|W|: the pull of a square grows with W."),
            ("W forgotten", lambda W, dW, rate, decay: W - rate * dW - decay,
             "The pull of a square grows with W, and the rate multiplies all of the gradient."),
            ("product for sum", lambda W, dW, rate, decay: W - rate * dW * decay * W,
             "The loss and the penalty add, so their gradients do."),
            ("product for sum", lambda W, dW, rate, decay: W - rate * decay * dW,
             "The decay belongs to the penalty alone."),
            ("product for sum", lambda W, dW, rate, decay: W - rate * (dW + decay * dW),
             "The decay belongs to the penalty alone."),
            ("value for derivative", lambda W, dW, rate, decay:
             W - rate * (dW + decay * np.sum(W**2) / 2), "Each entry has a slope of its own."),
            ("value for derivative", lambda W, dW, rate, decay:
             W - rate * (dW + decay * np.sum(W**2)), "Each entry has a slope of its own."),
            ("gradient alone", lambda W, dW, rate, decay: dW + decay * W,
             "That is the gradient: now make the step."),
            ("penalty alone", lambda W, dW, rate, decay: W - rate * decay * W,
             "The loss has a gradient, too."),
            ("rate twice", lambda W, dW, rate, decay: W - rate * (dW + rate * decay * W),
             "The rate multiplies the whole gradient once."),
            ("rate forgotten", lambda W, dW, rate, decay: W - rate * dW - decay * W,
             "The rate multiplies the whole gradient."),
            ("rate forgotten", lambda W, dW, rate, decay: W - (dW + decay * W),
             "The step is rate times the gradient."),
            ("step for weight", lambda W, dW, rate, decay: rate * (dW + decay * W),
             "That is the step: subtract it from W."),
            ("value for derivative",
             lambda W, dW, rate, decay: W - rate * (dW + decay / 2 * W**2),
             "Differentiate the penalty: it is a square."),
        ),
        hints=("What is the derivative of decay/2·w²?", "decay·w: it is added to dW.",
               "W − rate·(all of the gradient)."),
        why=r"$\dfrac{d}{dW}\Big(L + \dfrac{\lambda}{2}\lVert W\rVert^2\Big) = dW + \lambda W$.",
    ),
)
