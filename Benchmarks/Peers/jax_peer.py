"""JAX on XLA: NHWC, everything under jit, arguments donated, Adam written out."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import data
import networks

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-8
AVERAGES = ("moving_mean", "moving_variance")


def max_pool(x, layer):
    if layer.size == layer.stride and layer.padding == 0:
        # Windows that do not overlap: a maximum over axes, whose gradient is faster than that of reduce_window.
        samples, height, width, channels = x.shape
        height, width = height // layer.size, width // layer.size
        x = x[:, : height * layer.size, : width * layer.size]
        return x.reshape(samples, height, layer.size, width, layer.size, channels).max((2, 4))
    around = ((0, 0), (layer.padding, layer.padding), (layer.padding, layer.padding), (0, 0))
    window, strides = (1, layer.size, layer.size, 1), (1, layer.stride, layer.stride, 1)
    return lax.reduce_window(x, -jnp.inf, lax.max, window, strides, around)


def forward(layers, parameters, x, key=None):
    """The output, and the new moving averages; with a key for dropout in training mode, else in inference mode."""
    averages = {}
    for layer in layers:
        match layer:
            case networks.Convolution():
                x = lax.conv_general_dilated(
                    x,
                    parameters[f"{layer.name}/kernel"],
                    (layer.stride, layer.stride),
                    [(layer.padding, layer.padding)] * 2,
                    dimension_numbers=("NHWC", "HWIO", "NHWC"),
                    feature_group_count=layer.groups,
                )
                if layer.bias:
                    x = x + parameters[f"{layer.name}/bias"]
            case networks.BatchNormalization():
                mean, variance = (parameters[f"{layer.name}/{name}"] for name in AVERAGES)
                if key is not None:
                    old, (mean, variance) = (mean, variance), (x.mean((0, 1, 2)), x.var((0, 1, 2)))
                    for name, before, now in zip(AVERAGES, old, (mean, variance)):
                        averages[f"{layer.name}/{name}"] = before * layer.momentum + now * (1 - layer.momentum)
                scale = parameters[f"{layer.name}/gamma"] * lax.rsqrt(variance + layer.epsilon)
                x = x * scale + (parameters[f"{layer.name}/beta"] - mean * scale)
            case networks.Dense():
                x = x @ parameters[f"{layer.name}/kernel"] + parameters[f"{layer.name}/bias"]
            case networks.ReLU():
                x = jnp.clip(x, 0, layer.maximum)
            case networks.MaxPooling():
                x = max_pool(x, layer)
            case networks.GlobalAveragePooling():
                x = x.mean((1, 2))
            case networks.Flatten():
                x = x.reshape(x.shape[0], -1)
            case networks.Dropout() if key is not None:
                key, own = jax.random.split(key)
                x = jnp.where(jax.random.bernoulli(own, 1 - layer.rate, x.shape), x / (1 - layer.rate), 0)
            case networks.Residual():
                body, inner = forward(layer.body, parameters, x, key)
                shortcut, outer = forward(layer.shortcut, parameters, x, key)
                x = body + shortcut
                averages |= inner | outer
    return x, averages


def adam(parameters, gradients, first, second, step):
    """Kingma and Ba, Adam, 2014; the bias corrections are in the step's length, as at the end of its section 2."""
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, gradients)
    rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
    parameters = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPSILON), parameters, first, second)
    return parameters, first, second


class Backend:
    packages = ("jax", "jaxlib")
    channels_first = False

    def __init__(self, network, weights):
        self.network, self.weights = network, weights

    def array(self, images):
        return jnp.asarray(images)

    def predictor(self, batch=None):
        @jax.jit
        def outputs(images):
            logits, _ = forward(self.network.layers, self.weights, images)
            return jax.nn.softmax(logits) if self.network.softmax else logits

        return lambda images: np.asarray(outputs(images))

    def trainer(self, images, labels, batch):
        x, y = self.array(images), jnp.asarray(labels, jnp.int32)

        def loss(trained, averages, images, labels, key):
            logits, averages = forward(self.network.layers, trained | averages, images, key)
            right = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
            return -right.mean(), averages

        def optimized(state, chosen):
            trained, averages, first, second, step, key = state
            key, own = jax.random.split(key)
            gradients, averages = jax.grad(loss, has_aux=True)(trained, averages, x[chosen], y[chosen], own)
            trained, first, second = adam(trained, gradients, first, second, step)
            return trained, averages, first, second, step + 1, key

        optimized = jax.jit(optimized, donate_argnums=0)
        averages = {name: jnp.array(a) for name, a in self.weights.items() if name.rsplit("/", 1)[1] in AVERAGES}
        trained = {name: jnp.array(a) for name, a in self.weights.items() if name not in averages}
        zeros = [jax.tree.map(jnp.zeros_like, trained) for _ in range(2)]
        state = (trained, averages, *zeros, jnp.float32(1), jax.random.key(1))
        order = data.shuffled(len(images), batch)

        def train(steps):
            nonlocal state
            for _ in range(steps):
                state = optimized(state, next(order).astype(np.int32))
            jax.block_until_ready(state)

        return lambda steps: partial(train, steps)

    def convolution(self, images, input_gradient):
        x = self.array(images)
        parameters = {name: jnp.array(array) for name, array in self.weights.items()}

        def outputs(parameters, x):
            return forward(self.network.layers, parameters, x)[0]

        def gradients(parameters, x, gradient):
            if not input_gradient:
                return jax.vjp(lambda parameters: outputs(parameters, x), parameters)[1](gradient)
            return jax.vjp(outputs, parameters, x)[1](gradient)

        outputs_compiled, gradients_compiled = jax.jit(outputs), jax.jit(gradients)
        gradient = jax.random.normal(jax.random.key(1), jax.eval_shape(outputs, parameters, x).shape)

        def forward_only():
            jax.block_until_ready(outputs_compiled(parameters, x))

        def forward_and_backward():
            jax.block_until_ready(gradients_compiled(parameters, x, gradient))

        return forward_only, forward_and_backward
