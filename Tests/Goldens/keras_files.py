"""Small files of Keras, with what their models predict and how they train: keras-tiny.keras, keras-tiny.h5, keras_files.json.

    KERAS_BACKEND=jax PYTHON Tests/Goldens/keras_files.py      (keras 3.15.1, h5py 3.14)
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

folder = pathlib.Path(__file__).parent
layers = keras.layers


def tiny():
    x = inputs = keras.Input((4, 4, 2), name="image")
    x = layers.Conv2D(3, 2, activation="relu", name="stem")(x)
    x = layers.BatchNormalization(name="norm")(x)
    outputs = layers.Dense(2, name="scores")(layers.GlobalAveragePooling2D(name="mean")(x))
    model = keras.Model(inputs, outputs, name="tiny")
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss="mse", metrics=["mae"])
    return model


keras.utils.set_random_seed(1)
random = np.random.default_rng(1)
x = random.uniform(-1, 1, (3, 4, 4, 2)).astype("float32")
t = random.uniform(-1, 1, (3, 2)).astype("float32")
model = tiny()
model.fit(x, t, batch_size=3, epochs=2, shuffle=False, verbose=0)
model.save(folder / "keras-tiny.keras")
model.save(folder / "keras-tiny.h5")
golden = {"x": x.ravel().tolist(), "t": t.ravel().tolist(), "y": model.predict(x, verbose=0).ravel().tolist()}
model.fit(x, t, batch_size=3, epochs=5, shuffle=False, verbose=0)
golden["trained"] = model.predict(x, verbose=0).ravel().tolist()
(folder / "keras_files.json").write_text(json.dumps(golden) + "\n")
