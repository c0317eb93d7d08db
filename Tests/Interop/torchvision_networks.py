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
    """A network of random weights and moving statistics in inference mode, and its images' size."""
    torch.manual_seed(seed)
    make, size = NETWORKS[name]
    model = randomise(make())
    return (Output(model).eval() if name in ("fcn_resnet50", "deeplabv3_resnet50") else model), size


def noise(batch, size, seed=0):
    """Images of noise, each of its own contrast and tint, so that means over an image differ, too."""
    generator = torch.Generator().manual_seed(seed)
    contrast = 0.5 + torch.rand(batch, 1, 1, 1, generator=generator)
    tint = 0.5 * torch.randn(batch, 3, 1, 1, generator=generator)
    return torch.randn(batch, 3, size, size, generator=generator) * contrast + tint


def randomise(model, size=96):
    """Draws what would be 0, 1 or tiny, and the moving statistics, and returns the network in inference mode.

    The statistics are those of random images, changed by up to a quarter: a network with others would put out the same whatever it
    sees, or numbers that overflow.
    """
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for name, parameter in model.named_parameters():
        if name.endswith("layer_scale"):
            torch.nn.init.uniform_(parameter, 0.2, 0.8)
        elif name.endswith("bias"):
            torch.nn.init.normal_(parameter, 0, 0.02)
    for module in model.modules():
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.LayerNorm)):
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.normal_(module.bias, 0, 0.1)
    model.eval()
    for module in norms:
        module.train()
        module.momentum = None
    with torch.no_grad():
        model(noise(16, size))
        for module in norms:
            module.momentum = 0.1
            module.running_mean += module.running_var.sqrt() * torch.empty_like(module.running_mean).uniform_(-0.25, 0.25)
            module.running_var *= torch.empty_like(module.running_var).uniform_(0.8, 1.25)
    return model.eval()
