"""Windows of time series, one-hot targets and normalised arrays of keras.utils; .npy files as NumPy writes them."""

import base64
import io

import numpy as np
from golden import keras, tensor, uniform, write_json

# MARK: Windows


def windows(length, features, targets=None, **arguments):
    """The batches of a series that counts its elements, so that a window shows which steps it is made of."""
    shape = [length] + features
    series = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    dataset = keras.utils.timeseries_dataset_from_array(series, targets, batch_size=None, **arguments)
    samples = list(dataset.as_numpy_iterator())
    case = {"series": shape, "arguments": arguments, "count": len(samples)}
    if targets is None:
        return case | {"windows": tensor(np.stack(samples))}
    return case | {
        "targets": tensor(targets),
        "windows": tensor(np.stack([window for window, _ in samples])),
        "window_targets": tensor(np.stack([target for _, target in samples])),
    }


def window_cases():
    # The examples of Keras' documentation.
    yield windows(99, [], sequence_length=10, sampling_rate=2, sequence_stride=3)
    yield windows(30, [], np.arange(10, 40, dtype=np.float32), sequence_length=10)
    yield windows(40, [], sequence_length=20, sequence_stride=20)
    yield windows(12, [2], sequence_length=3)
    yield windows(12, [2, 2], sequence_length=2, sequence_stride=5, sampling_rate=4)
    yield windows(20, [1], sequence_length=4, start_index=3)
    yield windows(20, [1], sequence_length=4, end_index=11)
    yield windows(20, [1], sequence_length=3, sampling_rate=3, sequence_stride=2, start_index=2, end_index=15)
    yield windows(7, [1], sequence_length=7)
    yield windows(7, [1], sequence_length=1, sampling_rate=5)
    # Fewer targets than windows; targets of a range; targets with an axis of their own.
    yield windows(20, [1], np.arange(5, dtype=np.float32), sequence_length=4)
    yield windows(20, [1], np.arange(20, dtype=np.float32) * 10, sequence_length=4, start_index=6, end_index=16)
    yield windows(15, [2], uniform(1, (15, 3)), sequence_length=4, sequence_stride=4)


# MARK: keras.utils


def normalized(shape, axis, order):
    values = uniform(2, shape)
    values[(0,) * len(shape)] = 0
    if len(shape) > 1:
        values[0] = 0
    # Tensors: of NumPy arrays Keras 3.15.1 divides by norms of the last axis where axis is 0.
    result = keras.utils.normalize(keras.ops.convert_to_tensor(values), axis=axis, order=order)
    return {"axis": axis, "order": order, "input": tensor(values), "output": tensor(keras.ops.convert_to_numpy(result))}


def categorical(labels, classes):
    return {
        "labels": labels,
        "classes": classes,
        "output": tensor(keras.utils.to_categorical(labels, classes).astype(np.float32)),
    }


# MARK: Files of NumPy


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return {
        "dtype": array.dtype.str,
        "fortran": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        "version": list(version or (1, 0)),
        "array": tensor(array.astype(np.float32)),
        "file": base64.b64encode(file.getvalue()).decode(),
    }


def npy_cases():
    values = (uniform(3, (2, 3), limit=100)).astype(np.float64)
    for kind in ("f2", "f4", "f8"):
        for order in "<>":
            yield npy(values.astype(order + kind))
    for kind in ("i1", "i2", "i4", "i8"):
        for order in "<>":
            yield npy(values.astype(order + kind))
    for kind in ("u1", "u2", "u4", "u8"):
        for order in "<>":
            yield npy(np.abs(values).astype(order + kind))
    yield npy(values > 0)
    # The edges of half precision: zero, the least, the largest below normal, the largest.
    yield npy(np.array([0, -0.0, 6e-8, 6.1e-5, 65504, -1 / 3, 1], "<f2"))
    yield npy(np.array([-(2**63), 2**63 - 1, 2**24 + 1], "<i8"))
    yield npy(np.array([2**64 - 1, 0], "<u8"))
    cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
    yield npy(np.asfortranarray(cube))
    yield npy(np.asfortranarray(cube.astype(">i2")))
    yield npy(np.array(2.5, "<f4"))
    yield npy(np.zeros((0, 3), "<f4"))
    yield npy(np.arange(5, dtype="|u1"))
    for version in ((1, 0), (2, 0), (3, 0)):
        yield npy(cube[0], version)


write_json(
    "data",
    windows=list(window_cases()),
    normalize=[
        normalized(shape, axis, order)
        for shape, axis in (((4, 3), -1), ((4, 3), 0), ((2, 3, 4), 1), ((5,), -1))
        for order in (1, 2, 3)
    ],
    categorical=[categorical([0, 2, 1, 2], None), categorical([0, 1], 4)],
    npy=list(npy_cases()),
)
