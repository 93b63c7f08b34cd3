"""Data that the lessons learn from; where it comes from, and its licence, is in the README here."""

from importlib import resources

import numpy as np

from ..calculus.errors import checked_seed

DARKEST = 16  # a pixel counts the dark ones of a 4 × 4 square
TEST = 360    # images kept for the test: a fifth


def digits(seed=0):
    """Handwritten digits, 8 × 8 pixels each: X_train, y_train, X_test, y_test.

    X_train (1437, 64) and X_test (360, 64) are float64 from 0 (white) to 1 (dark), a row for each
    image, pixels row by row; y_train (1437,) and y_test (360,) are int64 from 0 to 9. Every image
    is in one of the two parts; `seed` says how they are dealt. Raises NumberError for one below 0.
    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, CC BY 4.0.
    """
    with resources.files(__package__).joinpath("digits.npz").open("rb") as file:
        stored = np.load(file)
        images, labels = stored["images"], stored["labels"]
    order = np.random.default_rng(checked_seed(seed, "digits")).permutation(len(labels))
    X = images.reshape(-1, 64)[order] / np.float64(DARKEST)
    y = labels[order].astype(np.int64)
    return X[TEST:], y[TEST:], X[:TEST], y[:TEST]
