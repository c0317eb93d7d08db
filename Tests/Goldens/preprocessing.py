"""Layers that rescale or sort numbers: outputs and gradients; what they learn of data."""

import numpy as np
from golden import keras, tensor, uniform, write_json
from one_layer import CASES, add

ADAPTATIONS = []


def numbers():
    add("scale and offset of channels", "Rescaling", (2, 3, 2, 3), scale=[0.5, 2.0, -1.0], offset=[1.0, 0.0, -0.5])
    add("scale of channels", "Rescaling", (1, 4), scale=[0.5, 2.0, -1.0, 3.0])
    add("last axis", "Normalization", (2, 3, 2, 3))
    add("no axis", "Normalization", (2, 3, 4), axis=[])
    add("rows", "Normalization", (1, 3, 2, 2), axis=1)
    add("rows and channels", "Normalization", (2, 3, 2, 4), axis=[1, 3])
    add("all", "Normalization", (2, 3, 2), axis=[1, -1])
    add("inverted", "Normalization", (3, 4), invert=True)
    add("given", "Normalization", (2, 3, 2), mean=[1.0, -2.0], variance=[4.0, 0.0])
    add("given, one number, inverted", "Normalization", (1, 5), mean=3.0, variance=2.0, invert=True)
    add("given, of the last of two axes", "Normalization", (2, 2, 3), axis=[1, 2], mean=[0.5, 1.0, 2.0], variance=[1.0, 2.0, 0.25])


def categories():
    def category(name, inputs, **config):
        add(name, "CategoryEncoding", None, inputs=inputs, differentiable=False, dtype="float32", **config)

    category("one hot", [[3, 2], [0, 1]], num_tokens=4, output_mode="one_hot")
    category("one hot, one category", [[3], [0], [4]], num_tokens=5, output_mode="one_hot")
    category("multi hot", [[0, 1], [0, 0], [1, 2], [3, 1]], num_tokens=4, output_mode="multi_hot")
    category("multi hot, default", [[4, 1, 1]], num_tokens=6)
    category("count", [[0, 1, 1], [2, 2, 2]], num_tokens=3, output_mode="count")

    values = [[-1.5, 1.0, 3.4, 0.5], [0.0, 3.0, 1.3, 2.0]]

    def bins(name, inputs, **config):
        add(name, "Discretization", None, inputs=inputs, differentiable=False, dtype="float32", **config)

    bins("indices", values, bin_boundaries=[0.0, 1.0, 2.0])
    bins("indices of images", uniform(1, (1, 3, 2, 2), 2.0), bin_boundaries=[-1.0, -0.25, 0.5, 0.5, 1.25])
    bins("one hot", values, bin_boundaries=[0.0, 1.0, 2.0], output_mode="one_hot")
    bins("multi hot", values, bin_boundaries=[0.5, 2.5], output_mode="multi_hot")
    bins("count", values, bin_boundaries=[0.5, 2.5], output_mode="count")


def adaptations():
    def adapt(name, layer, data, batches=None, **config):
        """What a layer learns of an array, or of batches of it."""
        instance = getattr(keras.layers, layer)(**config)
        instance.adapt(data if batches is None else [data[i : i + batches] for i in range(0, len(data), batches)])
        entry = {"name": name, "layer": layer, "config": config, "data": tensor(data), "batches": batches or len(data)}
        if layer == "Normalization":
            entry["learned"] = {v.name: tensor(np.asarray(v.numpy(), np.float32)) for v in instance.variables}
        else:
            entry["learned"] = {"bin_boundaries": tensor(np.asarray(instance.bin_boundaries, np.float32))}
        ADAPTATIONS.append(entry)

    images = (uniform(1, (6, 3, 2, 3), 2.0) + np.float32(5.0)).astype(np.float32)
    adapt("last axis", "Normalization", images)
    adapt("rows and channels", "Normalization", images, axis=[1, 3])
    adapt("no axis", "Normalization", images, axis=[])
    adapt("in batches", "Normalization", images, batches=4)
    adapt("the same numbers", "Normalization", np.full((3, 2), 0.25, np.float32))
    few, many = uniform(2, (5, 3), 3.0), uniform(3, (60, 9), 2.0)
    for count in (2, 4, 7):
        adapt(f"{count} of few", "Discretization", few, num_bins=count)
        adapt(f"{count} of many", "Discretization", many, num_bins=count)
    adapt("rough", "Discretization", many, num_bins=5, epsilon=0.3)
    adapt("in batches", "Discretization", many, batches=25, num_bins=6)
    adapt("ties", "Discretization", np.round(many * 2).astype(np.float32), num_bins=4)
    adapt("one bin", "Discretization", few, num_bins=1)


numbers()
categories()
adaptations()
write_json("preprocessing", cases=CASES, adaptations=ADAPTATIONS)
