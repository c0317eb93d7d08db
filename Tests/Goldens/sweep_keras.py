"""Lets Keras compute drawn settings: sweep_keras.py SPECS OUT, the backend in KERAS_BACKEND. Called by sweep.py.

SPECS is the list that sweep_draws.py makes; a line is added to OUT for each case, of the form of `layers.json`."""

import inspect
import json
import sys
import time

import numpy as np
from golden import keras, ops, tensor, uniform
from keras.src.applications.convnext import LayerScale

if keras.backend.backend() == "jax":
    import jax

    jax.config.update("jax_enable_x64", True)
else:
    import tensorflow as tf


class PositionEmbedding(keras.layers.Layer):
    """Adds a learned number to each element: the layer is KerasHub's, which Keras has not; this is its formula."""

    def build(self, shape):
        self.embeddings = self.add_weight(name="embeddings", shape=shape[1:])

    def call(self, x):
        return x + self.embeddings


def make(layer, config, dtype, shapes):
    if layer == "PositionEmbedding":
        return PositionEmbedding(dtype=dtype)
    if layer == "LayerScale":
        return LayerScale(0.1, shapes[0][-1], dtype=dtype)
    if layer == "SpectralNormalization":
        inner = {key: value for key, value in config.items() if key not in ("layer", "power_iterations")}
        own = {key: value for key, value in config.items() if key == "power_iterations"}
        return keras.layers.SpectralNormalization(make(config["layer"], inner, dtype, shapes), dtype=dtype, **own)
    kind = getattr(keras.layers, layer)
    # All variables get other values; random ones would take long to make.
    names = inspect.signature(kind).parameters
    return kind(dtype=dtype, **{name: "zeros" for name in names if name.endswith("_initializer")}, **config)


def path(variable, instance):
    """A variable's name as this library has it: the path within the layer."""
    if isinstance(instance, keras.layers.SpectralNormalization):
        return variable.name if variable.name == "vector_u" else f"layer/{variable.name}"
    # A layer that another part of Keras has names its weights by their places.
    name = variable.path.removeprefix(f"{instance.name}/")
    return "gamma" if type(instance).__name__ == "LayerScale" else name


def set_variables(instance, spec, dtype):
    """Gives the variables the same numbers whatever the dtype, and returns them by name."""
    kept = [v for v in instance.variables if "seed" not in v.path]
    for i, variable in enumerate(kept):
        if spec["adapted"] is not None or variable.name == "count":
            continue
        values = uniform(20 + i, variable.shape, 0.5)
        if variable.name in ("gamma", "scale", "variance", "moving_variance"):
            values += np.float32(1.0)
        variable.assign(values)
    if isinstance(instance, keras.layers.Normalization) and spec["adapted"] is None and instance.input_mean is None:
        instance.finalize_state()
    return {path(v, instance): v for v in kept}


def build(instance, spec):
    """Makes the variables, without a call: that would compute everything once more."""
    shapes = [tuple(shape) for shape in spec["shapes"]]
    if spec["layer"] == "MultiHeadAttention":
        value = shapes[1] if len(shapes) > 1 else shapes[0]
        instance.build(shapes[0], value, shapes[2] if len(shapes) > 2 else value)
    elif spec["layer"] not in ("CategoryEncoding", "Discretization"):
        instance.build(shapes[0] if len(shapes) == 1 else shapes)


def slopes_of(function, values, stream, dtype):
    """What a function returns, and its gradients for an upstream gradient of the stream. A function may return a pair: what is shown, and
    what is differentiated."""
    if keras.backend.backend() == "jax":
        values = [v.value if isinstance(v, keras.Variable) else v for v in values]
        # Some of Keras' functions on JAX give float32, whatever they are given.
        result = jax.eval_shape(function, *values)
        upstream = uniform(stream, result.shape)

        def both(given, *values):
            output, backward = jax.vjp(function, *values)
            return output, backward(given)

        # Compiled as a whole, which is much quicker than one operation at a time.
        output, found = jax.jit(both)(upstream.astype(result.dtype), *values)
        return np.asarray(output), upstream, [np.asarray(gradient) for gradient in found]
    watched = [v.value if isinstance(v, keras.Variable) else v for v in values]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        output = function(*values)
        penalty = None
        if isinstance(output, tuple):
            output, penalty = output
        upstream = uniform(stream, output.shape)
        total = ops.sum(output * upstream.astype(dtype)) + (0.0 if penalty is None else penalty)
    found = tape.gradient(total, watched)
    return ops.convert_to_numpy(output), upstream, [ops.convert_to_numpy(gradient) for gradient in found]


def run(spec, inputs, dtype):
    """Outputs, gradients and states of one setting, as arrays by what they are."""
    layer, config, training = spec["layer"], spec["config"], spec["training"]
    instance = make(layer, config, dtype, spec["shapes"])
    if spec["adapted"] is not None:
        instance.adapt(uniform(*spec["adapted"]))
    else:
        build(instance, spec)
    variables = set_variables(instance, spec, dtype)
    before = {name: np.asarray(ops.convert_to_numpy(v), np.float32) for name, v in variables.items()}
    parameters = list(instance.trainable_variables)
    count = len(inputs)
    # Keras wants a value where ours has self-attention.
    places = [0, 0] if layer == "MultiHeadAttention" and count == 1 else list(range(count))
    own = {"training": True} if training else {}

    def arguments(values):
        given = [values[place] for place in places]
        return given if count == 1 or layer == "MultiHeadAttention" else [given]

    def call(*values):
        return instance(*arguments(values), **own)

    wide = [ops.convert_to_tensor(x if x.dtype.kind == "i" else x.astype(dtype)) for x in inputs]
    found = {}
    if not spec["differentiable"]:
        found["outputs"] = ops.convert_to_numpy(call(*wide))
        upstream = uniform(spec["upstream"], found["outputs"].shape)
        return before, upstream, found
    function, values = call, wide + parameters
    if layer == "Embedding":
        # There is no gradient by an index; ours is 0.
        function, values = (lambda *_: call(*wide)), parameters
    elif layer == "ActivityRegularization":
        # The penalty is part of the loss.
        function = lambda x: (call(x), sum(instance.losses))  # noqa: E731
    elif keras.backend.backend() == "jax":
        states = [v.value for v in instance.non_trainable_variables]
        function = lambda *values: instance.stateless_call(list(values[count:]), states, *arguments(values))[0]  # noqa: E731
    outputs, upstream, slopes = slopes_of(function, values, spec["upstream"], dtype)
    if layer == "Embedding":
        slopes = [np.zeros(inputs[0].shape)] + slopes
    found["outputs"] = outputs
    for place, gradient in enumerate(slopes[:count]):
        found[f"gradient of input {place}"] = gradient
    for parameter, gradient in zip(parameters, slopes[count:]):
        found[f"gradient of {path(parameter, instance)}"] = gradient
    if training:
        state = [v for v in instance.non_trainable_variables if v.dtype == dtype]
        # The wrapper changes its layer's kernel.
        state += [instance.layer.kernel] if layer == "SpectralNormalization" else []
        found |= {path(v, instance): ops.convert_to_numpy(v) for v in state}
    return before, upstream, found


def case(spec):
    inputs = [
        np.random.default_rng(stream).integers(0, spec["classes"], shape).astype(np.int32)
        if spec["classes"]
        else uniform(stream, shape, 2.0)
        for stream, shape in zip(spec["streams"], spec["shapes"])
    ]
    before, upstream, exact = run(spec, inputs, spec["dtype"])
    # How far Keras' own float32 is away: asked for where this library's is farther than the tolerance. The rounding of one run may be
    # 0 by chance where terms cancel; so further runs have inputs that differ in their last bits, and the largest error counts.
    errors = {}
    for count in range(spec["measured"] if spec["dtype"] == "float64" else 0):
        near = [x if x.dtype.kind == "i" else (x * (1 + 2e-7 * count * uniform(count, x.shape))).astype(np.float32) for x in inputs]
        reference = exact if count == 0 else run(spec, near, spec["dtype"])[2]
        _, _, rounded = run(spec, near, "float32")
        for name, values in reference.items():
            error = float(np.max(np.abs(values.astype(np.float64) - rounded[name].astype(np.float64)), initial=0.0))
            errors[name] = max(errors.get(name, 0.0), error)
    named = {name: tensor(np.asarray(values, np.float32)) for name, values in exact.items()}
    prefix = "gradient of "
    inner = [named.pop(f"{prefix}input {place}") for place in range(len(inputs)) if spec["differentiable"]]
    outputs = named.pop("outputs")
    return {
        "spec": {key: value for key, value in spec.items() if key != "number"},
        "name": f"{spec['number']}, {json.dumps(spec['config'])} of {spec['shapes']}",
        "layer": spec["layer"],
        "config": spec["config"],
        "training": spec["training"],
        "inputs": [tensor(x) for x in inputs],
        "adapted": spec["adapted"] and tensor(uniform(*spec["adapted"])),
        "variables": {name: tensor(values) for name, values in before.items()},
        "upstream": tensor(upstream),
        "outputs": outputs,
        "input_gradients": inner,
        "variable_gradients": {name.removeprefix(prefix): x for name, x in named.items() if name.startswith(prefix)},
        "updated": {name: x for name, x in named.items() if not name.startswith(prefix)},
        "float32_errors": errors,
    }


def main(source, target):
    refused, started = 0, time.time()
    with open(source) as file:
        specs = json.load(file)
    with open(target, "a") as out:
        for place, spec in enumerate(specs):
            try:
                out.write(json.dumps(case(spec), allow_nan=False) + "\n")
                out.flush()
            except Exception as error:  # every setting is meant to be valid: the run goes on, to print them all, and fails
                reason = f"{type(error).__name__}: {error}".strip().splitlines()
                print(f"refused: {spec['layer']} {spec['config']} of {spec['shapes']}: {' '.join(reason)[:300]}", flush=True)
                refused += 1
            if place % 500 == 499:
                print(f"{keras.backend.backend()}: {place + 1} of {len(specs)}, {time.time() - started:.0f} s", flush=True)
    sys.exit(refused > 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
