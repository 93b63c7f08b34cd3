"""Which operation a wrong name means: by its spelling, and by what other libraries call it."""

import difflib
import re

# By operation the names that it has elsewhere; the atlas prints them, and a wrong name is looked up
# here by its letters alone: "fully connected" is fullyconnected.
SYNONYMS = {
    "relu": "rectifier, rectified linear unit",
    "sigmoid": "logistic, expit, sigma, σ",
    "tanh": "hyperbolic tangent",
    "leaky_relu": "LReLU, leaky rectifier",
    "prelu": "parametric ReLU, learned slope",
    "elu": "exponential linear unit",
    "gelu": "Gaussian error linear unit",
    "silu": "swish, sigmoid linear unit",
    "affine": "linear, Dense, FC, fully connected, addmm, nn.Linear, affine layer, "
              "linear transform",
    "affine_vector": "addmv, matrix-vector product, matvec, Wx + b",
    "matmul": "mm, bmm, dot, gemm, matrix product, matrix multiplication, matmult",
    "hadamard": "mul, multiply, elementwise product, times",
    "transpose": "T, permute, swapaxes",
    "sum": "reduce_sum",
    "mean": "average, avg, reduce_mean",
    "broadcast": "expand, tile, repeat",
    "batchnorm": "BN, BatchNormalization, BatchNorm1d, BatchNorm2d",
    "batchnorm_eval": "BatchNorm inference, BatchNorm test",
    "layernorm": "LN, LayerNormalization",
    "softmax": "softargmax, normalized exponential",
    "log_softmax": "log-probabilities, log of a softmax",
    "squared_error": "MSE, MSELoss, mean squared error, L2 loss, square loss, squared loss, "
                     "quadratic loss, SSE",
    "sigmoid_cross_entropy": "BCE, BCELoss, binary cross-entropy, BCEWithLogits, "
                             "BCEWithLogitsLoss, log loss, logistic loss, "
                             "sigmoid_cross_entropy_with_logits",
    "softmax_cross_entropy": "CE, cross-entropy, CrossEntropyLoss, categorical cross-entropy, NLL, "
                             "NLLLoss, softmax loss, softmax_cross_entropy_with_logits, "
                             "sparse_categorical_crossentropy",
    "log_sum_exp": "LSE, soft maximum, logaddexp",
    "huber": "HuberLoss, smooth L1, SmoothL1Loss",
    "hinge": "HingeLoss, SVM, max-margin, margin loss",
    "conv1d": "conv, convolution, convolve, correlate, CNN",
    "conv2d": "Conv3d, CNN, convolution, convolution of images, convolutional layer",
    "maxpool1d": "maxpool, MaxPooling, MaxPooling1D, pool, pooling",
    "maxpool2d": "maxpool, MaxPooling, MaxPooling2D, MaxPool3d, pool, pooling",
    "avgpool2d": "avgpool, AvgPool1d, AveragePooling, AveragePooling2D, mean pooling, pooling",
    "residual_add": "residual, skip connection, ResNet, shortcut, add",
    "dropout": "inverted dropout, Dropout1d, Dropout2d",
    "glu": "gated linear unit, gate",
    "swiglu": "Swish GLU, SiLU gate",
    "outer": "outer product, ger, tensor product",
    "kron": "Kronecker, Kronecker product",
    "quadratic_form": "bilinear, bilinear form, quadratic, xᵀAx, xAx",
    "log_det": "slogdet, log determinant, logabsdet, determinant, det",
    "inverse": "inv, matrix inverse",
    "embedding": "gather, lookup, embedding lookup, index_select, take, nn.Embedding, one-hot",
    "groupnorm": "GN, GroupNormalization, InstanceNorm, instance normalization",
    "rmsnorm": "root mean square norm, RMSLayerNorm, RMSNormalization",
    "l2_normalize": "normalize, unit vector, unit norm, L2 norm, F.normalize",
    "cosine_similarity": "cosine, cosine distance, CosineEmbeddingLoss",
    "rnn_step": "RNN, RNNCell, Elman, SimpleRNN, vanilla RNN, recurrent",
    "lstm_c": "LSTM, LSTMCell, cell state",
    "lstm_h": "LSTM, LSTMCell, hidden state",
    "attention": "self-attention, SDPA, scaled dot-product attention, multi-head attention, "
                 "dot attention",
}
# What differs from the operation that others mean by such a name.
NOT_QUITE = {"squared_error": "a sum of squares, not their mean", "conv1d": "along one axis",
             "maxpool1d": "along one axis", "maxpool2d": "along two axes",
             "conv2d": "along two axes", "avgpool2d": "along two axes",
             "groupnorm": "groups as an axis of their own",
             "quadratic_form": "both vectors the same", "log_det": "the logarithm of |det|"}


def names_of(name):
    """The names that an operation has elsewhere, as people write them."""
    return SYNONYMS[name].split(", ") if name in SYNONYMS else []


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
    called = [one for one in names if plain in map(_plain, names_of(one))]
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
