"""Shared by the generators: the deterministic numbers, the gradients and the files."""

import json
import os
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# oneDNN chooses kernels by processor and adds in another order; without it every machine writes the same.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
# Must be read before NumPy loads OpenBLAS: one order of additions everywhere.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import ops  # noqa: E402

FOLDER = Path(__file__).parent

if keras.backend.backend() == "jax":
    import jax
else:
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


# MARK: Deterministic numbers


def bits(stream, count):
    """24 random bits for each index below `count`: README.md gives the same function in Swift."""
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        x += np.uint32(stream * 0x85EBCA6B % 2**32)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return x >> np.uint32(8)


def uniform(stream, shape, limit=1.0):
    """Values in [-limit, limit), computed in float64 and rounded to float32, in row-major order."""
    fraction = bits(stream, int(np.prod(shape))).astype(np.float64) / 2.0**24
    return ((fraction - 0.5) * 2.0 * limit).astype(np.float32).reshape(shape)


def classes(stream, shape, count):
    """Integers below `count`, in row-major order."""
    return (bits(stream, int(np.prod(shape))) % count).astype(np.int32).reshape(shape)


# MARK: Gradients


def gradients(function, inputs, upstream=None):
    """`function(*inputs)` and the gradients with respect to every input, as NumPy arrays.

    The inputs are arrays or, on TensorFlow, Keras variables. `upstream` is one unless it is given."""
    if keras.backend.backend() == "jax":
        output, backward = jax.vjp(function, *map(ops.convert_to_tensor, inputs))
        found = backward(ops.ones_like(output) if upstream is None else upstream)
    else:
        values = [x if isinstance(x, keras.Variable) else ops.convert_to_tensor(x) for x in inputs]
        watched = [x.value if isinstance(x, keras.Variable) else x for x in values]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            output = function(*values)
        found = tape.gradient(output, watched, output_gradients=upstream)
    return ops.convert_to_numpy(output), [ops.convert_to_numpy(g) for g in found]


# MARK: Files


def tensor(array, dtype=np.float32):
    """The shape and the values, each with the fewest digits that give the same float back."""
    array = np.asarray(array)
    if array.dtype.kind == "f":
        values = [float(str(x)) for x in array.astype(dtype).ravel()]
    else:
        values = array.ravel().tolist()
    return {"shape": list(array.shape), "values": values}


def scalar(value):
    return float(str(np.float32(value)))


def versions():
    return {name: version(name) for name in ("keras", "tensorflow-cpu", "jax", "numpy")}


def write_json(name, **content):
    """One line for each entry of a list, so that a change reads well as a difference."""
    lines = []
    for key, value in ({"versions": versions()} | content).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = ",\n".join(json.dumps(entry, allow_nan=False) for entry in value)
            lines.append(f"{json.dumps(key)}: [\n{entries}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}")
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
