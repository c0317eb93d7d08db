"""The reference network: 20 losses under Adam, the first gradients, and where the weights end.

Nothing here needs MNIST: README.md says how the images, labels and initial weights are computed."""

import math

import numpy as np
from golden import FOLDER, bits, classes, gradients, keras, ops, scalar, tensor, uniform, write_json
from keras.src.initializers.random_initializers import compute_fans
from safetensors.numpy import save_file

STEPS, BATCH, CLASSES = 20, 32, 10
SHAPES = {
    "conv2d/kernel": (3, 3, 1, 32),
    "conv2d/bias": (32,),
    "conv2d_1/kernel": (3, 3, 32, 64),
    "conv2d_1/bias": (64,),
    "dense/kernel": (1600, 128),
    "dense/bias": (128,),
    "dense_1/kernel": (128, 10),
    "dense_1/bias": (10,),
}


def initial(index, shape):
    """Stream 1 + index; kernels within Glorot's limit, biases within 0.05."""
    limit = 0.05 if len(shape) == 1 else math.sqrt(6.0 / sum(compute_fans(shape)))
    return uniform(1 + index, shape, limit)


def images(labels):
    """Half of a pixel's value is its class' pattern of 4 by 4 blocks, the rest is noise."""
    patterns = (bits(101, CLASSES * 49) % 2).reshape(CLASSES, 7, 7)
    pattern = patterns[labels].repeat(4, axis=1).repeat(4, axis=2)
    noise = bits(102, labels.size * 784).reshape(labels.size, 28, 28) / 2.0**24
    return (0.5 * pattern + 0.5 * noise).astype(np.float32)[..., np.newaxis]


LABELS = classes(100, (STEPS * BATCH,), CLASSES)
IMAGES = images(LABELS)
WEIGHTS = {name: initial(index, shape) for index, (name, shape) in enumerate(SHAPES.items())}


def network():
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.set_weights([*WEIGHTS.values()])
    return model


def run(dtype):
    """The losses of all steps, the gradients of the first, and the final weights."""
    keras.config.set_floatx(dtype)
    model = network()
    optimizer = keras.optimizers.Adam(learning_rate=1e-3)
    loss = keras.losses.SparseCategoricalCrossentropy()
    losses, first = [], None
    for step in range(STEPS):
        batch = slice(step * BATCH, (step + 1) * BATCH)
        x = ops.convert_to_tensor(IMAGES[batch], dtype)
        value, found = gradients(
            lambda *_: loss(LABELS[batch], model(x, training=True)), model.trainable_variables
        )
        first = first or dict(zip(SHAPES, found))
        losses.append(float(value))
        optimizer.apply([ops.convert_to_tensor(g) for g in found], model.trainable_variables)
    return losses, first, dict(zip(SHAPES, model.get_weights()))


def summary(weights):
    """float64 figures that tell two sets of weights apart without the weights themselves."""
    wide = weights.astype(np.float64)
    return {"sum": wide.sum(), "absolute_sum": np.abs(wide).sum(), "largest": np.abs(wide).max()}


def difference(a, b):
    return float(np.abs(a - b).max() / np.abs(b).max())


single, double = run("float32"), run("float64")
keras.config.set_floatx("float32")
save_file(
    {name: value.astype(np.float32) for name, value in double[1].items()},
    FOLDER / "mnist-network-gradients.safetensors",
    metadata={"computed_in": "float64"},  # one entry: more would be written in any order
)
write_json(
    "mnist-network",
    losses_float32=[scalar(value) for value in single[0]],
    losses_float64=double[0],
    final_weights_float32={name: summary(value) for name, value in single[2].items()},
    final_weights_float64={name: summary(value) for name, value in double[2].items()},
    # How far Keras' own float32 lies from its float64: no other engine can be asked for less.
    float32_from_float64={
        "losses": difference(np.array(single[0]), np.array(double[0])),
        "first_gradients": {name: difference(single[1][name], double[1][name]) for name in SHAPES},
        "final_weights": {name: difference(single[2][name], double[2][name]) for name in SHAPES},
    },
    # To check the formulas before anything is trained on what they give.
    formula_check={
        "labels": LABELS[:16].tolist(),
        "images": {"first": tensor(IMAGES[0, 0, :8, 0]), "sum": float(IMAGES.sum(dtype=np.float64))},
        "weights": {
            name: {"first": tensor(value.ravel()[:4])} | summary(value) for name, value in WEIGHTS.items()
        },
    },
)
