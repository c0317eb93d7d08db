"""Layers that combine, look up and attend: outputs and gradients; computed in float64, written as float32."""

import numpy as np
from golden import classes, gradients, keras, ops, tensor, uniform, write_json

CASES = []


def add(name, layer, shapes, *, inputs=None, **config):
    """Records one case; `config` is the layer's own arguments, as a Keras user writes them.

    Variables have the names of Keras' paths within the layer, such as query/kernel."""
    inputs = inputs or [uniform(1 + i, shape, 2.0) for i, shape in enumerate(shapes)]
    keras.utils.set_random_seed(0)
    instance = getattr(keras.layers, layer)(dtype="float64", **config)

    def call(*values):
        values = values[: len(inputs)]
        if layer == "MultiHeadAttention":
            # Keras wants a value where ours has self-attention.
            return instance(*(values if len(values) > 1 else values * 2))
        return instance(values[0] if len(values) == 1 else list(values))

    wide = [x.astype("float64") for x in inputs]
    upstream = uniform(40, call(*[ops.convert_to_tensor(x) for x in wide]).shape)
    variables = {v.path.removeprefix(f"{instance.name}/"): v for v in instance.trainable_variables}
    assert len(variables) == len(instance.variables) - sum("seed" in v.path for v in instance.variables)
    for i, variable in enumerate(variables.values()):
        variable.assign(uniform(20 + i, variable.shape, 0.5))
    before = {path: tensor(v.numpy()) for path, v in variables.items()}
    if layer == "Embedding":
        # There is no gradient by an index; ours is 0.
        outputs, found = gradients(
            lambda *_: call(ops.convert_to_tensor(inputs[0])), list(variables.values()), ops.convert_to_tensor(upstream, "float64")
        )
        found = [np.zeros(inputs[0].shape)] + found
    else:
        outputs, found = gradients(call, wide + list(variables.values()), ops.convert_to_tensor(upstream, "float64"))
    CASES.append(
        {
            "name": name,
            "layer": layer,
            "config": config,
            "training": False,
            "inputs": [tensor(x) for x in inputs],
            "variables": before,
            "upstream": tensor(upstream),
            "outputs": tensor(outputs),
            "input_gradients": [tensor(g) for g in found[: len(inputs)]],
            "variable_gradients": {path: tensor(g) for path, g in zip(variables, found[len(inputs) :])},
            "updated": {},
        }
    )


def merging():
    # As Add; Subtract takes two.
    for layer in ("Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        add("two inputs", layer, [(2, 3, 2)] * 2)
        add("a pixel", layer, [(2, 2, 3, 3), (2, 1, 1, 3)])
        add("a channel, one sample", layer, [(1, 2, 1, 5), (1, 2, 3, 1)])
        add("fewer axes", layer, [(2, 3), (2, 2, 3)])
        if layer != "Subtract":
            add("three inputs", layer, [(3, 7)] * 3)
            add("three shapes", layer, [(2, 3, 1), (2, 1, 2), (2, 3, 2)])
    ties = [np.sign(uniform(1, (2, 7))), np.sign(uniform(2, (2, 7))), np.sign(uniform(3, (2, 7)))]
    for layer in ("Maximum", "Minimum"):
        add("ties", layer, [(2, 7)] * 3, inputs=ties)
    add("columns", "Concatenate", [(2, 3, 2, 2), (2, 3, 1, 2), (2, 3, 3, 2)], axis=2)
    add("columns, from the last", "Concatenate", [(1, 3, 2, 2), (1, 3, 4, 2)], axis=-2)


def dots():
    add("vectors", "Dot", [(3, 5)] * 2, axes=1)
    add("vectors, cosine", "Dot", [(3, 5)] * 2, axes=-1, normalize=True)
    add("matrices", "Dot", [(2, 3, 5), (2, 7, 3)], axes=[1, 2])
    add("matrices, last axes", "Dot", [(2, 4, 5), (2, 3, 5)], axes=2)
    add("matrices, first axes, cosine", "Dot", [(1, 5, 2), (1, 5, 3)], axes=1, normalize=True)
    add("a vector and a matrix", "Dot", [(2, 5), (2, 3, 5)], axes=[1, 2])
    add("a matrix and a vector", "Dot", [(2, 5, 3), (2, 5)], axes=1)
    add("images and matrices", "Dot", [(2, 3, 4, 5), (2, 4, 2)], axes=[2, 1])


def softmax():
    add("last axis", "Softmax", [(2, 3, 5)])
    add("first axis", "Softmax", [(2, 3, 5)], axis=1)
    add("rows", "Softmax", [(1, 7, 2, 3)], axis=1)
    add("columns, from the last", "Softmax", [(2, 3, 5, 2)], axis=-2)
    add("pixels", "Softmax", [(2, 3, 4, 3)], axis=[1, 2])
    add("all", "Softmax", [(2, 3, 4)], axis=[1, 2])


def lookups():
    add("identity", "Identity", [(2, 3, 2)])
    add("a sequence", "Embedding", [(2, 7)], inputs=[classes(1, (2, 7), 5)], input_dim=5, output_dim=3)
    add("an image", "Embedding", [(3, 2, 3)], inputs=[classes(2, (3, 2, 3), 11)], input_dim=11, output_dim=4)
    add("one sample", "Embedding", [(1, 4)], inputs=[np.array([[2, 2, 0, 2]])], input_dim=4, output_dim=1)


def einsums():
    def dense(name, shape, equation, output_shape, **config):
        add(name, "EinsumDense", [shape], equation=equation, output_shape=output_shape, **config)

    dense("a sequence", (2, 3, 5), "abc,cd->abd", [3, 4], bias_axes="d")
    dense("heads, tanh", (1, 3, 4), "abc,cde->abde", [3, 2, 3], bias_axes="de", activation="tanh")
    dense("two axes summed, no bias", (2, 3, 4), "abc,bcd->ad", [5])
    dense("first axes elided", (2, 3, 2, 4), "...x,xy->...y", [5], bias_axes="y")
    dense("last axes elided", (2, 4, 3, 2), "ab...,bc->ac...", [5], bias_axes="c")
    dense("exchanged, bias of both", (2, 3, 4), "abc,cd->adb", [5, 3], bias_axes="db", activation="relu")


def attention():
    def mha(name, shapes, num_heads, key_dim, **config):
        add(name, "MultiHeadAttention", shapes, num_heads=num_heads, key_dim=key_dim, **config)

    mha("self", [(2, 5, 6)], 2, 3)
    mha("self, one sample, no bias", [(1, 3, 4)], 3, 2, use_bias=False)
    mha("value is key", [(2, 4, 5), (2, 3, 6)], 2, 3)
    mha("query, value, key", [(2, 4, 5), (2, 3, 6), (2, 3, 2)], 2, 3)
    mha("value_dim", [(2, 4, 5), (2, 3, 6), (2, 3, 2)], 2, 3, value_dim=4)
    mha("output_shape", [(2, 4, 5), (2, 3, 6)], 1, 4, value_dim=2, output_shape=[7])
    mha("output_shape of two axes", [(1, 4, 5)], 2, 2, output_shape=[2, 3])
    mha("gate", [(2, 4, 5), (2, 3, 6)], 2, 3, value_dim=2, use_gate=True)
    mha("image", [(2, 3, 2, 4)], 2, 3)
    mha("rows of images", [(2, 3, 4, 3)], 2, 2, attention_axes=[1])
    mha("columns of images", [(1, 2, 5, 3), (1, 2, 3, 4)], 2, 2, attention_axes=[2])
    mha("two of three axes", [(1, 2, 3, 2, 3)], 2, 2, attention_axes=[1, -2])


merging()
dots()
softmax()
lookups()
einsums()
attention()
write_json("operators", cases=CASES)
