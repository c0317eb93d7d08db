"""Weights in SwiftConvNet's layout: images NHWC, kernels HWIO, dense kernels [in, out], names "layer/parameter"."""

import math

import numpy as np

from networks import BatchNormalization, Convolution, Dense, flat


def shapes(network):
    """The name and shape of every parameter, in order."""
    found = {}
    for layer in flat(network.layers):
        match layer:
            case Convolution():
                kernel = (layer.size, layer.size, layer.channels // layer.groups, layer.filters)
                found[f"{layer.name}/kernel"] = kernel
                if layer.bias:
                    found[f"{layer.name}/bias"] = (layer.filters,)
            case Dense():
                found[f"{layer.name}/kernel"] = (layer.features, layer.units)
                found[f"{layer.name}/bias"] = (layer.units,)
            case BatchNormalization():
                for parameter in ("gamma", "beta", "moving_mean", "moving_variance"):
                    found[f"{layer.name}/{parameter}"] = (layer.channels,)
    return found


def read(path, network):
    """The weights of a safetensors file, which must be those of the network."""
    from safetensors.numpy import load_file

    weights = load_file(path)
    for layer in flat(network.layers):
        # Depthwise kernels [size, size, channels, 1] are the same numbers as [size, size, 1, channels].
        if isinstance(layer, Convolution) and layer.groups == layer.channels == layer.filters:
            kernel = weights.get(f"{layer.name}/kernel")
            if kernel is not None and kernel.shape[2:] == (layer.channels, 1):
                weights[f"{layer.name}/kernel"] = kernel.reshape(*kernel.shape[:2], 1, layer.channels)
    expected, received = shapes(network), {name: array.shape for name, array in weights.items()}
    if received != expected:
        different = sorted(
            name for name in expected.keys() | received.keys() if expected.get(name) != received.get(name)
        )
        raise ValueError(
            f"{path} does not hold the weights of {network.name}: "
            + ", ".join(f"{name} expected {expected.get(name)}, received {received.get(name)}" for name in different)
        )
    return weights


def random(network, seed=1):
    """Weights with which signals neither vanish nor grow, all of them different from their defaults."""
    generator = np.random.default_rng(seed)

    def values(name, shape):
        match name.rsplit("/", 1)[1]:
            case "kernel":
                return generator.standard_normal(shape) * math.sqrt(2 / math.prod(shape[:-1]))
            case "gamma" | "moving_variance":
                return generator.uniform(0.5, 1.5, shape)
            case _:
                return generator.standard_normal(shape) * 0.1

    return {name: values(name, shape).astype(np.float32) for name, shape in shapes(network).items()}


def channels_first(network, weights):
    """The same for NCHW: kernels OIHW, rows of the dense kernel after a flattened image in the order C, H, W."""
    converted = dict(weights)
    for layer in flat(network.layers):
        match layer:
            case Convolution():
                kernel = weights[f"{layer.name}/kernel"].transpose(3, 2, 0, 1)
            case Dense(image=(height, width, channels)):
                kernel = weights[f"{layer.name}/kernel"].reshape(height, width, channels, layer.units)
                kernel = kernel.transpose(2, 0, 1, 3).reshape(layer.features, layer.units)
            case _:
                continue
        converted[f"{layer.name}/kernel"] = np.ascontiguousarray(kernel)
    return converted
