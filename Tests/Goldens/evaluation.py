"""Evaluation of classifiers: curves and calibration, by scikit-learn's formulas written out in NumPy; saliency and Grad-CAM, by
gradients of a Keras model; whitening, by NumPy's eigenvectors. Computed in float64."""

import numpy as np
from golden import classes, keras, ops, tensor, tf, uniform, write_json

keras.config.set_floatx("float64")
layers = keras.layers


def numbers(values):
    """float64, with all digits; an infinite threshold is null."""
    return [float(x) if np.isfinite(x) else None for x in np.asarray(values, np.float64).ravel()]


# MARK: Curves: sklearn/metrics/_ranking.py of scikit-learn 1.7


def binary_curve(labels, scores, weights):
    """`_binary_clf_curve`."""
    order = np.argsort(scores, kind="mergesort")[::-1]
    scores, labels = scores[order], labels[order].astype(np.float64)
    weight = np.ones_like(scores) if weights is None else weights[order]
    distinct = np.where(np.diff(scores))[0]
    places = np.r_[distinct, labels.size - 1]
    tps = np.cumsum(labels * weight)[places]
    fps = np.cumsum((1 - labels) * weight)[places]
    return fps, tps, scores[places]


def roc_curve(labels, scores, weights, drop_intermediate):
    fps, tps, thresholds = binary_curve(labels, scores, weights)
    if drop_intermediate and len(fps) > 2:
        kept = np.where(np.r_[True, np.logical_or(np.diff(fps, 2), np.diff(tps, 2)), True])[0]
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    tps, fps, thresholds = np.r_[0, tps], np.r_[0, fps], np.r_[np.inf, thresholds]
    return fps / fps[-1], tps / tps[-1], thresholds


def precision_recall_curve(labels, scores, weights):
    fps, tps, thresholds = binary_curve(labels, scores, weights)
    total = tps + fps
    precision = np.zeros_like(tps)
    np.divide(tps, total, out=precision, where=(total != 0))
    recall = tps / tps[-1]
    return np.r_[precision[::-1], 1], np.r_[recall[::-1], 0], thresholds[::-1]


def curve(name, labels, scores, weights=None):
    x, y, thresholds = roc_curve(labels, scores, weights, True)
    full_x, full_y, _ = roc_curve(labels, scores, weights, False)
    precision, recall, pr_thresholds = precision_recall_curve(labels, scores, weights)
    return {
        "name": name,
        "labels": labels.astype(int).tolist(),
        "scores": numbers(scores),
        "weights": None if weights is None else numbers(weights),
        "roc": {"x": numbers(x), "y": numbers(y), "thresholds": numbers(thresholds)},
        "full_roc": {"x": numbers(full_x), "y": numbers(full_y)},
        "roc_area": float(np.trapezoid(y, x)),
        "pr": {"x": numbers(recall), "y": numbers(precision), "thresholds": numbers(pr_thresholds)},
        "average_precision": float(-np.sum(np.diff(recall) * precision[:-1])),
    }


def curves():
    def scores(stream, count, digits=None):
        values = uniform(stream, (count,)).astype(np.float64)
        return values if digits is None else np.round(values, digits)

    labels = classes(1, (40,), 2)
    return [
        curve("by hand", np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])),
        curve("distinct", labels, scores(2, 40)),
        curve("ties", labels, scores(3, 40, 1)),
        curve("two values", labels, np.round((scores(4, 40) + 1) / 2)),
        curve("weights", labels, scores(5, 40, 1), np.round((scores(6, 40) + 1) * 4) / 4),
        curve("perfect", labels, labels.astype(np.float64)),
        curve("all equal", labels, np.full(40, 0.5)),
    ]


# MARK: Calibration


def calibration():
    samples, count, bins = 200, 4, 10
    logits = uniform(10, (samples, count), 4.0)
    labels = classes(11, (samples,), count)
    # Half of the labels are what is predicted, so that the classifier is worth something.
    labels[::2] = np.argmax(logits, axis=1)[::2]

    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    probabilities = softmax(logits.astype(np.float64)).astype(np.float32)
    p = probabilities.astype(np.float64)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    table = []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        table.append((int(inside.sum()), confidence[inside].mean() if inside.any() else None, right[inside].mean() if inside.any() else None))
    gaps = [0 if n == 0 else abs(c - a) for n, c, a in table]

    def loss(temperature):
        q = softmax(logits.astype(np.float64) / temperature)
        return -np.log(q[np.arange(samples), labels]).mean()

    # Golden section: the loss has one minimum.
    low, high = np.log(0.05), np.log(20.0)
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(200):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if loss(np.exp(a)) < loss(np.exp(b)):
            high = b
        else:
            low = a
    temperature = float(np.exp((low + high) / 2))
    return {
        "logits": tensor(logits),
        "probabilities": tensor(probabilities),
        "labels": labels.tolist(),
        "counts": [n for n, _, _ in table],
        "confidences": [None if c is None else float(c) for _, c, _ in table],
        "accuracies": [None if a is None else float(a) for _, _, a in table],
        "expected_error": float(sum(n * g for (n, _, _), g in zip(table, gaps)) / samples),
        "maximum_error": float(max(gaps)),
        "negative_log_likelihood": float(-np.log(p[np.arange(samples), labels]).mean()),
        "brier_score": float(((p - np.eye(count)[labels]) ** 2).sum(axis=1).mean()),
        "temperature": temperature,
        "calibrated": tensor(softmax(logits.astype(np.float64) / temperature)[:3]),
    }


# MARK: Saliency and Grad-CAM


def network():
    """A residual network with normalisation and dropout, which both behave as in inference."""
    inputs = keras.Input((7, 6, 2), name="pictures")
    x = layers.Conv2D(3, 3, padding="same", use_bias=False, name="first")(inputs)
    x = layers.BatchNormalization(name="normalization")(x)
    y = layers.Conv2D(3, 3, padding="same", activation="relu", name="second")(x)
    x = layers.Activation("relu", name="sum")(layers.Add()([x, y]))
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="last")(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    x = layers.Dense(3, activation="softmax", name="classes")(x)
    return keras.Model(inputs, x)


def explanations():
    model = network()
    for place, variable in enumerate(model.weights):
        value = uniform(20 + place, variable.shape, 0.5)
        variable.assign(value + 1.0 if "variance" in variable.path or "gamma" in variable.path else value)
    x = uniform(40, (4, 7, 6, 2))
    chosen = [0, 1, 2, 1]
    # As Keras' example of Grad-CAM does: the scores are what enters softmax.
    model.get_layer("classes").activation = None
    with tf.GradientTape() as tape:
        batch = tf.convert_to_tensor(x, dtype="float64")
        tape.watch(batch)
        score = tf.reduce_sum(tf.gather(model(batch, training=False), chosen, batch_dims=1))
    saliency = tape.gradient(score, batch).numpy()
    maps = {}
    for layer in ("first", "sum", "last"):
        parts = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])
        with tf.GradientTape() as tape:
            features, scores = parts(tf.convert_to_tensor(x, dtype="float64"), training=False)
            # The layer's output itself is differentiated by, as in the example.
            score = tf.reduce_sum(tf.gather(scores, chosen, batch_dims=1))
        pooled = tf.reduce_mean(tape.gradient(score, features), axis=(1, 2))
        maps[layer] = tensor(tf.maximum(tf.einsum("nhwc,nc->nhw", features, pooled), 0).numpy())
    model.get_layer("classes").activation = keras.activations.softmax
    return {
        "weights": [tensor(ops.convert_to_numpy(w)) for w in model.weights],
        "pictures": tensor(x),
        "classes": chosen,
        "predictions": tensor(model(x, training=False).numpy()),
        "saliency": tensor(saliency),
        "grad_cam": maps,
    }


# MARK: Whitening


def whitening():
    cases = []
    data = uniform(50, (30, 2, 3)).astype(np.float64)
    # Correlated, of unequal variances.
    flat = data.reshape(30, 6) @ uniform(51, (6, 6), 2.0).astype(np.float64) + np.arange(6)
    flat = flat.astype(np.float32)
    for method, epsilon, components in (("pca", 0.0, None), ("pca", 0.1, 2), ("zca", 0.0, None), ("zca", 0.05, 4)):
        x = flat.astype(np.float64)
        mean = x.mean(axis=0)
        values, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
        values, vectors = values[::-1], vectors[:, ::-1]
        vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(6)])
        kept = vectors[:, :components]
        matrix = kept / np.sqrt(values[:components] + np.float64(np.float32(epsilon)))
        if method == "zca":
            matrix = matrix @ kept.T
        cases.append(
            {
                "method": method,
                "epsilon": epsilon,
                "components": components,
                "data": tensor(flat.reshape(30, 2, 3)),
                "mean": tensor(mean),
                "matrix": tensor(matrix),
                "outputs": tensor((x - mean) @ matrix),
            }
        )
    return cases


write_json(
    "evaluation",
    curves=curves(),
    calibration=calibration(),
    explanations=explanations(),
    whitening=whitening(),
)
