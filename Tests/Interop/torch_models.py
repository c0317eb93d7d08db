#!/usr/bin/env python3
"""Exports small models of many kinds by both of PyTorch's exporters, runs the files through onnx-probe, and compares with PyTorch.

    swift build -c release --product onnx-probe
    python Tests/Interop/torch_models.py --probe .build/release/onnx-probe

Text recognition, detection, segmentation, super resolution, audio, language, vision transformers: the models of `torch_zoo.py`, with
random weights. Axes that may change are dynamic, and each file runs at two sets of sizes, none of them the exporter's. A file passes if
the largest difference is at most 1e-4 of the largest output. What an exporter of PyTorch itself refuses is counted apart, and so is a
file that ONNX Runtime does not run either. Needs the packages `torch`, `onnx`, `onnxscript`, `onnxruntime`, `numpy`.
"""

import argparse
import contextlib
import io
import logging
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from torch_zoo import MODELS

TOLERANCE = 1e-4


def export(entry, inputs, exporter, path):
    """Writes the file."""
    names = [name for name, _ in entry.inputs]
    if exporter == "torchscript":
        settings = {"dynamo": False, "dynamic_axes": entry.axes, "opset_version": 17}
    else:
        symbols = {name: torch.export.Dim(name) for axes in entry.axes.values() for name in axes.values()}
        shapes = tuple({axis: symbols[name] for axis, name in entry.axes.get(name_, {}).items()} for name_ in names)
        settings = {"dynamo": True, "dynamic_shapes": shapes, "verbose": False}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        torch.onnx.export(entry.model, tuple(inputs), str(path), input_names=names, **settings)


def runs_elsewhere(path, inputs, names):
    """Whether ONNX Runtime runs the file."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        session.run(None, {name: value.numpy() for name, value in zip(names, inputs)})
        return True
    except Exception:
        return False


def run(probe, folder):
    """What onnx-probe says of a folder: None if it ran."""
    result = subprocess.run([probe], input=f"{folder}\n", capture_output=True, text=True)
    message = result.stdout.strip().partition("\t")[2] or f"the process ended ({result.stderr.strip()[-300:]})"
    return None if message == "ok" else message


def check(entry, exporter, probe, folder):
    """The outcome, and the largest differences in parts of the scale or the reason."""
    names = [name for name, _ in entry.inputs]
    try:
        if not (folder / "model.onnx").exists():
            export(entry, entry.values(entry.traced), exporter, folder / "model.onnx")
    except Exception as error:
        (folder / "model.onnx").unlink(missing_ok=True)
        text = re.sub("\x1b[^m]*m", "", str(error)).strip()
        return "not exported", text.splitlines()[0][:120] if text else type(error).__name__
    differences = []
    for sizes in entry.sizes:
        inputs = entry.values(sizes, seed=1)
        with torch.no_grad():
            expected = entry.model(*inputs)
        expected = [value.numpy() for value in (expected if isinstance(expected, (tuple, list)) else [expected])]
        (folder / "inputs.txt").write_text("\n".join(names))
        for index, value in enumerate(inputs):
            np.save(folder / f"input_{index}.npy", value.numpy())
        reason = run(probe, folder)
        if reason:
            elsewhere = runs_elsewhere(folder / "model.onnx", inputs, names)
            return "failed" if elsewhere else "not valid", f"{sizes}: {reason}"
        for index, value in enumerate(expected):
            found = np.load(folder / f"output_{index}.npy")
            if found.shape != value.shape:
                return "failed", f"{sizes}: output {index} has the shape {found.shape}, not {value.shape}"
            differences.append(float(np.abs(found - value).max() / max(np.abs(value).max(), 1e-30)))
    worst = max(differences)
    return "passed" if worst <= TOLERANCE else "failed", f"{worst:.1e}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=".build/release/onnx-probe")
    parser.add_argument("--only", nargs="+", choices=MODELS, help="these models; all unless given")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the files, which the next run uses again; unless given they are deleted")
    arguments = parser.parse_args()
    counts = dict.fromkeys(("passed", "failed", "not valid", "not exported"), 0)
    print(f"{'model':<22} {'exporter':<12} {'result':<13} largest difference, of the scale", flush=True)
    for name in arguments.only or MODELS:
        entry = MODELS[name]()
        for exporter in ("torchscript", "dynamo"):
            with tempfile.TemporaryDirectory() as temporary:
                folder = (arguments.keep or pathlib.Path(temporary)) / f"{name}-{exporter}"
                folder.mkdir(parents=True, exist_ok=True)
                result, text = check(entry, exporter, arguments.probe, folder)
            counts[result] += 1
            print(f"{name:<22} {exporter:<12} {result:<13} {text[:600]}", flush=True)
    print(", ".join(f"{count} {result}" for result, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
