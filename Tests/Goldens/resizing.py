"""Layers that give images another size: outputs and gradients; computed in float32, as TensorFlow does."""

from golden import write_json
from one_layer import CASES, add


def resizing():
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        for antialias in (False, True):
            suffix = ", antialias" if antialias else ""
            more = {"interpolation": interpolation, "antialias": antialias, "dtype": "float32"}
            add(f"{interpolation}, smaller{suffix}", "Resizing", (2, 7, 6, 2), height=3, width=4, **more)
            add(f"{interpolation}, larger and smaller{suffix}", "Resizing", (1, 4, 9, 1), height=7, width=2, **more)
        add(f"{interpolation}, one pixel", "Resizing", (1, 1, 1, 3), height=2, width=3, interpolation=interpolation, dtype="float32")
    add("same size", "Resizing", (1, 3, 4, 2), height=3, width=4, dtype="float32")
    for shape, height, width in (((1, 6, 4, 2), 3, 3), ((2, 3, 8, 1), 4, 6), ((1, 5, 5, 2), 2, 7), ((1, 7, 2, 1), 3, 4)):
        size = f"{shape[1]} by {shape[2]} to {height} by {width}"
        add(f"cropped, {size}", "Resizing", shape, height=height, width=width, crop_to_aspect_ratio=True, dtype="float32")
        add(
            f"padded, {size}", "Resizing", shape,
            height=height, width=width, pad_to_aspect_ratio=True, fill_value=0.5, dtype="float32",
        )
    add("odd rest", "CenterCrop", (2, 6, 7, 2), height=3, width=4)
    add("all", "CenterCrop", (1, 3, 4, 1), height=3, width=4)
    add("one column", "CenterCrop", (1, 5, 4, 3), height=2, width=1)
    add("smaller image", "CenterCrop", (1, 3, 4, 2), height=5, width=6, dtype="float32")
    add("smaller width", "CenterCrop", (2, 7, 3, 1), height=4, width=5, dtype="float32")


resizing()
write_json("resizing", cases=CASES)
