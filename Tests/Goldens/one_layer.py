"""Shared by the generators of layers: one case, of a layer with one input."""

import numpy as np
from golden import gradients, keras, ops, tensor, uniform

CASES = []


def add(name, layer, shape, *, dtype="float64", inputs=None, differentiable=True, **config):
    """Records one case in inference; `config` is the layer's own arguments, as a Keras user writes them."""
    x = uniform(1, shape, 2.0) if inputs is None else np.asarray(inputs, np.float32)
    keras.utils.set_random_seed(0)
    instance = getattr(keras.layers, layer)(dtype=dtype, **config)
    if hasattr(instance, "build") and not layer.startswith(("Category", "Discret")):
        instance.build(x.shape)
    for i, variable in enumerate(instance.variables):
        if variable.name != "count":
            values = uniform(20 + i, variable.shape, 0.5)
            variable.assign(values + np.float32(1.0) if variable.name == "variance" else values)
    if layer == "Normalization":
        instance.finalize_state()
    before = {v.name: tensor(np.asarray(v.numpy(), np.float32)) for v in instance.variables}
    case = {
        "name": name,
        "layer": layer,
        "config": config,
        "training": False,
        "inputs": [tensor(x)],
        "variables": before,
        "input_gradients": [],
        "variable_gradients": {},
        "updated": {},
    }
    if differentiable:
        parameters = list(instance.trainable_variables)
        upstream = uniform(40, instance(x.astype(dtype)).shape)
        outputs, found = gradients(
            lambda value, *_: instance(value), [x.astype(dtype)] + parameters, ops.convert_to_tensor(upstream, dtype)
        )
        case["input_gradients"] = [tensor(found[0])]
        case["variable_gradients"] = {v.name: tensor(g) for v, g in zip(parameters, found[1:])}
    else:
        integers = layer.startswith("Category")
        outputs = ops.convert_to_numpy(instance(x.astype(np.int32) if integers else x)).astype(np.float32)
        upstream = np.zeros_like(outputs)
    CASES.append(case | {"upstream": tensor(upstream), "outputs": tensor(outputs)})
