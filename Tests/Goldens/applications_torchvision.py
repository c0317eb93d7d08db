"""Networks of torchvision.models with weights by formula: applications_torchvision.json.

It needs torch and torchvision beside Keras' environment, and is no part of generate.py:

    python -m pip install torch==2.13.0 pillow
    python -m pip install --no-deps torchvision==0.29.2
    python applications_torchvision.py
"""

import sys
import types
from importlib.metadata import version

import golden
import numpy as np
import torch

# Of torchvision only the networks are used. Where its compiled operators do not suit torch, these are not declared either.
try:
    import torchvision
except RuntimeError:
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("_meta_registrations")
    import torchvision

from applications import fnv64, formula
from torchvision import models

NAMES = {
    "weight": "kernel",
    "bias": "bias",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
}


def weights(model):
    """Names as this library's, shapes as this library's, and the tensor with the order of its axes there."""
    modules = dict(model.named_modules())
    for path, tensor in model.state_dict().items():
        layer, kind = path.rsplit(".", 1)
        module = modules[layer]
        if kind == "num_batches_tracked":
            continue
        name, axes = NAMES[kind], None
        if isinstance(module, torch.nn.BatchNorm2d):
            name = {"weight": "gamma", "bias": "beta"}.get(kind, name)
        elif isinstance(module, torch.nn.Conv2d) and kind == "weight":
            # [out, in / groups, h, w] to [h, w, in, out]; of each channel by itself to [h, w, channels, 1].
            axes = (2, 3, 0, 1) if module.groups > 1 else (2, 3, 1, 0)
        elif isinstance(module, torch.nn.Linear) and kind == "weight":
            axes = (1, 0)
        shape = tuple(tensor.shape) if axes is None else tuple(tensor.shape[a] for a in axes)
        yield f"{layer}/{name}", shape, tensor, axes


def count_case(name, function, **arguments):
    model = function(**arguments)
    found = list(weights(model))
    lines = sorted(f"{name} {list(shape)}" for name, shape, _, _ in found)
    count = sum(int(np.prod(shape)) for _, shape, _, _ in found)
    print(name, count, len(found), flush=True)
    return {
        "name": name,
        "parameter_count": count,
        "trainable_count": sum(p.numel() for p in model.parameters()),
        "weight_count": len(found),
        "weights": f"{fnv64(chr(10).join(lines)):016x}",
    }


def output_case(name, function, shape, gain=1.0, **arguments):
    model = function(num_classes=10, **arguments).eval()
    for weight, form, tensor, axes in weights(model):
        values = formula(weight, form, gain)
        if axes is not None:
            values = np.transpose(values, np.argsort(axes))
        with torch.no_grad():
            tensor.copy_(torch.from_numpy(np.ascontiguousarray(values)))
    x = golden.uniform(1, [2, *shape])
    with torch.no_grad():
        y = model(torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))).numpy()
    print(name, np.abs(y).max(), y.std(0).mean(), flush=True)
    return {"name": name, "input_shape": list(shape), "gain": gain, "outputs": golden.tensor(y)}


NETWORKS = {
    "resNet18": models.resnet18,
    "resNet34": models.resnet34,
    "resNet50": models.resnet50,
    "resNet101": models.resnet101,
    "mobileNetV2": models.mobilenet_v2,
    "denseNet121": models.densenet121,
    "squeezeNet": models.squeezenet1_1,
    "shuffleNetV2": models.shufflenet_v2_x1_0,
    "vgg16": models.vgg16,
    "vgg19": models.vgg19,
}

if __name__ == "__main__":
    outputs = [
        output_case("resNet18", models.resnet18, (33, 40, 3)),
        output_case("resNet50", models.resnet50, (40, 33, 3), gain=0.8),
        output_case("mobileNetV2", models.mobilenet_v2, (45, 32, 3)),
        output_case("denseNet121", models.densenet121, (32, 45, 3)),
        output_case("squeezeNet", models.squeezenet1_1, (40, 33, 3)),
        output_case("shuffleNetV2", models.shufflenet_v2_x1_0, (45, 32, 3)),
    ]
    networks = [count_case(name, function) for name, function in NETWORKS.items()]
    golden.write_json(
        "applications_torchvision",
        torch=version("torch"),
        torchvision=torchvision.__version__,
        networks=networks,
        outputs=outputs,
    )
