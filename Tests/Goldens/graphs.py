"""Networks with shared layers, nested models, several inputs and outputs, and frozen layers; computed in float64, written as
float32."""

import numpy as np
from golden import classes, gradients, keras, ops, tensor, uniform, write_json

keras.config.set_floatx("float64")
layers = keras.layers

SAMPLES, CLASSES, STEPS = 8, 3, 3
# Powers of two: float32 and float64 hold the same.
OPTIMIZER = {"learning_rate": 0.125, "momentum": 0.5}
TARGETS = classes(1, (SAMPLES,), CLASSES)


def samples(shape):
    return uniform(2, (SAMPLES, *shape))


def key(variable):
    """Layer and variable, without the models around: the layers have different names everywhere."""
    return "/".join(variable.path.split("/")[-2:])


def values(model, which="weights"):
    return {key(v): tensor(ops.convert_to_numpy(v)) for v in getattr(model, which)}


def fill(model, stream=10):
    """Weights by formula, those that stand under a root positive."""
    for place, variable in enumerate(sorted(model.weights, key=key)):
        value = uniform(stream + place, variable.shape, 0.5)
        variable.assign(value + 1.0 if "variance" in variable.path or "gamma" in variable.path else value)


def compile_(model, **optimizer):
    model.compile(
        optimizer=keras.optimizers.SGD(**OPTIMIZER | optimizer), loss="sparse_categorical_crossentropy"
    )


def phase(model, x):
    """Outputs, loss, gradients, and the weights after some steps, of a model that is compiled."""
    outputs = model.predict(x, verbose=0)
    # As `train_on_batch` computes them: moving statistics move, so they are put back.
    before = model.get_weights()
    trainable = model.trainable_variables

    def loss(*_):
        return ops.mean(
            keras.losses.sparse_categorical_crossentropy(TARGETS, model(x, training=True))
        )

    value, found = gradients(loss, trainable)
    model.set_weights(before)
    for _ in range(STEPS):
        model.train_on_batch(x, TARGETS)
    return {
        "outputs": tensor(outputs),
        "loss": float(value),
        "gradients": {key(v): tensor(g) for v, g in zip(trainable, found)},
        "updated": values(model),
    }


def case(name, model, x):
    fill(model)
    weights = values(model)
    compile_(model)
    return {
        "name": name,
        "parameter_count": model.count_params(),
        "x": tensor(x),
        "weights": weights,
        "phases": [phase(model, x.astype(np.float64))],
    }


def head(x, name="head"):
    return layers.Dense(CLASSES, activation="softmax", name=name)(x)


def three_in_a_row():
    x = keras.Input((5,))
    shared = layers.Dense(5, activation="tanh", name="shared")
    return keras.Model(x, head(shared(shared(shared(x)))))


def encoder(name="encoder"):
    x = keras.Input((6, 5, 2))
    y = layers.Conv2D(3, 3, padding="same", activation="relu", name=f"{name}_conv")(x)
    y = layers.BatchNormalization(name=f"{name}_norm", momentum=0.5)(y)
    return keras.Model(x, layers.GlobalAveragePooling2D(name=f"{name}_pool")(y), name=name)


def siamese():
    """One image, seen twice: as it is, and rescaled."""
    x = keras.Input((6, 5, 2))
    shared = encoder()
    return keras.Model(x, head(layers.Concatenate()([shared(x), shared(layers.Rescaling(0.5, 0.25)(x))])))


def nested_twice():
    """A model within a model, applied twice."""
    inner_input = keras.Input((4,))
    inner = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, activation="tanh", name="inner_dense")], name="inner"
    )
    middle = keras.Model(
        inner_input,
        layers.Add()([inner(layers.Dense(4, name="middle_dense")(inner_input)), inner_input]),
        name="middle",
    )
    x = keras.Input((4,))
    return keras.Model(x, head(middle(layers.ReLU()(middle(x)))))


def two_inputs():
    left, right = keras.Input((5,), name="left"), keras.Input((3, 2), name="right")
    x = layers.Dense(4, activation="tanh", name="of_left")(left)
    y = layers.Flatten()(layers.Dense(2, activation="relu", name="of_right")(right))
    return keras.Model([left, right], head(layers.Concatenate()([x, y])))


def siamese_of_two():
    left, right = keras.Input((6, 5, 2), name="left"), keras.Input((6, 5, 2), name="right")
    shared = encoder()
    return keras.Model([left, right], head(layers.Concatenate()([shared(left), shared(right)])))


def inputs_case(name, model, shapes):
    """Samples by the names of inputs."""
    x = {key: uniform(20 + place, (SAMPLES, *shape)) for place, (key, shape) in enumerate(shapes.items())}
    fill(model)
    weights = values(model)
    compile_(model)
    batch = {key: value.astype(np.float64) for key, value in x.items()}
    return {
        "name": name,
        "parameter_count": model.count_params(),
        "inputs": {key: tensor(value) for key, value in x.items()},
        "weights": weights,
        "phases": [phase(model, batch)],
    }


def two_outputs():
    """Two losses with weights: what is reported under which name, in float64."""
    x = keras.Input((6,))
    trunk = layers.Dense(5, activation="tanh", name="trunk")(x)
    outputs = {"digit": head(trunk, "digit"), "angle": layers.Dense(2, name="angle")(trunk)}
    model = keras.Model(x, outputs)
    fill(model)
    weights = values(model)
    model.compile(
        optimizer=keras.optimizers.SGD(**OPTIMIZER),
        loss={"digit": "sparse_categorical_crossentropy", "angle": "mean_squared_error"},
        loss_weights={"digit": 1.0, "angle": 0.25},
        metrics={"digit": ["sparse_categorical_accuracy"], "angle": ["mean_squared_error"]},
    )
    x, angles = samples((6,)), uniform(30, (SAMPLES, 2))
    weight = uniform(31, (SAMPLES,)) + np.float32(1.25)
    targets = {"digit": TARGETS, "angle": angles.astype(np.float64)}
    history = model.fit(
        x.astype(np.float64), targets, batch_size=4, epochs=2, shuffle=False, verbose=0, sample_weight=weight
    ).history
    outputs = model.predict(x.astype(np.float64), verbose=0)
    return {
        "x": tensor(x),
        "angle": tensor(angles),
        "sample_weight": tensor(weight),
        "weights": weights,
        "history": {name: [float(v) for v in figures] for name, figures in history.items()},
        "evaluation": {
            name: float(v)
            for name, v in model.evaluate(x, targets, batch_size=4, verbose=0, return_dict=True).items()
        },
        "outputs": {name: tensor(value) for name, value in outputs.items()},
        "updated": values(model),
    }


class Halves(layers.Layer):
    def call(self, x):
        return ops.split(x, 2, axis=-1)


def several_outputs():
    x = keras.Input((6,))
    first, second = Halves()(layers.Dense(8, activation="tanh", name="entry")(x))
    joined = layers.Add()([layers.Dense(4, name="left")(first), layers.Dense(4, name="right")(second), first])
    return keras.Model(x, head(joined))


def transfer():
    """A base is trained with a head; frozen, it serves another head; then all is trained at a lower rate."""
    base = encoder("base")
    first = keras.Sequential(
        [keras.Input((6, 5, 2)), base, layers.Dense(CLASSES, activation="softmax", name="first")]
    )
    x = samples((6, 5, 2))
    batch = x.astype(np.float64)
    fill(first)
    compile_(first)
    weights = values(first)
    phases = [phase(first, batch)]
    base.trainable = False
    second = keras.Model(base.input, head(base.output, "second"))
    fill_head = second.get_layer("second")
    for place, variable in enumerate(fill_head.weights):
        variable.assign(uniform(40 + place, variable.shape, 0.5))
    weights |= {key(v): tensor(ops.convert_to_numpy(v)) for v in fill_head.weights}
    compile_(second)
    phases.append(phase(second, batch))
    base.trainable = True
    compile_(second, learning_rate=0.03125)
    phases.append(phase(second, batch))
    return {
        "name": "transfer",
        "parameter_count": second.count_params(),
        "x": tensor(x),
        "weights": weights,
        "phases": phases,
    }


write_json(
    "graphs",
    y=tensor(TARGETS),
    steps=STEPS,
    optimizer=OPTIMIZER,
    cases=[
        case("three in a row", three_in_a_row(), samples((5,))),
        case("siamese", siamese(), samples((6, 5, 2))),
        case("nested twice", nested_twice(), samples((4,))),
        case("several outputs", several_outputs(), samples((6,))),
        transfer(),
    ],
    several_inputs=[
        inputs_case("two inputs", two_inputs(), {"left": (5,), "right": (3, 2)}),
        inputs_case("siamese", siamese_of_two(), {"left": (6, 5, 2), "right": (6, 5, 2)}),
    ],
    several_outputs=two_outputs(),
)
