"""TensorFlow: NHWC, an own training loop inside of a tf.function, a concrete function for inference."""

from functools import partial

import numpy as np
import tensorflow as tf

import data
import networks

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7
AVERAGES = ("moving_mean", "moving_variance")


def limit_threads(threads):
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def explicit(padding):
    return [[0, 0], [padding, padding], [padding, padding], [0, 0]]


def convolution(layer, kernel, x):
    strides, padding = [1, layer.stride, layer.stride, 1], explicit(layer.padding)
    if layer.groups == 1:
        return tf.nn.conv2d(x, kernel, strides, padding)
    if layer.groups == layer.channels:
        kernel = tf.reshape(kernel, [layer.size, layer.size, layer.channels, layer.filters // layer.channels])
        return tf.nn.depthwise_conv2d(x, kernel, strides, padding)
    # Eigen's and oneDNN's gradients know no groups, XLA's do.
    return tf.function(tf.nn.conv2d, jit_compile=True)(x, kernel, strides, padding)


@tf.autograph.experimental.do_not_convert
def forward(layers, parameters, x, training=False):
    """The output; in training mode the moving averages among the parameters, which are variables, move."""
    for layer in layers:
        match layer:
            case networks.Convolution():
                x = convolution(layer, parameters[f"{layer.name}/kernel"], x)
                if layer.bias:
                    x = tf.nn.bias_add(x, parameters[f"{layer.name}/bias"])
            case networks.BatchNormalization():
                gamma, beta = (parameters[f"{layer.name}/{name}"] for name in ("gamma", "beta"))
                averages = [parameters[f"{layer.name}/{name}"] for name in AVERAGES]
                x, *batch = tf.compat.v1.nn.fused_batch_norm(
                    x, gamma, beta, *([None, None] if training else averages), layer.epsilon, is_training=training
                )
                if training:
                    for average, now in zip(averages, batch):
                        average.assign_sub((average - now) * (1 - layer.momentum))
            case networks.Dense():
                x = tf.nn.bias_add(tf.matmul(x, parameters[f"{layer.name}/kernel"]), parameters[f"{layer.name}/bias"])
            case networks.ReLU():
                x = tf.nn.relu(x) if layer.maximum is None else tf.clip_by_value(x, 0, layer.maximum)
            case networks.MaxPooling():
                x = tf.nn.max_pool2d(x, layer.size, layer.stride, explicit(layer.padding) if layer.padding else "VALID")
            case networks.GlobalAveragePooling():
                x = tf.reduce_mean(x, [1, 2])
            case networks.Flatten():
                x = tf.reshape(x, [-1, x.shape[1] * x.shape[2] * x.shape[3]])
            case networks.Dropout() if training:
                x = tf.nn.dropout(x, layer.rate)
            case networks.Residual():
                x = forward(layer.body, parameters, x, training) + forward(layer.shortcut, parameters, x, training)
    return x


def inference(network, weights, batch=None):
    """The network in use, with the weights as constants of its graph."""

    @tf.function(input_signature=[tf.TensorSpec([batch, *network.image])])
    def outputs(images):
        logits = forward(network.layers, weights, images)
        return tf.nn.softmax(logits) if network.softmax else logits

    return outputs


class Adam:
    """TensorFlow's own fused Adam kernel, one call per variable."""

    def __init__(self, variables):
        self.variables = variables
        self.first = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self.second = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self.powers = tf.Variable([BETA_1, BETA_2])

    def apply(self, gradients):
        power_1, power_2 = tf.unstack(self.powers)
        for variable, first, second, gradient in zip(self.variables, self.first, self.second, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=first.handle,
                v=second.handle,
                beta1_power=power_1,
                beta2_power=power_2,
                lr=LEARNING_RATE,
                beta1=BETA_1,
                beta2=BETA_2,
                epsilon=EPSILON,
                grad=gradient,
            )
        self.powers.assign(self.powers * [BETA_1, BETA_2])


class Backend:
    packages = ("tensorflow-cpu",)
    channels_first = False

    def __init__(self, network, weights):
        tf.random.set_seed(1)
        self.network, self.weights = network, weights

    def array(self, images):
        return tf.constant(images)

    def predictor(self, batch=None):
        outputs = inference(self.network, self.weights, batch).get_concrete_function()
        return lambda images: outputs(images).numpy()

    def trainer(self, images, labels, batch):
        x, y = self.array(images), tf.constant(labels, tf.int32)
        parameters = {
            name: tf.Variable(array, trainable=name.rsplit("/", 1)[1] not in AVERAGES)
            for name, array in self.weights.items()
        }
        variables = [variable for variable in parameters.values() if variable.trainable]
        optimizer = Adam(variables)

        @tf.function(input_signature=[tf.TensorSpec([None, batch], tf.int32)])
        def optimize(batches):
            for chosen in batches:
                with tf.GradientTape() as tape:
                    logits = forward(self.network.layers, parameters, tf.gather(x, chosen), training=True)
                    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.gather(y, chosen), logits)
                    loss = tf.reduce_mean(losses)
                optimizer.apply(tape.gradient(loss, variables))

        order = data.shuffled(len(images), batch)

        def train(steps):
            optimize(np.stack([next(order) for _ in range(steps)]).astype(np.int32))

        return lambda steps: partial(train, steps)

    def convolution(self, images, input_gradient):
        x = tf.constant(images)
        parameters = {name: tf.constant(array) for name, array in self.weights.items()}

        @tf.function
        def outputs(parameters, x):
            return forward(self.network.layers, parameters, x)

        @tf.function
        def gradients(parameters, x, gradient):
            wanted = [*parameters.values(), *([x] if input_gradient else [])]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(wanted)
                y = forward(self.network.layers, parameters, x)
            return tape.gradient(y, wanted, gradient)

        gradient = tf.random.normal(outputs(parameters, x).shape)
        return lambda: outputs(parameters, x), lambda: gradients(parameters, x, gradient)
