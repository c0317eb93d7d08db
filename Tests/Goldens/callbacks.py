"""The files of CSVLogger and the history of callbacks that log, of a network whose numbers float32 holds exactly; and what
callbacks decide, epoch by epoch, on series of numbers that nobody has trained for."""

import tempfile
from math import isnan, nan
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


# MARK: Decisions on scripted series


class Scripted:
    """All that callbacks ask of a model. Its weight is the number of epochs done."""

    def __init__(self, rate=1.0):
        self.stop_training = False
        self.optimizer = keras.optimizers.SGD(rate)
        self.weight = 0
        self.saved = []
        self.metrics = []

    def get_weights(self):
        return self.weight

    def set_weights(self, weight):
        self.weight = weight

    def save(self, path, overwrite):
        self.saved.append(Path(path).stem)

    @property
    def rate(self):
        return float(keras.ops.convert_to_numpy(self.optimizer.learning_rate))


def text(values):
    """Numbers as JSON has them: null is NaN."""
    return [None if isnan(value) else value for value in values]


def run(callback, model, series, watch):
    """Has a callback see one epoch after the other, until it stops; what `watch` says after each."""
    callback.set_model(model)
    callback.on_train_begin()
    seen = []
    for epoch, value in enumerate(series):
        callback.on_epoch_begin(epoch)
        model.weight = epoch + 1
        callback.on_epoch_end(epoch, {"score": value})
        seen.append(watch())
        if model.stop_training:
            break
    callback.on_train_end()
    return seen


def entry(callback, arguments, series, **found):
    return {"callback": callback, "arguments": arguments, "series": text(series)} | found


def early_stopping(series, **arguments):
    model = Scripted()
    callback = keras.callbacks.EarlyStopping(monitor="score", **arguments)
    waits = run(callback, model, series, lambda: callback.wait)
    return entry(
        "EarlyStopping",
        arguments,
        series,
        waits=waits,
        # As here, the first epoch is 1, and 0 stands for none.
        stopped=callback.stopped_epoch + 1 if model.stop_training else 0,
        best=None if callback.best is None or isnan(callback.best) else callback.best,
        weight=model.weight,
    )


def reduce_on_plateau(series, **arguments):
    model = Scripted(rate=0.5)
    callback = keras.callbacks.ReduceLROnPlateau(monitor="score", **arguments)
    rates = run(callback, model, series, lambda: model.rate)
    return entry("ReduceLROnPlateau", arguments, series, rates=rates)


def checkpoint(series, **arguments):
    model = Scripted()
    callback = keras.callbacks.ModelCheckpoint("/tmp/{epoch}.keras", monitor="score", **arguments)
    run(callback, model, series, lambda: None)
    return entry("ModelCheckpoint", arguments, series, saved=model.saved)


def checkpoint_of_batches(frequency, batches, epochs):
    """Saved after batches, however many an epoch has."""
    model = Scripted()
    callback = keras.callbacks.ModelCheckpoint("/tmp/{epoch}-{batch}.keras", save_freq=frequency)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(epochs):
        callback.on_epoch_begin(epoch)
        for batch in range(batches):
            callback.on_train_batch_end(batch, {"loss": 1.0})
    arguments = {"save_freq": frequency, "batches": batches, "epochs": epochs}
    return entry("ModelCheckpoint, batches", arguments, [], saved=model.saved)


def terminate(series, batches, **arguments):
    """Which batches run: the losses of all, epochs one after the other, NaN as null and infinity as 1e39."""
    model = Scripted()
    callback = keras.callbacks.TerminateOnNaN(**arguments)
    callback.set_model(model)
    done = 0
    raises = False
    for place, loss in enumerate(series):
        done += 1
        try:
            callback.on_train_batch_end(place % batches, {"loss": np.inf if loss == 1e39 else loss})
        except RuntimeError:
            raises = True
        if model.stop_training or raises:
            break
    return entry("TerminateOnNaN", arguments | {"batches": batches}, series, done=done, raises=raises)


SCHEDULES = {
    "half": lambda epoch, rate: 0.5 * rate,
    "steps": lambda epoch, rate: rate if epoch < 2 else rate * 0.1 if epoch % 2 == 0 else rate + 0.01,
    "formula": lambda epoch, rate: 1.0 / (3.0 + epoch),
}


def schedule(name, epochs):
    model = Scripted(rate=0.7)
    callback = keras.callbacks.LearningRateScheduler(SCHEDULES[name])
    rates = run(callback, model, [0.0] * epochs, lambda: model.rate)
    return entry("LearningRateScheduler", {"schedule": name}, [0.0] * epochs, rates=rates)


def averages(momentum, batches, epochs, **arguments):
    """Weights that a callback after SwapEMAWeights sees at the end of each epoch, and those of the validation. Each step takes 0.125
    from a weight that is 1 at first, so that all numbers are exact."""
    model = network()
    model.compile(
        optimizer=keras.optimizers.SGD(0.125, use_ema=True, ema_momentum=momentum), loss="mean_absolute_error"
    )
    seen = []
    watcher = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(float(model.get_weights()[0][0, 0]))
    )
    history = model.fit(
        np.ones((batches, 1), np.float32),
        np.zeros((batches, 1), np.float32),
        batch_size=1,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=[keras.callbacks.SwapEMAWeights(**arguments), watcher],
        **VALIDATION,
    )
    return entry(
        "SwapEMAWeights",
        arguments | {"momentum": momentum, "batches": batches, "epochs": epochs},
        [],
        seen=seen,
        validated=history.history["val_loss"],
        weight=float(model.get_weights()[0][0, 0]),
    )


def backup(interrupted, delete):
    """The epochs that a second call of `fit` runs, 1 being the first, and the weight in the end; 0 stands for a first call that
    runs to its end."""
    with tempfile.TemporaryDirectory() as folder:
        def fit(raises):
            model = network()
            model.compile(optimizer=keras.optimizers.SGD(0.125), loss="mean_absolute_error")
            epochs = []

            def begin(epoch, logs):
                epochs.append(epoch + 1)

            def end(batch, logs):
                if raises and epochs[-1] == raises:
                    raise KeyboardInterrupt

            saver = keras.callbacks.BackupAndRestore(str(Path(folder) / "backup"), delete_checkpoint=delete)
            watcher = keras.callbacks.LambdaCallback(on_epoch_begin=begin, on_train_batch_end=end)
            try:
                model.fit(X, Y, batch_size=4, epochs=5, shuffle=False, verbose=0, callbacks=[saver, watcher])
            except KeyboardInterrupt:
                pass
            return epochs, float(model.get_weights()[0][0, 0])

        fit(interrupted)
        epochs, weight = fit(0)
    arguments = {"interrupted": interrupted, "delete_checkpoint": delete}
    return entry("BackupAndRestore", arguments, [], run=epochs, weight=weight)


# Improving, a plateau, worse, better again, ties.
LOSSES = [1.0, 0.75, 0.75, 0.8, 0.75, 0.5, 0.6, 0.6, 0.6, 0.4, 0.6, 0.7]
SCORES = [0.1, 0.3, 0.3, 0.2, 0.4, 0.4, 0.35, 0.4, 0.5, 0.45, 0.5, 0.2]
# Each step is 0.1, as far as float32 can tell.
STEPS = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
WITH_NAN = [1.0, nan, 0.5, nan, nan, 0.25, nan, 0.5, nan, 0.125]
FIRST_NAN = [nan, 1.0, 0.5, 0.25, 0.125]


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
    decisions=[
        early_stopping(LOSSES, mode="min"),
        early_stopping(LOSSES, mode="min", patience=2),
        early_stopping(LOSSES, mode="min", patience=3, restore_best_weights=True),
        early_stopping(LOSSES, mode="min", patience=9, restore_best_weights=True),
        early_stopping(LOSSES, mode="min", patience=2, min_delta=0.3),
        early_stopping(LOSSES, mode="min", patience=3, min_delta=-0.25),
        early_stopping(LOSSES, mode="min", patience=2, baseline=0.45),
        early_stopping(LOSSES, mode="min", patience=4, baseline=0.6, restore_best_weights=True),
        early_stopping(LOSSES, mode="min", patience=1, start_from_epoch=4),
        early_stopping(LOSSES, mode="min", patience=0, start_from_epoch=2, restore_best_weights=True),
        early_stopping(SCORES, mode="max"),
        early_stopping(SCORES, mode="max", patience=2, restore_best_weights=True),
        early_stopping(SCORES, mode="max", patience=3, min_delta=0.1),
        early_stopping(SCORES, mode="max", patience=5, baseline=0.4, start_from_epoch=1),
        early_stopping(STEPS, mode="min", patience=1, min_delta=0.1),
        early_stopping(STEPS[::-1], mode="max", patience=3, min_delta=0.1, restore_best_weights=True),
        early_stopping([0.5] * 4, mode="min", patience=2),
        early_stopping(WITH_NAN, mode="min", patience=2),
        early_stopping(WITH_NAN, mode="min", patience=3, restore_best_weights=True),
        early_stopping(FIRST_NAN, mode="min", patience=3, restore_best_weights=True),
        reduce_on_plateau(LOSSES, mode="min", patience=1),
        reduce_on_plateau(LOSSES, mode="min", patience=2, factor=0.5),
        reduce_on_plateau(LOSSES, mode="min", patience=1, factor=0.3, cooldown=1),
        reduce_on_plateau(LOSSES, mode="min", patience=1, factor=0.2, cooldown=3, min_lr=0.05),
        reduce_on_plateau(LOSSES, mode="min", patience=1, factor=0.5, min_delta=0.3, min_lr=0.03),
        reduce_on_plateau(LOSSES, mode="min", patience=0, factor=0.7),
        reduce_on_plateau(SCORES, mode="max", patience=1, factor=0.5),
        reduce_on_plateau(SCORES, mode="max", patience=2, factor=0.1, min_delta=0.1, cooldown=1),
        reduce_on_plateau(STEPS, mode="min", patience=1, factor=0.9, min_delta=0.1),
        reduce_on_plateau(WITH_NAN, mode="min", patience=1, factor=0.5),
        checkpoint(LOSSES, mode="min", save_best_only=True),
        checkpoint(LOSSES, mode="min"),
        checkpoint(LOSSES, mode="min", save_best_only=True, initial_value_threshold=0.5),
        checkpoint(SCORES, mode="max", save_best_only=True),
        checkpoint(SCORES, mode="max", save_best_only=True, initial_value_threshold=0.3),
        checkpoint(WITH_NAN, mode="min", save_best_only=True),
        checkpoint_of_batches(1, 2, 2),
        checkpoint_of_batches(2, 3, 4),
        checkpoint_of_batches(5, 3, 4),
        checkpoint_of_batches(3, 3, 2),
        terminate([1.0, 2.0, nan, 1.0, 1.0, 1.0], 2),
        terminate([1.0, 2.0, 1.0, 1.0, 1e39, 1.0], 3),
        terminate([1.0, nan, 1.0, 1.0], 2, raise_error=True),
        terminate([1.0, 2.0, 3.0, 1.0], 2, raise_error=True),
        schedule("half", 4),
        schedule("steps", 6),
        schedule("formula", 5),
        averages(0.5, 1, 4),
        averages(0.75, 2, 3),
        averages(0.5, 2, 3, swap_on_epoch=True),
        averages(0.75, 1, 4, swap_on_epoch=True),
        backup(3, True),
        backup(1, True),
        backup(4, False),
        backup(0, True),
        backup(0, False),
    ],
)
