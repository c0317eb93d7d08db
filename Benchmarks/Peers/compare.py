"""Trains the reference MNIST network here and in a peer, in turn, and prints the ratio of median epoch times.

python compare.py --ours .build/release/mnist --framework torch-channels-last --data FOLDER

The allocator of the peer is the caller's choice: set LD_PRELOAD for this whole script, it is taken away from ours."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", type=Path, required=True, help="the mnist executable, a release build")
    parser.add_argument("--framework", default="torch-channels-last")
    parser.add_argument("--data", type=Path, required=True, help="folder with the four gzip IDX files")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=3, help="of each run; the first is not counted")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs")
    return parser.parse_args()


def events(command, environment):
    lines = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def main():
    arguments = options()
    common = ["--data", arguments.data, "--epochs", arguments.epochs, "--threads", arguments.threads, "--json"]
    common = [str(word) for word in common]
    plain = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
    script = str(Path(__file__).with_name("mnist_train.py"))
    seconds, accuracy = {"ours": [], "theirs": []}, {}
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = [str(arguments.ours), *common, "--batch-size", str(arguments.batch), "--output", folder]
            theirs = [
                sys.executable,
                script,
                "--framework",
                arguments.framework,
                "--batch",
                str(arguments.batch),
                *common,
            ]
            for side, command, environment in (("ours", ours, plain), ("theirs", theirs, dict(os.environ))):
                found = events(command, environment)
                epochs = [event for event in found if event["event"] == "epoch"]
                seconds[side] += [event["seconds"] for event in epochs[1:]]
                accuracy[side] = epochs[-1].get("val_accuracy", epochs[-1].get("test_accuracy"))
                if side == "theirs":
                    setting = found[0]
    medians = {side: statistics.median(values) for side, values in seconds.items()}
    print(json.dumps(setting))
    for side, values in seconds.items():
        print(
            f"{side}: median {medians[side]:.2f} s per epoch, best {min(values):.2f}, of {len(values)};"
            f" test accuracy after {arguments.epochs} epochs {accuracy[side]:.4f}"
        )
    print(f"ratio of medians (theirs / ours): {medians['theirs'] / medians['ours']:.2f}")


main()
