"""Single layers in PyTorch, from the description that SwiftConvNet's benchmark gives."""

import time
from copy import deepcopy

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import nn
from torch.nn import functional

CONVOLUTIONS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
MAX_POOLINGS = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}
BATCH_NORMALIZATIONS = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
CHANNELS_LAST = {4: torch.channels_last, 5: torch.channels_last_3d}

FUNCTIONS = {
    "relu": functional.relu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "elu": functional.elu,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.2),
    "hardswish": functional.hardswish,
    "softmax": lambda x: functional.softmax(x, dim=-1),
}

FEATURES_LAST = ("Activation", "LayerNormalization", "RMSNormalization", "Dense", "Embedding", "MultiHeadAttention")
"""Layers for which PyTorch has the features in the last axis too, or no axes at all."""


class Function(nn.Module):
    """A function of the inputs as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


class Attention(nn.Module):
    """Self-attention with one product for query, key and value, and PyTorch's own attention."""

    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.inputs, self.outputs = nn.Linear(features, 3 * features), nn.Linear(features, features)

    def forward(self, x):
        batch, length, features = x.shape
        parts = self.inputs(x).view(batch, length, 3, self.heads, features // self.heads).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(*parts)
        return self.outputs(attended.transpose(1, 2).reshape(batch, length, features))


def channels_first_kernel(kernel, depthwise=False):
    """[…, in, out] as [out, in, …]; of a depthwise one […, channels, 1] as [channels, 1, …]."""
    window = range(kernel.ndim - 2)
    last = (kernel.ndim - 2, kernel.ndim - 1) if depthwise else (kernel.ndim - 1, kernel.ndim - 2)
    return kernel.transpose(*last, *window)


def convolution(layer, channels, filters, groups=1, bias=True):
    """A convolution, behind a layer of zeros where they are not the same on both sides."""
    axes = len(layer["size"])
    sides = layer["padding"]
    same = all(before == after for before, after in sides)
    made = CONVOLUTIONS[axes](
        channels,
        filters,
        layer["size"],
        layer.get("strides", 1),
        [before for before, _ in sides] if same else 0,
        layer.get("dilation", 1),
        groups,
        bias,
    )
    zeros = [count for pair in reversed(sides) for count in pair]
    return made, made if same else nn.Sequential(nn.ConstantPad1d(zeros, 0.0), made)


def built(layer, weights):
    """The module for a description, and what its parameters are to be: pairs of tensors and arrays."""
    kind, channels = layer["kind"], layer["shape"][-1]
    axes = len(layer["shape"]) - 1
    match kind:
        case "DepthwiseConv2D":
            made, module = convolution(layer, channels, channels, channels)
            return module, [
                (made.weight, channels_first_kernel(weights["kernel"], depthwise=True)),
                (made.bias, weights["bias"]),
            ]
        case "SeparableConv2D":
            depthwise, _ = convolution(layer, channels, channels, channels, bias=False)
            pointwise = nn.Conv2d(channels, layer["filters"], 1)
            return nn.Sequential(depthwise, pointwise), [
                (depthwise.weight, channels_first_kernel(weights["depthwise_kernel"], depthwise=True)),
                (pointwise.weight, channels_first_kernel(weights["pointwise_kernel"])),
                (pointwise.bias, weights["bias"]),
            ]
        case "Conv2DTranspose":
            padding = [before for before, _ in layer["padding"]]
            made = nn.ConvTranspose2d(channels, layer["filters"], layer["size"], layer["strides"], padding)
            # Ours is [height, width, out, in], theirs [in, out, height, width].
            return made, [(made.weight, weights["kernel"].transpose(3, 2, 0, 1)), (made.bias, weights["bias"])]
        case "Conv1D" | "Conv3D":
            made, module = convolution(layer, channels, layer["filters"])
            return module, [(made.weight, channels_first_kernel(weights["kernel"])), (made.bias, weights["bias"])]
        case "MaxPooling1D" | "MaxPooling2D" | "MaxPooling3D":
            return MAX_POOLINGS[axes](layer["size"], layer["strides"]), []
        case "AveragePooling2D":
            return nn.AvgPool2d(layer["size"], layer["strides"]), []
        case "GlobalAveragePooling2D":
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), []
        case "UpSampling2D":
            return nn.Upsample(scale_factor=2, mode=layer["function"]), []
        case "ZeroPadding2D":
            return nn.ZeroPad2d(layer["padding"][0][0]), []
        case "BatchNormalization":
            made = BATCH_NORMALIZATIONS[axes](channels, eps=layer["epsilon"], momentum=0.01)
            return made, [
                (made.weight, weights["gamma"]),
                (made.bias, weights["beta"]),
                (made.running_mean, weights["moving_mean"]),
                (made.running_var, weights["moving_variance"]),
            ]
        case "GroupNormalization":
            made = nn.GroupNorm(layer["groups"], channels, eps=layer["epsilon"])
            return made, [(made.weight, weights["gamma"]), (made.bias, weights["beta"])]
        case "LayerNormalization":
            made = nn.LayerNorm(channels, eps=layer["epsilon"])
            return made, [(made.weight, weights["gamma"]), (made.bias, weights["beta"])]
        case "RMSNormalization":
            made = nn.RMSNorm(channels, eps=layer["epsilon"])
            return made, [(made.weight, weights["scale"])]
        case "Activation":
            return Function(FUNCTIONS[layer["function"]]), []
        case "Add":
            return Function(torch.add), []
        case "Multiply":
            return Function(torch.mul), []
        case "Concatenate":
            return Function(lambda *inputs: torch.cat(inputs, dim=1)), []
        case "Dense":
            made = nn.Linear(channels, layer["filters"])
            return made, [(made.weight, weights["kernel"].T), (made.bias, weights["bias"])]
        case "Embedding":
            made = nn.Embedding(layer["numbers"], layer["filters"])
            return made, [(made.weight, weights["embeddings"])]
        case "MultiHeadAttention":
            made = Attention(channels, layer["groups"])
            parts = ("query", "key", "value")
            kernels = [weights[f"{part}/kernel"].reshape(channels, channels) for part in parts]
            return made, [
                (made.inputs.weight, np.concatenate(kernels, axis=1).T),
                (made.inputs.bias, np.concatenate([weights[f"{part}/bias"].reshape(-1) for part in parts])),
                (made.outputs.weight, weights["attention_output/kernel"].reshape(channels, channels).T),
                (made.outputs.bias, weights["attention_output/bias"]),
            ]
    raise ValueError(f"No layer {kind}")


class Backend:
    packages = ("torch",)
    channels_first = False
    """`predictor` gives outputs in SwiftConvNet's layout."""

    def __init__(self, layer, weights, channels_last=False):
        torch.manual_seed(1)
        self.layer = layer
        self.moves_channels = layer["kind"] not in FEATURES_LAST
        rank = len(layer["shape"]) + 1
        self.format = CHANNELS_LAST.get(rank) if channels_last and self.moves_channels else None
        self.format = self.format or torch.contiguous_format
        # Names are those of the layer, `layer/kernel`.
        values = {name.split("/", 1)[1]: array for name, array in load_file(weights).items()} if weights else {}
        self.module, pairs = built(layer, values)
        with torch.no_grad():
            for parameter, array in pairs:
                parameter.copy_(torch.from_numpy(np.ascontiguousarray(array)))
        for parameter in self.module.parameters():
            if self.format != torch.contiguous_format and parameter.ndim == rank:
                parameter.data = parameter.data.contiguous(memory_format=self.format)
        # Steps of training change moving statistics; a check is of the weights that were given.
        self.checked = deepcopy(self.module).eval()

    def array(self, samples):
        if "numbers" in self.layer:
            return torch.from_numpy(np.floor(samples * self.layer["numbers"]).astype(np.int64))
        made = torch.from_numpy(samples)
        if not self.moves_channels:
            return made
        return made.movedim(-1, 1).contiguous(memory_format=self.format)

    def predictor(self, batch=None):
        module, count = self.checked, self.layer["inputs"]

        @torch.inference_mode()
        def predict(samples):
            found = module(*[samples] * count)
            return (found.movedim(1, -1) if self.moves_channels else found).contiguous().numpy()

        return predict

    def passes(self, batch):
        """The seconds of a pass of inference, and of one of training: forward, and the gradients of inputs and parameters.

        As in a network, and in SwiftConvNet's profile: inputs and the output's gradient have just been written by what
        stands before, which is not timed."""
        generator = np.random.default_rng(1)
        count = self.layer["inputs"]
        inputs = [
            self.array(generator.random((batch, *self.layer["shape"]), np.float32)) for _ in range(count)
        ]
        learns = inputs[0].is_floating_point()
        fresh = [torch.empty_like(x) for x in inputs]
        variables = [x.detach().requires_grad_(learns) for x in fresh]
        wanted = [*(variables if learns else []), *self.module.parameters()]
        with torch.no_grad():
            target = torch.randn_like(self.module(*inputs))
            gradient = torch.empty_like(target)

        def write_inputs():
            for x, to in zip(inputs, fresh):
                torch.mul(x, 1, out=to)

        @torch.inference_mode()
        def predict():
            write_inputs()
            start = time.perf_counter()
            self.module(*fresh)
            return time.perf_counter() - start

        def train():
            with torch.no_grad():
                write_inputs()
            start = time.perf_counter()
            output = self.module(*variables)
            seconds = time.perf_counter() - start
            torch.sub(output.detach(), target, out=gradient)
            start = time.perf_counter()
            torch.autograd.grad(output, wanted, gradient)
            return seconds + time.perf_counter() - start

        return predict, train
