"""Outputs, gradients and updated state of layers; computed in float64, written as float32."""

import numpy as np
from golden import gradients, keras, ops, tensor, uniform, write_json

CASES = []


def add(name, layer, shapes, *, training=False, inputs=None, **config):
    """Records one case; `config` is the layer's own arguments, as a Keras user writes them."""
    # TensorFlow has no pooling over windows of three axes in float64. Means of some eight values lose nothing that counts.
    dtype = "float32" if layer.endswith("Pooling3D") and not layer.startswith("Global") else "float64"
    inputs = inputs or [uniform(1 + i, shape, 2.0) for i, shape in enumerate(shapes)]
    keras.utils.set_random_seed(0)
    instance = getattr(keras.layers, layer)(dtype=dtype, **config)
    instance.build(shapes[0] if len(shapes) == 1 else shapes)
    for i, variable in enumerate(instance.variables):
        values = uniform(20 + i, variable.shape, 0.5)
        if variable.name in ("gamma", "moving_variance"):
            values += np.float32(1.0)
        variable.assign(values)
    parameters = list(instance.trainable_variables)
    state = list(instance.non_trainable_variables)
    before = {v.name: tensor(v.numpy()) for v in instance.variables}

    def call(*values):
        values = values[: len(inputs)]
        arguments = values[0] if len(values) == 1 else list(values)
        return instance(arguments, training=training)

    upstream = uniform(40, instance.compute_output_shape(shapes[0] if len(shapes) == 1 else shapes))
    outputs, found = gradients(
        call, [x.astype(dtype) for x in inputs] + parameters, ops.convert_to_tensor(upstream, dtype)
    )
    CASES.append(
        {
            "name": name,
            "layer": layer,
            "config": config,
            "training": training,
            "inputs": [tensor(x) for x in inputs],
            "variables": before,
            "upstream": tensor(upstream),
            "outputs": tensor(outputs),
            "input_gradients": [tensor(g) for g in found[: len(inputs)]],
            "variable_gradients": {v.name: tensor(g) for v, g in zip(parameters, found[len(inputs) :])},
            "updated": {v.name: tensor(v.numpy()) for v in state if v.dtype == "float64"} if training else {},
        }
    )


def convolutions():
    def conv(name, shape, filters, kernel_size, **config):
        add(name, "Conv2D", [shape], filters=filters, kernel_size=kernel_size, **config)

    conv("valid", (2, 6, 5, 3), 4, [3, 3])
    conv("same", (2, 6, 5, 3), 4, [3, 3], padding="same")
    conv("one channel, relu", (2, 6, 6, 1), 4, [3, 3], activation="relu")
    conv("no bias", (1, 5, 5, 2), 3, [3, 3], use_bias=False)
    conv("pointwise", (2, 4, 3, 5), 3, [1, 1])
    conv("pointwise, strides 2", (2, 5, 4, 3), 2, [1, 1], strides=[2, 2], padding="same")
    for padding in ("valid", "same"):
        conv(f"strides 2, {padding}", (2, 7, 6, 2), 3, [3, 3], strides=[2, 2], padding=padding)
        conv(f"strides 3, {padding}", (1, 8, 7, 2), 3, [3, 3], strides=[3, 3], padding=padding)
        conv(f"strides 1 and 3, {padding}", (1, 6, 8, 2), 2, [3, 2], strides=[1, 3], padding=padding)
        conv(f"dilation 2, {padding}", (1, 8, 7, 2), 3, [3, 3], dilation_rate=[2, 2], padding=padding)
        conv(f"groups 2, {padding}", (2, 5, 5, 4), 6, [3, 3], groups=2, padding=padding)
        conv(f"even kernel, {padding}", (2, 5, 6, 2), 3, [2, 2], padding=padding)
        conv(f"kernel 4 by 2, strides 2, {padding}", (1, 9, 7, 2), 3, [4, 2], strides=[2, 2], padding=padding)
        conv(f"kernel 1 by 5, {padding}", (2, 4, 8, 2), 3, [1, 5], padding=padding)
    conv("kernel larger than the input, same", (1, 3, 2, 2), 2, [5, 5], padding="same")


def sequences_and_volumes():
    def conv1d(name, shape, filters, kernel_size, **config):
        add(name, "Conv1D", [shape], filters=filters, kernel_size=kernel_size, **config)

    def conv3d(name, shape, filters, kernel_size, **config):
        add(name, "Conv3D", [shape], filters=filters, kernel_size=kernel_size, **config)

    for padding in ("valid", "same", "causal"):
        conv1d(padding, (2, 7, 3), 4, 3, padding=padding)
        conv1d(f"strides 2, {padding}", (1, 8, 2), 3, 4, strides=2, padding=padding)
        conv1d(f"dilation 3, {padding}", (1, 9, 2), 3, 2, dilation_rate=3, padding=padding)
        conv1d(f"groups 2, relu, {padding}", (2, 5, 4), 6, 3, groups=2, activation="relu", padding=padding)
    conv1d("pointwise, no bias", (2, 4, 5), 3, 1, use_bias=False)
    for padding in ("valid", "same"):
        conv3d(padding, (2, 3, 4, 5, 2), 3, [2, 3, 3], padding=padding)
        conv3d(f"strides 2, 1 and 3, {padding}", (1, 4, 3, 6, 2), 2, [3, 2, 3], strides=[2, 1, 3], padding=padding)
        conv3d(f"dilation 2, {padding}", (1, 5, 3, 4, 1), 2, [2, 2, 2], dilation_rate=[2, 1, 1], padding=padding)
        conv3d(f"groups 2, tanh, {padding}", (1, 3, 3, 3, 4), 4, [2, 2, 2], groups=2, activation="tanh", padding=padding)
    conv3d("pointwise, no bias", (2, 2, 3, 2, 3), 4, [1, 1, 1], use_bias=False)
    conv3d("window beyond the image, same", (1, 2, 1, 3, 2), 2, [3, 3, 5], padding="same")


def transposed():
    # Without dilation, which TensorFlow does not transpose on a CPU.
    for padding in ("valid", "same"):
        # The window longer than the strides, as long, and shorter.
        for kernel, strides in ((3, 1), (4, 2), (3, 2), (2, 2), (2, 3)):
            add(
                f"window {kernel}, strides {strides}, {padding}", "Conv1DTranspose", [(2, 4, 2)],
                filters=3, kernel_size=kernel, strides=strides, padding=padding,
            )
            for more in range(strides):
                # TensorFlow's gradient of a convolution does not take an output that the convolution would make shorter.
                if padding == "valid" or kernel % 2 + more > 0:
                    add(
                        f"window {kernel}, strides {strides}, {padding}, output padding {more}", "Conv1DTranspose",
                        [(1, 4, 2)], filters=2, kernel_size=kernel, strides=strides, padding=padding,
                        output_padding=more,
                    )
        add(
            f"two axes, {padding}", "Conv2DTranspose", [(2, 3, 4, 3)],
            filters=2, kernel_size=[3, 3], strides=[2, 2], padding=padding, activation="relu",
        )
        add(
            f"strides 1 and 3, no bias, {padding}", "Conv2DTranspose", [(1, 4, 3, 2)],
            filters=3, kernel_size=[2, 4], strides=[1, 3], padding=padding, use_bias=False,
        )
        add(
            f"three axes, {padding}", "Conv3DTranspose", [(1, 2, 3, 2, 2)],
            filters=2, kernel_size=[3, 2, 3], strides=[2, 1, 2], padding=padding,
        )
    add("pointwise", "Conv2DTranspose", [(2, 3, 2, 4)], filters=3, kernel_size=[1, 1])


def pooling_of_other_axes():
    for layer in ("MaxPooling", "AveragePooling"):
        for padding in ("valid", "same"):
            add(f"pool 2, {padding}", f"{layer}1D", [(2, 7, 3)], pool_size=2, padding=padding)
            add(f"pool 3, strides 2, {padding}", f"{layer}1D", [(1, 8, 2)], pool_size=3, strides=2, padding=padding)
            add(f"pool 2, {padding}", f"{layer}3D", [(2, 4, 3, 5, 2)], pool_size=[2, 2, 2], padding=padding)
            add(
                f"pool 1, 2 and 3, strides 1, {padding}", f"{layer}3D", [(1, 3, 4, 5, 2)],
                pool_size=[1, 2, 3], strides=[1, 1, 1], padding=padding,
            )
    for rule in ("Average", "Max"):
        for rank, shape in ((1, (2, 7, 3)), (3, (2, 2, 3, 2, 3))):
            add("global", f"Global{rule}Pooling{rank}D", [shape])
            add("global, keepdims", f"Global{rule}Pooling{rank}D", [shape], keepdims=True)
        # Not to one output along an axis: Keras 3.15.1 on TensorFlow reads beyond its end for the gradient.
        for shape, size in (((2, 7, 3), [3]), ((1, 6, 2), [4]), ((1, 3, 2), [3]), ((1, 5, 2), [2])):
            add(f"{size}", f"Adaptive{rule}Pooling1D", [shape], output_size=size)
        for shape, size in (((2, 7, 5, 3), [3, 2]), ((1, 4, 6, 2), [4, 4]), ((1, 5, 5, 2), [2, 5])):
            add(f"{size}", f"Adaptive{rule}Pooling2D", [shape], output_size=size)
        add("[2, 3, 2]", f"Adaptive{rule}Pooling3D", [(1, 3, 5, 4, 2)], output_size=[2, 3, 2])


def pooling():
    for layer in ("MaxPooling2D", "AveragePooling2D"):
        for padding in ("valid", "same"):
            for pool, strides, shape in [
                ([2, 2], [2, 2], (2, 6, 4, 3)),
                ([2, 2], [2, 2], (2, 5, 7, 2)),
                ([3, 3], [2, 2], (1, 8, 7, 2)),
                ([3, 2], [1, 2], (1, 6, 6, 2)),
                ([2, 2], [3, 3], (1, 8, 7, 2)),
            ]:
                name = f"pool {pool}, strides {strides}, {shape[1]} by {shape[2]}, {padding}"
                add(name, layer, [shape], pool_size=pool, strides=strides, padding=padding)
        below_zero = [uniform(1, (1, 5, 5, 2)) - np.float32(2.0)]
        add("below zero, same", layer, [(1, 5, 5, 2)], inputs=below_zero, pool_size=[2, 2], padding="same")
    for layer in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        add("global", layer, [(2, 3, 5, 4)])
        add("global, keepdims", layer, [(2, 3, 5, 4)], keepdims=True)
    # Equal largest values: pooling gives the gradient to the first, the global layer divides it.
    ties = [np.sign(uniform(1, (1, 6, 6, 2))).clip(0)]
    add("ties", "MaxPooling2D", [(1, 6, 6, 2)], inputs=ties, pool_size=[2, 2])
    add("ties, overlapping", "MaxPooling2D", [(1, 6, 6, 2)], inputs=ties, pool_size=[3, 3], strides=[1, 1])
    add("ties", "GlobalMaxPooling2D", [(1, 6, 6, 2)], inputs=ties)


def normalization():
    for training in (True, False):
        suffix = "training" if training else "inference"
        add(f"rank 4, {suffix}", "BatchNormalization", [(3, 4, 3, 2)], training=training)
        add(f"rank 2, {suffix}", "BatchNormalization", [(6, 4)], training=training)
        other = {"momentum": 0.9, "epsilon": 0.01}
        add(f"momentum and epsilon, {suffix}", "BatchNormalization", [(6, 4)], training=training, **other)
        bare = {"center": False, "scale": False}
        add(f"no center, no scale, {suffix}", "BatchNormalization", [(6, 4)], training=training, **bare)
    add("one sample", "BatchNormalization", [(1, 4)], training=True)


def others():
    add("rank 2", "Dense", [(4, 5)], units=3)
    add("rank 3", "Dense", [(2, 3, 5)], units=4)
    add("no bias", "Dense", [(4, 5)], units=3, use_bias=False)
    for activation in ("relu", "tanh", "softmax"):
        add(activation, "Dense", [(4, 5)], units=3, activation=activation)
    add("asymmetric", "ZeroPadding2D", [(2, 3, 2, 2)], padding=[[1, 2], [0, 3]])
    add("one number", "ZeroPadding2D", [(1, 3, 2, 2)], padding=1)
    add("scale and offset", "Rescaling", [(2, 3, 2, 1)], scale=1 / 127.5, offset=-1.0)
    add("flatten", "Flatten", [(2, 3, 2, 2)])
    add("reshape", "Reshape", [(2, 3, 4)], target_shape=[2, -1, 3])
    add("two inputs", "Add", [(2, 3, 2, 2)] * 2)
    add("three inputs", "Add", [(2, 3)] * 3)
    add("broadcast", "Add", [(2, 3, 2, 4), (2, 1, 1, 4)])
    add("channels", "Concatenate", [(2, 3, 2, 1), (2, 3, 2, 3), (2, 3, 2, 2)])
    add("rows", "Concatenate", [(2, 3, 2, 2), (2, 1, 2, 2)], axis=1)


convolutions()
sequences_and_volumes()
transposed()
pooling()
pooling_of_other_axes()
normalization()
others()
write_json("layers", cases=CASES)
