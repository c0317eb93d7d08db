#!/usr/bin/env python3
"""Gives torchvision's weights to the networks of Applications, by torch-probe, and compares predictions with PyTorch's.

    swift build -c release --traits Zip --product torch-probe
    python Tests/Interop/torchvision_weights.py --probe .build/release/torch-probe

Weights are random, and so are the statistics of normalisations. A network passes if the largest difference is at most 1e-4 of the
largest output, from a safetensors file and from a .pt file, and if PyTorch loads what is written back and has the same tensors.
Needs the packages `torch`, `torchvision`, `safetensors`, `numpy`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torchvision_networks import randomise, torchvision

NETWORKS = (
    "resnet18", "resnet34", "resnet50", "resnet101", "mobilenet_v2", "densenet121", "vgg16", "vgg19", "squeezenet1_1", "shufflenet_v2_x1_0",
    "mobilenet_v3_small", "mobilenet_v3_large", "convnext_tiny",
)
# Height and width of the images. Those of MobileNetV3 are 1 more than a multiple of 32: at others, padding is Keras' here.
SIZE, ODD_SIZE = (64, 96), (65, 97)
TOLERANCE = 1e-4


def check(name, probe, folder):
    """The largest difference in parts of the scale, or the reason why there is none."""
    torch.manual_seed(0)
    model = randomise(getattr(torchvision.models, name)()).eval()
    images = torch.randn(2, 3, *(ODD_SIZE if name.startswith("mobilenet_v3") else SIZE))
    with torch.no_grad():
        expected = model(images).numpy()
    np.save(folder / "images.npy", np.ascontiguousarray(images.permute(0, 2, 3, 1).numpy()))
    worst = 0.0
    for ending in ("safetensors", "pt"):
        path = folder / f"weights.{ending}"
        save_file(model.state_dict(), path) if ending == "safetensors" else torch.save(model.state_dict(), path)
        run = subprocess.run([probe, "predict", name, folder], capture_output=True, text=True)
        path.unlink()
        if run.returncode:
            return f"{ending}: {run.stderr.strip()[-400:]}"
        found = np.load(folder / "scores.npy")
        worst = max(worst, float(np.abs(found - expected).max() / np.abs(expected).max()))
    other = getattr(torchvision.models, name)()
    other.load_state_dict(load_file(folder / "back.safetensors"))
    for key, tensor in model.state_dict().items():
        if not key.endswith("num_batches_tracked") and not torch.equal(tensor, other.state_dict()[key]):
            return f"{key} differs in the file that was written back"
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=".build/release/torch-probe")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, help="these networks; all unless given")
    arguments = parser.parse_args()
    names, passed = arguments.only or NETWORKS, 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            result = check(name, arguments.probe, pathlib.Path(folder))
        succeeds = not isinstance(result, str) and result <= TOLERANCE
        passed += succeeds
        print(f"{name:<20} {'passed' if succeeds else 'failed':<8} {result if isinstance(result, str) else f'{result:.1e}'}", flush=True)
    print(f"{passed} of {len(names)} passed")
    return 0 if passed == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
