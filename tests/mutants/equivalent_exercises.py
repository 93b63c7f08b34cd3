"""Those of the exercises: {why: {file: [(its line with a mark, the fault), …]}}."""

EXERCISES = {
    "recognized on random numbers, which are never exactly at its border": {
        "tables/activations.py": [
            ('("one border", lambda G, X: G * (X ▸> 0), "Above 6 the curve is flat again."),',
             "> → >="),
            ('("one border", lambda G, X: G * (X ▸< 6), "Below 0 the curve is flat."),', "< → <="),
            ('("borders swapped", lambda G, X: G * ((X ▸< 0) | (X > 6)), "It passes between the '
             'two "',
             "< → <="),
            ('("borders swapped", lambda G, X: G * ((X < 0) | (X ▸> 6)), "It passes between the '
             'two "',
             "> → >="),
            ('("mask from the wrong array", lambda G, X: G * (G ▸> 0)),  # no G is as large as 6',
             "> → >="),
        ],
        "tables/checking.py": [
            ('("slope of the unit", lambda x, t: np.where(x ▸> 0, 1, 0),', "> → >="),
            ('("max gate", lambda G, x, y: G * (x ▸> y), "The smaller input moves m as well, the "',
             "> → >="),
            ('("max gate", lambda G, x, y: G * (y ▸> x), "The smaller input moves m as well, the "',
             "> → >="),
        ],
        "tables/formulas.py": [
            ("lambda G, X, alpha: G * np.where(alpha * (np.exp(X) - 1) ▸> X, alpha * np.exp(X), "
             "1),",
             "> → >="),
            ('("lost α", lambda G, X, alpha: G * np.where(X ▸> 0, 1, np.exp(X)),', "> → >="),
            ('("slope of the ReLU", lambda G, X, alpha: G * (X ▸> 0),', "> → >="),
            ('("slope of the leaky ReLU", lambda G, X, alpha: G * np.where(X ▸> 0, 1, alpha),',
             "> → >="),
            ("lambda G, X, alpha: G * np.where(X ▸> 0, 1, alpha * (np.exp(X) - 1)),", "> → >="),
            ("lambda G, X, alpha: G * np.where(X ▸> 0, X, alpha * (np.exp(X) - 1))),", "> → >="),
            ('("sign in the exponent", lambda G, X, alpha: G * np.where(X ▸> 0, 1, alpha * '
             'np.exp(-X)),',
             "> → >="),
            ('("sign", lambda G, X, alpha: G * np.where(X ▸> 0, 1, -alpha * np.exp(X)),', "> → >="),
            ('("cases swapped", lambda G, X, alpha: G * np.where(X ▸> 0, alpha * np.exp(X), 1),',
             "> → >="),
            ("lambda G, X, alpha: G * np.where(G ▸> 0, 1, alpha * np.exp(X)),", "> → >="),
            ('("slope by X", lambda G, X: np.sum(G * (X ▸<= 0), 0),', "<= → <"),
            ('("output for input", lambda G, Y, alpha: G * np.where(Y ▸> 0, 1, alpha * np.exp(Y)),',
             "> → >="),
            ('("α = 1", lambda G, Y, alpha: G * np.where(Y ▸> 0, 1, Y + 1), "αeˣ is Y + α."),',
             "> → >="),
            ('("value for derivative", lambda G, Y, alpha: G * np.where(Y ▸> 0, 1, Y),', "> → >="),
            ('("slope of the leaky ReLU", lambda G, Y, alpha: G * np.where(Y ▸> 0, 1, alpha),',
             "> → >="),
            ('("slope of the ReLU", lambda G, Y, alpha: G * (Y ▸> 0), "Below 0 the curve is not "',
             "> → >="),
            ('("sign of one term", lambda G, Y, alpha: G * np.where(Y ▸> 0, 1, alpha - Y),',
             "> → >="),
        ],
        "tables/replacement.py": [
            ('("mask from the wrong array", lambda G, X: np.repeat(G, 2, 1) * (X ▸> 0),', "> → >="),
        ],
        "tables/tensors.py": [
            ('("mask for a slope", lambda G, Y: G * (Y ▸> 0.5), "A sigmoid has a slope, not a '
             'mask."),',
             "> → >="),
            ('("mask from the wrong array", lambda G, X: G * (G ▸> 0),', "> → >="),
            ('("mask from the wrong array", lambda G, X: G * (X ▸< 0),', "< → <="),
            ('("order swapped", lambda G, X: X * (G ▸> 0), "G passes through the mask of X."),',
             "> → >="),
            ('("mask from the wrong array", lambda G, X: G * (G ▸> 0) * (X > 0),', "> → >="),
            ('("mask from the wrong array", lambda G, X: G * (G > 0) * (X ▸> 0),', "> → >="),
            ('("mask from the wrong array", lambda G, X: np.where(X ▸> 0, G, X),', "> → >="),
            ('("slope of the leaky ReLU", lambda G, X: G * np.where(X ▸> 0, 1, 0.01),', "> → >="),
            ('("slope of the leaky ReLU", lambda G, X: G * np.where(X ▸> 0, 1, 0.1),', "> → >="),
            ('("subtracted", lambda G, X: G - (X ▸> 0), "The mask is multiplied with G."),',
             "> → >="),
            ('("slope of the ReLU", lambda G, Y, alpha: G * (Y ▸> 0),', "> → >="),
            ('("mask from the wrong array", lambda G, Y, alpha: np.where(G ▸> 0, G, alpha * G),',
             "> → >="),
            ('("cases swapped", lambda G, Y, alpha: np.where(Y ▸> 0, alpha * G, G),', "> → >="),
            ('("inverse", lambda G, Y, alpha: np.where(Y ▸> 0, G, G / alpha),', "> → >="),
            ('("added", lambda G, Y, alpha: G * (Y ▸> 0) + alpha, "α is a slope: it multiplies '
             'G."),',
             "> → >="),
        ],
        "tables/training.py": [
            ("def dense_by_hand(G, X, W, b, mask=lambda A, G: A ▸> 0):", "> → >="),
            ('("mask from the wrong array", lambda A, G: G ▸> 0,', "> → >="),
            ('("mask from the wrong array", lambda A, G: A ▸< 0,', "< → <="),
            ('("mask on the wrong side", lambda G, X, W, b: (G @ W.T) * (X ▸> 0),', "> → >="),
            ('("mask from the wrong array", lambda G, X, W, b: np.maximum(X, 0).T @ (G * (X @ W + '
             'b ▸> 0)),',
             "> → >="),
            ('("= for +=", lambda G, X, W, b: (G * (X @ W + b ▸> 0))[-1], "", "db"),', "> → >="),
            ('("mask from the wrong array", lambda G, kept, share: G * (G ▸> 0) / share,',
             "> → >="),
            ('("lost transpose", lambda G, X, W, b: (G * (X @ W + b ▸> 0)) @ W, "", "dX"),',
             "> → >="),
            ('("lost transpose", lambda G, X, W, b: X @ (G * (X @ W + b ▸> 0)), "", "dW"),',
             "> → >="),
            ('("batch not summed", lambda G, X, W, b: G * (X @ W + b ▸> 0), "", "db"),', "> → >="),
            ('("wrong axis", lambda G, X, W, b: (G * (X @ W + b ▸> 0)).sum(1),', "> → >="),
            ('("mask from the wrong array", lambda G, X, W, b: (G * (X @ W + b ▸> 0)) @ '
             'np.maximum(W, 0).T,',
             "> → >="),
        ],
    },
    "a random number is never exactly that": {
        "tables/activations.py": [
            ("return z, np.where(y ▸> 0, 1.0, -1.0)", "> → >="),
            ("return G, np.where(random.random(X.shape) ▸< 0.3, 8 * X, border + X / 100)",
             "< → <="),
            ("Z = np.where(random.random(Z.shape[1]) ▸< 0.5, -np.abs(Z), Z)", "< → <="),
            ("return (np.where(random.random(Z.shape) ▸< 0.1, 0.0, Z),)", "< → <="),
            ("border = np.where(random.random(X.shape) ▸< 0.5, 0.0, 6.0)", "< → <="),
            ("X = np.where(random.random(X.shape) ▸< 0.3, 0.0, near_zero(random, X))", "< → <="),
        ],
        "tables/tensors.py": [
            ("return G, np.where(X ▸> 0, X, alpha * X), alpha", "> → >="),
        ],
        "tables/training.py": [
            ("return G, (random.random(kept.shape) ▸< share).astype(float), share", "< → <="),
        ],
    },
    "neither the bias nor β moves this gradient": {
        "tables/affine.py": [
            ('return OPERATIONS["batchnorm"].jacobian(X, np.ones(h), np.▸zeros(h), wrt="X")',
             "zeros → ones"),
            ('G, X, np.ones(X.shape[1]), np.▸zeros(X.shape[1]), {"eps": eps}))},', "zeros → ones"),
        ],
        "tables/chain_rule.py": [
            ('return OPERATIONS["affine_vector"].jacobian(W, x, np.▸zeros(k), wrt=wrt, '
             'layout=layout)',
             "zeros → ones"),
        ],
        "tables/scalar.py": [
            ('return contract(upstream, affine.jacobian(w[None], x, np.▸zeros(1), wrt="W"))[0]',
             "zeros → ones"),
        ],
    },
    "only the shape counts, or where its zeros are": {
        "tables/chain_rule.py": [
            ("first, second = linear(np.▸ones((y, x))), linear(np.ones((z, y)))", "ones → zeros"),
            ("first, second = linear(np.ones((y, x))), linear(np.▸ones((z, y)))", "ones → zeros"),
        ],
        "tables/hessians.py": [
            ("W = np.▸ones((k, m))", "ones → zeros"),
        ],
        "tables/replacement.py": [
            ('return OPERATIONS["sum"].jacobian(np.▸ones((n, h)), axis=1)', "ones → zeros"),
        ],
        "tables/tensors.py": [
            ('truth={"entries": lambda: OPERATIONS["sigmoid"].jacobian(np.▸ones(shape)).size,',
             "ones → zeros"),
            ('"zeros": lambda: np.sum(OPERATIONS["sigmoid"].jacobian(np.▸ones(shape)) == 0)},',
             "ones → zeros"),
        ],
    },
    "no number of a batch has a slope of exactly 0.05": {
        "tables/activations.py": [
            ('return np.diag(OPERATIONS["sigmoid"].jacobian(np.array(batch, float))) ▸< 0.05',
             "< → <="),
        ],
    },
    "what is saturated is beyond ±2": {
        "tables/activations.py": [
            ("both, low = len(there), sum(there ▸< 0)", "< → <="),
            ("both, low = len(there), sum(there < ▸0)", "0 → 1"),
        ],
    },
    "the gradient by b is the same with any X and W": {
        "tables/affine.py": [
            ('truth={"db": full("affine", "b", lambda G: (G, np.▸ones((len(G), 1)),',
             "ones → zeros"),
            ("np.▸ones((1, G.shape[1])), G[0]))},", "ones → zeros"),
        ],
    },
    "the gradient by x is the same at any x": {
        "tables/chain_rule.py": [
            ("x = np.▸ones(m) if x is None else x", "ones → zeros"),
        ],
    },
    "no step in these numbers is 0": {
        "tables/chain_rule.py": [
            ("f\"{rounded(one, 1)} {'−' if two ▸< 0 else '+'} {rounded(abs(two), 1)} = {y}\"",
             "< → <="),
        ],
    },
    "no two neighbours are equal": {
        "tables/replacement.py": [
            ("return windows[..., 0] ▸>= windows[..., 1]", ">= → >"),
        ],
    },
    "the gradient by X is the same at any X": {
        "tables/training.py": [
            ("X = np.▸zeros((len(G), len(W)))", "zeros → ones"),
        ],
    },
    "either way to write a number of thirteen digits tells which it is": {
        "judge.py": [
            ("if ▸1e12 <= abs(mine) < math.inf:", "1e12 → 1000000000001.0"),
        ],
    },
    "a thousandth of a second for what was not sent yet to a kernel that is ended next": {
        "grading/kernel.py": [
            ("socket.close(linger=▸0)", "0 → 1"),
        ],
    },
    "no rounding is as large as the tolerance to its last digit": {
        "diagnosis.py": [
            ("return ~(np.abs(got64 - want) ▸<= tolerance(got, want))", "<= → <"),
            ("off = np.concatenate([(np.abs(got - want) ▸> tolerance(got, "
             "want)).ravel()[want.ravel() != 0]",
             "> → >="),
        ],
    },
    "blanks in a file that is read by its structure": {
        "grading/gradescope.py": [
            ('Path(results).write_text(json.dumps(scores(submission, lessons), indent=▸1), '
             '"utf-8")',
             "1 → 2"),
        ],
        "grading/many.py": [
            ('files.write(path, (json.dumps(table, indent=▸1) + "\\n").encode())', "1 → 2"),
        ],
        "record.py": [
            ("files.write(path, json.dumps(data, indent=▸1).encode(), 0o600)", "1 → 2"),
        ],
    },
    "opened to be read: a folder that cannot be is of no use to a kernel either": {
        "grading/warden.py": [
            ("opened = os.open(path, os.O_PATH ▸| os.O_CLOEXEC)", "| → &"),
        ],
    },
    "the ninth byte is 0 there, and Landlock takes a longer table whose rest is 0": {
        "grading/warden.py": [
            ("size = 24 if version >= 6 else 16 if version >= 4 else ▸8", "8 → 9"),
        ],
    },
    "time is never exactly up": {
        "grading/one.py": [
            ("if work.left ▸<= 0:", "<= → <"),
        ],
    },
    "the kernel asks whether the first is 0, and for no more": {
        "grading/warden.py": [
            ("ctypes.CDLL(None).prctl(SUBREAPER, ▸1, 0, 0, 0)", "1 → 2"),
            ("ctypes.CDLL(None).prctl(SUBREAPER, 1, ▸0, 0, 0)", "0 → 1"),
            ("ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, ▸0, 0)", "0 → 1"),
            ("ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, ▸0)", "0 → 1"),
        ],
    },
    "it looks a second later": {
        "grading/warden.py": [
            ("if select.select([0], [], [], ▸0.1)[0]:", "0.1 → 1.1"),
        ],
    },
    "a second longer, or less, for what was killed to be gone": {
        "grading/warden.py": [
            ("until = time.monotonic() + ▸5", "5 → 6"),
            ("while time.monotonic() ▸< until:", "< → <="),
            ("▸time.sleep(0.01)", "time.sleep(0.01) → pass"),
            ("time.sleep(▸0.01)", "0.01 → 1.01"),
        ],
    },
    "print does not ask how much was written": {
        "grading/guest.py": [
            ("▸return len(text)", "return len(text) → return None"),
        ],
    },
    "it looks a second later, or asks a second later again": {
        "grading/kernel.py": [
            ("again = time.monotonic() + ▸1", "1 → 2"),
            ("while time.monotonic() ▸< again and not (answered and heard):", "< → <="),
            ("for socket in self.ready(▸0.1):", "0.1 → 1.1"),
            ("for socket in self.ready(▸0.2):", "0.2 → 1.2"),
            ("if time.monotonic() ▸> end:", "> → >="),
            ("late = time.monotonic() ▸> end or (not warned and self.worked() - worked > seconds)",
             "> → >="),
            ("late = time.monotonic() > end or (not warned and self.worked() - worked ▸> seconds)",
             "> → >="),
            ("self.process.wait(▸5)", "5 → 6"),
        ],
        "record.py": [
            ("while not locked(handle) and time.monotonic() ▸< end:", "< → <="),
            ("▸time.sleep(0.01)", "time.sleep(0.01) → pass"),
            ("time.sleep(▸0.01)", "0.01 → 1.01"),
        ],
    },
    "one byte or one message more of many": {
        "grading/kernel.py": [
            ("self.zmq, self.heard, self.seconds = zmq, ▸0, seconds", "0 → 1"),
            ("self.output.setsockopt(zmq.RCVHWM, ▸8)", "8 → 9"),
        ],
    },
    "every system that has such pipes has the flag": {
        "files.py": [
            ('handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", ▸0) | getattr(os, '
             '"O_BINARY", 0))',
             "0 → 1"),
        ],
    },
    "a name so long is near to none": {
        "__init__.py": [
            ("near = near or get_close_matches(name[:▸60], EXERCISES, n=3, cutoff=0)", "60 → 61"),
        ],
    },
    "a batch of one is its own mean, whatever ε is": {
        "tables/affine.py": [
            ('truth={"Y": lambda: norm(*one, eps=▸0.1)[0, 0],', "0.1 → 1.1"),
            ('"dX": lambda: norm.vjp([[float(g)]], *one, wrt="X", eps=▸0.1)[0, 0],', "0.1 → 1.1"),
        ],
    },
    "any column and any row is a bias of the right shape": {
        "tables/affine.py": [
            ('J = OPERATIONS["affine"].jacobian(X.T, W.T, W[:, ▸0], wrt=wrt)  # b moves no '
             'gradient',
             "0 → 1"),
            ('J = OPERATIONS["affine"].jacobian(flat, W, W[▸0], wrt=wrt[1:])  # b moves no '
             'gradient',
             "0 → 1"),
        ],
        "tables/tensors.py": [
            ('J = OPERATIONS["affine"].jacobian(x[None], W, W[▸0], wrt=wrt)  # b moves no gradient',
             "0 → 1"),
        ],
    },
    "any numbers that are not in a row do": {
        "tables/affine.py": [
            ("X = np.arange(1.0 * n * h).reshape(n, h)**▸2", "2 → 3"),
        ],
    },
    "a little more patience with a busy machine": {
        "grading/kernel.py": [
            ("START = ▸120        # seconds to wait for a kernel to start on a busy machine",
             "120 → 121"),
            ("GRACE = ▸4          # seconds to come back after an interrupt", "4 → 5"),
            ("SETTLE = ▸30        # seconds for the rest of the output to come after an answer",
             "30 → 31"),
        ],
        "record.py": [
            ("PATIENCE = ▸5.0  # seconds to wait for another notebook that writes the same file",
             "5.0 → 6.0"),
        ],
    },
    "a file more, and a core of one byte": {
        "grading/kernel.py": [
            ('LIMITS = {"AS": 4 << 30, "FSIZE": 64 << 20, "CORE": 0, "NOFILE": ▸512}  # bytes, '
             'bytes, bytes, files',
             "512 → 513"),
            ('LIMITS = {"AS": 4 << 30, "FSIZE": 64 << 20, "CORE": ▸0, "NOFILE": 512}  # bytes, '
             'bytes, bytes, files',
             "0 → 1"),
        ],
    },
    "what is multiplied does not change how often": {
        "puzzling/orders.py": [
            ("G = np.▸ones([layer.sizes[x] for x in layer.outer])", "ones → zeros"),
        ],
    },
    "any size at which all axes meet": {
        "puzzling/puzzle.py": [
            ("SQUARE = ▸3  # the size of every axis where any two axes are to meet", "3 → 4"),
        ],
    },
    "any other upstream gradient tells as well": {
        "puzzling/fair.py": [
            ("shown = (others[▸0][0], *puzzle.arrays.values())", "0 → 1"),
        ],
    },
    "of a number with a sign only the sign counts": {
        "tables/autograd.py": [
            ("local[k] = np.copysign(random.uniform(0.5, 1.5, 2), random.choice([-▸1, 1], 2))",
             "1 → 2"),
            ("local[k] = np.copysign(random.uniform(0.5, 1.5, 2), random.choice([-1, ▸1], 2))",
             "1 → 2"),
        ],
    },
    "a number more in a whole column is centred away": {
        "tables/normalization.py": [
            ('G, (Y ▸- beta) / gamma * s, gamma, beta, {"eps": EPS}))},', "- → +"),
        ],
    },
    "an answer that is missing has none of its outputs": {
        "diagnosis.py": [
            ("if len(outputs) < 2 or any(got is None for got in columns[▸0]):", "0 → 1"),
        ],
    },
    "no count of bytes has ten decimals in a larger unit": {
        "tables/tensors.py": [
            ("for base in (1000, 1024) for power in (1, 2, 3) for digits in range(▸10)]",
             "10 → 11"),
        ],
    },
    "every example has the same share of a mean": {
        "tables/training.py": [
            ('"share": lambda: OPERATIONS["mean"].jacobian(column, axis=0)[0, ▸1, 0]},', "1 → 2"),
        ],
    },
}
