"""What a page of the atlas says that no formula does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """What the page of one operation says besides its row.

    torch, jax: the forward line, its names those of the row's inputs, parameters and constants, and
    `torch`, `F` (torch.nn.functional), `jax`, `jnp`. `benchmarks/spelling.py` runs them.
    """

    title: str
    lesson: str          # the notebook that treats it
    torch: str
    jax: str
    traps: tuple         # sentences, each one trap
    near: tuple = ()     # neighbours: names of other operations
