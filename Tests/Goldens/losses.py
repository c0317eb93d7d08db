"""Losses and their gradients by Keras: some in float32 on TensorFlow and on JAX, which differ at the edges; all of them, with their
reductions, on TensorFlow."""

import json
import os
import subprocess
import sys

import numpy as np
from golden import classes, gradients, keras, scalar, tensor, uniform, write_json

SPARSE = "SparseCategoricalCrossentropy"
CATEGORICAL = "CategoricalCrossentropy"
BINARY_CROSSENTROPY = "BinaryCrossentropy"
LOGITS = {"from_logits": True}
SMOOTHING = {"label_smoothing": 0.1}
SUM, NO_MEAN, WEIGHTED_MEAN = ({"reduction": r} for r in ("sum", "mean", "mean_with_sample_weight"))


ARRAYS = []


def array(values):
    """The number of an array among those of the file, each of which stands there once."""
    entry = tensor(values)
    if entry not in ARRAYS:
        ARRAYS.append(entry)
    return ARRAYS.index(entry)


def one_hot(labels, count):
    return np.eye(count, dtype=np.float32)[labels]


def probabilities(stream, shape):
    """Rows that add up to one (to within float32)."""
    exponentials = np.exp(uniform(stream, shape, 2.0).astype(np.float64))
    return (exponentials / exponentials.sum(-1, keepdims=True)).astype(np.float32)


# MARK: On two backends


def on_two_backends():
    """Losses of classes and of numbers, in float32, by TensorFlow and by JAX: they differ at the edges."""
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
            yield name, BINARY_CROSSENTROPY, config, targets, predictions, None
            yield f"{name}, smoothed", BINARY_CROSSENTROPY, config | SMOOTHING, targets, predictions, None
            weights = WEIGHT_MAP if "rank_4" in name else WEIGHTS[5]
            yield f"{name}, weighted", BINARY_CROSSENTROPY, config, targets, predictions, weights

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

    return [*classification(), *binary(), *regression()]


def results(cases):
    for _, loss, config, targets, predictions, weights in cases:
        function = getattr(keras.losses, loss)(**config)
        value, (gradient,) = gradients(lambda x: function(targets, x, sample_weight=weights), [predictions])
        yield {"value": scalar(value), "gradient": tensor(gradient)}


def described_alone(case):
    name, loss, config, targets, predictions, weights = case
    arrays = {"y_true": targets, "y_pred": predictions, "sample_weight": weights}
    tensors = {key: tensor(array) for key, array in arrays.items() if array is not None}
    return {"name": name, "loss": loss, "config": config} | tensors


def by_both_backends():
    cases = on_two_backends()
    other = subprocess.run(
        [sys.executable, __file__, "--print"],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return [
        described_alone(case) | {"tensorflow": ours, "jax": theirs}
        for case, ours, theirs in zip(cases, results(cases), json.loads(other.stdout))
    ]


# MARK: On TensorFlow


def vectors(stream, shape):
    """Rows of length one (to within float32)."""
    rows = uniform(stream, shape).astype(np.float64)
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


Y, P = uniform(1, (5, 3), 2.0), uniform(2, (5, 3), 2.0)
Y_MAP, P_MAP = uniform(3, (2, 3, 2, 4)), uniform(4, (2, 3, 2, 4))
WEIGHTS = uniform(5, (5,)) + np.float32(1.25)
WEIGHT_MAP = np.broadcast_to((uniform(6, (2, 1, 1)) + np.float32(1.25)), (2, 3, 2)).copy()
BINARY, BINARY_MAP = (classes(s, shape, 2).astype(np.float32) for s, shape in ((7, (5, 3)), (8, (2, 3, 2, 4))))
SHARES, SHARE_MAP = (uniform(s, shape, 0.499) + np.float32(0.5) for s, shape in ((9, (5, 3)), (10, (2, 3, 2, 4))))
LABELS, LABEL_MAP = classes(11, (5,), 3), classes(12, (2, 3, 2), 4)
ROWS, ROW_MAP = probabilities(13, (5, 3)), probabilities(14, (2, 3, 2, 4))
HOT, HOT_MAP = one_hot(LABELS, 3), one_hot(LABEL_MAP, 4)
EDGES = np.array([[0, 1, 0.5], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0.5, 1e-8, 0.99999]], np.float32)
EDGE_TARGETS = np.array([[0, 1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1], [0, 1, 1]], np.float32)
CERTAIN = np.array([[1, 0, 0], [0, 1, 0], [0, 0.5, 0.5], [0.25, 0.25, 0.5], [0, 0, 1]], np.float32)


def regression():
    for loss, config in [
        ("MeanAbsolutePercentageError", {}),
        ("MeanSquaredLogarithmicError", {}),
        ("Huber", {}),
        ("Huber", {"delta": 0.3}),
        ("LogCosh", {}),
        ("Poisson", {}),
        ("CosineSimilarity", {}),
    ]:
        positive = loss == "Poisson"
        y, p = (abs(Y), abs(P)) if positive else (Y, P)
        y_map, p_map = (abs(Y_MAP), abs(P_MAP)) if positive else (Y_MAP, P_MAP)
        yield "rows", loss, config, y, p, None
        yield "rows, weighted", loss, config, y, p, WEIGHTS
        yield "map", loss, config, y_map, p_map, None
        yield "map, weighted sum", loss, config | SUM, y_map, p_map, WEIGHT_MAP
        yield "one sample", loss, config, y[:1], p[:1], None
    yield "equal", "MeanAbsolutePercentageError", {}, Y, Y, None
    yield "equal", "Huber", {}, Y, Y, None
    yield "equal", "LogCosh", {}, Y, Y, None
    yield "far", "LogCosh", {}, Y, P * 60, None
    yield "rows", "CosineSimilarity", {"axis": 1}, Y, P, None
    yield "map, axis", "CosineSimilarity", {"axis": 2}, Y_MAP, P_MAP, None
    yield "map, axis", "CosineSimilarity", {"axis": -3}, Y_MAP, P_MAP, None


def margins():
    for loss in ("Hinge", "SquaredHinge"):
        yield "signs", loss, {}, 2 * BINARY - 1, P, None
        yield "bits", loss, {}, BINARY, P, None
        yield "bits, weighted", loss, {}, BINARY, P, WEIGHTS
        # One target of -1 in the batch: the zeros of the others stay zeros.
        mixed = BINARY.copy()
        mixed[0, 0] = -1
        yield "mixed", loss, {}, mixed, P, None
        yield "map, sum", loss, SUM, BINARY_MAP, P_MAP, None
    yield "rows", "CategoricalHinge", {}, HOT, P, None
    yield "rows, weighted", "CategoricalHinge", {}, HOT, P, WEIGHTS
    yield "map", "CategoricalHinge", {}, HOT_MAP, P_MAP, None
    yield "equal rivals", "CategoricalHinge", {}, HOT, np.ones((5, 3), np.float32), None


def entropies():
    yield "rows", "KLDivergence", {}, ROWS, ROWS[::-1].copy(), None
    yield "rows, weighted", "KLDivergence", {}, ROWS, ROWS[::-1].copy(), WEIGHTS
    yield "map, sum", "KLDivergence", SUM, HOT_MAP, ROW_MAP, None
    yield "edges", "KLDivergence", {}, HOT, CERTAIN, None
    binary = "BinaryFocalCrossentropy"
    for name, config in [
        ("default", {}),
        ("balanced", {"apply_class_balancing": True}),
        ("other settings", {"apply_class_balancing": True, "alpha": 0.7, "gamma": 1.5, "label_smoothing": 0.1}),
        ("no focus", {"gamma": 0.0}),
    ]:
        yield f"{name}, probabilities", binary, config, BINARY, SHARES, None
        yield f"{name}, logits", binary, config | {"from_logits": True}, BINARY, P, None
        yield f"{name}, map", binary, config, BINARY_MAP, SHARE_MAP, None
        yield f"{name}, map, weighted", binary, config | WEIGHTED_MEAN, BINARY_MAP, SHARE_MAP, WEIGHT_MAP
    yield "edges", binary, {}, EDGE_TARGETS, EDGES, None
    categorical = "CategoricalFocalCrossentropy"
    for name, config in [
        ("default", {}),
        ("a weight for each class", {"alpha": [0.2, 0.5, 0.3]}),
        ("other settings", {"alpha": 0.6, "gamma": 1.5, "label_smoothing": 0.1}),
        ("no focus", {"gamma": 0.0}),
    ]:
        yield f"{name}, probabilities", categorical, config, HOT, ROWS, None
        yield f"{name}, unnormalised", categorical, config, HOT, SHARES, WEIGHTS
        yield f"{name}, logits", categorical, config | {"from_logits": True}, HOT, P, None
    yield "map", categorical, {}, HOT_MAP, ROW_MAP, None
    yield "map, weighted sum", categorical, SUM, HOT_MAP, ROW_MAP, WEIGHT_MAP
    yield "edges", categorical, {}, HOT, CERTAIN, None
    general = "CategoricalGeneralizedCrossEntropy"
    yield "rows", general, {}, LABELS, ROWS, None
    yield "rows, weighted", general, {"q": 0.8}, LABELS, ROWS, WEIGHTS
    yield "map", general, {"q": 0.2}, LABEL_MAP, ROW_MAP, None
    sparse = "SparseCategoricalCrossentropy"
    for reduction in ({}, SUM, WEIGHTED_MEAN):
        ignoring = {"ignore_class": 1} | reduction
        yield "ignoring", sparse, ignoring, LABELS, ROWS, None
        yield "ignoring, weighted", sparse, ignoring, LABELS, ROWS, WEIGHTS
        yield "ignoring, map", sparse, {"ignore_class": 2} | reduction, LABEL_MAP, ROW_MAP, WEIGHT_MAP
    yield "ignoring, logits", sparse, {"ignore_class": -1, "from_logits": True}, np.array([0, -1, 2, -1, 1]), P, None
    yield "ignoring all", sparse, {"ignore_class": 1}, np.ones(5, np.int32), ROWS, None


def overlaps():
    for loss, config in [("Dice", {}), ("Tversky", {}), ("Tversky", {"alpha": 0.3, "beta": 0.8})]:
        yield "batch", loss, config, BINARY_MAP, SHARE_MAP, None
        yield "batch, weighted", loss, config, BINARY_MAP, SHARE_MAP, WEIGHT_MAP[:, 0, 0]
        yield "rows", loss, config, BINARY, SHARES, None
        for axis in ([1, 2, 3], [0, 1, 2], [-1], [0, -2]):
            yield f"axis {axis}", loss, config | {"axis": axis}, BINARY_MAP, SHARE_MAP, None
            yield f"axis {axis}, sum", loss, config | {"axis": axis} | SUM, BINARY_MAP, SHARE_MAP, None
        for reduction in ({}, SUM, WEIGHTED_MEAN):
            yield "images, weighted", loss, config | {"axis": [1, 2, 3]} | reduction, BINARY_MAP, SHARE_MAP, WEIGHT_MAP[:, 0, 0]
        yield "nothing", loss, config, np.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32), None


def circles():
    labels, rows = np.array([0, 1, 0, 2, 1, 0, 1]), vectors(15, (7, 4))
    weights = uniform(16, (7,)) + np.float32(1.25)
    for name, config in [
        ("default", {}),
        ("gentle", {"gamma": 4.0, "margin": 0.25}),
        ("with itself", {"gamma": 4.0, "remove_diagonal": False}),
    ]:
        # A sample without another of its class has a NaN gradient in Keras: class 2 is left out but with itself.
        kept = slice(None) if name == "with itself" else np.flatnonzero(labels != 2)
        for reduction in ({}, SUM, WEIGHTED_MEAN):
            yield name, "Circle", config | reduction, labels[kept], rows[kept], None
            yield f"{name}, weighted", "Circle", config | reduction, labels[kept], rows[kept], weights[kept]


def reductions():
    for loss in ("MeanSquaredError", "MeanAbsoluteError"):
        for reduction in (SUM, NO_MEAN, WEIGHTED_MEAN):
            yield "rows", loss, reduction, Y, P, None
            yield "rows, weighted", loss, reduction, Y, P, WEIGHTS
            yield "map, weighted", loss, reduction, Y_MAP, P_MAP, WEIGHT_MAP
    for loss, y, p in [
        ("BinaryCrossentropy", BINARY, SHARES),
        ("CategoricalCrossentropy", HOT, ROWS),
        ("SparseCategoricalCrossentropy", LABELS, ROWS),
    ]:
        for reduction in (SUM, NO_MEAN, WEIGHTED_MEAN):
            yield "rows, weighted", loss, reduction, y, p, WEIGHTS
    yield "no weight at all", "MeanSquaredError", WEIGHTED_MEAN, Y, P, np.zeros(5, np.float32)


def described(name, loss, config, targets, predictions, weights):
    # Where nothing depends on how 1 - 1e-7 is rounded the values carry no error of their own.
    wide = {} if "entropy" in loss.lower() or loss == "KLDivergence" else {"dtype": "float64"}
    function = getattr(keras.losses, loss)(**(config | wide))
    inputs = predictions.astype(np.float64) if wide else predictions
    value, (gradient,) = gradients(lambda x: function(targets, x, sample_weight=weights), [inputs])
    arrays = {"y_true": targets, "y_pred": predictions, "sample_weight": weights}
    tensors = {key: array(values) for key, values in arrays.items() if values is not None}
    result = {"value": scalar(value), "gradient": tensor(gradient)}
    return {"name": name, "loss": loss, "config": config} | tensors | result


def evaluated(loss, config, targets, predictions, weights):
    """What an evaluation in batches of 3 reports, the last of one sample, of a model that hands its input on."""
    model = keras.Sequential([keras.Input(predictions.shape[1:]), keras.layers.Identity()])
    model.compile(loss=getattr(keras.losses, loss)(**config))
    result = model.evaluate(
        predictions, targets, batch_size=3, sample_weight=weights, verbose=0, return_dict=True
    )
    arrays = {"y_true": targets, "y_pred": predictions, "sample_weight": weights}
    tensors = {key: array(values) for key, values in arrays.items() if values is not None}
    return {"loss": loss, "config": config} | tensors | {"result": scalar(result["loss"])}


def evaluations():
    targets, predictions = uniform(17, (7, 3)), uniform(18, (7, 3))
    weights = uniform(19, (7,)) + np.float32(1.25)
    for reduction in ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"):
        for own in (None, weights):
            yield evaluated("MeanSquaredError", {"reduction": reduction}, targets, predictions, own)
    shares, answers = uniform(20, (7, 4), 0.499) + np.float32(0.5), classes(21, (7, 4), 2).astype(np.float32)
    yield evaluated("Dice", {}, answers, shares, None)
    yield evaluated("Dice", {}, answers, shares, weights)
    labels, rows = classes(22, (7,), 3), probabilities(23, (7, 3))
    yield evaluated("SparseCategoricalCrossentropy", {"ignore_class": 1}, labels, rows, weights)


FAMILIES = [regression, margins, entropies, overlaps, circles, reductions]

if "--print" in sys.argv:
    print(json.dumps(list(results(on_two_backends()))))
else:
    cases = [described(*case) for family in FAMILIES for case in family()]
    evaluated_cases = [*evaluations()]
    write_json(
        "losses", backends=by_both_backends(), arrays=ARRAYS, cases=cases, evaluated=evaluated_cases
    )
