"""The files of CSVLogger and the history of callbacks that log, of a network whose numbers float32 holds exactly."""

import tempfile
from pathlib import Path

import numpy as np
from golden import keras, write_json

X = np.ones((4, 1), np.float32)
Y = np.zeros((4, 1), np.float32)
VALIDATION = {"validation_data": (X, Y)}


def network():
    """One weight, 1 at first; its gradient is 1, so that each epoch of one step takes away the learning rate."""
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.25),
        loss="mean_absolute_error",
        metrics=["accuracy"],
    )
    return model


def logger(path, **arguments):
    return keras.callbacks.CSVLogger(path, **arguments)


def plateau():
    # The loss falls, so that by "max" nothing ever improves.
    return keras.callbacks.ReduceLROnPlateau(monitor="loss", mode="max", factor=0.1, patience=1)


def scheduler():
    return keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.5 * rate)


class Extra(keras.callbacks.Callback):
    """Logs one value in the first epoch and another in those that follow."""

    def on_epoch_end(self, epoch, logs=None):
        logs["first" if epoch == 0 else "later"] = 0.5


def case(name, make_callbacks, *fits):
    """The file after calls of `fit`, each with its arguments, and the history of the last."""
    model = network()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "log.csv")
        for arguments in fits:
            history = model.fit(
                X, Y, batch_size=4, shuffle=False, verbose=0, callbacks=make_callbacks(path), **arguments
            )
        text = Path(path).read_bytes().decode()
    return {"name": name, "file": text, "history": history.history}


write_json(
    "callbacks",
    cases=[
        case("plain", lambda path: [logger(path)], {"epochs": 3}),
        case("validation", lambda path: [logger(path)], {"epochs": 3} | VALIDATION),
        case("separator", lambda path: [logger(path, separator=";")], {"epochs": 1}),
        case("plateau before", lambda path: [plateau(), logger(path)], {"epochs": 4}),
        case("plateau before, validation", lambda path: [plateau(), logger(path)], {"epochs": 4} | VALIDATION),
        case("scheduler after", lambda path: [logger(path), scheduler()], {"epochs": 3}),
        case("both", lambda path: [scheduler(), plateau(), logger(path)], {"epochs": 3}),
        case("extra", lambda path: [Extra(), logger(path)], {"epochs": 3}),
        case(
            "append",
            lambda path: [logger(path, append=True)],
            {"epochs": 2},
            {"epochs": 4, "initial_epoch": 2} | VALIDATION,
        ),
        case(
            "nothing to train", lambda path: [logger(path)], {"epochs": 2, "initial_epoch": 3}
        ),
    ],
)
