"""Models over the whole catalogue of layers, exported as ONNX files and run by ONNX Runtime.

    swift build -c release --product onnx-probe
    PYTHON Tests/Interop/onnx_export.py .build/release/onnx-probe

lets the probe make the models with random weights and moving statistics (Tests/OnnxProbe/Zoo*.swift) and save them for opset 17 and the
newest; checks each file with ONNX's checker (full_check), runs it at batch 1 and 3, and compares with what this library predicts: to
1e-5 of the largest output. Also compared is what comes back when this library imports the file. Prints each failure, the counts, and a
table of the layers with the models that have them. Needs onnx, onnxruntime and numpy.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

OPSETS, BATCHES = (17, 28), (1, 3)
TOLERANCE = 1e-5


def difference(ours, theirs):
    """The largest distance in shares of the largest value; infinite for other shapes."""
    if ours.shape != theirs.shape:
        return float("inf")
    scale = max(float(np.max(np.abs(ours), initial=0)), 1e-20)
    distance = float(np.max(np.abs(ours.astype(np.float64) - theirs), initial=0))
    return distance / scale if np.isfinite(distance) else float("inf")


def check(folder, opset, names):
    """The reasons why a file is not right, and the largest difference."""
    path, problems, worst = folder / f"{opset}.onnx", [], 0.0
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    graph = model.graph
    for role, ports, expected in (("inputs", graph.input, names["inputs"]), ("outputs", graph.output, names["outputs"])):
        if [port.name for port in ports] != expected:
            problems.append(f"{role} {[port.name for port in ports]}")
        if any(port.type.tensor_type.shape.dim[0].dim_param != "batch" for port in ports):
            problems.append(f"{role} without a batch of any size")
    nodes = [node.name for node in graph.node]
    if len(set(nodes)) != len(nodes):
        problems.append("nodes of one name")
    strangers = [name for name in nodes if not any(name == own or name.startswith(own + "/") for own in names["nodes"])]
    if strangers:
        problems.append(f"nodes without a layer: {strangers[:3]}")
    # Inference does not read how many samples a layer has seen, nor the vector of a power iteration.
    own = {name for name in names["parameters"] if name.rsplit("/", 1)[-1] not in ("count", "vector_u")}
    missing = sorted(own - {tensor.name for tensor in graph.initializer})
    if missing:
        problems.append(f"parameters without an initializer of their name: {missing[:3]}")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    for batch in BATCHES:
        feed = {name: np.load(folder / f"x{i}_b{batch}.npy") for i, name in enumerate(names["inputs"])}
        for i, (name, value) in enumerate(zip(names["outputs"], session.run(names["outputs"], feed))):
            found = difference(np.load(folder / f"y{i}_b{batch}.npy"), value)
            worst = max(worst, found)
            if found > TOLERANCE:
                problems.append(f"{name} at batch {batch}: {found:.1e}")
    return problems, worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("probe", help="the built onnx-probe")
    parser.add_argument("--only", nargs="*", default=[], help="the names of some models")
    parser.add_argument("--keep", help="a folder for the files")
    parser.add_argument("--no-round-trip", action="store_true", help="do not look at what comes back by import")
    arguments = parser.parse_args()
    temporary = tempfile.TemporaryDirectory()
    root = pathlib.Path(arguments.keep or temporary.name)
    root.mkdir(parents=True, exist_ok=True)
    run = subprocess.run([arguments.probe, "export", root, *arguments.only], capture_output=True, text=True)
    if run.returncode != 0:
        print(f"the probe ended with {run.returncode}: {run.stderr[-2000:]}")
    by_layer = collections.defaultdict(lambda: [0, 0])
    passed, failed = 0, 0
    for line in run.stdout.splitlines():
        name, status, *rest = line.split("\t")
        problems, worst = [] if status == "ok" else [status], []
        layers = []
        if status == "ok":
            names = json.loads((root / name / "names.json").read_text())
            layers = sorted(set(names["layers"]) - {"InputLayer"})
            for opset in OPSETS:
                try:
                    found, distance = check(root / name, opset, names)
                except Exception as error:  # whatever the checker or the runtime finds
                    found, distance = [str(error).splitlines()[0][:300]], float("inf")
                problems += [f"opset {opset}: {problem}" for problem in found]
                worst.append(f"{distance:.1e}")
            if not arguments.no_round_trip:
                worst.append(f"back {float(rest[0]):.1e}")
                if not float(rest[0]) <= TOLERANCE:
                    problems.append(f"imported again: {rest[0]}")
        passed, failed = passed + (not problems), failed + bool(problems)
        for layer in layers:
            by_layer[layer][bool(problems)] += 1
        print(f"{'FAILED' if problems else 'passed'} {name} {', '.join(worst)}")
        for problem in problems:
            print(f"    {problem}")
    print(f"\n{'layer':<32}passed failed")
    for layer, (good, bad) in sorted(by_layer.items()):
        print(f"{layer:<32}{good:>6} {bad:>6}")
    print(f"\n{passed} models passed, {failed} failed; {len(by_layer)} kinds of layers; opsets {OPSETS}, batches {BATCHES}")
    sys.exit(1 if failed or not passed or run.returncode else 0)


if __name__ == "__main__":
    main()
