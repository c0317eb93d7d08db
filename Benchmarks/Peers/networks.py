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
    """`max(x, 0)`, and at most `maximum` unless that is `None`."""

    maximum: float | None = None


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


IMAGENET = Network("imagenet", (224, 224, 3), (), classes=1000)
"""What an ONNX file takes and gives whose layers are not known here."""


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


def normalized(convolution, normalization, channels, filters, size, stride, padding, groups=1):
    """A convolution without bias and its normalisation, with PyTorch's settings."""
    return (
        Convolution(convolution, channels, filters, size, stride, padding, groups),
        BatchNormalization(normalization, filters, **TORCH_BATCH_NORMALIZATION),
    )


def residual_network(name, blocks, channels):
    """What stands around the blocks of a ResNet, the last of which has so many channels."""
    return Network(
        name,
        (224, 224, 3),
        (
            *normalized("conv1", "bn1", 3, 64, 7, 2, 3),
            ReLU(),
            MaxPooling(3, 2, 1),
            *blocks,
            GlobalAveragePooling(),
            Dense("fc", channels, 1000),
        ),
        classes=1000,
    )


def resnet18():
    """He et al., Deep residual learning for image recognition, 2015; layer names and settings are torchvision's."""

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
    return residual_network("resnet18", blocks, 512)


def resnet50():
    """As `resnet18`, from blocks of three convolutions; the stride is that of the second, as torchvision has it."""

    def block(name, channels, width, filters, stride):
        body = (
            *normalized(f"{name}.conv1", f"{name}.bn1", channels, width, 1, 1, 0),
            ReLU(),
            *normalized(f"{name}.conv2", f"{name}.bn2", width, width, 3, stride, 1),
            ReLU(),
            *normalized(f"{name}.conv3", f"{name}.bn3", width, filters, 1, 1, 0),
        )
        if channels == filters:
            return (Residual(body), ReLU())
        shortcut = normalized(f"{name}.downsample.0", f"{name}.downsample.1", channels, filters, 1, stride, 0)
        return (Residual(body, shortcut), ReLU())

    blocks, channels = [], 64
    for stage, (width, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 1):
        for index in range(count):
            stride = 2 if stage > 1 and index == 0 else 1
            blocks += block(f"layer{stage}.{index}", channels, width, 4 * width, stride)
            channels = 4 * width
    return residual_network("resnet50", blocks, 2048)


def mobilenetv2():
    """Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018; names and settings are torchvision's."""

    def unit(name, channels, filters, size, stride=1, groups=1):
        names = (f"{name}.0", f"{name}.1")
        return (*normalized(*names, channels, filters, size, stride, size // 2, groups), ReLU(6.0))

    def block(name, channels, filters, expansion, stride):
        wide = expansion * channels
        widening = unit(f"{name}.0", channels, wide, 1) if expansion > 1 else ()
        part = 1 if expansion > 1 else 0
        body = (
            *widening,
            *unit(f"{name}.{part}", wide, wide, 3, stride, wide),
            *normalized(f"{name}.{part + 1}", f"{name}.{part + 2}", wide, filters, 1, 1, 0),
        )
        return (Residual(body),) if stride == 1 and channels == filters else body

    settings = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    layers, channels, number = [*unit("features.0", 3, 32, 3, 2)], 32, 1
    for expansion, filters, count, stride in settings:
        for index in range(count):
            name = f"features.{number}.conv"
            layers += block(name, channels, filters, expansion, stride if index == 0 else 1)
            channels, number = filters, number + 1
    return Network(
        "mobilenetv2",
        (224, 224, 3),
        (
            *layers,
            *unit(f"features.{number}", channels, 1280, 1),
            GlobalAveragePooling(),
            Dropout(0.2),
            Dense("classifier.1", 1280, 1000),
        ),
        classes=1000,
    )


def single_convolution(shape):
    """One convolution, `conv`, with bias; shape is "C,H,W,F,k,stride,pad,groups"."""
    channels, height, width, filters, size, stride, padding, groups = (int(word) for word in shape.split(","))
    convolution = Convolution("conv", channels, filters, size, stride, padding, groups, bias=True)
    return Network("conv", (height, width, channels), (convolution,))


NETWORKS = {"mnist": mnist, "vgg": vgg, "resnet18": resnet18, "resnet50": resnet50, "mobilenetv2": mobilenetv2}
