"""torchvision's networks with random weights, for the scripts beside this one. Needs the packages `torch` and `torchvision`."""

import sys
import types

import torch

# Of torchvision only the networks are used. Where its compiled operators do not suit torch, these are not declared either.
try:
    import torchvision
except RuntimeError:
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("_meta_registrations")
    import torchvision

from torchvision.models import segmentation

# The inputs' height and width are those that the networks were made for.
NETWORKS = {
    "resnet18": (lambda: torchvision.models.resnet18(), 224),
    "resnet50": (lambda: torchvision.models.resnet50(), 224),
    "mobilenet_v2": (lambda: torchvision.models.mobilenet_v2(), 224),
    "mobilenet_v3_small": (lambda: torchvision.models.mobilenet_v3_small(), 224),
    "mobilenet_v3_large": (lambda: torchvision.models.mobilenet_v3_large(), 224),
    "efficientnet_b0": (lambda: torchvision.models.efficientnet_b0(), 224),
    "squeezenet1_1": (lambda: torchvision.models.squeezenet1_1(), 224),
    "densenet121": (lambda: torchvision.models.densenet121(), 224),
    "shufflenet_v2_x1_0": (lambda: torchvision.models.shufflenet_v2_x1_0(), 224),
    "googlenet": (lambda: torchvision.models.googlenet(aux_logits=False, init_weights=False), 224),
    "inception_v3": (lambda: torchvision.models.inception_v3(aux_logits=False, init_weights=False), 299),
    "vgg11": (lambda: torchvision.models.vgg11(), 224),
    "convnext_tiny": (lambda: torchvision.models.convnext_tiny(), 224),
    "regnet_y_400mf": (lambda: torchvision.models.regnet_y_400mf(), 224),
    "fcn_resnet50": (lambda: segmentation.fcn_resnet50(weights=None, weights_backbone=None), 224),
    "deeplabv3_resnet50": (lambda: segmentation.deeplabv3_resnet50(weights=None, weights_backbone=None), 224),
}


class Output(torch.nn.Module):
    """A network that segments returns a dictionary; this is its one map of classes."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images)["out"]


def network(name, seed=0):
    """A network in inference mode: random weights, and moving statistics that are not those of the beginning; and its images' size."""
    torch.manual_seed(seed)
    make, size = NETWORKS[name]
    model = randomise(make()).eval()
    return (Output(model).eval() if name in ("fcn_resnet50", "deeplabv3_resnet50") else model), size


def randomise(model):
    """Draws the parameters and statistics of normalisations, so that none is 0 or 1."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model
