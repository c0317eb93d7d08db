"""Keras on TensorFlow: `fit` and `predict`, as its users train and predict."""

import keras
import tensorflow as tf
from keras import layers as keras_layers

import networks
import tensorflow_peer

LEARNING_RATE = 1e-3
STEPS_PER_EXECUTION = 32


def padded(x, padding):
    return keras_layers.ZeroPadding2D(padding)(x) if padding else x


def applied(layers, x):
    for layer in layers:
        match layer:
            case networks.Convolution():
                # Where Keras' own padding is the same, no padded copy of the images.
                same = layer.stride == 1 and 2 * layer.padding == layer.size - 1
                x = keras_layers.Conv2D(
                    layer.filters,
                    layer.size,
                    layer.stride,
                    "same" if same else "valid",
                    groups=layer.groups,
                    use_bias=layer.bias,
                    name=layer.name,
                )(x if same else padded(x, layer.padding))
            case networks.BatchNormalization():
                x = keras_layers.BatchNormalization(momentum=layer.momentum, epsilon=layer.epsilon, name=layer.name)(x)
            case networks.Dense():
                x = keras_layers.Dense(layer.units, name=layer.name)(x)
            case networks.ReLU():
                x = keras_layers.ReLU(layer.maximum)(x)
            case networks.MaxPooling():
                x = keras_layers.MaxPooling2D(layer.size, layer.stride)(padded(x, layer.padding))
            case networks.GlobalAveragePooling():
                x = keras_layers.GlobalAveragePooling2D()(x)
            case networks.Flatten():
                x = keras_layers.Flatten()(x)
            case networks.Dropout():
                x = keras_layers.Dropout(layer.rate)(x)
            case networks.Residual():
                x = keras_layers.Add()([applied(layer.body, x), applied(layer.shortcut, x)])
    return x


def build(network):
    """The network up to its logits, with Keras' own first weights."""
    inputs = keras.Input(network.image)
    return keras.Model(inputs, applied(network.layers, inputs), name=network.name)


def loaded(network, weights):
    """The network with weights in SwiftConvNet's layout, which is Keras' own."""
    model = build(network)
    for variable in model.weights:
        variable.assign(weights[f"{variable.path.rsplit('/', 2)[-2]}/{variable.name}"])
    return model


def for_use(network, model):
    """The model with the softmax that follows its logits."""
    return keras.Model(model.input, keras_layers.Softmax()(model.output)) if network.softmax else model


def compiled(model, **options):
    """The model, ready for `fit`."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), loss, **options)
    return model


def fixed(dataset):
    """The data set without automatic tuning, of which so short a pipeline needs none."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


class Backend(tensorflow_peer.Backend):
    """Single convolutions are TensorFlow's.

    Images come from data sets: `fit` and `predict` on arrays now and then stood still for seconds before they returned
    (README.md)."""

    packages = ("keras", "tensorflow-cpu")

    def __init__(self, network, weights):
        super().__init__(network, weights)
        keras.utils.set_random_seed(1)

    def array(self, images):
        return fixed(tf.data.Dataset.from_tensors(images))

    def predictor(self, batch=None):
        model = for_use(self.network, loaded(self.network, self.weights))
        return lambda images: model.predict(images, verbose=0)

    def trainer(self, images, labels, batch):
        model = compiled(loaded(self.network, self.weights), steps_per_execution=STEPS_PER_EXECUTION)
        x, y = tf.constant(images), tf.constant(labels)
        order = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=1).batch(batch, drop_remainder=True)

        def train(steps):
            """One epoch of this many steps."""
            batches = order.repeat().take(steps).map(lambda chosen: (tf.gather(x, chosen), tf.gather(y, chosen)))
            return lambda: model.fit(fixed(batches.prefetch(2)), verbose=0)

        return train
