#!/usr/bin/env python3
"""Runs trained models of others, and compares with the outputs that lie beside them.

    swift build -c release --traits HDF5,Zip --product onnx-probe
    python Tests/Interop/shared_models.py FOLDER --probe .build/release/onnx-probe

FOLDER has files `MODEL.NAME.safetensors` beside each `MODEL.onnx`: tensors `in:INPUT` and `out:OUTPUT`. An output is right if no
element differs by more than 1e-4 of the largest one, and 5e-7 besides: outputs of a sigmoid may all be next to 0, where ONNX
Runtime's own sigmoid is 1e-7 from the exact one. Prints the largest difference of each output as a share of its largest element.
The Keras file of the same folder is read by `EmotionModelTests`. Needs the packages `numpy` and `safetensors`.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file

# What outputs mean: a file, and a test of its outputs.
MEANINGS = {
    "cntk_mnist_7": ("the digit 7", lambda out: int(np.argmax(next(iter(out.values())))) == 7),
    "yunet_n_dynamic": (
        "the best face, 0.9384, in cell 103 of stride 32",
        lambda out: abs(score(out).max() - 0.9384) < 1e-3 and int(score(out).argmax()) == 103,
    ),
    "ppocr_cls_up": ("text that stands upright", lambda out: next(iter(out.values())).ravel()[0] > 0.99),
    "ppocr_cls_down": ("text upside down", lambda out: next(iter(out.values())).ravel()[1] > 0.99),
}


def score(out):
    """The score of each cell of stride 32: its class times whether there is an object."""
    return np.sqrt(out["cls_32"].ravel() * out["obj_32"].ravel())


def run(probe, model, tensors, root):
    """The outputs of the model for the tensors `in:…`, by the names of those called `out:…`; or what went wrong."""
    folder = pathlib.Path(root) / model.stem
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(model, folder / "model.onnx")
    names = [name[3:] for name in tensors if name.startswith("in:")]
    (folder / "inputs.txt").write_text("\n".join(names))
    for index, name in enumerate(names):
        np.save(folder / f"input_{index}.npy", np.ascontiguousarray(tensors[f"in:{name}"], dtype=np.float32))
    told = subprocess.run([probe], input=f"{folder}\n", capture_output=True, text=True)
    if not told.stdout.strip().endswith("\tok"):
        return told.stdout.strip() or f"the process ended: {told.stderr[-300:]}"
    listed = (folder / "outputs.txt").read_text().splitlines()
    return {name: np.load(folder / f"output_{index}.npy") for index, name in enumerate(listed)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--probe", default=".build/release/onnx-probe")
    arguments = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as root:
        for path in sorted(arguments.folder.glob("*.onnx.*.safetensors")):
            model, _, name = path.name.partition(".onnx.")
            name = name.removesuffix(".safetensors")
            tensors = load_file(path)
            found = run(arguments.probe, arguments.folder / f"{model}.onnx", tensors, root)
            if isinstance(found, str):
                failed += 1
                print(f"{path.name}: failed: {found[:400]}")
                continue
            worst, problems = 0.0, []
            for key, wanted in tensors.items():
                if not key.startswith("out:"):
                    continue
                output = found[key[4:]]
                if output.shape != wanted.shape:
                    problems.append(f"{key[4:]} has the shape {output.shape}, not {wanted.shape}")
                    continue
                scale, off = np.abs(wanted).max(), np.abs(output - wanted).max()
                worst = max(worst, (off - 5e-7) / scale)
                if not off <= 1e-4 * scale + 5e-7:
                    problems.append(f"{key[4:]} is off by {off:.3g} of {scale:.3g}")
            meaning, test = MEANINGS.get(name, (None, None))
            if meaning and not test(found):
                problems.append(f"the outputs do not say: {meaning}")
            passed, failed = passed + (not problems), failed + bool(problems)
            said = "; ".join(problems) if problems else f"passed, largest difference {max(worst, 0):.2g} of the scale"
            print(f"{path.name}: {said}" + (f" ({meaning})" if meaning and not problems else ""))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
