"""Every activation on a grid, with its derivative; computed in float64, written as float32."""

import numpy as np
from golden import gradients, keras, tensor, uniform, write_json

GRID = np.arange(-80, 81) / 4.0

ELEMENTWISE = {
    "linear": keras.activations.linear,
    "relu": keras.activations.relu,
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "leaky_relu_0.2": keras.activations.leaky_relu,
    "leaky_relu_0.3": lambda x: keras.activations.leaky_relu(x, negative_slope=0.3),
    "elu": keras.activations.elu,
    "gelu": keras.activations.gelu,
    "gelu_approximate": lambda x: keras.activations.gelu(x, approximate=True),
    "silu": keras.activations.silu,
    "softplus": keras.activations.softplus,
}

SOFTMAX_INPUTS = {
    "softmax": uniform(1, (5, 7), 4.0),
    "softmax_extreme": np.array(
        [[100, -100, 0], [-100, -100, -100], [88, 89, 90], [1000, 999, -1000]], np.float32
    ),
    "softmax_rank_4": uniform(2, (2, 2, 3, 4), 4.0),
}


def case(name, activation, inputs, upstream):
    outputs, (gradient,) = gradients(activation, [inputs.astype(np.float64)], upstream.astype(np.float64))
    return {
        "name": name,
        "inputs": tensor(inputs.astype(np.float32)),
        "upstream": tensor(upstream),
        "outputs": tensor(outputs),
        "gradient": tensor(gradient),
    }


ones = np.ones_like(GRID)
cases = [case(name, activation, GRID, ones) for name, activation in ELEMENTWISE.items()]
cases += [
    case(name, keras.activations.softmax, inputs, uniform(3, inputs.shape))
    for name, inputs in SOFTMAX_INPUTS.items()
]
write_json("activations", cases=cases)
