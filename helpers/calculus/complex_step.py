"""The complex step: Im f(x + ih) / h is the slope of f, and nothing cancels in it.

f(x + ih) = f(x) + ih·f′(x) − h²·f″(x)/2 …, so with h near 1e-20·|x| the imaginary part is right to
the last digit (W. Squire and G. Trapp, *Using complex variables to estimate derivatives of real
functions*, 1998). NumPy computes most functions of complex numbers as it stands; `Stepped` takes
the step through those where complex numbers would part from what f does to real ones: comparisons
look at the real part, |x| turns the sign, a conjugate is the number itself.
"""

import math
import warnings

import numpy as np

H = 2.0 ** -66        # the step for a number of size 1, about 1e-20
ARRAYS = np.ndarray, np.complexfloating
LEAST = 2.0 ** -1020  # a step below that has lost its digits


class Stepped(np.ndarray):
    """Numbers with a very small imaginary part, which f may take for real ones."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **kwargs):
        plain, name = [bare(x) for x in inputs], ufunc.__name__
        if kwargs:
            kwargs = {key: bare(x) for key, x in kwargs.items()}
        if name in RULES and method == "__call__":
            result = RULES[name](*plain)
        else:
            if name in BY_REAL_PART:
                plain = [real(x) for x in plain]
            if out is not None and method != "at":
                kwargs["out"] = tuple(map(bare, out))
            result = getattr(ufunc, method)(*plain, **kwargs)
        if out is None:
            return stepped(result)
        if name in RULES:
            bare(out[0])[...] = result
        return out[0] if len(out) == 1 else out

    def __array_function__(self, func, types, args, kwargs):
        if func.__module__ in ("numpy.fft", "numpy.linalg") and func.__name__ in UNKNOWN:
            raise TypeError(f"no complex step through {func.__name__}")
        if func in FUNCTIONS:
            return stepped(FUNCTIONS[func](*args, **kwargs))
        return stepped(super().__array_function__(func, types, args, kwargs))

    def __getitem__(self, key):
        return stepped(super().__getitem__(key))

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __float__(self):
        raise TypeError("a complex step is lost in a Python float")

    def __int__(self):
        return int(real(bare(self)))

    def __bool__(self):
        return bool(real(bare(self)))

    def astype(self, dtype, *args, **kwargs):
        if np.dtype(dtype).kind == "f":  # as many digits as f asks for, and the step goes on
            values = real(bare(self)).astype(dtype).astype(np.float64)
            return (values + 1j * bare(self).imag).view(Stepped)
        if np.dtype(dtype).kind == "c":
            return super().astype(dtype, *args, **kwargs)
        return real(bare(self)).astype(dtype, *args, **kwargs)

    @property
    def real(self):
        """f's own numbers are real: this is all of them."""
        return self

    @property
    def imag(self):
        """What f believes that the imaginary part is."""
        return np.zeros(self.shape)

    def conj(self):
        """A real number is its own conjugate."""
        return self

    conjugate = conj

    def round(self, decimals=0, out=None):
        return real(bare(self)).round(decimals)

    def nonzero(self):
        return real(bare(self)).nonzero()

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        count = self.size if axis is None else math.prod(
            np.array(self.shape)[list(np.atleast_1d(axis))].tolist())
        apart = self - self.mean(axis, keepdims=True)
        return (apart * apart).sum(axis, keepdims=keepdims) / (count - ddof)

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        return np.sqrt(self.var(axis, ddof=ddof, keepdims=keepdims))


def bare(x):
    """The array as NumPy has it."""
    return x.view(np.ndarray) if isinstance(x, Stepped) else x


def real(x):
    """The real part of an array or a number, whatever it is."""
    return x.real if isinstance(x, np.ndarray | np.generic | complex) else x


def imag(x):
    """The imaginary part: 0 for what has none."""
    return x.imag if isinstance(x, np.ndarray | np.generic | complex) else 0.0


def stepped(x):
    """What came out, as `Stepped` where it is complex; tuples and lists by their entries."""
    if isinstance(x, Stepped):
        return x
    if isinstance(x, ARRAYS) and x.dtype.kind == "c":
        return np.asarray(x).view(Stepped)
    return type(x)(map(stepped, x)) if type(x) in (tuple, list) else x


def onward(value, change):
    """The value with the change that a step makes: value + i·change."""
    return value + 1j * np.asarray(change)


def by_slope(f, slope):
    """A rule for a function of one array with a known slope."""
    return lambda z: onward(f(real(z)), slope(real(z)) * imag(z))


def arctan2(y, x):
    length = np.hypot(real(y), real(x))
    change = (real(x) / length * imag(y) - real(y) / length * imag(x)) / length
    return onward(np.arctan2(real(y), real(x)), change)


def hypot(a, b):
    length = np.hypot(real(a), real(b))
    return onward(length, real(a) / length * imag(a) + real(b) / length * imag(b))


def log_add(f, exp):
    """The rule of logaddexp or logaddexp2: each side counts by its share."""
    def rule(a, b):
        value = f(real(a), real(b))
        return onward(value, exp(real(a) - value) * imag(a) + exp(real(b) - value) * imag(b))

    return rule


def rest(whole):
    """The rule of a remainder: a − n·b, with n = floor or trunc of a / b."""
    return lambda a, b: a - whole(real(a) / real(b)) * b


RULES = {
    "absolute": lambda z: np.where(real(z) < 0, -z, z),
    "fabs": lambda z: np.where(real(z) < 0, -z, z),
    "conjugate": lambda z: z,
    "log1p": by_slope(np.log1p, lambda x: 1 / (1 + x)),
    "cbrt": by_slope(np.cbrt, lambda x: 1 / (3 * np.cbrt(x) ** 2)),
    "degrees": lambda z: z * (180 / np.pi), "rad2deg": lambda z: z * (180 / np.pi),
    "radians": lambda z: z * (np.pi / 180), "deg2rad": lambda z: z * (np.pi / 180),
    "copysign": lambda a, b: a * (np.copysign(1, real(a)) * np.copysign(1, real(b))),
    "arctan2": arctan2, "hypot": hypot,
    "logaddexp": log_add(np.logaddexp, np.exp), "logaddexp2": log_add(np.logaddexp2, np.exp2),
    "remainder": rest(np.floor), "fmod": rest(np.trunc),
    "vecdot": lambda a, b: np.vecdot(np.conj(a), b),
}
BY_REAL_PART = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isnan",
                "isinf", "isfinite", "signbit", "sign", "floor", "ceil", "rint", "trunc",
                "heaviside", "floor_divide", "logical_not", "logical_and", "logical_or",
                "logical_xor"}
UNKNOWN = {"fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2", "rfft2", "irfft2",
           "fftn", "ifftn", "rfftn", "irfftn", "svd", "svdvals", "eigh", "eigvalsh", "eig",
           "eigvals", "cholesky", "qr", "pinv", "lstsq", "cond", "matrix_rank"}


def norm(x, ord=None, axis=None, keepdims=False):
    """As np.linalg.norm; the spectral and the nuclear norm of a matrix have no such step."""
    axis = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
    if ord is None or ord == "fro" or (ord == 2 and len(axis) == 1):
        return np.sqrt((x * x).sum(axis, keepdims=keepdims))
    if len(axis) == 1 and ord not in (0, "nuc"):
        if abs(ord) == math.inf:
            return getattr(abs(x), "max" if ord > 0 else "min")(axis[0], keepdims=keepdims)
        return (abs(x) ** ord).sum(axis, keepdims=keepdims) ** (1 / ord)
    raise TypeError(f"no complex step through a norm of order {ord}")


def slogdet(A):
    """(sign, log|det A|): the logarithm moves by the trace of A⁻¹ dA."""
    signs, logs = np.linalg.slogdet(real(bare(A)))
    change = np.einsum("...ij,...ji->...", np.linalg.inv(real(bare(A))), imag(bare(A)))
    return signs, onward(logs, change)


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    """As np.cov, without weights."""
    rows = np.atleast_2d(m) if rowvar or np.ndim(m) < 2 else m.T
    if y is not None:
        rows = np.concatenate([rows, np.atleast_2d(y) if rowvar or np.ndim(y) < 2 else y.T])
    apart = rows - rows.mean(1, keepdims=True)
    free = (0 if bias else 1) if ddof is None else ddof
    return (apart @ apart.T / (rows.shape[1] - free)).squeeze()


def corrcoef(x, y=None, rowvar=True):
    """As np.corrcoef."""
    C = cov(x, y, rowvar)
    if C.ndim == 0:
        return C / C
    width = np.sqrt(np.diagonal(C))
    return C / width[:, None] / width


def real_parts(func):
    """A function that only looks: what it is given are the real parts."""
    return lambda *args, **kwargs: func(*(real(bare(x)) for x in args), **kwargs)


FUNCTIONS = {np.linalg.norm: norm, np.linalg.slogdet: slogdet, np.cov: cov, np.corrcoef: corrcoef,
             np.vdot: lambda a, b: np.dot(np.ravel(a), np.ravel(b)),
             **{f: real_parts(f) for f in (np.isclose, np.allclose, np.array_equal,
                                           np.count_nonzero, np.isreal, np.iscomplex)}}


def slopes_along(f, x, directions, count, shape):
    """d/dt f(x + t·v) at t = 0 for each direction v, (count, *shape); None where f has no such.

    x is float64 and no v is longer than x's own numbers are large. Whether what comes out is a
    slope, the caller has to check: f may lose the step on its way.
    """
    D = np.empty((count, *shape))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        for c, v in enumerate(directions):
            h = step(v)
            z = np.empty(x.shape, np.complex128)
            z.real, z.imag = x, h * v
            try:
                values = np.asarray(f(z.view(Stepped)))
                if values.shape != shape or values.dtype.kind not in "biufc":
                    return None
            except Exception:  # whatever f says to complex numbers: then it has no complex step
                return None
            D[c] = bare(values).imag / h if values.dtype.kind == "c" else 0.0
    return D


def step(v):
    """H, or as much more as keeps the step of the smallest numbers above what underflows."""
    most = float(np.abs(v).max(initial=0))
    return max(H, LEAST / most) if most else H
