"""Losses and weights of small models with regularizers and constraints over three steps of SGD, in float64."""

import numpy as np
from golden import classes, keras, tensor, uniform, write_json

layers, regularizers, constraints = keras.layers, keras.regularizers, keras.constraints
CASES = []
# First: regularizers take it over when they are made.
keras.config.set_floatx("float64")


def add(name, shape, *stack, loss="mean_squared_error", x=None):
    keras.utils.set_random_seed(0)
    first = last = keras.Input(shape[1:])
    for layer in stack:
        # Attention to itself, which is one input here.
        last = layer(last, last) if isinstance(layer, layers.MultiHeadAttention) else layer(last)
    model = keras.Model(first, last)
    for index, variable in enumerate(model.trainable_variables):
        variable.assign(uniform(20 + index, variable.shape, 0.8))
    initial = [tensor(v.numpy()) for v in model.variables]
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss=loss)
    x, y = uniform(1, shape, 2.0) if x is None else x, uniform(2, (shape[0], *model.output_shape[1:]))
    losses = [float(model.train_on_batch(x, y)) for _ in range(3)]
    CASES.append(
        {
            "name": name,
            "inputs": tensor(x),
            "targets": tensor(y),
            "initial": initial,
            "losses": losses,
            "weights": [tensor(v.numpy()) for v in model.variables],
            "evaluated": float(model.evaluate(x, y, batch_size=2, verbose=0)),
        }
    )


def orthogonal(factor, mode="rows"):
    regularizer = regularizers.OrthogonalRegularizer(factor, mode=mode)
    # Keras keeps it in float32, whatever it computes in.
    regularizer.factor = keras.ops.convert_to_tensor(factor, "float64")
    return regularizer


def dense(**config):
    return layers.Dense(4, activation="tanh", **config)


add("L1", (5, 3), dense(kernel_regularizer=regularizers.L1(0.02)), layers.Dense(2))
add("L2", (5, 3), dense(kernel_regularizer=regularizers.L2(0.03), bias_regularizer=regularizers.L2(0.1)), layers.Dense(2))
add("L1L2", (5, 3), dense(kernel_regularizer=regularizers.L1L2(0.01, 0.02)), layers.Dense(2))
add("orthogonal rows", (5, 3), dense(kernel_regularizer=orthogonal(0.3)), layers.Dense(2))
add(
    "orthogonal columns",
    (5, 3),
    dense(kernel_regularizer=orthogonal(0.3, "columns")),
    layers.Dense(2),
)
add("activity L2", (5, 3), dense(activity_regularizer=regularizers.L2(0.05)), layers.Dense(2))
add("activity layer", (5, 3), dense(), layers.ActivityRegularization(l1=0.02, l2=0.03), layers.Dense(2))
add("max norm", (5, 3), dense(kernel_constraint=constraints.MaxNorm(0.7)), layers.Dense(2))
add("unit norm, not negative", (5, 3), dense(kernel_constraint=constraints.UnitNorm(axis=1), bias_constraint=constraints.NonNeg()), layers.Dense(2))
add(
    "min max norm",
    (5, 3),
    dense(kernel_constraint=constraints.MinMaxNorm(0.9, 1.1, rate=0.5)),
    layers.Dense(2),
)
add(
    "filters",
    (3, 5, 4, 2),
    layers.Conv2D(
        3,
        3,
        kernel_regularizer=regularizers.L2(0.02),
        bias_regularizer=regularizers.L1(0.01),
        kernel_constraint=constraints.MaxNorm(1.5, axis=[0, 1, 2]),
    ),
    layers.BatchNormalization(
        gamma_regularizer=regularizers.L2(0.1), beta_constraint=constraints.MaxNorm(0.2), momentum=0.5
    ),
    layers.Flatten(),
    layers.Dense(2),
)
RULES = {
    "kernel_regularizer": regularizers.L2(0.02),
    "bias_regularizer": regularizers.L1(0.01),
    "kernel_constraint": constraints.MaxNorm(0.7),
    "bias_constraint": constraints.NonNeg(),
}
add(
    "einsum",
    (5, 3, 4),
    layers.EinsumDense("abc,cde->abde", (3, 2, 3), activation="tanh", bias_axes="de", **RULES),
    layers.Dense(2),
)
add("attention", (3, 4, 3), layers.MultiHeadAttention(2, 3, value_dim=2, use_gate=True, **RULES), layers.Dense(2))
# Vectors that no sample asks for have their penalty and their constraint, too.
add(
    "embedding",
    (3, 4),
    layers.Embedding(
        7,
        5,
        embeddings_regularizer=regularizers.L1L2(0.01, 0.02),
        embeddings_constraint=constraints.MaxNorm(0.9, axis=1),
    ),
    layers.Dense(2),
    x=classes(3, (3, 4), 6).astype(np.float32),
)
write_json("regularization", cases=CASES)
