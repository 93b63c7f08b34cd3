"""Notes on windows over images."""

from .note import Note

LESSON = "06_find_the_replacement"
NOTES = {
    "conv2d": Note(
        title="Convolution of images", lesson=LESSON,
        torch="F.conv2d(X, W, b, stride, padding)",
        jax="jax.lax.conv(X, W, (stride,) * 2, [(padding,) * 2] * 2) + b[:, None, None]",
        traps=(
            "Learning libraries call the correlation a convolution: filters are not turned over. "
            "On the way back they are, by 180°.",
            "The gradient by X sums over filters k, the one by W over examples and places: "
            "one einsum letter wrong and square sizes still fit.",
            "dX is larger than G by R − 1 rows and S − 1 columns: pad G on all four sides.",
            "With a stride G is first spread out, with zeros between; with padding dX is cut.",
            "A stride may leave rows at the edge that no window reaches: their gradient is 0, and "
            "the shape of G alone does not tell how many there were.",
            "A layer without a bias: b = 0. Groups: split X and W along c and k, convolve each "
            "part; a dilated filter: the same filter with zeros between, and of dW the entries "
            "that stand at its own."),
        near=("conv1d", "maxpool2d", "affine")),
    "maxpool2d": Note(
        title="Max pooling of images", lesson=LESSON,
        torch="F.max_pool2d(X[:, None], size)[:, 0]",
        jax="jax.lax.reduce_window(X, -jnp.inf, jax.lax.max, (1, size, size), (1, size, size),"
            " 'VALID')",
        traps=(
            "Ties: the first in reading order wins, here and in PyTorch. `X == Y` as a mask gives "
            "the gradient to every one of them.",
            "After a ReLU ties are common: a window of zeros has four winners.",
            "What is left at the lower and right edge is in no window: its gradient is 0.",
            "Where windows overlap one entry may win several times: add, do not assign."),
        near=("maxpool1d", "avgpool2d", "conv2d")),
    "avgpool2d": Note(
        title="Average pooling of images", lesson=LESSON,
        torch="F.avg_pool2d(X[:, None], size)[:, 0]",
        jax="jax.lax.reduce_window(X, 0.0, jax.lax.add, (1, size, size), (1, size, size),"
            " 'VALID') / size**2",
        traps=(
            "Every place of a window gets G/size², not G.",
            "What is left at the lower and right edge is in no window: its gradient is 0.",
            "With padding, libraries differ in whether zeros outside the image count."),
        near=("maxpool2d", "mean", "conv2d")),
}
