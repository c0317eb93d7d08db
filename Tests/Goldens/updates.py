"""Twenty steps of optimizers, schedules and what else belongs to an update, with given gradients, in float32."""

import json
import os
import subprocess
import sys

import numpy as np
from golden import keras, tensor, uniform, write_json

STEPS = 20
KEPT = [1, 2, 6, 20]
SHAPES = [(3, 4), (4,), (2, 2, 3, 2)]
NAMES = ["kernel", "bias", "filters"]
schedules = keras.optimizers.schedules

OPTIMIZERS = [
    ("Nadam", {}),
    ("Nadam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "weight_decay": 0.01}),
    ("Adamax", {}),
    ("Adamax", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9, "clipnorm": 0.5}),
    ("Adagrad", {}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.01, "epsilon": 1e-3}),
    ("Adadelta", {}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-4}),
    ("Lion", {}),
    ("Lion", {"learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.8, "weight_decay": 0.1}),
    ("Lamb", {}),
    ("Lamb", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "weight_decay": 0.01}),
    ("Ftrl", {}),
    (
        "Ftrl",
        {
            "learning_rate": 0.1,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.2,
            "l1_regularization_strength": 0.01,
            "l2_regularization_strength": 0.02,
            "l2_shrinkage_regularization_strength": 0.03,
            "beta": 0.04,
        },
    ),
    ("Adafactor", {}),
    ("Adafactor", {"learning_rate": 0.05, "clip_threshold": 0.5, "epsilon_2": 0.1, "relative_step": False}),
    ("Muon", {}),
    ("Muon", {"learning_rate": 0.01, "nesterov": False, "momentum": 0.8, "ns_steps": 3, "rms_rate": None}),
    ("Muon", {"learning_rate": 0.01, "exclude_layers": ["kernel"], "adam_lr_ratio": 0.5}),
    ("ScheduleFreeAdamW", {}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.01, "beta_1": 0.8, "warmup_steps": 5, "weight_decay": 0.01}),
]

SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [3, 9], "values": [0.1, 0.05, 0.01]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 8}),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8, "end_learning_rate": 0.01, "power": 2.0, "cycle": True},
    ),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 15}),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.01, "decay_steps": 9, "alpha": 0.1, "warmup_target": 0.1, "warmup_steps": 4},
    ),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 5}),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 4, "t_mul": 1.0, "m_mul": 0.8, "alpha": 0.1},
    ),
]

RULES = [
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "gradient_accumulation_steps": 3}),
    ("Adam", {"learning_rate": 0.01, "gradient_accumulation_steps": 4, "global_clipnorm": 0.5}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9}),
    ("Adam", {"learning_rate": 0.01, "use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 5}),
    (
        "AdamW",
        {"learning_rate": 0.01, "weight_decay": 0.1, "gradient_accumulation_steps": 2, "use_ema": True},
    ),
]


def gradient(step, index):
    return uniform(100 + 3 * step + index, SHAPES[index], 2.0) * np.float32(0.9**step)


INITIAL = [uniform(1 + index, shape) for index, shape in enumerate(SHAPES)]
GRADIENTS = [[gradient(step, index) for index in range(len(SHAPES))] for step in range(STEPS)]


def trajectory(optimizer):
    variables = [keras.Variable(value, name=name) for value, name in zip(INITIAL, NAMES)]
    after = []
    for step in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in GRADIENTS[step]], variables)
        if step + 1 in KEPT:
            after.append([tensor(variable.numpy()) for variable in variables])
    optimizer.finalize_variable_values(variables)
    return {"steps": after, "final": [tensor(variable.numpy()) for variable in variables]}


def case(name, config, excluded=None):
    optimizer = getattr(keras.optimizers, name)(**config)
    if excluded:
        optimizer.exclude_from_weight_decay(var_names=excluded)
    written = {key: "none" if value is None else value for key, value in config.items()}
    return {"optimizer": name, "config": written, "excluded": excluded or []} | trajectory(optimizer)


def schedule(name, config):
    made = getattr(schedules, name)(**config)
    rates = [float(made(step)) for step in range(STEPS + 10)]
    optimizer = keras.optimizers.SGD(learning_rate=made)
    return {"schedule": name, "config": config, "rates": rates} | trajectory(optimizer)


def on_jax():
    """The cases of ScheduleFreeAdamW, on JAX: on TensorFlow Keras reads the old momentum after it has changed it."""
    environment = os.environ | {"KERAS_BACKEND": "jax"}
    found = subprocess.run([sys.executable, __file__, "jax"], env=environment, capture_output=True, check=True)
    return json.loads(found.stdout)


if sys.argv[1:] == ["jax"]:
    print(json.dumps([case(*setting) for setting in OPTIMIZERS if setting[0] == "ScheduleFreeAdamW"]))
    sys.exit()

write_json(
    "updates",
    kept=KEPT,
    initial=[tensor(value) for value in INITIAL],
    gradients=[[tensor(value) for value in step] for step in GRADIENTS],
    optimizers=[case(*setting) for setting in OPTIMIZERS + RULES if setting[0] != "ScheduleFreeAdamW"]
    + on_jax()
    + [case("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1}, ["bias"])],
    schedules=[schedule(*setting) for setting in SCHEDULES],
)
