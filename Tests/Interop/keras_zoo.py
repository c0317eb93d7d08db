"""Models of Keras over the catalogue of layers, read and written by this library.

    swift build --traits HDF5,Zip --product keras-probe
    PYTHON Tests/Interop/keras_zoo.py .build/debug/keras-probe

makes the models with random weights and saves them (.keras), lets the probe predict, train for five steps and save them again, loads
what it has saved in Keras, and prints how many passed: predictions to 1e-5 of the largest value, and after training to 1e-4.
Needs keras 3.15 and a backend for it (tensorflow or jax).
"""

import argparse
import functools
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras import layers as L

STEPS = 5
models = {}


def zoo(make):
    """A model of the zoo: a function that makes it."""
    models[make.__name__] = make
    return make


def chain(shape, *parts, **arguments):
    return keras.Sequential([keras.Input(shape), *parts], **arguments)


def single(name, shape, *parts):
    models[name] = lambda: chain(shape, *parts)


def image(*parts):
    return (8, 10, 3), *parts


# Layer by layer, the settings away from their defaults.
single("conv1d", (12, 3), L.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu"), L.Conv1D(2, 3, strides=2))
single("conv2d", *image(L.Conv2D(6, (3, 2), strides=(2, 1), padding="same", groups=3, activation="tanh"),
                        L.Conv2D(4, 3, dilation_rate=(1, 2), use_bias=False, kernel_initializer="he_normal")))
single("conv3d", (5, 6, 4, 2), L.Conv3D(3, (2, 3, 2), activation="elu"))
single("conv_transpose", (6, 7, 2), L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=(1, 1)),
       L.Conv2DTranspose(2, (3, 2), activation="softplus"))
single("conv1d_transpose", (6, 2), L.Conv1DTranspose(4, 3, strides=2))
single("conv3d_transpose", (3, 4, 3, 2), L.Conv3DTranspose(2, 2, strides=2))
single("depthwise", *image(L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu6")))
single("depthwise1d", (9, 3), L.DepthwiseConv1D(3, depth_multiplier=2))
single("separable", *image(L.SeparableConv2D(5, 3, depth_multiplier=2, activation="swish")))
single("separable1d", (9, 3), L.SeparableConv1D(5, 3, padding="same"))
single("max_pooling", *image(L.MaxPooling2D(3, strides=2, padding="same")))
single("average_pooling", *image(L.AveragePooling2D((2, 3), strides=(1, 2), padding="same")))
single("pooling1d", (12, 3), L.MaxPooling1D(2), L.AveragePooling1D(2))
single("pooling3d", (6, 6, 6, 2), L.MaxPooling3D(2), L.AveragePooling3D((1, 2, 3)))
single("global_pooling", *image(L.GlobalAveragePooling2D(keepdims=True), L.GlobalMaxPooling2D()))
single("global_pooling1d", (6, 4), L.GlobalMaxPooling1D(keepdims=True), L.GlobalAveragePooling1D())
single("global_pooling3d", (4, 4, 4, 3), L.GlobalAveragePooling3D())
single("adaptive_pooling", *image(L.AdaptiveAveragePooling2D((4, 5)), L.AdaptiveMaxPooling2D(2)))
single("batch_normalization", *image(L.BatchNormalization(momentum=0.9, epsilon=0.01), L.BatchNormalization(scale=False),
                                     L.BatchNormalization(center=False, axis=1)))
single("layer_normalization", *image(L.LayerNormalization(axis=[1, 2]), L.LayerNormalization(center=False)))
single("group_normalization", (6, 6, 8), L.GroupNormalization(4), L.GroupNormalization(-1))
single("other_normalization", *image(L.RMSNormalization(), L.UnitNormalization(axis=-1)))
single("spectral", *image(L.SpectralNormalization(L.Conv2D(4, 3, activation="relu"), power_iterations=2), L.Flatten(),
                          L.SpectralNormalization(L.Dense(3))))
single("reshaping", *image(L.Reshape((10, -1)), L.Permute((2, 1)), L.Flatten(), L.RepeatVector(2)))
single("borders", *image(L.ZeroPadding2D(((1, 2), (0, 3))), L.Cropping2D(((2, 1), (1, 0))), L.ZeroPadding2D(1)))
single("borders1d", (9, 2), L.ZeroPadding1D((1, 2)), L.Cropping1D(1))
single("borders3d", (4, 5, 6, 1), L.ZeroPadding3D((1, 0, 2)), L.Cropping3D(((1, 0), (0, 1), (2, 2))))
single("up_sampling", *image(L.UpSampling2D((2, 3), interpolation="bilinear"), L.UpSampling2D(2)))
single("up_sampling_other", (4, 3), L.UpSampling1D(3), L.Reshape((2, 3, 2, 3)), L.UpSampling3D((1, 2, 2)))
single("activation_layers", *image(L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.2), L.LeakyReLU(0.15), L.ELU(0.7),
                                   L.PReLU(shared_axes=[1, 2], alpha_initializer="uniform"), L.Softmax(axis=-1)))
single("activation_names", (16,), *[L.Dense(16, activation=name) for name in [
    "relu", "sigmoid", "tanh", "softplus", "softsign", "selu", "gelu", "silu", "hard_sigmoid", "hard_silu", "mish",
    "log_sigmoid", "celu", "hard_tanh", "leaky_relu", "exponential", "softmax", "log_softmax"]])
single("activations_rare", (16,), *[L.Activation(name) for name in [
    "tanh_shrink", "soft_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "hard_shrink", "relu6", "linear"]],
    L.Activation(keras.layers.LeakyReLU(0.05)), L.Dense(4, activation=keras.layers.ReLU(max_value=1.0)))
single("noise", *image(L.Dropout(0.3, seed=4), L.SpatialDropout2D(0.2), L.GaussianNoise(0.1), L.GaussianDropout(0.2),
                       L.AlphaDropout(0.2), L.Dropout(0.2, noise_shape=(None, 1, 1, 3)), L.ActivityRegularization(0.1)))
single("noise_other", (6, 4), L.SpatialDropout1D(0.2), L.Reshape((2, 3, 2, 2)), L.SpatialDropout3D(0.3))
single("einsum", (6, 4), L.EinsumDense("abc,cd->abd", output_shape=(None, 8), bias_axes="d", activation="relu"))
single("preprocessing", *image(L.Rescaling(1 / 127.5, offset=-1), L.Resizing(6, 5, interpolation="bilinear"), L.CenterCrop(4, 4),
                               L.Normalization(axis=-1, mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0])))
single("augmentation", *image(L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomTranslation(0.1, 0.2), L.RandomZoom(0.1),
                              L.RandomContrast(0.2), L.RandomBrightness(0.1, value_range=(0, 1)), L.RandomErasing(), L.RandomShear(0.1)))
single("parts", (5,), L.Dense(4, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02), bias_regularizer="l2",
                              kernel_constraint=keras.constraints.MaxNorm(3), bias_constraint="non_neg",
                              activity_regularizer=keras.regularizers.L1(0.01),
                              kernel_initializer=keras.initializers.Orthogonal(1.2), bias_initializer=keras.initializers.Constant(0.1)))


@zoo
def adapted():
    model = chain((3,), L.Normalization(), L.Dense(2))
    model.layers[0].adapt(np.random.default_rng(3).normal(2, 3, (50, 3)).astype("float32"))
    return model


@zoo
def embedding():
    return chain((7,), L.Embedding(20, 5), L.Conv1D(4, 3), L.GlobalMaxPooling1D(), L.Dense(2))


@zoo
def categories():
    return chain((1,), L.Discretization(bin_boundaries=[-0.5, 0.0, 0.5]), L.CategoryEncoding(4, output_mode="one_hot"), L.Dense(2))


@zoo
def residual():
    x = inputs = keras.Input((8, 8, 3))
    x = L.Conv2D(8, 3, padding="same", name="stem")(x)
    for index in range(2):
        y = L.BatchNormalization()(x)
        y = L.Activation("relu")(y)
        y = L.Conv2D(8, 3, padding="same", use_bias=False, name=f"block{index}_conv")(y)
        x = L.Add()([x, y])
    return keras.Model(inputs, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(x)))


@zoo
def merging():
    a, b = keras.Input((6, 4), name="b_second"), keras.Input((6, 4), name="a_first")
    y = [L.Dense(4)(a), L.Dense(4)(b)]
    parts = [layer(y) for layer in [L.Add(), L.Subtract(), L.Multiply(), L.Average(), L.Maximum(), L.Minimum()]]
    return keras.Model([a, b], [L.Concatenate(axis=1)(parts), L.Dot(axes=(2, 2), normalize=True)(y)])


@zoo
def siamese():
    a, b = keras.Input((8, 8, 1)), keras.Input((8, 8, 1))
    encoder = keras.Sequential([keras.Input((8, 8, 1)), L.Conv2D(4, 3, activation="relu"), L.Flatten(), L.Dense(3)], name="encoder")
    return keras.Model([a, b], L.Dense(1, activation="sigmoid")(L.Concatenate()([encoder(a), encoder(b)])))


@zoo
def shared_layer():
    x = inputs = keras.Input((6,))
    dense = L.Dense(6, activation="tanh")
    for _ in range(3):
        x = dense(x)
    return keras.Model(inputs, L.Subtract()([x, dense(inputs)]))


@zoo
def nested_functional():
    inner_input = keras.Input((6, 6, 2))
    y = L.Conv2D(3, 3, padding="same")(inner_input)
    inner = keras.Model(inner_input, [y, L.GlobalAveragePooling2D()(y)], name="inner")
    x = keras.Input((6, 6, 2))
    features, means = inner(x)
    again, _ = inner(L.Conv2D(2, 1)(features))
    return keras.Model(x, L.Dense(2)(L.Concatenate()([L.Flatten()(again), means])))


@zoo
def nested_twice():
    core = keras.Sequential([keras.Input((4,)), L.Dense(4, activation="relu"), L.Dense(4)], name="core")
    middle = keras.Sequential([keras.Input((4,)), core, L.LayerNormalization()], name="middle")
    return keras.Sequential([keras.Input((4,)), middle, L.Dense(3), L.Dense(2)])


@zoo
def branches():
    inputs = keras.Input((8, 8, 3))
    a = L.Conv2D(4, 1)(inputs)
    b = L.Conv2D(4, 3, padding="same")(L.Conv2D(2, 1)(inputs))
    c = L.Conv2D(4, 1)(L.MaxPooling2D(3, strides=1, padding="same")(inputs))
    x = L.Concatenate()([c, a, b])
    return keras.Model(inputs, [L.Dense(2, name="first")(L.Flatten()(x)), L.Dense(3, name="second")(L.GlobalMaxPooling2D()(x))])


@zoo
def attention():
    x = inputs = keras.Input((6, 8))
    y = L.MultiHeadAttention(2, 4, value_dim=3, dropout=0.1)(x, x)
    x = L.LayerNormalization()(L.Add()([x, y]))
    y = L.MultiHeadAttention(2, 4, output_shape=8, use_bias=False)(query=x, value=inputs, key=x)
    return keras.Model(inputs, L.Dense(2)(L.Flatten()(L.Add()([x, y]))))


@zoo
def operations():
    a = keras.Input((5,))
    x = L.Dense(5)(a)
    return keras.Model(a, (keras.ops.relu(x + a) * x - 0.5) * 0.25 + (2.0 - x) / 3.0)


@zoo
def open_sizes():
    x = inputs = keras.Input((None, None, 3))
    x = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(inputs, L.Dense(2)(L.GlobalAveragePooling2D()(x)))


@zoo
def frozen():
    model = chain((5,), L.Dense(4), L.BatchNormalization(), L.Dense(2))
    model.layers[0].trainable = False
    model.layers[1].trainable = False
    return model


@zoo
def mobile():
    return keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, classes=5)


@zoo
def efficient():
    return keras.applications.EfficientNetB0(input_shape=(32, 32, 3), weights=None, classes=5)


# Every network of keras.applications that Applications has, too; small pictures, for time.
for network, size in {
    "VGG16": 32, "VGG19": 32, "ResNet50": 64, "ResNet101": 64, "MobileNet": 64, "MobileNetV2": 64, "MobileNetV3Small": 64,
    "MobileNetV3Large": 64, "EfficientNetB0": 64, "EfficientNetB1": 64, "EfficientNetB2": 64, "EfficientNetB3": 64,
    "DenseNet121": 64, "InceptionV3": 96, "Xception": 96, "ConvNeXtTiny": 64,
}.items():
    models[f"application_{network}"] = functools.partial(
        getattr(keras.applications, network), input_shape=(size, size, 3), weights=None, include_top=False, pooling="avg"
    )


def compiled(make, optimizer, loss="mse", **arguments):
    def build():
        model = make()
        model.compile(optimizer=optimizer(), loss=loss, **arguments)
        return model

    return build


def small():
    x = inputs = keras.Input((8, 8, 2))
    # No bias before a normalisation: its gradient is zero but for rounding, which Adam would make steps of.
    x = L.Conv2D(4, 3, use_bias=False, kernel_regularizer="l2")(x)
    x = L.Activation("relu")(L.BatchNormalization()(x))
    return keras.Model(inputs, L.Dense(3, activation="softmax")(L.Flatten()(x)))


O = keras.optimizers
for name, optimizer in {
    "sgd": lambda: O.SGD(0.05),
    "momentum": lambda: O.SGD(0.05, momentum=0.9, nesterov=True),
    "adam": lambda: O.Adam(0.003),
    "amsgrad": lambda: O.Adam(0.003, amsgrad=True, clipnorm=1.0),
    "adamw": lambda: O.AdamW(0.003, weight_decay=0.01),
    "rmsprop": lambda: O.RMSprop(0.002, momentum=0.5, centered=True),
    "nadam": lambda: O.Nadam(0.003),
    "adagrad": lambda: O.Adagrad(0.01),
    "schedule": lambda: O.SGD(O.schedules.ExponentialDecay(0.1, 4, 0.5), momentum=0.5),
}.items():
    models[f"train_{name}"] = compiled(small, optimizer, "categorical_crossentropy", metrics=["accuracy", "mae"])
models["train_two_outputs"] = compiled(branches, lambda: O.Adam(0.003), ["mse", "log_cosh"], loss_weights=[1.0, 0.3])
models["train_frozen"] = compiled(frozen, lambda: O.SGD(0.05, momentum=0.9), "mse", metrics=[keras.metrics.RootMeanSquaredError()])
models["train_nested"] = compiled(nested_twice, lambda: O.Adam(0.003), "mse")
models["train_shared"] = compiled(shared_layer, lambda: O.SGD(0.05, momentum=0.9), "mae")


def randomize(model, random):
    """New values for all weights, moving statistics among them, that keep the signal's size."""
    for variable in model.weights:
        if variable.dtype != "float32" or variable.path.split("/")[-1] in ("mean", "variance"):
            continue
        shape = variable.shape
        fan = max(1, int(np.prod(shape[:-1])))
        values = random.normal(0, 1 / np.sqrt(fan), shape) if len(shape) > 1 else random.uniform(0.5, 1.5, shape)
        variable.assign(values.astype("float32"))


def batch(tensor, random, count):
    shape = [size or 12 for size in tensor.shape[1:]]
    return random.uniform(-1, 1, (count, *shape)).astype("float32")


def flat(values):
    return values if isinstance(values, list) else [values]


def train(model, x, targets):
    # Random numbers of layers are drawn otherwise here; none of the models that are trained has any.
    model.fit(x, targets, batch_size=len(x), epochs=STEPS, shuffle=False, verbose=0)


def deviation(a, b):
    if a.shape != b.shape:
        return float("inf")
    return float(np.max(np.abs(a - b)) / max(float(np.max(np.abs(b))), 1e-2))


def make_all(folder, only):
    """Saves the models that are not in the folder yet, with inputs and what is expected."""
    for index, (name, make) in enumerate(models.items()):
        if only and name not in only or (folder / f"{name}.expected").exists():
            continue
        keras.utils.clear_session()
        keras.utils.set_random_seed(index)
        random = np.random.default_rng(index)
        model = make()
        randomize(model, random)
        x = [batch(tensor, random, 6) for tensor in model.inputs]
        if name == "embedding":
            x = [random.integers(0, 20, (6, 7)).astype("float32")]
        inputs = x if len(x) > 1 else x[0]
        arrays = {f"x{i}": value for i, value in enumerate(x)}
        is_trained = name.startswith("train_")
        if is_trained:
            t = [np.abs(batch(tensor, random, 6)) for tensor in model.outputs]
            if len(t) == 1 and t[0].shape[-1] == 3:
                t = [np.eye(3, dtype="float32")[random.integers(0, 3, 6)]]
            arrays |= {f"t{i}": value for i, value in enumerate(t)}
            targets = t if len(t) > 1 else t[0]
            # So that there is state to be taken over.
            train(model, inputs, targets)
        model.save(folder / f"{name}.keras")
        np.savez(folder / f"{name}.npz", **arrays)
        expected = {f"y{i}": y for i, y in enumerate(flat(model.predict(inputs, verbose=0)))}
        for letter in "zw" if is_trained else "":
            train(model, inputs, targets)
            expected |= {f"{letter}{i}": y for i, y in enumerate(flat(model.predict(inputs, verbose=0)))}
        with open(folder / f"{name}.expected", "wb") as file:
            np.savez(file, **expected)


def check(folder, name):
    """What deviates too far, or fails; empty if all is well."""
    keras.utils.clear_session()
    arrays, expected = np.load(folder / f"{name}.npz"), np.load(folder / f"{name}.expected")
    out = np.load(folder / f"{name}.out.npz")
    x = [arrays[key] for key in sorted(arrays) if key[0] == "x"]
    t = [arrays[key] for key in sorted(arrays) if key[0] == "t"]
    x, t = x if len(x) > 1 else x[0], t[0] if len(t) == 1 else t
    bad = []

    def compare(what, values, letter, limit):
        for i, value in enumerate(values):
            size = deviation(value, expected[f"{letter}{i}"])
            if not size <= limit:
                bad.append(f"{what}, output {i}: {size:.1e}")

    def outputs(letter):
        return [out[key] for key in sorted(out) if key[0] == letter]

    compare("read", outputs("y"), "y", 1e-5)
    back = keras.models.load_model(folder / f"{name}.back.keras")
    compare("written", flat(back.predict(x, verbose=0)), "y", 1e-5)
    if "z0" in expected:
        compare("trained here", outputs("z"), "z", 1e-4)
        model = keras.models.load_model(folder / f"{name}.trained.keras")
        train(model, x, t)
        compare("trained on in Keras", flat(model.predict(x, verbose=0)), "w", 1e-4)
    return ", ".join(bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probe", help="the program keras-probe")
    parser.add_argument("names", nargs="*", help="models; all without")
    parser.add_argument("--folder", help="where the models are kept, for other runs; they are made if they are missing")
    arguments = parser.parse_intermixed_args()
    folder = pathlib.Path(arguments.folder or tempfile.mkdtemp(prefix="keras-zoo-"))
    folder.mkdir(parents=True, exist_ok=True)
    make_all(folder, arguments.names)
    for old in [*folder.glob("*.out.npz"), *folder.glob("*.*.keras")]:
        old.unlink()
    print(subprocess.run([arguments.probe, str(folder)], capture_output=True, text=True).stdout, end="")
    names = [name for name in models if name in arguments.names or not arguments.names]
    failed = 0
    for name in names:
        try:
            reason = check(folder, name)
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error)[:400]}"
        if reason:
            failed += 1
            print(f"FAILED {name}: {reason}", flush=True)
    print(f"{len(names) - failed} of {len(names)} models passed")
    sys.exit(1 if failed else 0)


main()
