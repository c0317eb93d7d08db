"""Folders of pictures by class, to train on: Fashion-MNIST's pictures, or drawn ones of 224 by 224 pixels.

    python make_pictures.py fashion FOLDER --source ../shared/fashion-mnist --count 2000
    python make_pictures.py drawn FOLDER --count 2000

Ten pictures are PNG files, the next ten JPEG files, and so on: each class has both. The same arguments give the same pixels. Needs NumPy and Pillow.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FASHION = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
DRAWN = ["circle", "square", "triangle", "ring", "cross", "stripes", "dots", "star", "half", "frame"]


def content(folder, name):
    """The bytes of an IDX file behind its header, packed or not."""
    path = Path(folder) / name
    data = path.read_bytes() if path.exists() else gzip.decompress(Path(f"{path}.gz").read_bytes())
    axes = data[3]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes)


def fashion(arguments):
    labels = content(arguments.source, "train-labels-idx1-ubyte")
    images = content(arguments.source, "train-images-idx3-ubyte").reshape(-1, 28, 28)
    for number in range(min(arguments.count, len(labels))):
        grey = Image.fromarray(np.pad(images[number], 2))
        yield FASHION[labels[number]], grey.convert("RGB")


def shape(draw, kind, x, y, size, color):
    box = (x - size, y - size, x + size, y + size)
    if kind == "circle":
        draw.ellipse(box, fill=color)
    elif kind == "square":
        draw.rectangle(box, fill=color)
    elif kind == "triangle":
        draw.polygon([(x, y - size), (x - size, y + size), (x + size, y + size)], fill=color)
    elif kind == "ring":
        draw.ellipse(box, outline=color, width=max(size // 4, 2))
    elif kind == "cross":
        draw.rectangle((x - size, y - size // 4, x + size, y + size // 4), fill=color)
        draw.rectangle((x - size // 4, y - size, x + size // 4, y + size), fill=color)
    elif kind == "stripes":
        for offset in range(-size, size, max(size // 3, 2)):
            draw.rectangle((x - size, y + offset, x + size, y + offset + size // 6), fill=color)
    elif kind == "dots":
        for dx in (-size, 0, size):
            for dy in (-size, 0, size):
                draw.ellipse((x + dx - size // 4, y + dy - size // 4, x + dx + size // 4, y + dy + size // 4), fill=color)
    elif kind == "star":
        turns = [(np.sin(np.pi * i / 5), -np.cos(np.pi * i / 5), size if i % 2 == 0 else size * 0.4) for i in range(10)]
        draw.polygon([(x + a * r, y + b * r) for a, b, r in turns], fill=color)
    elif kind == "half":
        draw.pieslice(box, 0, 180, fill=color)
    else:
        draw.rectangle(box, outline=color, width=max(size // 4, 2))


def drawn(arguments):
    random = np.random.default_rng(arguments.seed)
    for number in range(arguments.count):
        kind = DRAWN[number % len(DRAWN)]
        low = random.integers(0, 256, (7, 7, 3), dtype=np.uint8)
        picture = Image.fromarray(low).resize((224, 224), Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(picture)
        size = int(random.integers(30, 70))
        x, y = (int(v) for v in random.integers(size, 224 - size, 2))
        shape(draw, kind, x, y, size, tuple(int(v) for v in random.integers(0, 256, 3)))
        # Edges and grain as in photos, so that a JPEG file has a photo's size.
        noise = random.normal(0, 6, (224, 224, 3))
        pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7))).astype(np.float32) + noise
        yield kind, Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["fashion", "drawn"])
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--source", default="/usr/share/datasets/fashion-mnist", help="the folder of Fashion-MNIST's files")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    pictures = fashion(arguments) if arguments.kind == "fashion" else drawn(arguments)
    for number, (name, picture) in enumerate(pictures):
        folder = Path(arguments.folder) / name
        folder.mkdir(parents=True, exist_ok=True)
        if number // 10 % 2 == 0:
            picture.save(folder / f"{number:05}.png")
        else:
            picture.save(folder / f"{number:05}.jpg", quality=90)


main()
