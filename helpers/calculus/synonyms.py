"""Which operation a wrong name means: by its spelling, and by what other libraries call it."""

import difflib
import re

# By operation the names of other libraries, lower case and without signs.
SYNONYMS = {
    "affine": "linear dense fc fullyconnected addmm nnlinear affinelayer lineartransform",
    "sigmoid": "logistic expit sigma σ",
    "silu": "swish",
    "leaky_relu": "lrelu",
    "matmul": "mm bmm dot gemm matrixproduct matrixmultiplication matmult",
    "hadamard": "mul multiply elementwise product times",
    "transpose": "t permute swapaxes",
    "sum": "reducesum",
    "mean": "average avg reducemean",
    "broadcast": "expand tile repeat",
    "batchnorm": "bn batchnormalization batchnorm1d batchnorm2d",
    "batchnorm_eval": "batchnorminference batchnormtest",
    "layernorm": "layernormalization",
    "squared_error": "mse mseloss meansquarederror l2loss squareloss squaredloss quadraticloss "
                     "sse",
    "sigmoid_cross_entropy": "bce bceloss binarycrossentropy bcewithlogits bcewithlogitsloss "
                             "logloss logisticloss sigmoidcrossentropywithlogits",
    "softmax_cross_entropy": "ce crossentropy crossentropyloss categoricalcrossentropy nll nllloss "
                             "softmaxloss softmaxcrossentropywithlogits "
                             "sparsecategoricalcrossentropy",
    "conv1d": "conv conv2d conv3d convolution convolve correlate cnn",
    "maxpool1d": "maxpool maxpool2d maxpooling maxpooling2d pool pooling",
    "attention": "selfattention sdpa scaleddotproductattention multiheadattention dotattention",
}
# What differs from the operation that others mean by such a name.
NOT_QUITE = {"squared_error": "a sum of squares, not their mean", "conv1d": "along one axis",
             "maxpool1d": "along one axis"}


def guessed(name, names):
    """"Did you mean relu?", or "" where nothing is near."""
    near = meant(name, names) if isinstance(name, str) else []
    notes = [f"{one} ({NOT_QUITE[one]})" if one in NOT_QUITE and _plain(one) != _plain(name)
             else one for one in near]
    return f" Did you mean {' or '.join(notes)}?" if near else ""


def meant(name, names):
    """Those of `names` that a wrong name may mean."""
    plain = _plain(name)
    same = [one for one in names if _plain(one) == plain]
    if same or not plain:
        return same
    called = [one for one in names if plain in SYNONYMS.get(one, "").split()]
    if called:
        return called
    near = difflib.get_close_matches(plain, [_plain(one) for one in names], 2, 0.8)
    return [one for one in names if _plain(one) in near]


def _plain(name):
    return re.sub(r"[\W_]", "", name.lower())


def by_name(op, given):
    """What is said when an operation got an array too many: how the arrays besides go in."""
    left = [name for name in (op.constants or op.parameters) if name not in given]
    words = ", ".join(f"{name}={'T' if name in ('labels', 'target') else '…'}" for name in left)
    return f" What is no input goes in by name: {words}." if words else ""
