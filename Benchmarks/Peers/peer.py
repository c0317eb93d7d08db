"""One piece of work in one framework, done on command: JSON lines in, JSON lines out. README.md has the protocol.

python peer.py --framework torch --work train --model mnist --batch 128 --threads 2"""

import argparse
import dataclasses
import json
import os
import statistics
import sys
import time
from functools import partial

import machine
from networks import IMAGENET, NETWORKS, single_convolution

BUILDERS = ("torch", "torch-channels-last", "keras", "tensorflow", "jax", "onnxruntime")
"""Those that build networks; OpenVINO opens files alone."""
FRAMEWORKS = (*BUILDERS, "openvino")
MOST_BATCHES = 64
"""Inference goes through at most this many different batches, again and again."""


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=FRAMEWORKS, required=True)
    parser.add_argument("--work", choices=("train", "infer", "conv", "layer"), required=True)
    parser.add_argument("--model", choices=NETWORKS, default="mnist")
    parser.add_argument("--conv", metavar="C,H,W,F,k,stride,pad,groups", help="the shape for --work conv")
    parser.add_argument("--layer", metavar="JSON", help="the description for --work layer; PyTorch alone has layers")
    parser.add_argument("--model-file", metavar="FILE.onnx", help="what ONNX Runtime or OpenVINO opens to infer")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samples", type=int, help="how many to train on; as many as suit the network unless given")
    parser.add_argument("--weights", metavar="FILE.safetensors", help="random weights unless given")
    arguments = parser.parse_args()
    if arguments.work == "conv" and not arguments.conv:
        parser.error("--work conv needs --conv")
    if arguments.work == "layer" and not (arguments.layer and arguments.framework.startswith("torch")):
        parser.error("--work layer needs --layer, and PyTorch")
    if arguments.model_file and arguments.work != "infer":
        parser.error("--model-file is for --work infer")
    return arguments


def backend(framework, network, weights, threads):
    """The framework's backend; imports nothing of the others."""
    match framework:
        case "torch" | "torch-channels-last":
            import torch_peer

            torch_peer.limit_threads(threads)
            return torch_peer.Backend(network, weights, channels_last=framework == "torch-channels-last")
        case "keras":
            import keras_peer
            import tensorflow_peer

            tensorflow_peer.limit_threads(threads)
            return keras_peer.Backend(network, weights)
        case "tensorflow":
            import tensorflow_peer

            tensorflow_peer.limit_threads(threads)
            return tensorflow_peer.Backend(network, weights)
        case "jax":
            import jax_peer

            return jax_peer.Backend(network, weights)
        case "onnxruntime":
            import onnxruntime_peer

            return onnxruntime_peer.Backend(onnxruntime_peer.graph(network, weights).SerializeToString(), threads)
        case "openvino":
            raise ValueError("OpenVINO opens files: --model-file is missing")


def file_backend(framework, file, threads):
    """The backend of a framework that opens ONNX files."""
    match framework:
        case "onnxruntime":
            import onnxruntime_peer

            return onnxruntime_peer.Backend(file, threads)
        case "openvino":
            import openvino_peer

            return openvino_peer.Backend(file, threads)
        case _:
            raise ValueError(f"{framework} does not open ONNX files")


def outputs(made, images):
    """The outputs for images in SwiftConvNet's layout, in that layout."""
    found = made.predictor()(made.array(images))
    return found.transpose(0, 2, 3, 1) if made.channels_first and found.ndim == 4 else found


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def repeated(work, steps):
    for _ in range(steps):
        work()


class Train:
    def __init__(self, made, network, batch):
        import data

        if not hasattr(made, "trainer"):
            raise ValueError("This framework does not train")

        samples = max(network.samples, batch)
        self.train = made.trainer(data.images(network, samples), data.labels(network, samples), batch)
        self.train(2)()

    def run(self, steps):
        return timed(self.train(steps))


class Infer:
    def __init__(self, made, network, batch):
        import data

        count = min(MOST_BATCHES, -(-network.samples // batch))
        images = data.images(network, count * batch)
        self.batches = [made.array(images[i * batch : (i + 1) * batch]) for i in range(count)]
        self.predict = made.predictor(batch)
        repeated(lambda: self.predict(self.batches[0]), 3)

    def run(self, steps):
        def predict_all():
            for i in range(steps):
                self.predict(self.batches[i % len(self.batches)])

        return timed(predict_all)

    def latencies(self, requests, pause):
        """The seconds of single calls, each after a pause."""
        for i in range(requests):
            time.sleep(pause)
            yield timed(partial(self.predict, self.batches[i % len(self.batches)]))


class Convolve:
    def __init__(self, made, network, batch):
        import data

        images = data.images(network, batch)
        self.forward, self.both = made.convolution(images, input_gradient=network.image[2] not in (1, 3))
        repeated(self.forward, 2)
        if self.both:
            repeated(self.both, 2)

    def run(self, steps, backward=False):
        if backward and not self.both:
            raise ValueError("This framework has no backward pass")
        return timed(lambda: repeated(self.both if backward else self.forward, steps))


class Layer:
    def __init__(self, made, batch):
        self.made = made
        self.forward, self.both = made.passes(batch)
        for backward in (False, True):
            self.run(2, backward)

    def run(self, steps, backward=False):
        self.made.module.train(backward)
        step = self.both if backward else self.forward
        return sum(step() for _ in range(steps))


WORK = {"train": Train, "infer": Infer, "conv": Convolve}


def answered(command, work, made, batch):
    """The answer to one command."""
    match command["command"]:
        case "run":
            steps, backward = command["steps"], command.get("backward", False)
            has_passes = isinstance(work, (Convolve, Layer))
            if backward and not has_passes:
                raise ValueError("backward is for --work conv and layer")
            seconds = work.run(steps, backward) if has_passes else work.run(steps)
            return {"event": "result", "seconds": seconds, "samples": steps * batch}
        case "check":
            import numpy as np
            from safetensors.numpy import load_file

            tensors = load_file(command["file"])
            expected, received = tensors["outputs"], outputs(made, tensors["inputs"])
            if received.shape != expected.shape:
                raise ValueError(f"Outputs {received.shape} here, {expected.shape} in the file")
            error = np.abs(received - expected).max()
            return {"event": "check", "max_error": float(error), "max_output": float(np.abs(expected).max())}
        case "latency":
            if not isinstance(work, Infer):
                raise ValueError("latency is for --work infer")
            seconds = sorted(work.latencies(command["requests"], command["pause_ms"] / 1000))
            p50, p99 = (seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.99))
            found = {"p50": p50, "p99": p99, "mean": statistics.fmean(seconds)}
            return {"event": "latency"} | {name: round(value * 1e6, 2) for name, value in found.items()}
        case unknown:
            raise ValueError(f"Unknown command {unknown}; expected check, run, latency or quit")


def prepared(arguments):
    """The backend and its work; imports nothing of other frameworks."""
    if arguments.work == "layer":
        import torch_layers
        import torch_peer

        torch_peer.limit_threads(arguments.threads)
        channels_last = arguments.framework == "torch-channels-last"
        made = torch_layers.Backend(json.loads(arguments.layer), arguments.weights, channels_last)
        return made, Layer(made, arguments.batch)
    if arguments.model_file:
        made = file_backend(arguments.framework, arguments.model_file, arguments.threads)
        return made, Infer(made, IMAGENET, arguments.batch)
    import weights

    network = single_convolution(arguments.conv) if arguments.work == "conv" else NETWORKS[arguments.model]()
    if arguments.samples:
        network = dataclasses.replace(network, samples=arguments.samples)
    values = weights.read(arguments.weights, network) if arguments.weights else weights.random(network)
    made = backend(arguments.framework, network, values, arguments.threads)
    return made, WORK[arguments.work](made, network, arguments.batch)


def main():
    arguments = options()
    # Standard output is the protocol's alone: whatever libraries print goes to standard error.
    protocol = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def tell(event):
        print(json.dumps(event, allow_nan=False), file=protocol, flush=True)

    machine.limit_threads(arguments.framework, arguments.threads)
    try:
        made, work = prepared(arguments)
    except Exception as error:
        tell({"event": "error", "message": f"{type(error).__name__}: {error}"})
        sys.exit(1)
    tell(
        {
            "event": "ready",
            "framework": arguments.framework,
            "versions": machine.versions(made.packages),
            "threads": arguments.threads,
            "allocator": machine.allocator(),
        }
    )
    for line in sys.stdin:
        try:
            command = json.loads(line)
            if command.get("command") == "quit":
                break
            tell(answered(command, work, made, arguments.batch))
        except Exception as error:
            tell({"event": "error", "message": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
