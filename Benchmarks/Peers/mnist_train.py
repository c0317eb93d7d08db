"""Trains the reference MNIST network with PyTorch or Keras: seconds per epoch and test accuracy.

python mnist_train.py --framework torch-channels-last --data FOLDER"""

import argparse
import gzip
import json
import os
import platform
import sys
import time
from pathlib import Path

import machine
import networks

FRAMEWORKS = ("torch", "torch-channels-last", "keras")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=FRAMEWORKS, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with the four gzip IDX files")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object per line on standard output")
    return parser.parse_args()


def read_idx(path):
    """The bytes of a gzip IDX file in the shape that its header gives."""
    import numpy as np

    content = gzip.decompress(path.read_bytes())
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder, part):
    """Images (N, 28, 28, 1) as float32 in 0...1, labels as int64."""
    images = read_idx(folder / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")
    return images[..., None].astype("float32") / 255, labels.astype("int64")


def train_torch(arguments, train, test):
    """An own loop over tensors that are already in memory: nothing but training is in the time."""
    import torch
    from torch.nn.functional import cross_entropy

    import torch_peer

    torch.manual_seed(arguments.seed)
    torch_peer.limit_threads(arguments.threads)
    layout = torch.channels_last if arguments.framework.endswith("last") else torch.contiguous_format

    def images(array):
        return torch.from_numpy(array).permute(0, 3, 1, 2).contiguous(memory_format=layout)

    x, y = images(train[0]), torch.from_numpy(train[1])
    test_x, test_y = images(test[0]), torch.from_numpy(test[1])
    model = torch_peer.build(networks.mnist())[0].to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), lr=torch_peer.LEARNING_RATE, fused=True)

    for _ in range(arguments.epochs):
        start = time.perf_counter()
        model.train()
        for batch in torch.randperm(len(x)).split(arguments.batch):
            optimizer.zero_grad(set_to_none=True)
            cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        seconds = time.perf_counter() - start

        model.eval()
        with torch.inference_mode():
            right = sum((model(a).argmax(1) == b).sum().item() for a, b in zip(test_x.split(1000), test_y.split(1000)))
        yield seconds, right / len(test_y)


def train_keras(arguments, train, test):
    """`fit`, as a Keras user trains; the time of each epoch is without its evaluation."""
    import keras

    import keras_peer
    import tensorflow_peer

    tensorflow_peer.limit_threads(arguments.threads)
    keras.utils.set_random_seed(arguments.seed)
    model = keras_peer.compiled(keras_peer.build(networks.mnist()), metrics=["accuracy"])

    for _ in range(arguments.epochs):
        start = time.perf_counter()
        model.fit(*train, batch_size=arguments.batch, verbose=0)
        seconds = time.perf_counter() - start
        yield seconds, model.evaluate(*test, batch_size=1000, verbose=0, return_dict=True)["accuracy"]


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main():
    arguments = options()
    machine.limit_threads(arguments.framework, arguments.threads)
    train, test = load(arguments.data, "train"), load(arguments.data, "t10k")
    keras = arguments.framework == "keras"
    setting = {
        "event": "setting",
        "framework": arguments.framework,
        "versions": machine.versions(["keras", "tensorflow-cpu"] if keras else ["torch"]),
        "batch": arguments.batch,
        "threads": arguments.threads,
        "processor": processor(),
        "cores": os.cpu_count(),
        "allocator": machine.allocator(),
    }

    def report(event, text):
        print(json.dumps(event) if arguments.json else text, flush=True)

    names = ", ".join(f"{name} {number}" for name, number in setting["versions"].items())
    report(setting, f"{arguments.framework} ({names}), {setting['processor']}, {setting['allocator']} allocator")
    epochs = (train_keras if keras else train_torch)(arguments, train, test)
    for epoch, (seconds, accuracy) in enumerate(epochs, 1):
        event = {"event": "epoch", "epoch": epoch, "seconds": round(seconds, 3), "test_accuracy": round(accuracy, 4)}
        report(event, f"epoch {epoch}: {seconds:.2f} s, test accuracy {accuracy:.2%}")


if __name__ == "__main__":
    main()
