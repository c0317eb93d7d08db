"""Random valid settings of every layer, computed by Keras and compared here: python sweep.py [--seed N] [--cases FILE] ...

Draws settings, computes outputs and gradients of each with Keras, lets `LayerSweepTests` compare them, prints a table of what was drawn
and writes it to docs/keras-sweep.md. Every argument of every layer that Sources/SwiftConvNet/Layers declares is drawn away from its
default at least 20 times, half of them alone and half with others; the exit code is 1 if one is not, if Keras refuses a setting, or if
a comparison fails. Not one of the golden files: CONTRIBUTING.md has the command.

How settings are drawn is in sweep_draws.py, how Keras computes them in sweep_keras.py.
"""

import argparse
import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

BACKENDS = ("tensorflow", "jax")
# Runs by which Keras' own float32 error is measured.
MEASUREMENTS = 8
# A program for each shape is compiled and runs once: its speed does not matter.
ENVIRONMENT = {"XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"}
FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]


def draw(seed, times):
    """The settings, what was drawn of each argument, and what is wrong with that."""
    import sweep_draws as draws
    from parity_swift import read_sources

    specs = draws.settings(seed, times)
    table = draws.Table(specs)
    return specs, table, draws.uncovered(read_sources(ROOT / "Sources")) + table.too_few(times)


def key(spec):
    """A setting without its number."""
    return json.dumps({name: value for name, value in spec.items() if name != "number"}, sort_keys=True)


def outputs(path):
    """The files of cases that earlier runs have computed."""
    return Path(path).parent.glob(f"{Path(path).name}.*.out")


def computed(path):
    """The cases of earlier runs, complete or not, by their settings."""
    found = {}
    for file in outputs(path):
        for line in file.read_text().splitlines():
            # The last line may be half a line.
            with contextlib.suppress(json.JSONDecodeError):
                case = json.loads(line)
                found[key(case["spec"])] = case
    return found


def compute(specs, path, share=150):
    """The cases of all settings, in their order. What an earlier run has left is used.

    Each backend of Keras has processes of its own, one for so many settings, which run side by side."""
    known = computed(path)
    missing = [spec for spec in specs if key(spec) not in known]
    print(f"{len(specs)} settings, {len(missing)} of them to be computed", flush=True)
    processes = []
    for backend in BACKENDS:
        own = [spec for spec in missing if spec["backend"] == backend]
        count = min(3, math.ceil(len(own) / share))
        for part in range(count):
            source = Path(f"{path}.{backend}-{part}.specs")
            source.write_text(json.dumps(own[part::count]))
            command = [sys.executable, str(FOLDER / "sweep_keras.py"), str(source), str(source.with_suffix(".out"))]
            processes.append(subprocess.Popen(command, env=os.environ | ENVIRONMENT | {"KERAS_BACKEND": backend}))
    if any([process.wait() for process in processes]):
        sys.exit("Keras refused settings")
    known = computed(path)

    def best(spec):
        """With Keras' own float32, if an earlier run has measured it."""
        found = [known.get(key(spec | {"measured": count})) for count in (MEASUREMENTS, spec["measured"])]
        return next(case for case in found if case)

    # The number is not part of what was computed.
    return [best(spec) | {"name": f"{spec['number']}, {json.dumps(spec['config'])} of {spec['shapes']}"} for spec in specs]


def compare(cases, configuration):
    """Runs `LayerSweepTests`: whether it passed, its log, and the deviations that it noted: {kind: {layer or number: [deviation]}}."""
    log = Path(f"{cases}.log")
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as deviations:
        environment = os.environ | {"SWIFTCONVNET_SWEEP": str(cases), "SWIFTCONVNET_DEVIATIONS": deviations.name}
        command = ["swift", "test", "-c", configuration, "--filter", "LayerSweepTests"]
        with log.open("w") as file:
            status = subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT).returncode
        found = {kind: defaultdict(list) for kind in ("sweep", "sweep, excused", "sweep, beyond")}
        for line in deviations:
            entry = json.loads(line)
            found[entry["family"]][entry["name"]].append(entry["deviation"])
    return status == 0, log, found


def write(cases, path):
    Path(path).write_text('{"cases": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]}\n")


def compare_and_measure(specs, cases, path, configuration):
    """Compares all cases. Of those that are too far away Keras' own float32 is measured, and they are compared once more."""
    passed, log, found = compare(path, configuration)
    beyond = set(found["sweep, beyond"])
    if beyond:
        print(f"beyond the tolerance, so that Keras' own float32 is measured: {len(beyond)} cases")
        places = [place for place, spec in enumerate(specs) if spec["number"] in beyond]
        for place, case in zip(places, compute([specs[place] | {"measured": MEASUREMENTS} for place in places], path)):
            cases[place] = case
        write(cases, path)
        passed, log, found = compare(path, configuration)
    if not passed:
        problems = [line for line in log.read_text().splitlines() if "recorded an issue" in line or "error:" in line]
        print("\n".join(problems[:200]))
        sys.exit(f"{len(problems)} lines of problems: {log}")
    return found["sweep"], found["sweep, excused"]


def versions():
    import sweep_draws as draws

    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, cwd=ROOT).stdout
    swift = swift.partition("Swift version ")[2].split(" ")[0] or "unknown"
    return draws.versions() | {"swift": swift}


def document(table, deviations, excused, seed):
    """The text of docs/keras-sweep.md."""
    from sweep_draws import NOT_DRAWN, UNUSED

    count = sum(table.cases.values())
    compared = sum(len(found) for found in deviations.values())
    if compared != count:
        sys.exit(f"{compared} cases were compared, of {count}")
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    lines = [
        "# The sweep: random settings of every layer beside Keras",
        "",
        "Written by `Tests/Goldens/sweep.py`; not by hand. The one command, from the root of the repository:",
        "",
        "```sh",
        "~/.venvs/peers/bin/python Tests/Goldens/sweep.py",
        "```",
        "",
        f"{date.today().isoformat()}, seed {seed}; {used}.",
        "",
        f"- {count:,} cases of {len(table.cases)} layers: at least {min(table.cases.values())} of each. Outputs, gradients of every input and parameter, and "
        "states after a step in training are compared.",
        f"- {table.arguments()} arguments. Each that has a default is drawn away from it at least {table.least('all')} times: at least "
        f"{table.least('alone')} times alone, and at least {table.least('others')} times together with others, if the layer has others. Each that has "
        f"no default is drawn at least {table.least('required')} times.",
        "- Tolerance: 1e-5 of the tensor's largest value. Keras computes in float64. What is farther away passes only if it is no farther from Keras' "
        f"float64 than twice Keras' own float32 (the largest error of {MEASUREMENTS} runs, whose inputs differ in their last bits): "
        + (f"{sum(map(len, excused.values()))} tensors." if excused else "none is."),
        f"- Keras computes {table.backends['tensorflow']:,} cases on TensorFlow and {table.backends['jax']:,} on JAX: those that TensorFlow on a CPU cannot compute, "
        "or that Keras on TensorFlow computes wrongly. `Tests/Goldens/sweep_draws.py` says where and why; what users should know of it is in "
        "[keras-differences.md](keras-differences.md#numbers).",
        "",
        "Not drawn:",
        "",
        *(f"- {names}: {why}" for names, why in NOT_DRAWN.items()),
        *(f"- {names}: {why}" for names, why in UNUSED.items()),
        "",
        "## Layers",
        "",
        "| layer | cases | largest deviation | beyond 1e-5, but within twice Keras' float32 |",
        "|---|---:|---:|---:|",
        *(
            f"| `{layer}` | {cases} | {max(deviations[layer]):.1e} | {len(excused.get(layer, [])) or '–'} |"
            for layer, cases in table.cases.items()
        ),
        "",
        "## Arguments",
        "",
        "Times that an argument was drawn away from its default, alone and together with others; and its values, the most frequent first.",
        "",
        *table.lines(),
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=20, help="how often each argument is drawn, half alone and half with others")
    parser.add_argument("--cases", default=str(Path(tempfile.gettempdir()) / "sweep.json"), help="the file for the cases")
    parser.add_argument("--layer", help="this layer only; nothing is documented")
    parser.add_argument("--reuse", action="store_true", help="use what an earlier run has computed of the same settings")
    parser.add_argument("--draw-only", action="store_true", help="print what is drawn, and compute nothing")
    parser.add_argument("--no-comparison", action="store_true", help="stop when the cases are written")
    parser.add_argument("--configuration", default="release", help="of the Swift build")
    options = parser.parse_args()
    specs, table, problems = draw(options.seed, options.times)
    print("\n".join(table.lines()))
    if problems:
        sys.exit("\n".join(problems))
    if options.draw_only:
        return
    if options.layer:
        specs = [spec for spec in specs if spec["layer"] == options.layer]
    if not options.reuse:
        for file in outputs(options.cases):
            file.unlink()
    cases = compute(specs, options.cases)
    write(cases, options.cases)
    if options.no_comparison:
        return
    deviations, excused = compare_and_measure(specs, cases, options.cases, options.configuration)
    if not options.layer:
        (ROOT / "docs/keras-sweep.md").write_text(document(table, deviations, excused, options.seed))


main()
