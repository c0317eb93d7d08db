"""PyTorch: NCHW or channels last, an own loop over tensors in memory, fused Adam."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy, softmax

import data
import networks
import weights as layout

LEARNING_RATE = 1e-3


def limit_threads(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Probabilities(nn.Module):
    def __init__(self, logits):
        super().__init__()
        self.logits = logits

    def forward(self, x):
        return softmax(self.logits(x), dim=1)


def build(network):
    """The network up to its logits, with PyTorch's own first weights, and its modules by the layers' names."""
    named = {}

    def named_module(layer, module):
        named[layer.name] = module
        return module

    def module(layer):
        match layer:
            case networks.Convolution():
                made = nn.Conv2d(
                    layer.channels,
                    layer.filters,
                    layer.size,
                    layer.stride,
                    layer.padding,
                    groups=layer.groups,
                    bias=layer.bias,
                )
                return named_module(layer, made)
            case networks.BatchNormalization():
                made = nn.BatchNorm2d(layer.channels, eps=layer.epsilon, momentum=1 - layer.momentum)
                return named_module(layer, made)
            case networks.Dense():
                return named_module(layer, nn.Linear(layer.features, layer.units))
            case networks.ReLU():
                return nn.ReLU(inplace=True) if layer.maximum is None else nn.ReLU6(inplace=True)
            case networks.MaxPooling():
                return nn.MaxPool2d(layer.size, layer.stride, layer.padding)
            case networks.GlobalAveragePooling():
                return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
            case networks.Flatten():
                return nn.Flatten()
            case networks.Dropout():
                return nn.Dropout(layer.rate)
            case networks.Residual():
                return Residual(sequence(layer.body), sequence(layer.shortcut))

    def sequence(layers):
        return nn.Sequential(*(module(layer) for layer in layers))

    return sequence(network.layers), named


def loaded(network, weights):
    """The network with weights in SwiftConvNet's layout."""
    model, named = build(network)
    names = {
        "kernel": "weight",
        "bias": "bias",
        "gamma": "weight",
        "beta": "bias",
        "moving_mean": "running_mean",
        "moving_variance": "running_var",
    }
    with torch.no_grad():
        for name, array in layout.channels_first(network, weights).items():
            layer, parameter = name.rsplit("/", 1)
            values = torch.from_numpy(array)
            if isinstance(named[layer], nn.Linear) and parameter == "kernel":
                values = values.T
            getattr(named[layer], names[parameter]).copy_(values)
    return model


def for_use(network, model):
    """The model in inference mode, with the softmax that follows its logits."""
    return (Probabilities(model) if network.softmax else model).eval()


class Backend:
    packages = ("torch",)
    channels_first = True

    def __init__(self, network, weights, channels_last=False):
        torch.manual_seed(1)
        self.network, self.weights = network, weights
        self.format = torch.channels_last if channels_last else torch.contiguous_format

    def array(self, images):
        return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=self.format)

    def _model(self):
        return loaded(self.network, self.weights).to(memory_format=self.format)

    def predictor(self, batch=None):
        model = for_use(self.network, self._model())

        @torch.inference_mode()
        def predict(images):
            return model(images).numpy()

        return predict

    def trainer(self, images, labels, batch):
        x, y = self.array(images), torch.from_numpy(labels)
        model = self._model().train()
        optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)

        order = data.shuffled(len(x), batch)

        def train(steps):
            for _ in range(steps):
                chosen = torch.from_numpy(next(order))
                optimizer.zero_grad(set_to_none=True)
                cross_entropy(model(x[chosen]), y[chosen]).backward()
                optimizer.step()

        return lambda steps: partial(train, steps)

    def convolution(self, images, input_gradient):
        x, model = self.array(images), self._model()
        gradient = torch.randn_like(model(x))
        wanted = [*model.parameters(), *([x] if input_gradient else [])]

        @torch.inference_mode()
        def forward():
            model(x)

        def forward_and_backward():
            torch.autograd.grad(model(x.requires_grad_(input_gradient)), wanted, gradient)

        return forward, forward_and_backward
