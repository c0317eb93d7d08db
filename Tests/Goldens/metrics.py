"""The accuracies, and which of them the string "accuracy" stands for."""

import numpy as np
from golden import classes, keras, scalar, tensor, uniform, write_json


def one_hot(labels, count):
    return np.eye(count, dtype=np.float32)[labels]


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


def case(name, metric, config, *updates):
    """The result after each update (targets, predictions and perhaps weights), never reset between them."""
    instance = getattr(keras.metrics, metric)(**config)
    recorded = []
    for update in updates:
        instance.update_state(*update)
        arrays = zip(("y_true", "y_pred", "sample_weight"), update)
        recorded.append({key: tensor(a) for key, a in arrays} | {"result": scalar(instance.result())})
    return {"name": name, "metric": metric, "config": config, "updates": recorded}


def accuracies():
    sparse, categorical, binary = (
        f"{kind}Accuracy" for kind in ("SparseCategorical", "Categorical", "Binary")
    )
    targets, target_map = one_hot(LABELS, 4), one_hot(LABEL_MAP, 4)
    yield case("two updates", sparse, {}, (LABELS, SCORES), (LABELS[:3], SCORES[2:5]))
    yield case("label column", sparse, {}, (LABELS[:, None], SCORES))
    yield case("map", sparse, {}, (LABEL_MAP, SCORE_MAP))
    yield case("weighted", sparse, {}, (LABELS, SCORES, WEIGHTS))
    yield case("ties", sparse, {}, (TIED_LABELS, TIED))
    yield case("two updates", categorical, {}, (targets, SCORES), (targets[:3], SCORES[2:5]))
    yield case("map", categorical, {}, (target_map, SCORE_MAP))
    yield case("weighted", categorical, {}, (targets, SCORES, WEIGHTS))
    yield case("ties", categorical, {}, (one_hot(TIED_LABELS, 4), TIED))
    yield case("halves", binary, {}, (HALF_TARGETS, HALVES))
    yield case("flat targets", binary, {}, (HALF_TARGETS[:, 0], HALVES))
    yield case("threshold", binary, {"threshold": 0.25}, (targets, SCORES))
    yield case("several outputs, weighted", binary, {}, (targets, SCORES, WEIGHTS))
    yield case("numbers", "Accuracy", {}, (NUMBERS, NUMBERS.T), (NUMBERS[:1], NUMBERS[1:2]))
    yield case("column", "Accuracy", {}, (NUMBERS[:, :1], NUMBERS[:, 2:3]))
    yield case("flat targets", "Accuracy", {}, (NUMBERS[:, 0], NUMBERS[:, 2:3]))
    yield case("weighted", "Accuracy", {}, (NUMBERS, NUMBERS.T, WEIGHTS[:4]))
    for k in (1, 2, 3, 5):
        config = {"k": k}
        yield case(f"k = {k}", "SparseTopKCategoricalAccuracy", config, (LABELS, SCORES), (TIED_LABELS, TIED))
        yield case(
            f"k = {k}", "TopKCategoricalAccuracy", config, (targets, SCORES), (one_hot(TIED_LABELS, 4), TIED)
        )
    yield case("map", "SparseTopKCategoricalAccuracy", {"k": 2}, (LABEL_MAP, SCORE_MAP))
    yield case("weighted", "SparseTopKCategoricalAccuracy", {"k": 2}, (LABELS, SCORES, WEIGHTS))


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

write_json("metrics", cases=[*accuracies()], resolved=[resolved(*shapes) for shapes in RESOLVED])
