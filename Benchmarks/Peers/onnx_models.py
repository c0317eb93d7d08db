"""Makes the ONNX files that `convnet-bench peers --only onnx` compares: torchvision's networks, seeded.

python onnx_models.py FOLDER [--only resnet18 …] [--exporter dynamo]

Weights and moving statistics are random, the batch axis is dynamic, and all of a network is in one file. Needs the
packages of requirements.txt."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "Tests" / "Interop"))

import onnx
import torch
from torchvision_exports import export
from torchvision_networks import network

NETWORKS = ("resnet18", "resnet50", "mobilenet_v2", "efficientnet_b0", "squeezenet1_1")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=NETWORKS, default=NETWORKS)
    parser.add_argument("--exporter", choices=("torchscript", "dynamo"), default="torchscript", help="one of PyTorch's")
    return parser.parse_args()


def main():
    arguments = options()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.only:
        file = arguments.folder / f"{name}.onnx"
        model, size = network(name)
        # The exporter sees a batch of 2, for it takes a batch of 1 for a constant.
        export(model, torch.randn(2, 3, size, size), arguments.exporter, file)
        data = file.with_name(file.name + ".data")
        if data.exists():
            onnx.save(onnx.load(file), file)
            data.unlink()
        onnx.checker.check_model(file, full_check=True)
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
