"""The networks, described once; each framework's module builds them from this. Imports no framework."""

from dataclasses import dataclass

KERAS_BATCH_NORMALIZATION = {"epsilon": 1e-3, "momentum": 0.99}
TORCH_BATCH_NORMALIZATION = {"epsilon": 1e-5, "momentum": 0.9}


@dataclass(frozen=True)
class Convolution:
    """Square window, symmetric padding; kernel [size, size, channels / groups, filters]."""

    name: str
    channels: int
    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    groups: int = 1
    bias: bool = False


@dataclass(frozen=True)
class BatchNormalization:
    """`moving = moving · momentum + batch · (1 - momentum)`."""

    name: str
    channels: int
    epsilon: float
    momentum: float


@dataclass(frozen=True)
class ReLU:
    pass


@dataclass(frozen=True)
class MaxPooling:
    """With padding, only after a ReLU: what lies beyond the border may then be 0 as well as minus infinity."""

    size: int
    stride: int
    padding: int = 0


@dataclass(frozen=True)
class GlobalAveragePooling:
    pass


@dataclass(frozen=True)
class Flatten:
    pass


@dataclass(frozen=True)
class Dense:
    """Kernel [features, units]; `image` is the [height, width, channels] that was flattened to the features."""

    name: str
    features: int
    units: int
    image: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Dropout:
    rate: float


@dataclass(frozen=True)
class Residual:
    """`body(x) + shortcut(x)`; an empty shortcut is x itself."""

    body: tuple
    shortcut: tuple = ()


@dataclass(frozen=True)
class Network:
    """Layers from an image [height, width, channels] to logits, or to probabilities if a softmax follows in use."""

    name: str
    image: tuple[int, int, int]
    layers: tuple
    classes: int = 0
    softmax: bool = False
    samples: int = 32
    """Size of the smallest data set to train on."""


def flat(layers):
    """All layers in order, those inside of residual blocks too."""
    for layer in layers:
        if isinstance(layer, Residual):
            yield from flat(layer.body + layer.shortcut)
        else:
            yield layer


def mnist():
    return Network(
        "mnist",
        (28, 28, 1),
        (
            Convolution("conv1", 1, 32, 3, bias=True),
            ReLU(),
            MaxPooling(2, 2),
            Convolution("conv2", 32, 64, 3, bias=True),
            ReLU(),
            MaxPooling(2, 2),
            Flatten(),
            Dense("dense1", 1600, 128, image=(5, 5, 64)),
            ReLU(),
            Dropout(0.5),
            Dense("dense2", 128, 10),
        ),
        classes=10,
        softmax=True,
        samples=4096,
    )


def vgg():
    def block(number, channels, filters):
        return (
            Convolution(f"conv{number}", channels, filters, 3, padding=1),
            BatchNormalization(f"bn{number}", filters, **KERAS_BATCH_NORMALIZATION),
            ReLU(),
        )

    return Network(
        "vgg",
        (32, 32, 3),
        (
            *block(1, 3, 64),
            *block(2, 64, 64),
            MaxPooling(2, 2),
            *block(3, 64, 128),
            *block(4, 128, 128),
            MaxPooling(2, 2),
            *block(5, 128, 256),
            *block(6, 256, 256),
            MaxPooling(2, 2),
            Flatten(),
            Dense("dense1", 4096, 256, image=(4, 4, 256)),
            ReLU(),
            Dense("dense2", 256, 10),
        ),
        classes=10,
        softmax=True,
        samples=256,
    )


def resnet18():
    """He et al., Deep residual learning for image recognition, 2015; layer names and settings are torchvision's."""

    def normalized(convolution, normalization, channels, filters, size, stride, padding):
        return (
            Convolution(convolution, channels, filters, size, stride, padding),
            BatchNormalization(normalization, filters, **TORCH_BATCH_NORMALIZATION),
        )

    def block(name, channels, filters, stride):
        body = (
            *normalized(f"{name}.conv1", f"{name}.bn1", channels, filters, 3, stride, 1),
            ReLU(),
            *normalized(f"{name}.conv2", f"{name}.bn2", filters, filters, 3, 1, 1),
        )
        if channels == filters:
            return (Residual(body), ReLU())
        shortcut = normalized(f"{name}.downsample.0", f"{name}.downsample.1", channels, filters, 1, stride, 0)
        return (Residual(body, shortcut), ReLU())

    blocks, channels = [], 64
    for stage, filters in enumerate((64, 128, 256, 512), 1):
        for index in range(2):
            blocks += block(f"layer{stage}.{index}", channels, filters, 2 if channels != filters else 1)
            channels = filters
    return Network(
        "resnet18",
        (224, 224, 3),
        (
            *normalized("conv1", "bn1", 3, 64, 7, 2, 3),
            ReLU(),
            MaxPooling(3, 2, 1),
            *blocks,
            GlobalAveragePooling(),
            Dense("fc", 512, 1000),
        ),
        classes=1000,
    )


def single_convolution(shape):
    """One convolution, `conv`, with bias; shape is "C,H,W,F,k,stride,pad,groups"."""
    channels, height, width, filters, size, stride, padding, groups = (int(word) for word in shape.split(","))
    convolution = Convolution("conv", channels, filters, size, stride, padding, groups, bias=True)
    return Network("conv", (height, width, channels), (convolution,))


NETWORKS = {"mnist": mnist, "vgg": vgg, "resnet18": resnet18}
