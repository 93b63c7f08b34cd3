"""The digits that ship with the course: whole, unchanged, and dealt without a repetition."""

import hashlib
import tomllib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import digits

SHA256 = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.fixture(scope="module")
def stored():
    with resources.files(data).joinpath("digits.npz").open("rb") as file:
        arrays = np.load(file)
        return arrays["images"], arrays["labels"]


def test_the_file_is_the_one_of_uci(stored):
    images, labels = stored
    assert (images.shape, images.dtype, labels.dtype) == ((1797, 8, 8), np.uint8, np.uint8)
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).tolist() == COUNTS
    assert hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() == SHA256


def test_shapes_types_and_range():
    X_train, y_train, X_test, y_test = digits()
    assert (X_train.shape, y_train.shape) == ((1437, 64), (1437,))
    assert (X_test.shape, y_test.shape) == ((360, 64), (360,))
    assert {X_train.dtype, X_test.dtype} == {np.dtype(np.float64)}
    assert {y_train.dtype, y_test.dtype} == {np.dtype(np.int64)}
    assert (X_train.min(), X_train.max()) == (0, 1)
    assert sorted(set(y_train)) == sorted(set(y_test)) == list(range(10))


@pytest.mark.parametrize("seed", [0, 7])
def test_every_image_is_dealt_once_with_its_label(stored, seed):
    images, labels = stored
    X_train, y_train, X_test, y_test = digits(seed)
    X, y = np.concatenate([X_train, X_test]), np.concatenate([y_train, y_test])
    dealt = np.column_stack([X * 16, y])
    whole = np.column_stack([images.reshape(-1, 64), labels])
    assert np.array_equal(dealt[np.lexsort(dealt.T)], whole[np.lexsort(whole.T)])


def test_a_seed_deals_the_same_cards_again():
    assert all(map(np.array_equal, digits(3), digits(3)))
    assert not np.array_equal(digits(3)[3], digits(4)[3])


def test_source_and_licence_travel_with_the_file():
    text = resources.files(data).joinpath("README.md").read_text("utf-8")
    assert "CC BY 4.0" in text and "UCI" in text and "Alpaydin" in text
    root = Path(__file__).parents[1]
    packed = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert packed["package-data"]["helpers.data"] == ["*.npz", "README.md"]
