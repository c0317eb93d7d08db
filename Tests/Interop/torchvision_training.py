#!/usr/bin/env python3
"""Trains networks of torchvision here and in PyTorch, from the same weights on the same batches, and compares losses and gradients.

    swift build -c release --traits Zip --product torch-probe
    python Tests/Interop/torchvision_training.py --probe .build/release/torch-probe

ResNet-18 and ResNet-50 with 10 classes are fine-tuned for 20 steps of SGD, as networks of Applications with PyTorch's weights and as
ONNX files.

The set-up was chosen by PyTorch alone: its float32 and its float64 have to agree within 1e-4 in all losses. They do not from random
weights on noise in batches of 8: there they part by up to 0.1 within 20 steps, since normalisations of nearly equal values make
rounding grow. So PyTorch first trains a network for 40 steps on the task, colours and shapes in noise, in batches of 16. After that they
differ by 2e-6 in ResNet-18 and 4e-6 in ResNet-50, but by 6e-4 in ShuffleNetV2 and 3e-3 in MobileNetV2, which so show nothing.

A network passes if PyTorch's losses agree so, no loss here differs from PyTorch's float32 by more than 1e-3, and no parameter's
gradient in the first step has a relative error of more than 1e-2 against PyTorch's float64. A ReLU whose input is within rounding of 0
may be open in one and closed in the other: one among ResNet-18's explains 6e-4.
The script prints PyTorch's own differences beside. Needs the packages `torch`, `torchvision`, `onnx`, `safetensors`, `numpy`.
"""

import argparse
import copy
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torchvision_networks import torchvision

FIRST_STEPS, STEPS, BATCH, SIZE, CLASSES, RATE, TOLERANCE = 40, 20, 16, 64, 10, 0.001, 1e-3
# How far PyTorch's own losses may part: otherwise the set-up shows nothing.
STABLE = 1e-4
GRADIENT_TOLERANCE = 1e-2
# A step so large that the old weights vanish in the new ones: these are the gradient.
HUGE_RATE = 2.0**30
NETWORKS = {
    "resnet18": lambda: torchvision.models.resnet18(num_classes=CLASSES),
    "resnet50": lambda: torchvision.models.resnet50(num_classes=CLASSES),
}


def samples(count):
    """Squares and diamonds of five colours, each of its own size and place, in noise."""
    labels = torch.randint(CLASSES, (count,))
    images = 0.3 * torch.randn(count, 3, SIZE, SIZE)
    colours = torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]]) * 2 - 0.5
    rows, columns = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    for image, label in zip(images, labels.tolist()):
        radius, row, column = (SIZE * (torch.rand(3) * torch.tensor([0.1, 0.4, 0.4]) + torch.tensor([0.15, 0.3, 0.3]))).tolist()
        height, width = (rows - row).abs(), (columns - column).abs()
        image[:, (height + width if label < 5 else torch.maximum(height, width)) < radius] = colours[label % 5][:, None]
    return images, labels


def train(model, images, labels, rate=RATE, momentum=0.0):
    """What PyTorch's steps begin with."""
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    found = []
    for start in range(0, len(images), BATCH):
        loss = torch.nn.functional.cross_entropy(model(images[start : start + BATCH]), labels[start : start + BATCH])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return np.array(found)


def gradients(model, images, labels):
    """The gradients of the first batch, by parameter."""
    train(model, images[:BATCH], labels[:BATCH])
    return {name: parameter.grad.double() for name, parameter in model.named_parameters()}


def error(found, exact):
    """The largest relative error among gradients, and whose it is; those that a normalisation makes zero do not count."""
    largest = max(value.norm() for value in exact.values())
    kept = {name: value for name, value in exact.items() if value.norm() > 1e-9 * largest}
    return max((((found[name] - value).norm() / value.norm()).item(), name) for name, value in kept.items())


def export(model, images, path):
    """An ONNX file whose normalisations are nodes of their own: the exporter would join them with convolutions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(), (images,), str(path), dynamo=False, input_names=["images"], output_names=["scores"], opset_version=17,
            dynamic_axes={"images": {0: "batch"}, "scores": {0: "batch"}}, training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
        )


def probe(program, source, folder, images, labels, rate):
    """Losses of this library's steps, after which the folder has its weights."""
    images = images if source == "onnx" else images.permute(0, 2, 3, 1)
    np.save(folder / "images.npy", np.ascontiguousarray(images.numpy()))
    np.save(folder / "labels.npy", labels.numpy().astype(np.int32))
    call = [program, "train", source, folder, str(BATCH), str(rate), "0"]
    run = subprocess.run(call, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{source}: {run.stderr.strip()[-400:]}")
    return np.load(folder / "losses.npy")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=".build/release/torch-probe")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, help="these networks; all unless given")
    arguments = parser.parse_args()
    passed = total = 0
    for name in arguments.only or NETWORKS:
        torch.manual_seed(0)
        model = NETWORKS[name]()
        train(model, *samples(FIRST_STEPS * BATCH), rate=0.01, momentum=0.9)
        images, labels = samples(STEPS * BATCH)
        expected = train(copy.deepcopy(model), images, labels)
        own = np.abs(train(copy.deepcopy(model).double(), images.double(), labels) - expected).max()
        exact = gradients(copy.deepcopy(model).double(), images.double(), labels)
        own_error, own_worst = error(gradients(copy.deepcopy(model), images, labels), exact)
        print(f"{name}: losses {expected[0]:.3f} to {expected[-1]:.3f}; PyTorch's float32 and float64 differ by {own:.1e}, ", end="")
        print(f"their gradients by {own_error:.1e} at most ({own_worst})", flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            save_file(model.state_dict(), folder / "weights.safetensors")
            export(copy.deepcopy(model), images[:2], folder / "model.onnx")
            for source in (name, "onnx"):
                difference = np.abs(probe(arguments.probe, source, folder, images, labels, RATE) - expected).max()
                succeeds, text = own <= STABLE and difference <= TOLERANCE, f"{difference:.1e}"
                if source == name:
                    probe(arguments.probe, source, folder, images[:BATCH], labels[:BATCH], HUGE_RATE)
                    back = load_file(folder / "back.safetensors")
                    worst, where = error({key: back[key].double() / -HUGE_RATE for key in exact}, exact)
                    succeeds = succeeds and worst <= GRADIENT_TOLERANCE
                    text += f", gradients {worst:.1e} ({where})"
                total += 1
                passed += bool(succeeds)
                print(f"  {source:<14} {'passed' if succeeds else 'failed':<8} {text}", flush=True)
    print(f"{passed} of {total} passed")
    return 0 if passed == total else 1


if __name__ == "__main__":
    sys.exit(main())
