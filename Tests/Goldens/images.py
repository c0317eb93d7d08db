"""Pictures: what TensorFlow decodes of small files, how Keras resizes them, and the order in which it lists a folder."""

import base64
import io
import struct
import tempfile
import zlib
from pathlib import Path

from golden import bits, tensor, write_json

import keras
import numpy as np
import PIL
import tensorflow as tf
from keras.src.utils import dataset_utils
from keras.src.utils.image_dataset_utils import ALLOWLIST_FORMATS
from PIL import Image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(values, depth):
    """Rows of values `[height, row]` as the bytes of a PNG file, each behind filter 0."""
    rows = bytearray()
    for row in values:
        rows.append(0)
        if depth == 16:
            rows += b"".join(struct.pack(">H", int(v)) for v in row)
        elif depth == 8:
            rows += bytes(int(v) for v in row)
        else:
            text = "".join(format(int(v), f"0{depth}b") for v in row)
            text += "0" * (-len(text) % 8)
            rows += bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
    return bytes(rows)


# Adam7: first row, first column, steps of rows and columns of each pass (ISO/IEC 15948, 8.2).
PASSES = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png(height, width, colour_type, depth, stream, palette=None, transparency=None, interlaced=False):
    channels = CHANNELS[colour_type]
    limit = len(palette) // 3 if palette else 1 << depth
    values = (bits(stream, height * width * channels) % limit).reshape(height, width * channels)
    pixels = values.reshape(height, width, channels)
    if interlaced:
        data = b""
        for top, left, down, right in PASSES:
            part = pixels[top::down, left::right]
            if part.size:
                data += packed(part.reshape(part.shape[0], -1), depth)
    else:
        data = packed(values, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    if palette:
        file += chunk(b"PLTE", bytes(palette))
    if transparency:
        file += chunk(b"tRNS", bytes(transparency))
    return file + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def noise(height, width, channels, stream):
    """Smooth patterns with a little noise, as photos are."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    wave = 127 + 80 * np.sin(0.4 * x + c) * np.cos(0.3 * y - c)
    return (wave + bits(stream, height * width * channels).reshape(height, width, channels) % 16).astype("uint8")


def saved(array, kind, **options):
    if array.shape[2] == 1:
        array = array[:, :, 0]
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, kind, **options)
    return stream.getvalue()


def decoded(name, file, ending, channels):
    case = {"name": name, "ending": ending, "file": base64.b64encode(file).decode(), "pixels": {}}
    for count in channels:
        case["pixels"][str(count)] = tensor(tf.image.decode_image(file, channels=count, expand_animations=False).numpy())
    if ending == "jpg":
        exact = {str(count): tf.io.decode_jpeg(file, channels=count, dct_method="INTEGER_ACCURATE") for count in channels}
        case["accurate"] = {count: tensor(pixels.numpy()) for count, pixels in exact.items()}
    return case


PALETTE = [(37 * i * i + 11 * i) % 256 for i in range(3 * 16)]


def decoding():
    cases = []
    stream = 200
    for colour_type, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for depth in depths:
            for interlaced in (False, True):
                stream += 1
                palette = PALETTE[: 3 * min(1 << depth, 13)] if colour_type == 3 else None
                name = f"PNG, type {colour_type}, {depth} bits" + (", interlaced" if interlaced else "")
                file = png(5, 9, colour_type, depth, stream, palette=palette, interlaced=interlaced)
                # With less than eight bits, TensorFlow's alpha is not 255 but the largest number of as many bits.
                has_alpha = colour_type in (4, 6)
                channels = (1, 3, 4) if has_alpha or depth >= 8 else (1, 3)
                cases.append(decoded(name, file, "png", channels))
    file = png(4, 6, 3, 4, 300, palette=PALETTE, transparency=[0, 50, 100, 255, 7])
    cases.append(decoded("PNG, palette with transparency", file, "png", (1, 3, 4)))
    file = png(4, 6, 0, 8, 301, transparency=[0, int(bits(301, 24)[3] % 256)])
    cases.append(decoded("PNG, grey with a transparent level", file, "png", (1, 3, 4)))
    file = png(4, 6, 0, 2, 302, transparency=[0, 2])
    cases.append(decoded("PNG, grey of 2 bits with a transparent level", file, "png", (1, 3, 4)))
    first = bits(303, 3) % 256
    file = png(4, 6, 2, 8, 303, transparency=[v for c in first for v in (0, int(c))])
    cases.append(decoded("PNG, colour with a transparent one", file, "png", (1, 3, 4)))
    cases.append(decoded("PNG, one pixel", png(1, 1, 2, 8, 304), "png", (1, 3, 4)))
    for name, channels, options in (
        ("JPEG, grey", 1, {"quality": 90}),
        ("JPEG, colour", 3, {"quality": 95, "subsampling": 0}),
        ("JPEG, colour, subsampled", 3, {"quality": 85, "subsampling": 2}),
        ("JPEG, progressive", 3, {"quality": 80, "progressive": True}),
        ("JPEG, with restarts", 3, {"quality": 75, "restart_marker_blocks": 1}),
    ):
        stream += 1
        cases.append(decoded(name, saved(noise(19, 26, channels, stream), "JPEG", **options), "jpg", (1, 3)))
    cases.append(decoded("BMP, 24 bits", saved(noise(5, 7, 3, 400), "BMP"), "bmp", (3,)))
    return cases


def oriented():
    """A picture with each orientation that a camera may note; and in the colours of print."""
    array = noise(8, 16, 3, 410)
    files = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files.append(base64.b64encode(saved(array, "JPEG", quality=90, subsampling=0, exif=exif)).decode())
    stream = io.BytesIO()
    Image.fromarray(array).convert("CMYK").save(stream, "JPEG")
    return {"files": files, "cmyk": base64.b64encode(stream.getvalue()).decode()}


def reduced():
    """What Pillow decodes at a half, a quarter and an eighth of the size."""
    file = saved(noise(50, 67, 3, 420), "JPEG", quality=92, subsampling=0)
    sizes = {}
    for reduction in (2, 4, 8):
        image = Image.open(io.BytesIO(file))
        image.draft("RGB", (67 // reduction, 50 // reduction))
        sizes[str(reduction)] = tensor(np.asarray(image.convert("RGB")))
    return {"file": base64.b64encode(file).decode(), "pixels": sizes}


def resizing():
    cases = []
    files = {
        "7 by 5": png(7, 5, 2, 8, 500),
        "6 by 15": png(6, 15, 2, 8, 501),
        "1 by 3": png(1, 3, 2, 8, 502),
    }
    methods = ["bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"]
    for name, file in files.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.png").write_bytes(file)
            for method in methods:
                for aspect in ("stretch", "crop", "pad"):
                    if aspect == "crop" and method in ("area", "gaussian", "mitchellcubic"):
                        continue  # Keras' smart_resize refuses these.
                    for size in ((4, 6), (9, 3)):
                        data = keras.utils.image_dataset_from_directory(
                            folder,
                            labels=None,
                            image_size=size,
                            batch_size=None,
                            interpolation=method,
                            crop_to_aspect_ratio=aspect == "crop",
                            pad_to_aspect_ratio=aspect == "pad",
                            verbose=False,
                        )
                        cases.append(
                            {
                                "file": base64.b64encode(file).decode(),
                                "name": f"{name} to {size[0]} by {size[1]}, {method}, {aspect}",
                                "interpolation": method,
                                "aspect": aspect,
                                "size": list(size),
                                "pixels": tensor(next(iter(data)).numpy()),
                            }
                        )
    return cases


NAMES = [
    "b/2.png", "b/10.png", "b/1.PNG", "b/Z.jpg", "b/a.jpeg", "b/inner/3.bmp", "b/inner 2/3.bmp", "b/inner/deep/1.png",
    "b/notes.txt", "b/.hidden.png", "a/x.png", "a/.git/y.png", "a/é.png", "a/e.gif", "C/1.png", "C/2.png", "c/1.png",
    "d-e/1.png", "d/1.png", ".hidden/1.png", "top.png",
]  # fmt: skip


def listing():
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        (Path(folder) / "empty").mkdir()
        settings = [{"shuffle": False}]
        settings += [{"seed": seed} for seed in (0, 1, 42, 4294967295)]
        settings += [
            {"seed": 7, "validation_split": split, "subset": subset}
            for split in (0.2, 0.37)
            for subset in ("training", "validation")
        ]
        settings += [
            {"shuffle": False, "validation_split": 0.3, "subset": "validation"},
            {"seed": 3, "class_names": ["d", "b"]},
            {"seed": 3, "label_mode": None},
            {"shuffle": False, "labels": None},
            {"seed": 5, "label_mode": "categorical"},
            {"seed": 5, "label_mode": "binary", "class_names": ["b", "a"]},
        ]
        for setting in settings:
            data = keras.utils.image_dataset_from_directory(folder, batch_size=None, verbose=False, **setting)
            count = len(data.file_paths)
            case = {
                "settings": setting,
                "class_names": data.class_names,
                "paths": [str(Path(path).relative_to(folder)) for path in data.file_paths],
            }
            if not {"labels", "label_mode", "subset"} & set(setting):
                _, labels, _ = dataset_utils.index_directory(
                    folder,
                    "inferred",
                    formats=ALLOWLIST_FORMATS,
                    class_names=setting.get("class_names"),
                    shuffle=setting.get("shuffle", True),
                    seed=setting.get("seed"),
                    verbose=False,
                )
                case["labels"] = [int(label) for label in labels]
                assert count == len(labels)
            cases.append(case)
    return {"names": NAMES, "cases": cases}


def orders():
    result = []
    for seed in (0, 1, 1234567, 2**32 - 1):
        for count in (0, 1, 2, 3, 17, 1000):
            order = list(range(count))
            np.random.RandomState(seed).shuffle(order)
            digest = zlib.crc32(b"".join(struct.pack("<I", v) for v in order))
            result.append({"seed": seed, "count": count, "first": order[:20], "crc32": digest})
    return result


write_json(
    "images",
    pillow=PIL.__version__,
    decoded=decoding(),
    oriented=oriented(),
    reduced=reduced(),
    resized=resizing(),
    listed=listing(),
    orders=orders(),
)
