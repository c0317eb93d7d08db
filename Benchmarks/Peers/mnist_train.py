"""Trains the reference MNIST network with PyTorch or Keras: seconds per epoch and test accuracy.

python mnist_train.py --framework torch-channels-last --data FOLDER"""

import argparse
import gzip
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

FRAMEWORKS = ("torch", "torch-channels-last", "keras")
LEARNING_RATE, DROPOUT = 1e-3, 0.5


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
    from torch import nn
    from torch.nn.functional import cross_entropy

    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    last = arguments.framework.endswith("last")
    layout = torch.channels_last if last else torch.contiguous_format

    def images(array):
        return torch.from_numpy(array).permute(0, 3, 1, 2).contiguous(memory_format=layout)

    x, y = images(train[0]), torch.from_numpy(train[1])
    test_x, test_y = images(test[0]), torch.from_numpy(test[1])
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1600, 128),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(128, 10),
    ).to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)

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
    from keras import layers

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
        tf.config.threading.set_inter_op_parallelism_threads(arguments.threads)

    keras.utils.set_random_seed(arguments.seed)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(DROPOUT),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])

    for _ in range(arguments.epochs):
        start = time.perf_counter()
        model.fit(*train, batch_size=arguments.batch, verbose=0)
        seconds = time.perf_counter() - start
        yield seconds, model.evaluate(*test, batch_size=1000, verbose=0, return_dict=True)["accuracy"]


def machine():
    """The processor's name and what decides the figures beside it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "allocator": Path(os.environ.get("LD_PRELOAD", "system")).name,
    }


def main():
    arguments = options()
    keras = arguments.framework == "keras"
    # Read by the libraries when they are loaded, therefore set before.
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if keras:
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")

    train, test = load(arguments.data, "train"), load(arguments.data, "t10k")
    packages = ["keras", "tensorflow-cpu"] if keras else ["torch"]
    setting = {
        "event": "setting",
        "framework": arguments.framework,
        "versions": {name: version(name) for name in packages},
        "batch": arguments.batch,
        "threads": arguments.threads,
    } | machine()

    def report(event, text):
        print(json.dumps(event) if arguments.json else text, flush=True)

    names = ", ".join(f"{name} {number}" for name, number in setting["versions"].items())
    report(setting, f"{arguments.framework} ({names}), {setting['processor']}, {setting['allocator']} allocator")
    epochs = (train_keras if keras else train_torch)(arguments, train, test)
    for epoch, (seconds, accuracy) in enumerate(epochs, 1):
        event = {
            "event": "epoch",
            "epoch": epoch,
            "seconds": round(seconds, 3),
            "test_accuracy": round(accuracy, 4),
        }
        report(event, f"epoch {epoch}: {seconds:.2f} s, test accuracy {accuracy:.2%}")


main()
