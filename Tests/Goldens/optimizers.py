"""Ten steps of each optimizer on two variables with given gradients, in float32."""

import numpy as np
from golden import keras, tensor, uniform, write_json

STEPS = 10
SHAPES = [(2, 3), (4,)]

SGD = ("SGD", {"learning_rate": 0.1})
MOMENTUM = ("SGD", {"learning_rate": 0.1, "momentum": 0.9})
NESTEROV = ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True})
ADAM = ("Adam", {})
AMSGRAD = ("Adam", {"learning_rate": 0.01, "amsgrad": True})
ADAMW = ("AdamW", {})
ADAMW_STRONG = ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.01})
RMSPROP = ("RMSprop", {})
CENTERED = ("RMSprop", {"learning_rate": 0.01, "centered": True})
RMSPROP_MOMENTUM = ("RMSprop", {"learning_rate": 0.01, "momentum": 0.9})
CENTERED_MOMENTUM = ("RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.9})
CLIPPED = [SGD, NESTEROV, ADAM, ADAMW_STRONG, CENTERED_MOMENTUM]
CLIPS = [{"clipnorm": 0.7}, {"clipvalue": 0.3}, {"global_clipnorm": 0.9}]

SETTINGS = [
    SGD,
    MOMENTUM,
    NESTEROV,
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    ADAM,
    AMSGRAD,
    ADAMW,
    ADAMW_STRONG,
    RMSPROP,
    CENTERED,
    RMSPROP_MOMENTUM,
    CENTERED_MOMENTUM,
]
SETTINGS += [(name, config | clip) for name, config in CLIPPED for clip in CLIPS]


def gradient(step, index):
    """Falls from step to step, so that clipping ends on the way and AMSGrad's maximum holds.

    The first element of the first variable has gradients so small that epsilon's place decides its steps.
    The first element of the second has none at all: nothing but decay may move it."""
    values = uniform(10 + 2 * step + index, SHAPES[index], 2.0) * np.float32(0.75**step)
    values.flat[0] *= np.float32(0 if index == 1 else 1e-6)
    return values


INITIAL = [uniform(1 + index, shape) for index, shape in enumerate(SHAPES)]
GRADIENTS = [[gradient(step, index) for index in range(2)] for step in range(STEPS)]


def case(name, config):
    optimizer = getattr(keras.optimizers, name)(**config)
    variables = [keras.Variable(value) for value in INITIAL]
    after = []
    for step in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in GRADIENTS[step]], variables)
        after.append([tensor(variable.numpy()) for variable in variables])
    return {"optimizer": name, "config": config, "steps": after}


write_json(
    "optimizers",
    initial=[tensor(value) for value in INITIAL],
    gradients=[[tensor(value) for value in step] for step in GRADIENTS],
    cases=[case(*setting) for setting in SETTINGS],
)
