"""The activations that `activations.py` does not have, in the same form; computed in float64, written as float32."""

import numpy as np
from golden import gradients, keras, tensor, uniform, write_json

activations = keras.activations

GRID = np.concatenate([np.arange(-32, 33) / 4.0, [-60.0, -20.0, -12.0, 12.0, 20.0, 60.0]])
# Keras' CELU adds up the slopes of both of its parts at zero.
WITHOUT_ZERO = GRID[GRID != 0]

ELEMENTWISE = {
    "relu_max_6": lambda x: activations.relu(x, max_value=6.0),
    "relu_slope_0.25_max_2.4_threshold_0.4": lambda x: activations.relu(
        x, negative_slope=0.25, max_value=2.4, threshold=0.4
    ),
    "relu6": activations.relu6,
    "selu": activations.selu,
    "celu": activations.celu,
    "celu_0.5": lambda x: activations.celu(x, alpha=0.5),
    "log_sigmoid": activations.log_sigmoid,
    "sparse_sigmoid": activations.sparse_sigmoid,
    "hard_sigmoid": activations.hard_sigmoid,
    "hard_tanh": activations.hard_tanh,
    "tanh_shrink": activations.tanh_shrink,
    "sparse_plus": activations.sparse_plus,
    "squareplus": activations.squareplus,
    "squareplus_0.5": lambda x: activations.squareplus(x, b=0.5),
    "softsign": activations.softsign,
    "hard_silu": activations.hard_silu,
    "mish": activations.mish,
    "soft_shrink": activations.soft_shrink,
    "soft_shrink_1.2": lambda x: activations.soft_shrink(x, threshold=1.2),
    "hard_shrink": activations.hard_shrink,
    "hard_shrink_1.2": lambda x: activations.hard_shrink(x, threshold=1.2),
    "threshold_1_-2": lambda x: activations.threshold(x, 1.0, -2.0),
    "exponential": activations.exponential,
}



def sparsemax(x):
    """Keras' function with the sum of the paper (Martins and Astudillo, 2016) in place of Keras' own, which is another one where
    more than one number is left: see README.md."""
    x = keras.ops.convert_to_tensor(x)
    ordered = keras.ops.flip(keras.ops.sort(x, axis=-1), axis=-1)
    sums = keras.ops.cumsum(ordered, axis=-1)
    places = np.arange(1, x.shape[-1] + 1, dtype=np.float64)
    support = keras.ops.cast(ordered - (sums - 1) / places > 0, "float64")
    threshold = (keras.ops.sum(support * ordered, axis=-1, keepdims=True) - 1) / keras.ops.sum(support, axis=-1, keepdims=True)
    return keras.ops.maximum(x - threshold, 0.0)


ROWS = {
    "log_softmax": activations.log_softmax,
    "glu": activations.glu,
}

ROW_INPUTS = {
    "": uniform(1, (5, 8), 2.0),
    "_extreme": np.array([[100, -100, 0, 1], [-100, -100, -101, -100.5], [88, 89, 90, 89.5]], np.float32),
    "_rank_4": uniform(2, (2, 2, 3, 4), 2.0),
}


def case(name, activation, inputs, stream=None):
    x = inputs.astype(np.float64)
    shape = np.asarray(activation(x)).shape
    upstream = np.ones(shape) if stream is None else uniform(stream, shape)
    outputs, (gradient,) = gradients(activation, [x], upstream.astype(np.float64))
    return {
        "name": name,
        "inputs": tensor(inputs.astype(np.float32)),
        "upstream": tensor(upstream),
        "outputs": tensor(outputs),
        "gradient": tensor(gradient),
    }


cases = []
for name, activation in ELEMENTWISE.items():
    grid = WITHOUT_ZERO if name.startswith("celu") else GRID
    cases.append(case(name, activation, grid.astype(np.float32)))
cases += [
    case(name + suffix, activation, inputs, 3) for name, activation in ROWS.items() for suffix, inputs in ROW_INPUTS.items()
]
# One number is left of each row, so that Keras' own sum is the paper's.
cases.append(case("sparsemax", activations.sparsemax, uniform(4, (5, 8), 60.0), 5))
# Of the extreme rows one has a number exactly at the threshold, where there is no derivative.
cases += [case("sparsemax_paper" + suffix, sparsemax, ROW_INPUTS[suffix], 3) for suffix in ("", "_rank_4")]
write_json("further_activations", cases=cases)
