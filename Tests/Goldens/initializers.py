"""The bounds and deviations of the fan-scaled initializers, by formula and as Keras draws them."""

import math

import numpy as np
from golden import keras, scalar, write_json
from keras.src.initializers.random_initializers import compute_fans

# Keras' truncated normal draws within two deviations and widens the deviation to make up for it.
TRUNCATION = 0.87962566103423978
SHAPES = [(3, 3, 32, 64), (1600, 128)]
FAMILIES = {
    "glorot": (1.0, lambda fan_in, fan_out: (fan_in + fan_out) / 2),
    "he": (2.0, lambda fan_in, fan_out: fan_in),
    "lecun": (1.0, lambda fan_in, fan_out: fan_in),
}


def case(family, distribution, shape):
    scale, mode = FAMILIES[family]
    fan_in, fan_out = compute_fans(shape)
    variance = scale / mode(fan_in, fan_out)
    if distribution == "uniform":
        bound = math.sqrt(3.0 * variance)
    else:
        bound = 2.0 * math.sqrt(variance) / TRUNCATION
    initializer = keras.initializers.get(
        {"class_name": f"{family.title()}{distribution.title()}", "config": {"seed": 1}}
    )
    drawn = np.asarray(initializer(shape), np.float64)
    assert np.abs(drawn).max() <= bound * (1 + 1e-6)
    assert abs(drawn.std() / math.sqrt(variance) - 1) < 0.02
    return {
        "initializer": f"{family}_{distribution}",
        "shape": list(shape),
        "fan_in": int(fan_in),
        "fan_out": int(fan_out),
        "bound": bound,
        "standard_deviation": math.sqrt(variance),
        "drawn": {
            "mean": scalar(drawn.mean()),
            "standard_deviation": scalar(drawn.std()),
            "largest": scalar(np.abs(drawn).max()),
        },
    }


write_json(
    "initializers",
    cases=[
        case(family, distribution, shape)
        for family in FAMILIES
        for distribution in ("uniform", "normal")
        for shape in SHAPES
    ],
)
