"""What a small `fit` and `evaluate` report, with a partial last batch, in float32."""

import numpy as np
from golden import classes, keras, scalar, tensor, uniform, write_json

SAMPLES, VALIDATION_SAMPLES, FEATURES, CLASSES = 50, 20, 6, 3
FIT = {"batch_size": 16, "epochs": 3}


def data(stream, count):
    """Each class lies around its own centre, near enough to the others to leave mistakes."""
    labels = classes(stream, (count,), CLASSES)
    centres = uniform(1, (CLASSES, FEATURES))
    return centres[labels] + uniform(stream + 1, (count, FEATURES)), labels


X, Y = data(2, SAMPLES)
VALIDATION_X, VALIDATION_Y = data(4, VALIDATION_SAMPLES)
SAMPLE_WEIGHTS = uniform(6, (SAMPLES,)) + np.float32(1.25)
VALIDATION_WEIGHTS = uniform(7, (VALIDATION_SAMPLES,)) + np.float32(1.25)
WEIGHTS = {
    "dense/kernel": uniform(8, (FEATURES, 8)),
    "dense/bias": uniform(9, (8,), 0.1),
    "dense_1/kernel": uniform(10, (8, CLASSES)),
    "dense_1/bias": uniform(11, (CLASSES,), 0.1),
}
BINARY_WEIGHTS = WEIGHTS | {
    "dense_1/kernel": uniform(12, (8, 1)),
    "dense_1/bias": uniform(13, (1,), 0.1),
}
VALIDATION = {"validation_data": (VALIDATION_X, VALIDATION_Y)}


def network(binary):
    output = {"units": 1, "activation": "sigmoid"} if binary else {"units": CLASSES, "activation": "softmax"}
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(**output),
        ]
    )
    model.set_weights([*(BINARY_WEIGHTS if binary else WEIGHTS).values()])
    return model


def case(
    name, binary=False, one_hot=False, optimizer={}, weighted_metrics=None, evaluation={}, **arguments
):
    model = network(binary)
    sparse = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    model.compile(
        optimizer=keras.optimizers.SGD(**{"learning_rate": 0.1} | optimizer),
        loss="binary_crossentropy" if binary else sparse,
        metrics=["accuracy"],
        weighted_metrics=weighted_metrics,
    )
    targets = (Y > 0).astype(np.int32) if binary else Y
    targets = np.eye(CLASSES, dtype=np.float32)[Y] if one_hot else targets
    history = model.fit(X, targets, shuffle=False, verbose=0, **FIT | arguments).history
    evaluated = model.evaluate(X, targets, batch_size=16, verbose=0, return_dict=True, **evaluation)
    return {
        "name": name,
        "history": {key: [scalar(v) for v in values] for key, values in history.items()},
        "evaluation": {key: scalar(value) for key, value in evaluated.items()},
        "predictions": tensor(model.predict(VALIDATION_X, batch_size=16, verbose=0)),
        "weights": {name: tensor(value) for name, value in zip(WEIGHTS, model.get_weights())},
    }


write_json(
    "history",
    fit=FIT | {"shuffle": False, "learning_rate": 0.1},
    x=tensor(X),
    y=tensor(Y),
    validation_x=tensor(VALIDATION_X),
    validation_y=tensor(VALIDATION_Y),
    sample_weight=tensor(SAMPLE_WEIGHTS),
    validation_sample_weight=tensor(VALIDATION_WEIGHTS),
    weights={name: tensor(value) for name, value in WEIGHTS.items()},
    binary_weights={name: tensor(value) for name, value in BINARY_WEIGHTS.items()},
    cases=[
        case("plain", **VALIDATION),
        case("validation_split 0.25", validation_split=0.25),
        case("class_weight 0: 0.5, 1: 2", class_weight={0: 0.5, 1: 2.0}, **VALIDATION),
        case(
            "sample_weight, weighted accuracy too",
            weighted_metrics=[keras.metrics.SparseCategoricalAccuracy(name="weighted_accuracy")],
            evaluation={"sample_weight": SAMPLE_WEIGHTS},
            sample_weight=SAMPLE_WEIGHTS,
            validation_data=(VALIDATION_X, VALIDATION_Y, VALIDATION_WEIGHTS),
        ),
        case("split and sample_weight", validation_split=0.25, sample_weight=SAMPLE_WEIGHTS),
        case("one-hot and class_weight", one_hot=True, class_weight={0: 0.5, 1: 2.0}, validation_split=0.25),
        case("sigmoid and class_weight", binary=True, class_weight={0: 0.5, 1: 2.0}),
        case("binary", binary=True),
        case("momentum 0.9", optimizer={"momentum": 0.9}, **VALIDATION),
    ],
)
