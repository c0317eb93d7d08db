#!/usr/bin/env python3
"""Runs ONNX' own backend cases and light networks through `convnet predict`, and prints which pass.

    swift build -c release --product convnet
    python Tests/Interop/onnx_cases.py --tool .build/release/convnet

Each case is a process: `convnet predict model.onnx --input NAME=FILE.npy ... --output NAME=FILE.npy ...`, with the inputs in the types that
the case gives them. `--probe .build/release/onnx-probe` runs them in one process instead, with inputs as float32: faster, for work on
the import.

The list `onnx-cases.txt` has a case per line under headings "## core" and "## extended". A case passes if every output is within rtol
1e-3 and atol 1e-5 of the expected one, or within the case's own tolerance if that is larger. Needs the packages `onnx` and `numpy`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

DATA = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data"


def lists(path):
    """The names of the cases by heading."""
    found, heading = {}, None
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("## "):
            heading = found.setdefault(line[3:].strip(), [])
        elif heading is not None and line and not line.startswith("#"):
            heading.append(line.strip())
    return found


def load(path, kind):
    """A tensor of a file of test data, by the type that the model gives it."""
    proto = onnx.TensorProto()
    proto.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(proto)


def stored(folder):
    """The case in a folder: the model, its inputs and the expected outputs."""
    model = onnx.load(folder / "model.onnx")
    data = folder / "test_data_set_0"
    names = lambda kind: sorted(data.glob(f"{kind}_*.pb"), key=lambda p: int(p.stem.split("_")[1]))
    return model, [load(p, None) for p in names("input")], [load(p, None) for p in names("output")], 1e-3, 1e-5


def light(name):
    """One of the small files of large networks: the weights are made by nodes, the inputs are what ONNX' runner makes."""
    model = onnx.load(DATA / "light" / f"{name}.onnx")
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = []
    for value in model.graph.input:
        if value.name not in weights:
            shape = tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
            count = int(np.prod(shape))
            inputs.append((np.arange(count).reshape(shape) / count).astype(np.float32))
    outputs = [load(p, None) for p in sorted((DATA / "light").glob(f"{name}_output_*.pb"))]
    return model, inputs, outputs, 1e-3, 1e-5


def cases(names):
    """(name, model, inputs, outputs, rtol, atol) of each case; None for the rest of one that is not there."""
    node = {case.name: case for case in collect_testcases(None)}
    for name in names:
        if name in node:
            case = node[name]
            inputs, outputs = case.data_sets[0]
            yield name, case.model, inputs, outputs, max(case.rtol, 1e-3), max(case.atol, 1e-5)
        elif name.startswith("light_"):
            yield name, *light(name)
        else:
            folder = next((f for k in ("pytorch-operator", "pytorch-converted", "simple") if (f := DATA / k / name).is_dir()), None)
            yield (name, *stored(folder)) if folder else (name, None, None, None, None, None)


def numpy_type(array, as_floats):
    """An array in a type that the reader of its file knows: its own, or float32."""
    # Types that NumPy does not have come as bits of their values otherwise.
    return array if not as_floats and array.dtype.isbuiltin == 1 else array.astype(np.float32)


def write(folder, model, inputs, as_floats):
    """A case in a folder; the reason if it cannot be written."""
    weights = {tensor.name for tensor in model.graph.initializer}
    names = [value.name for value in model.graph.input]
    if len(inputs) < len(names):
        names = [name for name in names if name not in weights]
    arrays = []
    for name, array in zip(names, inputs):
        if not isinstance(array, (np.ndarray, np.generic)):
            return f"input {name} is a {type(array).__name__}"
        array = np.asarray(array)
        if array.dtype.kind in "OUS":
            return f"input {name} holds texts"
        arrays.append((name, numpy_type(array, as_floats)))
    onnx.save(model, folder / "model.onnx")
    (folder / "inputs.txt").write_text("\n".join(name for name, _ in arrays))
    for index, (_, array) in enumerate(arrays):
        # `ascontiguousarray` would give a single number an axis.
        np.save(folder / f"input_{index}.npy", np.asarray(array, order="C"))
    return None


def predict(tool, folders):
    """Runs each case by the tool; a line for each folder, as onnx-probe prints it."""
    for folder in map(pathlib.Path, folders):
        model = onnx.load(folder / "model.onnx")
        command = [tool, "predict", str(folder / "model.onnx")]
        names = (folder / "inputs.txt").read_text().splitlines()
        for index, name in enumerate(names):
            command += ["--input", f"{name}={folder}/input_{index}.npy"]
        for index, output in enumerate(model.graph.output):
            command += ["--output", f"{output.name}={folder}/output_{index}.npy"]
        run = subprocess.run(command, capture_output=True, text=True)
        words = " ".join(run.stderr.split())
        yield str(folder), "ok" if run.returncode == 0 else f"exit code {run.returncode}: {words}"


def probe(program, folders):
    """Runs the cases by onnx-probe; a line for each folder, up to one that ends the process."""
    run = subprocess.run([program], input="\n".join(folders) + "\n", capture_output=True, text=True)
    told = [line.split("\t", 1) for line in run.stdout.splitlines() if "\t" in line]
    yield from told
    if len(told) < len(folders):
        yield folders[len(told)], f"the process ended ({run.stderr.strip()[-300:]})"


def compare(folder, outputs, rtol, atol):
    """Why the outputs are not those expected; None if they are."""
    for index, expected in enumerate(outputs):
        path = folder / f"output_{index}.npy"
        if not path.exists():
            return f"output {index} is missing"
        expected = np.asarray(expected).astype(np.float32)
        found = np.load(path)
        if found.shape != expected.shape:
            return f"output {index} has the shape {found.shape}, not {expected.shape}"
        if not np.allclose(found, expected, rtol=rtol, atol=atol, equal_nan=True):
            return f"output {index} is off by {np.nanmax(np.abs(found - expected)):.3g}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=pathlib.Path(__file__).parent / "onnx-cases.txt", help="the list")
    program = parser.add_mutually_exclusive_group(required=True)
    program.add_argument("--tool", help="the program convnet")
    program.add_argument("--probe", help="the program onnx-probe")
    parser.add_argument("--list", action="append", help="a heading of the list; all unless given")
    parser.add_argument("--only", help="part of the names of cases")
    parser.add_argument("--all", action="store_true", help="print the cases that pass, too")
    arguments = parser.parse_args()
    worst = 0
    for heading, names in lists(arguments.cases).items():
        if arguments.list and heading not in arguments.list:
            continue
        names = [name for name in names if not arguments.only or arguments.only in name]
        with tempfile.TemporaryDirectory() as root:
            results, written = {}, {}
            for name, model, inputs, outputs, rtol, atol in cases(names):
                if model is None:
                    results[name] = "not applicable: this version of onnx does not have it"
                    continue
                folder = pathlib.Path(root) / name
                folder.mkdir()
                reason = write(folder, model, inputs, as_floats=not arguments.tool)
                if reason:
                    results[name] = f"not applicable: {reason}"
                else:
                    written[str(folder)] = (name, outputs, rtol, atol)
            pending = dict(written)
            while pending:
                folders = list(pending)
                told = predict(arguments.tool, folders) if arguments.tool else probe(arguments.probe, folders)
                for folder, message in told:
                    name, outputs, rtol, atol = pending.pop(folder)
                    reason = message if message != "ok" else compare(pathlib.Path(folder), outputs, rtol, atol)
                    results[name] = f"failed: {reason}" if reason else "passed"
        for name in names:
            if arguments.all or results[name] != "passed":
                print(f"{name}: {results[name][:400]}")
        count = lambda word: sum(result.startswith(word) for result in results.values())
        print(f"{heading}: {count('passed')} passed, {count('failed')} failed, {count('not applicable')} not applicable")
        worst = max(worst, count("failed"))
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
