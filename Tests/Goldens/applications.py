"""Networks of keras.applications, and three of this project's own, with weights by formula: applications.json."""

import golden  # noqa: F401  (sets the environment before Keras is imported)
import keras
import numpy as np
from keras import applications, layers, ops

PERIOD = 4093


def fnv(text, basis, prime, width):
    """The FNV-1a hash of a text (Fowler, Noll and Vo), by which names choose streams and lists are compared."""
    value = basis
    for byte in text.encode():
        value = (value ^ byte) * prime % 2**width
    return value


def fnv32(text):
    return fnv(text, 0x811C9DC5, 0x01000193, 32)


def fnv64(text):
    return fnv(text, 0xCBF29CE484222325, 0x100000001B3, 64)


def formula(name, shape, gain):
    """The weight of a name: a pattern of PERIOD numbers of the name's stream, repeated.

    `gain` is chosen so that signals neither vanish nor explode on their way."""
    count = int(np.prod(shape))
    kind = name.rsplit("/", 1)[-1]
    pattern = golden.uniform(fnv32(name), [PERIOD]).astype(np.float64)
    if kind in ("gamma", "moving_variance", "variance"):
        pattern = 1 + 0.25 * pattern
    elif len(shape) >= 2 and "embedding" not in kind:
        is_depthwise = "depthwise" in name or "dw" in name or (len(shape) == 4 and shape[3] == 1)
        fan_in = shape[0] * shape[1] if is_depthwise else count // shape[-1]
        pattern = pattern * gain * (6 / fan_in) ** 0.5
    else:
        pattern = 0.1 * pattern
    return np.resize(pattern.astype(np.float32), shape)


def weights(model):
    """Names as this library's: the layer's, and the variable's, with the nested model's in front."""
    found = []

    def visit(layer, prefix):
        if isinstance(layer, keras.Model):
            for inner in layer.layers:
                visit(inner, f"{prefix}{layer.name}/" if layer is not model else "")
            return
        for variable in layer.weights:
            name = variable.path.split(f"{layer.name}/", 1)[-1]
            # LayerScale gives its variable no name: it is variable, variable_1 and so on.
            name = "gamma" if name.startswith("variable") else name
            found.append((f"{prefix}{layer.name}/{name}", variable))

    visit(model, "")
    return [pair for pair in found if "seed_generator" not in pair[0]]


# MARK: Networks that keras.applications does not have


def lenet5(input_shape=(32, 32, 1), classes=10, classifier_activation="softmax"):
    x = image = layers.Input(input_shape)
    x = layers.Conv2D(6, 5, activation="tanh", name="c1")(x)
    x = layers.AveragePooling2D(2, name="s2")(x)
    x = layers.Conv2D(16, 5, activation="tanh", name="c3")(x)
    x = layers.AveragePooling2D(2, name="s4")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(120, activation="tanh", name="c5")(x)
    x = layers.Dense(84, activation="tanh", name="f6")(x)
    x = layers.Dense(classes, activation=classifier_activation, name="predictions")(x)
    return keras.Model(image, x)


def unet(input_shape=(256, 256, 3), classes=2, filters=64, classifier_activation="softmax"):
    def double(x, width, name):
        for i in (1, 2):
            x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"{name}_conv{i}")(x)
        return x

    x = image = layers.Input(input_shape)
    skips = []
    for level in range(4):
        x = double(x, filters * 2**level, f"encoder{level + 1}")
        skips.append(x)
        x = layers.MaxPooling2D(2, name=f"encoder{level + 1}_pool")(x)
    x = double(x, filters * 16, "bottleneck")
    for level in reversed(range(4)):
        width = filters * 2**level
        x = layers.Conv2DTranspose(width, 2, strides=2, name=f"decoder{level + 1}_up")(x)
        x = layers.Concatenate(name=f"decoder{level + 1}_concat")([skips[level], x])
        x = double(x, width, f"decoder{level + 1}")
    x = layers.Conv2D(classes, 1, activation=classifier_activation, name="predictions")(x)
    return keras.Model(image, x)


class PositionEmbedding(layers.Layer):
    def build(self, shape):
        self.embeddings = self.add_weight(shape=shape[1:], name="embeddings")

    def call(self, x):
        return x + self.embeddings


def vit(
    input_shape=(224, 224, 3),
    patch_size=16,
    width=192,
    depth=12,
    heads=3,
    classes=1000,
    classifier_activation="softmax",
):
    def normalize(name):
        return layers.LayerNormalization(epsilon=1e-6, name=name)

    x = image = layers.Input(input_shape)
    x = layers.Conv2D(width, patch_size, strides=patch_size, name="patch_embedding")(x)
    x = layers.Reshape((-1, width), name="tokens")(x)
    x = PositionEmbedding(name="position_embedding")(x)
    for i in range(1, depth + 1):
        y = normalize(f"block{i}_attention_norm")(x)
        y = layers.MultiHeadAttention(heads, width // heads, name=f"block{i}_attention")(y, y)
        x = layers.Add(name=f"block{i}_attention_add")([x, y])
        y = normalize(f"block{i}_mlp_norm")(x)
        y = layers.Dense(4 * width, activation="gelu", name=f"block{i}_mlp_1")(y)
        y = layers.Dense(width, name=f"block{i}_mlp_2")(y)
        x = layers.Add(name=f"block{i}_mlp_add")([x, y])
    x = normalize("norm")(x)
    x = layers.GlobalAveragePooling1D(name="avg_pool")(x)
    x = layers.Dense(classes, activation=classifier_activation, name="predictions")(x)
    return keras.Model(image, x)


# MARK: Cases

NETWORKS = {
    "leNet5": lenet5,
    "vgg16": applications.VGG16,
    "vgg19": applications.VGG19,
    "resNet50": applications.ResNet50,
    "resNet101": applications.ResNet101,
    "mobileNet": applications.MobileNet,
    "mobileNetV2": applications.MobileNetV2,
    "mobileNetV3Small": applications.MobileNetV3Small,
    "mobileNetV3Large": applications.MobileNetV3Large,
    "efficientNetB0": applications.EfficientNetB0,
    "efficientNetB1": applications.EfficientNetB1,
    "efficientNetB2": applications.EfficientNetB2,
    "efficientNetB3": applications.EfficientNetB3,
    "denseNet121": applications.DenseNet121,
    "inceptionV3": applications.InceptionV3,
    "xception": applications.Xception,
    "convNeXtTiny": applications.ConvNeXtTiny,
    "uNet": unet,
    "visionTransformer": vit,
}
OWN = {"leNet5", "uNet", "visionTransformer"}


def build(name, **arguments):
    keras.utils.clear_session()
    if name not in OWN:
        arguments |= {"weights": None}
        # Keras leaves the size open where its own default is asked for; weights do not depend on it.
        if name.startswith("mobileNetV3"):
            arguments.setdefault("input_shape", (224, 224, 3))
    return NETWORKS[name](**arguments)


def count_case(name):
    model = build(name)
    found = weights(model)
    lines = sorted(f"{name} {list(variable.shape)}" for name, variable in found)
    assert sum(int(np.prod(v.shape)) for _, v in found) == model.count_params()
    print(name, model.count_params(), len(found), flush=True)
    return {
        "name": name,
        "input_shape": list(model.input_shape[1:]),
        "parameter_count": model.count_params(),
        "trainable_count": sum(int(np.prod(v.shape)) for v in model.trainable_weights),
        "weight_count": len(found),
        "weights": f"{fnv64(chr(10).join(lines)):016x}",
        "layers": len(model.layers),
    }


def output_case(name, input_shape, scale=1.0, gain=1.0, **arguments):
    arguments = {"input_shape": tuple(input_shape)} | arguments
    if arguments.get("include_top", True):
        arguments |= {"classes": 10, "classifier_activation": None}
    model = build(name, **arguments)
    for weight, variable in weights(model):
        variable.assign(np.zeros(()) if weight.endswith("/count") else formula(weight, variable.shape, gain))
    for layer in model.layers:
        # What it computes with follows from its variables only when it is told to.
        if isinstance(layer, layers.Normalization) and layer.weights:
            layer.finalize_state()
    x = scale * golden.uniform(1, [2, *input_shape]).astype(np.float64)
    if scale > 1:
        x = (x + scale) / 2
    y = ops.convert_to_numpy(model(x.astype(np.float32), training=False))
    print(name, np.abs(y).max(), y.std(0).mean(), flush=True)
    # Every so manieth value, in row-major order, so that 64 or fewer stand here.
    step = -(-y.size // 64)
    content = {"scale": scale, "gain": gain, "step": step, "outputs": golden.tensor(y.ravel()[::step])}
    return {"name": name, **listed(arguments)} | content


def listed(arguments):
    return {"arguments": {k: list(v) if isinstance(v, tuple) else v for k, v in arguments.items() if v is not None}}


if __name__ == "__main__":
    outputs = [
        output_case("leNet5", (32, 32, 1)),
        output_case("vgg16", (32, 32, 3), gain=1.2, include_top=False, pooling="avg"),
        output_case("vgg19", (33, 32, 3), gain=1.2, include_top=False, pooling="max"),
        output_case("resNet50", (33, 40, 3)),
        output_case("resNet101", (32, 33, 3), gain=0.8, include_top=False, pooling="avg"),
        output_case("mobileNet", (45, 32, 3), gain=1.5, alpha=0.25, depth_multiplier=2),
        output_case("mobileNetV2", (45, 32, 3), alpha=0.35),
        output_case("mobileNetV3Small", (45, 32, 3), scale=255.0, gain=1.3),
        output_case("mobileNetV3Large", (32, 45, 3), scale=255.0, gain=0.9, alpha=0.5, minimalistic=True),
        output_case("efficientNetB0", (45, 32, 3), scale=255.0, gain=1.1),
        output_case("efficientNetB1", (32, 32, 3), scale=255.0, gain=1.1, include_top=False),
        output_case("efficientNetB2", (32, 45, 3), scale=255.0, gain=1.1),
        output_case("efficientNetB3", (33, 32, 3), scale=255.0, gain=1.1, include_top=False, pooling="avg"),
        output_case("denseNet121", (32, 45, 3)),
        output_case("inceptionV3", (75, 80, 3), gain=1.2, include_top=False, pooling="max"),
        output_case("xception", (71, 75, 3), gain=0.75),
        output_case("convNeXtTiny", (32, 45, 3), scale=255.0),
        output_case("uNet", (32, 48, 3), filters=4),
        output_case("visionTransformer", (32, 48, 3), depth=3, width=48, patch_size=8),
    ]
    golden.write_json("applications", networks=[count_case(name) for name in NETWORKS], outputs=outputs)
