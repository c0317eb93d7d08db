"""Each loss and its gradient, in float32, by Keras on TensorFlow and on JAX: they differ at the edges."""

import json
import os
import subprocess
import sys

import numpy as np
from golden import classes, gradients, keras, scalar, tensor, uniform, write_json

SPARSE = "SparseCategoricalCrossentropy"
CATEGORICAL = "CategoricalCrossentropy"
BINARY = "BinaryCrossentropy"
LOGITS = {"from_logits": True}
SMOOTHING = {"label_smoothing": 0.1}


def one_hot(labels, count):
    return np.eye(count, dtype=np.float32)[labels]


def probabilities(stream, shape):
    """Rows that add up to one (to within float32)."""
    exponentials = np.exp(uniform(stream, shape, 2.0).astype(np.float64))
    return (exponentials / exponentials.sum(-1, keepdims=True)).astype(np.float32)


LABELS = classes(1, (6,), 4)
LABEL_MAP = classes(2, (2, 3, 2), 4)
PREDICTIONS = {
    "probabilities": probabilities(3, (6, 4)),
    "unnormalised": uniform(4, (6, 4)) * np.float32(0.9) + np.float32(1.0),
    "probabilities_rank_4": probabilities(5, (2, 3, 2, 4)),
    "certain": np.array(
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.5, 0.5], [0.25] * 4] + [[0, 0, 0, 1]] * 2, np.float32
    ),
    "logits": uniform(6, (6, 4), 3.0),
    "logits_rank_4": uniform(7, (2, 3, 2, 4), 3.0),
    "extreme_logits": np.float32(100) * np.sign(uniform(8, (6, 4))),
}
LABELS_CERTAIN = np.array([0, 0, 2, 1, 3, 0], np.int32)
BINARY_TARGETS = classes(9, (5, 3), 2).astype(np.float32)
BINARY_MAP = classes(10, (2, 3, 2, 1), 2).astype(np.float32)
BINARY_PREDICTIONS = uniform(11, (5, 3), 0.499) + np.float32(0.5)
BINARY_EDGES = np.array([[0, 1, 0.5], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0.5, 1e-8, 0.99999]], np.float32)
WEIGHTS = {6: uniform(12, (6,)) + np.float32(1.25), 5: uniform(13, (5,)) + np.float32(1.25)}
WEIGHT_MAP = uniform(14, (2, 3, 2)) + np.float32(1.25)


def classification():
    for name, predictions in PREDICTIONS.items():
        labels = LABEL_MAP if "rank_4" in name else LABELS_CERTAIN if name == "certain" else LABELS
        config = LOGITS if "logits" in name else {}
        targets = one_hot(labels, 4)
        yield name, SPARSE, config, labels, predictions, None
        yield name, CATEGORICAL, config, targets, predictions, None
        yield f"{name}, smoothed", CATEGORICAL, config | SMOOTHING, targets, predictions, None
        weights = WEIGHT_MAP if "rank_4" in name else WEIGHTS[6]
        yield f"{name}, weighted", SPARSE, config, labels, predictions, weights
        yield f"{name}, weighted", CATEGORICAL, config, targets, predictions, weights
    name = "label column"
    yield name, SPARSE, {}, LABELS[:, None], PREDICTIONS["probabilities"], None


def binary():
    extreme = np.float32(100) * np.sign(uniform(15, (5, 3)))
    for name, config, targets, predictions in [
        ("probabilities", {}, BINARY_TARGETS, BINARY_PREDICTIONS),
        ("edges", {}, BINARY_TARGETS, BINARY_EDGES),
        ("logits", LOGITS, BINARY_TARGETS, uniform(16, (5, 3), 3.0)),
        ("extreme_logits", LOGITS, BINARY_TARGETS, extreme),
        ("logits_rank_4", LOGITS, BINARY_MAP, uniform(17, (2, 3, 2, 1), 3.0)),
    ]:
        yield name, BINARY, config, targets, predictions, None
        yield f"{name}, smoothed", BINARY, config | SMOOTHING, targets, predictions, None
        weights = WEIGHT_MAP if "rank_4" in name else WEIGHTS[5]
        yield f"{name}, weighted", BINARY, config, targets, predictions, weights


def regression():
    for loss in ("MeanSquaredError", "MeanAbsoluteError"):
        for name, shape, weights in [
            ("rank_2", (5, 3), None),
            ("rank_2, weighted", (5, 3), WEIGHTS[5]),
            ("rank_4", (2, 3, 2, 4), None),
            ("rank_4, weighted", (2, 3, 2, 4), WEIGHT_MAP),
        ]:
            yield name, loss, {}, uniform(18, shape), uniform(19, shape), weights
    equal = uniform(20, (2, 3))
    yield "equal", "MeanAbsoluteError", {}, equal, equal, None


CASES = [*classification(), *binary(), *regression()]


def results():
    for _, loss, config, targets, predictions, weights in CASES:
        function = getattr(keras.losses, loss)(**config)
        value, (gradient,) = gradients(lambda x: function(targets, x, sample_weight=weights), [predictions])
        yield {"value": scalar(value), "gradient": tensor(gradient)}


def described(case):
    name, loss, config, targets, predictions, weights = case
    arrays = {"y_true": targets, "y_pred": predictions, "sample_weight": weights}
    tensors = {key: tensor(array) for key, array in arrays.items() if array is not None}
    return {"name": name, "loss": loss, "config": config} | tensors


if "--print" in sys.argv:
    print(json.dumps(list(results())))
else:
    other = subprocess.run(
        [sys.executable, __file__, "--print"],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        stdout=subprocess.PIPE,
        check=True,
    )
    write_json(
        "losses",
        cases=[
            described(case) | {"tensorflow": ours, "jax": theirs}
            for case, ours, theirs in zip(CASES, results(), json.loads(other.stdout))
        ],
    )
