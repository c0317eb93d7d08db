"""Random valid settings of every layer, run by Keras: sweep.py FILE [COUNT] [SEED].

Writes cases of the form of `layers.json`, COUNT of them (2,400 unless given), for `LayerSweepTests`, and prints how often each argument was
drawn away from its default: at least 20 times each, alone and with others. Not one of the golden files: CONTRIBUTING.md has the command.
"""

import json
import math
import random
import sys
from collections import Counter

import numpy as np
from golden import gradients, keras, ops, tensor, uniform

ACTIVATIONS = ["relu", "tanh", "sigmoid", "elu", "softplus", "gelu", "silu", "hard_silu", "relu6", "mish", "softsign"]
draw = random.Random(0)


def sizes(axes, low, high):
    return [draw.randint(low, high) for _ in range(axes)]


def one_or_list(values):
    return values[0] if len(values) == 1 else values


def batch():
    return draw.choice([1, 1, 2, 3])


# Each entry: what a layer must be given, what it may be given (drawn with one half), and the shape of its input.


def convolution(axes, transposed=False):
    def make():
        shape = [batch(), *sizes(axes, 6, 9 if axes < 3 else 7), draw.choice([2, 4])]
        kernel = sizes(axes, 1, 3)
        may = {
            "padding": "same",
            "activation": draw.choice(ACTIVATIONS),
            "use_bias": False,
        }
        if draw.random() < 0.5:
            may["strides"] = one_or_list([draw.randint(2, 3)] * axes)
        # TensorFlow on a CPU has no dilated transposed convolution, and no groups for three axes backwards.
        elif not transposed and axes < 3:
            may["dilation_rate"] = one_or_list([2] * axes)
        if not transposed and axes < 3:
            may["groups"] = 2
        if axes == 1 and not transposed:
            may["padding"] = draw.choice(["same", "causal"])
        if transposed and "strides" in may:
            may["output_padding"] = one_or_list([1] * axes) if axes > 1 else 1
        return {"filters": draw.choice([2, 4]), "kernel_size": one_or_list(kernel)}, may, [shape]

    return make


def depthwise(axes, separable=False):
    def make():
        shape = [batch(), *sizes(axes, 6, 9), draw.randint(1, 3)]
        kernel = [draw.randint(1, 3)] * axes
        may = {
            "padding": "same",
            "activation": draw.choice(ACTIVATIONS),
            "use_bias": False,
            "depth_multiplier": 2,
        }
        if draw.random() < 0.5:
            may["strides"] = one_or_list([2] * axes)
        elif axes == 2:
            may["dilation_rate"] = one_or_list([2] * axes)
        must = {"kernel_size": one_or_list(kernel)}
        return must | ({"filters": 3} if separable else {}), may, [shape]

    return make


def pooling(axes):
    def make():
        shape = [batch(), *sizes(axes, 5, 8), draw.randint(1, 3)]
        pool = one_or_list(sizes(axes, 1, 3))
        # TensorFlow has no pooling with windows of one axis that overlap unevenly on a CPU in float64: it has.
        return {"pool_size": pool}, {"strides": one_or_list([draw.randint(1, 3)] * axes), "padding": "same"}, [shape]

    return make


def global_pooling(axes):
    return lambda: ({}, {"keepdims": True}, [[batch(), *sizes(axes, 2, 6), draw.randint(1, 4)]])


def adaptive(axes):
    def make():
        shape = [batch(), *sizes(axes, 4, 8), draw.randint(1, 3)]
        # To one output TensorFlow's gradient of the maximum reads beyond its end.
        return {"output_size": [draw.randint(2, size) for size in shape[1:-1]]}, {}, [shape]

    return make


def dense():
    shape = [batch(), *sizes(draw.randint(0, 2), 2, 4), draw.randint(1, 6)]
    return {"units": draw.randint(1, 5)}, {"activation": draw.choice(ACTIVATIONS), "use_bias": False}, [shape]


def batch_normalization():
    shape = [draw.randint(2, 3), *sizes(draw.choice([0, 1, 2]), 2, 4), draw.randint(2, 4)]
    may = {"momentum": 0.8, "epsilon": 0.1, "center": False, "scale": False}
    if len(shape) == 4:
        may["axis"] = draw.choice([1, 2])
    return {}, may, [shape]


def axes_of(shape):
    places = list(range(1, len(shape)))
    return sorted(draw.sample(places, draw.randint(1, len(places))))


def layer_normalization():
    shape = [batch(), *sizes(draw.randint(1, 3), 2, 4)]
    return {}, {"axis": axes_of(shape), "epsilon": 0.1, "center": False, "scale": False}, [shape]


def group_normalization():
    shape = [batch(), *sizes(draw.randint(1, 2), 2, 4), 4]
    return {"groups": draw.choice([1, 2, 4, -1])}, {"epsilon": 0.1, "center": False, "scale": False}, [shape]


def rms_normalization():
    shape = [batch(), *sizes(draw.randint(1, 3), 2, 4)]
    return {}, {"axis": axes_of(shape), "epsilon": 0.1}, [shape]


def unit_normalization():
    shape = [batch(), *sizes(draw.randint(1, 3), 2, 4)]
    return {}, {"axis": axes_of(shape)}, [shape]


def any_shape(must=None, may=None, ranks=(1, 3)):
    return lambda: (
        {key: value() for key, value in (must or {}).items()},
        {key: value() for key, value in (may or {}).items()},
        [[batch(), *sizes(draw.randint(*ranks), 2, 5)]],
    )


def prelu():
    shape = [batch(), *sizes(draw.randint(1, 3), 2, 4)]
    return {}, {"shared_axes": axes_of(shape)}, [shape]


def softmax():
    shape = [batch(), *sizes(draw.randint(2, 3), 2, 4)]
    return {}, {"axis": draw.randint(1, len(shape) - 1)}, [shape]


def reshape():
    shape = [batch(), 2, 3, draw.choice([2, 4])]
    return {"target_shape": draw.choice([[6, -1], [-1, 2], [3, 2, -1], [-1]])}, {}, [shape]


def permute():
    shape = [batch(), *sizes(draw.randint(2, 4), 2, 4)]
    order = list(range(1, len(shape)))
    draw.shuffle(order)
    return {"dims": order}, {}, [shape]


def sides(axes, low, high, both=True):
    return [sizes(2, low, high) for _ in range(axes)] if axes > 1 else sizes(2, low, high)


def padding(axes):
    return lambda: ({}, {"padding": sides(axes, 0, 2)}, [[batch(), *sizes(axes, 2, 4), draw.randint(1, 3)]])


def cropping(axes):
    return lambda: (
        {"cropping": sides(axes, 0, 2)},
        {},
        [[batch(), *sizes(axes, 5, 7), draw.randint(1, 3)]],
    )


def up_sampling(axes):
    def make():
        size = draw.choice([1, 3]) if axes == 1 else sizes(axes, 1, 3)
        may = {"size": size}
        if axes == 2:
            may["interpolation"] = draw.choice(["bilinear", "bicubic"])
        return {}, may, [[batch(), *sizes(axes, 2, 4), draw.randint(1, 3)]]

    return make


def resizing():
    shape = [batch(), *sizes(2, 3, 7), draw.randint(1, 3)]
    may = {"interpolation": draw.choice(["nearest", "bicubic"]), "antialias": True}
    may |= draw.choice([{"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 0.5}])
    return {"height": draw.randint(2, 8), "width": draw.randint(2, 8)}, may, [shape]


def center_crop():
    return {"height": draw.randint(2, 6), "width": draw.randint(2, 6)}, {}, [[batch(), *sizes(2, 4, 7), 2]]


def merging(count=(2, 3), broadcast=True):
    def make():
        shape = sizes(draw.randint(1, 3), 2, 4)
        samples = batch()
        shapes = [[samples, *shape] for _ in range(draw.randint(*count))]
        if broadcast and draw.random() < 0.5:
            shapes[-1] = [samples, *[1 if draw.random() < 0.5 else size for size in shape]]
        return {}, {}, shapes

    return make


def concatenate():
    shape = [batch(), *sizes(draw.randint(2, 3), 2, 4)]
    axis = draw.randint(1, len(shape) - 1)
    shapes = [shape[:axis] + [draw.randint(1, 3)] + shape[axis + 1 :] for _ in range(draw.randint(2, 3))]
    return {}, {"axis": axis}, shapes


def dot():
    samples, common = batch(), draw.randint(2, 4)
    shapes = [[samples, draw.randint(2, 3), common], [samples, draw.randint(2, 3), common]]
    return {"axes": 2}, {"normalize": True}, shapes


LAYERS = {
    "Conv1D": convolution(1),
    "Conv2D": convolution(2),
    "Conv3D": convolution(3),
    "Conv1DTranspose": convolution(1, True),
    "Conv2DTranspose": convolution(2, True),
    "Conv3DTranspose": convolution(3, True),
    "DepthwiseConv1D": depthwise(1),
    "DepthwiseConv2D": depthwise(2),
    "SeparableConv1D": depthwise(1, True),
    "SeparableConv2D": depthwise(2, True),
    **{f"{kind}Pooling{n}D": pooling(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Global{kind}Pooling{n}D": global_pooling(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Adaptive{kind}Pooling{n}D": adaptive(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    "Dense": dense,
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "GroupNormalization": group_normalization,
    "RMSNormalization": rms_normalization,
    "UnitNormalization": unit_normalization,
    "Activation": any_shape(must={"activation": lambda: draw.choice(ACTIVATIONS)}),
    "ReLU": any_shape(
        may={"max_value": lambda: 1.0, "negative_slope": lambda: 0.1, "threshold": lambda: 0.2},
    ),
    "LeakyReLU": any_shape(may={"negative_slope": lambda: 0.1}),
    "ELU": any_shape(may={"alpha": lambda: 0.5}),
    "PReLU": prelu,
    "Softmax": softmax,
    "Flatten": any_shape(),
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": lambda: ({"n": draw.randint(1, 4)}, {}, [[batch(), draw.randint(1, 5)]]),
    **{f"ZeroPadding{n}D": padding(n) for n in (1, 2, 3)},
    **{f"Cropping{n}D": cropping(n) for n in (1, 2, 3)},
    **{f"UpSampling{n}D": up_sampling(n) for n in (1, 2, 3)},
    "Resizing": resizing,
    "CenterCrop": center_crop,
    "Rescaling": any_shape(must={"scale": lambda: 0.5}, may={"offset": lambda: 0.25}),
    "Add": merging(),
    "Subtract": merging((2, 2)),
    "Multiply": merging(),
    "Average": merging(),
    "Maximum": merging(broadcast=False),
    "Minimum": merging(broadcast=False),
    "Concatenate": concatenate,
    "Dot": dot,
}
FIXED = ("Resizing", "CenterCrop")  # no gradient in Keras for some of their settings: outputs are compared


def case(layer, config, shapes):
    dtype = "float32" if layer.endswith("Pooling3D") and not layer.startswith("Global") else "float64"
    if layer in FIXED:
        dtype = "float32"
    inputs = [uniform(draw.randrange(1 << 20), shape, 2.0) for shape in shapes]
    instance = getattr(keras.layers, layer)(dtype=dtype, **config)
    training = layer == "BatchNormalization"

    def call(*values):
        values = values[: len(inputs)]
        arguments = values[0] if len(values) == 1 else list(values)
        return instance(arguments, training=training)

    wide = [ops.convert_to_tensor(x.astype(dtype)) for x in inputs]
    shape = call(*wide).shape
    for i, variable in enumerate(instance.variables):
        values = uniform(20 + i, variable.shape, 0.5)
        if variable.name in ("gamma", "scale", "moving_variance"):
            values += np.float32(1.0)
        variable.assign(values)
    before = {v.name: tensor(v.numpy()) for v in instance.variables}
    parameters = list(instance.trainable_variables)
    upstream = uniform(draw.randrange(1 << 20), shape)
    found = []
    if layer in FIXED:
        outputs = call(*wide).numpy()
    else:
        outputs, found = gradients(call, wide + parameters, ops.convert_to_tensor(upstream, dtype))
    state = list(instance.non_trainable_variables) if training else []
    return {
        "name": json.dumps(config),
        "layer": layer,
        "config": config,
        "training": training,
        "inputs": [tensor(x) for x in inputs],
        "variables": before,
        "upstream": tensor(upstream),
        "outputs": tensor(outputs),
        "input_gradients": [tensor(g) for g in found[: len(inputs)]],
        "variable_gradients": {v.name: tensor(g) for v, g in zip(parameters, found[len(inputs) :])},
        "updated": {v.name: tensor(v.numpy()) for v in state if v.dtype == "float64"},
    }


def main(path, count=2400, seed=0):
    draw.seed(seed)
    cases, drawn, alone, refused = [], Counter(), Counter(), Counter()
    each = math.ceil(count / len(LAYERS))
    for layer, make in LAYERS.items():
        made = 0
        while made < each or any(drawn[layer, name] < 20 for name in names):
            must, may, shapes = make()
            names = list(may) if made == 0 else list(dict.fromkeys(names + list(may)))
            chosen = draw.choice([[], [draw.choice(list(may))], list(may)]) if may else []
            if len(chosen) > 1:
                chosen = [name for name in may if draw.random() < 0.7]
            config = must | {name: may[name] for name in chosen}
            try:
                cases.append(case(layer, config, shapes))
            except Exception as error:  # a setting that Keras refuses, or TensorFlow has not: counted and printed
                refused[layer, type(error).__name__ + ": " + str(error).splitlines()[0][:90]] += 1
                if sum(refused.values()) > 20 * each:
                    raise
                continue
            made += 1
            for name in chosen:
                drawn[layer, name] += 1
                alone[layer, name] += len(chosen) == 1
            for name in must:
                drawn[layer, name] += 1
            if made > 3 * each:
                break
    with open(path, "w") as file:
        json.dump({"cases": cases}, file)
    print(f"{len(cases)} cases of {len(LAYERS)} layers\n\n| layer | argument | drawn | alone |\n|---|---|---:|---:|")
    for (layer, name), times in drawn.items():
        print(f"| {layer} | {name} | {times} | {alone[layer, name]} |")
    for (layer, reason), times in refused.items():
        print(f"refused {times} times: {layer}, {reason}")


main(sys.argv[1], *[int(argument) for argument in sys.argv[2:]])
