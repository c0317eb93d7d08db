"""Layers that move elements: outputs and gradients; computed in float64, interpolation in float32."""

from golden import write_json
from one_layer import CASES, add


def reshaping():
    add("two axes", "Permute", (2, 3, 4), dims=[2, 1])
    add("three axes", "Permute", (1, 3, 4, 2), dims=[3, 1, 2])
    add("four axes", "Permute", (2, 2, 3, 1, 4), dims=[4, 2, 1, 3])
    add("three times", "RepeatVector", (2, 4), n=3)
    add("once, one sample", "RepeatVector", (1, 5), n=1)
    add("default", "ZeroPadding1D", (2, 3, 2))
    add("behind", "ZeroPadding1D", (1, 5, 3), padding=[0, 2])
    add("default", "ZeroPadding3D", (1, 2, 3, 1, 2))
    add("every side", "ZeroPadding3D", (2, 1, 2, 3, 1), padding=[[1, 0], [0, 2], [3, 1]])
    add("default", "Cropping1D", (2, 5, 3))
    add("behind", "Cropping1D", (1, 4, 2), cropping=[0, 3])
    add("default", "Cropping2D", (1, 3, 2, 2))
    add("asymmetric", "Cropping2D", (2, 5, 7, 3), cropping=[[1, 2], [0, 3]])
    add("default", "Cropping3D", (1, 3, 4, 5, 2))
    add("every side", "Cropping3D", (2, 3, 3, 5, 1), cropping=[[1, 0], [0, 2], [3, 1]])
    add("default", "UpSampling1D", (2, 3, 2))
    add("three", "UpSampling1D", (1, 4, 3), size=3)
    add("default", "UpSampling3D", (1, 2, 3, 1, 2))
    add("1, 3 and 2", "UpSampling3D", (2, 2, 1, 3, 1), size=[1, 3, 2])
    add("default", "UpSampling2D", (2, 3, 2, 3))
    add("2 and 3", "UpSampling2D", (1, 3, 5, 1), size=[2, 3])
    for interpolation in ("bilinear", "bicubic", "lanczos3", "lanczos5"):
        add(interpolation, "UpSampling2D", (2, 3, 4, 2), dtype="float32", interpolation=interpolation)
        add(f"{interpolation}, 3 and 1", "UpSampling2D", (1, 5, 3, 1), dtype="float32", size=[3, 1], interpolation=interpolation)


reshaping()
write_json("reshaping", cases=CASES)
