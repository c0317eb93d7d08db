#!/usr/bin/env python3
"""Trains networks of torchvision here and in PyTorch, from the same weights on the same batches, and compares the losses.

    swift build -c release --traits Zip --product torch-probe
    python Tests/Interop/torchvision_training.py --probe .build/release/torch-probe

ResNet-18 and MobileNetV2 with 10 classes take 20 steps of SGD, rate 0.001, on batches of 8 images of 96 by 96 pixels, here as ONNX
files. ResNet-18 runs a second time, as the network of Applications with PyTorch's weights; the MobileNetV2 of Applications has dropout,
which draws other numbers. Normalisations use the statistics of the batch in both. A network passes if no loss differs by more than 1e-3. PyTorch's moving variance takes the variance over n - 1 values, the one here, as Keras',
that over n; training does not see it. Needs the packages `torch`, `torchvision`, `onnx`, `safetensors`, `numpy`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from safetensors.torch import save_file
from torchvision_networks import torchvision

STEPS, BATCH, SIZE, CLASSES, RATE, TOLERANCE = 20, 8, 96, 10, 0.001, 1e-3
# Dropout would draw other numbers.
NETWORKS = {
    "resnet18": lambda: torchvision.models.resnet18(num_classes=CLASSES),
    "mobilenet_v2": lambda: torchvision.models.mobilenet_v2(num_classes=CLASSES, dropout=0.0),
}


def losses(model, images, labels):
    """What PyTorch's steps begin with."""
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    found = []
    for start in range(0, len(images), BATCH):
        loss = torch.nn.functional.cross_entropy(model(images[start : start + BATCH]), labels[start : start + BATCH])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return np.array(found)


def export(model, images, path):
    """An ONNX file whose normalisations are nodes of their own: the exporter would join them with convolutions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(), (images,), str(path), dynamo=False, input_names=["images"], output_names=["scores"], opset_version=17,
            dynamic_axes={"images": {0: "batch"}, "scores": {0: "batch"}}, training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=".build/release/torch-probe")
    arguments = parser.parse_args()
    passed = total = 0
    for name, make in NETWORKS.items():
        torch.manual_seed(0)
        model = make()
        # A class is a shade, so that there is something to learn.
        labels = torch.randint(CLASSES, (STEPS * BATCH,))
        images = torch.randn(STEPS * BATCH, 3, SIZE, SIZE) + (labels.float() / CLASSES * 4 - 2)[:, None, None, None]
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            np.save(folder / "labels.npy", labels.numpy().astype(np.int32))
            save_file(model.state_dict(), folder / "weights.safetensors")
            export(model, images[:2], folder / "model.onnx")
            expected = losses(model, images, labels)
            for source in (name, "onnx") if name == "resnet18" else ("onnx",):
                array = images.numpy() if source == "onnx" else images.permute(0, 2, 3, 1).numpy()
                np.save(folder / "images.npy", np.ascontiguousarray(array))
                run = subprocess.run([arguments.probe, "train", source, folder], capture_output=True, text=True)
                total += 1
                if run.returncode:
                    print(f"{name:<14} {source:<14} failed   {run.stderr.strip()[-400:]}", flush=True)
                    continue
                difference = np.abs(np.load(folder / "losses.npy") - expected).max()
                passed += difference <= TOLERANCE
                print(
                    f"{name:<14} {source:<14} {'passed' if difference <= TOLERANCE else 'failed':<8} "
                    f"{difference:.1e} (losses {expected[0]:.3f} to {expected[-1]:.3f})",
                    flush=True,
                )
    print(f"{passed} of {total} passed")
    return 0 if passed == total else 1


if __name__ == "__main__":
    sys.exit(main())
