"""Metrics by Keras: the accuracies, and which of them the string "accuracy" stands for; all others over several updates, of which
the last is smaller, without and with weights."""

import numpy as np
from golden import classes, keras, scalar, tensor, uniform, write_json

SIZES = (3, 3, 2)
COUNT = sum(SIZES)


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
    exponentials = np.exp(uniform(stream, shape, 2.0).astype(np.float64))
    return (exponentials / exponentials.sum(-1, keepdims=True)).astype(np.float32)


# MARK: Accuracies


def updated(name, metric, config, *updates):
    """The result after each update (targets, predictions and perhaps weights), never reset between them."""
    instance = getattr(keras.metrics, metric)(**config)
    recorded = []
    for update in updates:
        instance.update_state(*update)
        arrays = zip(("y_true", "y_pred", "sample_weight"), update)
        recorded.append({key: tensor(a) for key, a in arrays} | {"result": scalar(instance.result())})
    return {"name": name, "metric": metric, "config": config, "updates": recorded}


def accuracies():
    LABELS = classes(1, (8,), 4)
    SCORES = uniform(2, (8, 4))
    LABEL_MAP = classes(3, (2, 3, 2), 4)
    SCORE_MAP = uniform(4, (2, 3, 2, 4))
    # Ties: the class at k's edge shares its score with others, above and below it.
    TIED = np.array([[0.1, 0.4, 0.4, 0.1], [0.25] * 4, [0.5, 0.2, 0.2, 0.1], [0, 0.3, 0.3, 0.3]], np.float32)
    TIED_LABELS = np.array([2, 3, 2, 1], np.int32)
    # 0.5 itself counts as class 0; the next float above counts as class 1.
    HALVES = np.array([[0.5], [np.nextafter(np.float32(0.5), np.float32(1))], [0.4999], [0.5]], np.float32)
    HALF_TARGETS = np.array([[0], [1], [0], [1]], np.float32)
    # Whole numbers as predictions, some equal to their targets.
    NUMBERS = classes(8, (4, 4), 3).astype(np.float32)
    WEIGHTS = uniform(5, (8,)) + np.float32(1.25)

    sparse, categorical, binary = (
        f"{kind}Accuracy" for kind in ("SparseCategorical", "Categorical", "Binary")
    )
    targets, target_map = one_hot(LABELS, 4), one_hot(LABEL_MAP, 4)
    yield updated("two updates", sparse, {}, (LABELS, SCORES), (LABELS[:3], SCORES[2:5]))
    yield updated("label column", sparse, {}, (LABELS[:, None], SCORES))
    yield updated("map", sparse, {}, (LABEL_MAP, SCORE_MAP))
    yield updated("weighted", sparse, {}, (LABELS, SCORES, WEIGHTS))
    yield updated("ties", sparse, {}, (TIED_LABELS, TIED))
    yield updated("two updates", categorical, {}, (targets, SCORES), (targets[:3], SCORES[2:5]))
    yield updated("map", categorical, {}, (target_map, SCORE_MAP))
    yield updated("weighted", categorical, {}, (targets, SCORES, WEIGHTS))
    yield updated("ties", categorical, {}, (one_hot(TIED_LABELS, 4), TIED))
    yield updated("halves", binary, {}, (HALF_TARGETS, HALVES))
    yield updated("flat targets", binary, {}, (HALF_TARGETS[:, 0], HALVES))
    yield updated("threshold", binary, {"threshold": 0.25}, (targets, SCORES))
    yield updated("several outputs, weighted", binary, {}, (targets, SCORES, WEIGHTS))
    yield updated("numbers", "Accuracy", {}, (NUMBERS, NUMBERS.T), (NUMBERS[:1], NUMBERS[1:2]))
    yield updated("column", "Accuracy", {}, (NUMBERS[:, :1], NUMBERS[:, 2:3]))
    yield updated("flat targets", "Accuracy", {}, (NUMBERS[:, 0], NUMBERS[:, 2:3]))
    yield updated("weighted", "Accuracy", {}, (NUMBERS, NUMBERS.T, WEIGHTS[:4]))
    for k in (1, 2, 3, 5):
        config = {"k": k}
        yield updated(f"k = {k}", "SparseTopKCategoricalAccuracy", config, (LABELS, SCORES), (TIED_LABELS, TIED))
        yield updated(
            f"k = {k}", "TopKCategoricalAccuracy", config, (targets, SCORES), (one_hot(TIED_LABELS, 4), TIED)
        )
    yield updated("map", "SparseTopKCategoricalAccuracy", {"k": 2}, (LABEL_MAP, SCORE_MAP))
    yield updated("weighted", "SparseTopKCategoricalAccuracy", {"k": 2}, (LABELS, SCORES, WEIGHTS))


def resolved(target_shape, prediction_shape):
    """What `compile(metrics=["accuracy"])` chose, and its value; the model hands its input on."""
    model = keras.Sequential([keras.Input(prediction_shape[1:]), keras.layers.Identity()])
    model.compile(loss=lambda y_true, y_pred: keras.ops.sum(y_pred), metrics=["accuracy"])
    predictions = uniform(6, prediction_shape) * np.float32(0.5) + np.float32(0.5)
    if target_shape == prediction_shape and target_shape[-1] > 1:
        targets = one_hot(classes(7, target_shape[:-1], target_shape[-1]), target_shape[-1])
    else:
        targets = classes(7, target_shape, max(prediction_shape[-1], 2)).astype(np.float32)
    result = model.evaluate(predictions, targets, batch_size=3, verbose=0, return_dict=True)
    chosen = type(model._compile_metrics.metrics[0]).__name__
    return {
        "chosen": chosen,
        "y_true": tensor(targets),
        "y_pred": tensor(predictions),
        "result": scalar(result["accuracy"]),
    }


RESOLVED = [
    ((5,), (5, 1)),
    ((5, 1), (5, 1)),
    ((5,), (5, 4)),
    ((5, 1), (5, 4)),
    ((5, 4), (5, 4)),
    ((5, 2), (5, 2)),
    ((5, 2, 3), (5, 2, 3, 4)),
    ((5, 2, 3, 1), (5, 2, 3, 4)),
    ((5, 2, 3, 4), (5, 2, 3, 4)),
    ((5, 2, 3, 1), (5, 2, 3, 1)),
]


# MARK: All others


Y, P = uniform(1, (COUNT, 3), 2.0), uniform(2, (COUNT, 3), 2.0)
Y_MAP, P_MAP = uniform(3, (COUNT, 2, 2, 3)), uniform(4, (COUNT, 2, 2, 3))
ANSWERS, SHARES = classes(5, (COUNT, 4), 2).astype(np.float32), uniform(6, (COUNT, 4), 0.499) + np.float32(0.5)
ANSWER, SHARE = ANSWERS[:, :1], SHARES[:, :1]
ANSWER_MAP, SHARE_MAP = classes(7, (COUNT, 2, 2, 1), 2).astype(np.float32), uniform(8, (COUNT, 2, 2, 1), 0.499) + np.float32(0.5)
LABELS, ROWS = classes(9, (COUNT,), 4), probabilities(10, (COUNT, 4))
HOT = one_hot(LABELS, 4)
LABEL_MAP, ROW_MAP = classes(11, (COUNT, 2, 3), 4), probabilities(12, (COUNT, 2, 3, 4))
PREDICTED_MAP = classes(13, (COUNT, 2, 3), 4)
WEIGHTS = uniform(14, (COUNT,)) + np.float32(1.25)
# Whole numbers: Keras' intersection over union cuts off fractions.
WHOLE_WEIGHTS = (1 + classes(15, (COUNT,), 3)).astype(np.float32)
# Exactly at thresholds, and beyond 0 and 1.
STEPS = np.array([[0, 0.25, 0.5, 0.75], [1, 0.5, 0, 0.25]] * 4, np.float32)
SORTED = np.argsort(-ROWS, axis=-1).astype(np.float32)


def case(name, metric, config, targets, predictions, weights=None, **extra):
    instance = getattr(keras.metrics, metric)(**config, **extra)
    results = []
    start = 0
    for size in SIZES:
        part = slice(start, start + size)
        own = None if weights is None else weights[part]
        if own is not None and extra.get("dtype") and predictions.ndim > 2:
            own = np.broadcast_to(own.reshape(-1, 1, 1), targets[part].shape[:3])
        instance.update_state(targets[part], predictions[part], own)
        results.append([float(str(np.float32(x))) for x in np.ravel(np.array(instance.result()))])
        start += size
    arrays = {"y_true": targets, "y_pred": predictions, "sample_weight": weights}
    tensors = {key: array(values) for key, values in arrays.items() if values is not None}
    described = {"name": name, "metric": metric, "metric_name": instance.name, "config": config}
    direction = {"direction": instance._direction} if hasattr(instance, "_direction") else {}
    return described | direction | tensors | {"results": results}


def both(name, metric, config, targets, predictions):
    yield case(name, metric, config, targets, predictions)
    yield case(f"{name}, weighted", metric, config, targets, predictions, WEIGHTS)


def means():
    for metric in (
        "MeanSquaredError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "RootMeanSquaredError",
        "CosineSimilarity",
        "LogCoshError",
        "PearsonCorrelation",
        "ConcordanceCorrelation",
    ):
        yield from both("rows", metric, {}, Y, P)
        yield from both("map", metric, {}, Y_MAP, P_MAP)
    yield from both("axis", "CosineSimilarity", {"axis": 1}, Y_MAP, P_MAP)
    for metric in ("Hinge", "SquaredHinge"):
        yield from both("signs", metric, {}, 2 * ANSWERS - 1, P[:, :1] * ANSWERS - SHARES)
        yield from both("bits", metric, {}, ANSWERS, SHARES)
    yield from both("rows", "CategoricalHinge", {}, HOT, ROWS)
    yield from both("rows", "KLDivergence", {}, HOT, ROWS)
    yield from both("rows", "Poisson", {}, abs(Y), abs(P))
    yield from both("rows", "BinaryCrossentropy", {}, ANSWERS, SHARES)
    yield from both("logits", "BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, ANSWERS, SHARES)
    yield from both("rows", "CategoricalCrossentropy", {}, HOT, ROWS)
    yield from both("logits", "CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, HOT, SHARES)
    yield from both("rows", "SparseCategoricalCrossentropy", {}, LABELS, ROWS)
    yield case("ignoring", "SparseCategoricalCrossentropy", {"ignore_class": 1}, LABELS, ROWS)
    config = {"k": 2, "from_sorted_ids": True}
    yield from both("sorted", "SparseTopKCategoricalAccuracy", config, LABELS, SORTED)


def scores():
    for config in ({}, {"class_aggregation": "variance_weighted_average"}, {"class_aggregation": None}):
        yield from both("rows", "R2Score", config, Y, P)
    yield from both("adjusted", "R2Score", {"num_regressors": 2}, Y, P)
    yield case("too many regressors", "R2Score", {"num_regressors": 30}, Y, P)
    for average in (None, "micro", "macro", "weighted"):
        yield from both("largest", "F1Score", {"average": average}, HOT, ROWS)
        yield from both("threshold", "F1Score", {"average": average, "threshold": 0.4}, ANSWERS, SHARES)
        yield from both("beta", "FBetaScore", {"average": average, "beta": 2.0}, ANSWERS, SHARES)
    yield case("one output", "F1Score", {"threshold": 0.5}, ANSWER, SHARE)


def answers():
    for metric in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"):
        yield from both("default", metric, {}, ANSWERS, SHARES)
        yield from both("thresholds", metric, {"thresholds": [0.7, 0.2]}, ANSWERS, SHARES)
        yield case("even thresholds", metric, {"thresholds": [0.0, 0.5, 1.0]}, ANSWERS, STEPS)
        yield case("flat", metric, {}, ANSWER, SHARE)
        yield case("map", metric, {"thresholds": [0.4]}, ANSWER_MAP, SHARE_MAP)
    for metric in ("Precision", "Recall"):
        yield from both("default", metric, {}, ANSWERS, SHARES)
        yield from both("thresholds", metric, {"thresholds": [0.3, 0.6, 0.9]}, ANSWERS, SHARES)
        yield case("steps", metric, {"thresholds": [0.25, 0.5]}, ANSWERS, STEPS)
        yield from both("top k", metric, {"top_k": 2}, ANSWERS, SHARES)
        yield case("top k, ties", metric, {"top_k": 1}, ANSWERS, np.ones_like(SHARES))
        yield from both("top k and threshold", metric, {"top_k": 2, "thresholds": [0.6]}, ANSWERS, SHARES)
        yield from both("class", metric, {"class_id": 2}, ANSWERS, SHARES)
        yield from both("class and top k", metric, {"class_id": 1, "top_k": 2}, ANSWERS, SHARES)
        yield case("nothing", metric, {}, ANSWERS * 0, SHARES * 0)
    for metric, argument in [
        ("PrecisionAtRecall", "recall"),
        ("RecallAtPrecision", "precision"),
        ("SensitivityAtSpecificity", "specificity"),
        ("SpecificityAtSensitivity", "sensitivity"),
    ]:
        for value in (0.3, 0.6, 0.9):
            yield from both(f"{value}", metric, {argument: value}, ANSWERS, SHARES)
        yield case("few", metric, {argument: 0.5, "num_thresholds": 5}, ANSWERS, STEPS)
        yield case("one", metric, {argument: 0.5, "num_thresholds": 1}, ANSWERS, SHARES)
        yield case("class", metric, {argument: 0.5, "class_id": 3}, ANSWERS, SHARES)


def areas():
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "minoring", "majoring"):
            config = {"curve": curve, "summation_method": method}
            yield from both(f"{curve}, {method}", "AUC", config, ANSWERS, SHARES)
            yield case(f"{curve}, {method}, steps", "AUC", config | {"num_thresholds": 5}, ANSWERS, STEPS)
        config = {"curve": curve, "multi_label": True}
        yield from both(f"{curve}, labels", "AUC", config, ANSWERS, SHARES)
        yield case(f"{curve}, weighted labels", "AUC", config | {"label_weights": [1.0, 2.0, 0.5, 0.0]}, ANSWERS, SHARES)
    weights = {"label_weights": [1.0, 2.0, 0.5, 0.0]}
    yield from both("weights of labels", "AUC", weights, ANSWERS, SHARES)
    yield from both("thresholds", "AUC", {"thresholds": [0.8, 0.1, 0.35]}, ANSWERS, SHARES)
    yield case("even thresholds", "AUC", {"thresholds": [0.25, 0.5, 0.75]}, ANSWERS, STEPS)
    yield from both("logits", "AUC", {"from_logits": True}, ANSWERS, SHARES * 6 - 3)
    yield case("map", "AUC", {}, ANSWER_MAP, SHARE_MAP)
    yield case("one output", "AUC", {"num_thresholds": 50}, ANSWER, SHARE)


def unions():
    wide = {"dtype": "float32"}
    flat = (LABEL_MAP, PREDICTED_MAP.astype(np.float32))
    hot = (one_hot(LABEL_MAP, 4), ROW_MAP)
    for weights in (None, WHOLE_WEIGHTS):
        name = "plain" if weights is None else "weighted"
        yield case(name, "IoU", {"num_classes": 4, "target_class_ids": [0, 2]}, *flat, weights, **wide)
        yield case(name, "MeanIoU", {"num_classes": 4}, *flat, weights, **wide)
        ignoring = {"num_classes": 4, "ignore_class": 1}
        yield case(f"{name}, ignoring", "MeanIoU", ignoring, *flat, weights, **wide)
        scores = {"num_classes": 4, "sparse_y_pred": False}
        yield case(f"{name}, scores", "MeanIoU", scores, LABEL_MAP, ROW_MAP, weights, **wide)
        yield case(name, "OneHotIoU", {"num_classes": 4, "target_class_ids": [1]}, *hot, weights, **wide)
        yield case(name, "OneHotMeanIoU", {"num_classes": 4}, *hot, weights, **wide)
        yield case(name, "BinaryIoU", {}, ANSWER_MAP, SHARE_MAP, weights, **wide)
    yield case("threshold", "BinaryIoU", {"target_class_ids": [1], "threshold": 0.3}, ANSWER, SHARE, **wide)
    yield case("more classes", "MeanIoU", {"num_classes": 9}, *flat, **wide)
    yield case("fewer classes", "MeanIoU", {"num_classes": 3}, *flat, **wide)
    yield case("labels", "MeanIoU", {"num_classes": 4, "sparse_y_pred": False}, LABELS, ROWS, **wide)
    sparse = {"num_classes": 4, "sparse_y_pred": True}
    yield case("sparse predictions", "OneHotMeanIoU", sparse, one_hot(LABEL_MAP, 4), flat[1], **wide)


def compiled():
    """Metrics and weighted metrics of one model that hands its input on, in batches of 3."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Identity()])
    model.compile(
        loss="mse",
        metrics=["mae", keras.metrics.Precision(name="precision")],
        weighted_metrics=["mae", keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall")],
    )
    result = model.evaluate(SHARES, ANSWERS, batch_size=3, sample_weight=WEIGHTS, verbose=0, return_dict=True)
    tensors = {"y_true": array(ANSWERS), "y_pred": array(SHARES), "sample_weight": array(WEIGHTS)}
    return tensors | {"results": {key: float(str(np.float32(value))) for key, value in result.items()}}


FAMILIES = [means, scores, answers, areas, unions]

cases = [case for family in FAMILIES for case in family()]
compiled_cases = [compiled()]
write_json(
    "metrics",
    accuracies=[*accuracies()],
    resolved=[resolved(*shapes) for shapes in RESOLVED],
    arrays=ARRAYS,
    cases=cases,
    compiled=compiled_cases,
)
