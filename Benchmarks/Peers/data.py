"""Data in memory, and the order in which a training loop goes through it."""

import numpy as np


def images(network, count):
    """Random images in 0...1, NHWC."""
    return np.random.default_rng(1).random((count, *network.image), np.float32)


def labels(network, count):
    return np.random.default_rng(2).integers(0, network.classes, count)


def shuffled(count, batch):
    """Indices of one batch after another without end, shuffled for every epoch; an incomplete last batch is dropped."""
    generator = np.random.default_rng(3)
    while True:
        order = generator.permutation(count)
        yield from order[: count // batch * batch].reshape(-1, batch)
