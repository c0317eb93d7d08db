"""Layers that normalise, activation layers, and layers with activations: outputs, gradients, updated state.

Computed in float64, written as float32."""

import numpy as np
from golden import gradients, keras, ops, tensor, uniform, write_json

CASES = []


def add(name, layer, shape, *, training=False, inputs=None, config=None, make=None, **arguments):
    """Records one case of a layer of one input; `arguments` are the layer's own, as a Keras user writes them.

    `make` makes the layer where that takes more than its arguments, `config` then stands for them in the file."""
    x = uniform(1, shape, 2.0) if inputs is None else inputs
    keras.utils.set_random_seed(0)
    instance = make() if make else getattr(keras.layers, layer)(dtype="float64", **arguments)
    instance.build(shape)
    for i, variable in enumerate(v for v in instance.variables if v.dtype == "float64"):
        values = uniform(20 + i, variable.shape, 0.5)
        if variable.name in ("gamma", "scale", "moving_variance"):
            values += np.float32(1.0)
        variable.assign(values)
    parameters = list(instance.trainable_variables)
    # Not the states of random generators.
    state = [v for v in instance.non_trainable_variables if v.dtype == "float64"]
    wrapped = getattr(instance, "layer", None)

    def path(variable):
        return f"layer/{variable.name}" if wrapped and variable.name != "vector_u" else variable.name

    before = {path(v): tensor(v.numpy()) for v in instance.variables if v.dtype == "float64"}
    # A dense layer with a gated linear unit says that it keeps its width.
    upstream = uniform(40, instance(x.astype(np.float64), training=False).shape)
    outputs, found = gradients(
        lambda value, *_: instance(value, training=training),
        [x.astype(np.float64)] + parameters,
        ops.convert_to_tensor(upstream, "float64"),
    )
    CASES.append(
        {
            "name": name,
            "layer": layer,
            "config": config or arguments,
            "training": training,
            "inputs": [tensor(x)],
            "variables": before,
            "upstream": tensor(upstream),
            "outputs": tensor(outputs),
            "input_gradients": [tensor(found[0])],
            "variable_gradients": {path(v): tensor(g) for v, g in zip(parameters, found[1:])},
            "updated": {path(v): tensor(v.numpy()) for v in state + ([wrapped.kernel] if wrapped else [])}
            if training
            else {},
        }
    )


def batch():
    for training in (True, False):
        suffix = "training" if training else "inference"
        add(f"axis 1, {suffix}", "BatchNormalization", (3, 4, 3, 2), training=training, axis=1)
        add(f"axis -2, {suffix}", "BatchNormalization", (2, 3, 5), training=training, axis=-2, momentum=0.9)


def layer():
    add("last axis", "LayerNormalization", (3, 5))
    add("one sample, odd", "LayerNormalization", (1, 3, 5, 7), epsilon=1e-6)
    add("whole samples", "LayerNormalization", (2, 3, 2, 5), axis=[1, 2, 3])
    add("first axis", "LayerNormalization", (2, 5, 3), axis=1)
    add("two axes apart", "LayerNormalization", (2, 3, 2, 4), axis=[1, 3], epsilon=0.1)
    add("no center", "LayerNormalization", (2, 3, 6), center=False)
    add("no scale", "LayerNormalization", (2, 3, 6), scale=False)
    add("neither", "LayerNormalization", (2, 3, 6), center=False, scale=False, axis=[-2, -1])


def group():
    add("two groups", "GroupNormalization", (2, 3, 2, 6), groups=2)
    add("three groups, one sample", "GroupNormalization", (1, 5, 3, 9), groups=3, epsilon=0.01)
    add("one group", "GroupNormalization", (2, 3, 4), groups=1)
    add("instance", "GroupNormalization", (2, 4, 3, 5), groups=-1)
    add("vectors", "GroupNormalization", (3, 8), groups=4)
    add("first axis", "GroupNormalization", (2, 6, 3, 2), groups=3, axis=1)
    add("no center", "GroupNormalization", (2, 3, 4), groups=2, center=False)
    add("no scale", "GroupNormalization", (2, 3, 4), groups=2, scale=False)


def others():
    add("last axis", "RMSNormalization", (3, 5))
    add("one sample, odd", "RMSNormalization", (1, 3, 7), epsilon=0.01)
    # Keras multiplies by the scale along the last axes, whichever are named.
    add("two axes", "RMSNormalization", (2, 3, 2, 3), axis=[2, 3])
    add("last axis", "UnitNormalization", (3, 5))
    add("one sample, odd", "UnitNormalization", (1, 3, 7))
    add("whole samples", "UnitNormalization", (2, 3, 2, 3), axis=[1, 2, 3])
    add("first axis", "UnitNormalization", (2, 4, 3), axis=1)


def spectral():
    """The wrapper assigns to its layer's kernel: what it is after the call is part of the case."""

    def wrapped(name, layer, shape, power_iterations=1, **arguments):
        def make():
            inner = getattr(keras.layers, layer)(dtype="float64", **arguments)
            return keras.layers.SpectralNormalization(inner, power_iterations=power_iterations, dtype="float64")

        for training in (True, False):
            add(
                f"{name}, {'training' if training else 'inference'}", "SpectralNormalization", shape,
                training=training, make=make,
                config=arguments | {"layer": layer, "power_iterations": power_iterations},
            )

    wrapped("vectors", "Dense", (3, 5), units=4)
    wrapped("three iterations", "Dense", (1, 2, 5), 3, units=3, use_bias=False)
    wrapped("images", "Conv2D", (2, 4, 5, 2), filters=3, kernel_size=[3, 3], activation="relu")


def activation_layers():
    add("default", "LeakyReLU", (2, 3, 5))
    add("0.1", "LeakyReLU", (1, 7), negative_slope=0.1)
    add("default", "ELU", (2, 3, 5))
    add("0.7", "ELU", (1, 7), alpha=0.7)
    add("limit", "ReLU", (2, 9), max_value=1.5)
    add("all", "ReLU", (1, 3, 5), max_value=1.5, negative_slope=0.25, threshold=0.5)
    add("each element", "PReLU", (3, 4, 3))
    add("channels", "PReLU", (2, 3, 2, 5), shared_axes=[1, 2])
    add("rows", "PReLU", (2, 3, 2, 5), shared_axes=[2, 3])
    add("one sample, last axis", "PReLU", (1, 3, 5), shared_axes=[2])
    for name in ("relu6", "selu", "hard_silu", "mish", "glu", "log_softmax", "soft_shrink"):
        add(name, "Dense", (3, 5), units=4, activation=name)
        add(name, "Activation", (2, 3, 4), activation=name)
    for name in ("relu6", "hard_silu", "glu"):
        add(name, "Conv2D", (2, 4, 5, 2), filters=4, kernel_size=[3, 3], activation=name)
    # Nothing is random at inference.
    add("inference", "GaussianNoise", (2, 3), stddev=0.5)
    add("inference", "GaussianDropout", (2, 3), rate=0.5)
    add("inference", "AlphaDropout", (2, 3), rate=0.5)
    add("nothing", "SpatialDropout1D", (2, 3, 2), training=True, rate=0.0)
    add("nothing", "SpatialDropout2D", (2, 3, 2, 2), training=True, rate=0.0)
    add("nothing", "SpatialDropout3D", (2, 3, 1, 2, 2), training=True, rate=0.0)


batch()
layer()
group()
others()
spectral()
activation_layers()
write_json("normalization", cases=CASES)
