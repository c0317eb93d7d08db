#!/usr/bin/env python3
"""Exports torchvision's networks by both of PyTorch's exporters, runs the files through onnx-probe, and compares with PyTorch.

    swift build -c release --product onnx-probe
    python Tests/Interop/torchvision_exports.py --probe .build/release/onnx-probe

Weights are random, and so are the statistics of normalisations. The batch axis is dynamic. A file passes if the largest difference at
batches of 1 and 3 is at most 1e-4 of the largest output, and the three images' outputs differ by more than a twentieth of it. Needs the packages `torch`, `torchvision`, `onnx`, `onnxscript`, `numpy`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from torchvision_networks import NETWORKS, network, noise

TOLERANCE = 1e-4
BATCHES = (1, 3)
# How much the outputs of three images have to differ, in parts of the scale: a network that hardly sees its image proves nothing.
SPREAD = 0.05


def export(model, images, exporter, path):
    """Writes the file; the batch axis is dynamic."""
    if exporter == "torchscript":
        axes = {"images": {0: "batch"}, "output": {0: "batch"}}
        settings = {"dynamo": False, "dynamic_axes": axes, "opset_version": 17}
    else:
        settings = {"dynamo": True, "dynamic_shapes": ({0: torch.export.Dim("batch")},), "verbose": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (images,), str(path), input_names=["images"], output_names=["output"], **settings)


def run(probe, folder):
    """What onnx-probe says of a folder: None if it ran."""
    result = subprocess.run([probe], input=f"{folder}\n", capture_output=True, text=True)
    message = result.stdout.strip().partition("\t")[2] or f"the process ended ({result.stderr.strip()[-300:]})"
    return None if message == "ok" else message


def check(name, exporter, probe, root):
    """The largest difference in parts of the scale by batch, or the reason why there is none."""
    model, size = network(name)
    folder = root / f"{name}-{exporter}"
    folder.mkdir(exist_ok=True)
    if not (folder / "model.onnx").exists():
        # The exporter sees a batch of 2, for it takes a batch of 1 for a constant.
        export(model, noise(2, size), exporter, folder / "model.onnx")
    (folder / "inputs.txt").write_text("images")
    differences = []
    for batch in BATCHES:
        images = noise(batch, size, seed=batch)
        with torch.no_grad():
            expected = model(images).numpy()
        scale = np.abs(expected).max()
        if batch > 1 and np.ptp(expected, axis=0).max() < SPREAD * scale:
            return "the outputs hardly depend on the image"
        np.save(folder / "input_0.npy", images.numpy())
        (folder / "output_0.npy").unlink(missing_ok=True)
        reason = run(probe, folder)
        if reason:
            return f"batch {batch}: {reason}"
        found = np.load(folder / "output_0.npy")
        if found.shape != expected.shape:
            return f"batch {batch}: the output has the shape {found.shape}, not {expected.shape}"
        differences.append(float(np.abs(found - expected).max() / scale))
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=".build/release/onnx-probe")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, help="these networks; all unless given")
    parser.add_argument("--exporter", choices=("torchscript", "dynamo"), help="one of the exporters; both unless given")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the files, which the next run uses again; unless given they are deleted")
    arguments = parser.parse_args()
    passed = total = 0
    print(f"{'network':<20} {'exporter':<12} {'result':<8} largest difference, of the scale", flush=True)
    for name in arguments.only or NETWORKS:
        for exporter in [arguments.exporter] if arguments.exporter else ["torchscript", "dynamo"]:
            with tempfile.TemporaryDirectory() as temporary:
                root = arguments.keep or pathlib.Path(temporary)
                root.mkdir(exist_ok=True)
                result = check(name, exporter, arguments.probe, root)
            total += 1
            succeeds = not isinstance(result, str) and all(value <= TOLERANCE for value in result)
            passed += succeeds
            text = result[:400] if isinstance(result, str) else ", ".join(
                f"{value:.1e} at batch {batch}" for batch, value in zip(BATCHES, result)
            )
            print(f"{name:<20} {exporter:<12} {'passed' if succeeds else 'failed':<8} {text}", flush=True)
    print(f"{passed} of {total} passed")
    return 0 if passed == total else 1


if __name__ == "__main__":
    sys.exit(main())
