"""Layers that change pictures at random: what they make of a picture by given parameters; computed in float32, as TensorFlow does."""

import numpy as np
from golden import keras, ops, tensor, uniform, write_json

CASES = []
ARRAYS = []
SHAPE = (7, 6, 3)


def number(x):
    """The number of a picture in `arrays`, where each stands once."""
    found = tensor(x)
    if found not in ARRAYS:
        ARRAYS.append(found)
    return ARRAYS.index(found)


def picture(stream, shape=SHAPE, low=0.0, high=255.0):
    """Values in [low, high)."""
    return (uniform(stream, shape, 0.5) + np.float32(0.5)) * np.float32(high - low) + np.float32(low)


def add(name, layer, transformation, parameters, *, x=None, training=True, **config):
    """Records one case: the layer's own arguments, as a Keras user writes them, and parameters by the names of this library."""
    x = picture(1) if x is None else x
    instance = getattr(keras.layers, layer)(**config)
    outputs = instance.transform_images(ops.convert_to_tensor(x[None]), transformation, training=training)
    CASES.append(
        {
            "name": name,
            "layer": layer,
            "config": config,
            "parameters": parameters,
            "input": number(x),
            "output": tensor(ops.convert_to_numpy(outputs)[0].astype(np.float32)),
        }
    )


def column(value):
    return np.full((1, 1), value, np.float32)


def block(value):
    return np.full((1, 1, 1, 1), value, np.float32)


def geometry():
    for mode in ("horizontal", "vertical", "horizontal_and_vertical"):
        for flips in (True, False):
            add(mode, "RandomFlip", {"flips": np.full((1, 1, 1, 1), flips)}, {"flips": flips}, mode=mode)
    for fill_mode in ("reflect", "wrap", "constant", "nearest"):
        for interpolation in ("bilinear", "nearest"):
            more = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": 17.0}
            name = f"{fill_mode}, {interpolation}"
            for shape in ((6, 5, 2), (4, 8, 1), (1, 5, 1)):
                x = picture(2, shape)
                for angle in (31.5, -100.25):
                    layer = keras.layers.RandomRotation(factor=0.5)
                    zeros, ones = np.zeros(1, np.float32), np.ones(1, np.float32)
                    matrix = layer._compute_affine_matrix(
                        0.5, 0.5, ops.convert_to_tensor([angle], "float32"), zeros, zeros, ones, zeros, zeros, shape[0], shape[1]
                    )
                    add(
                        f"{name}, {angle} degrees", "RandomRotation", {"rotation_matrix": matrix}, {"angle": angle},
                        x=x, factor=0.5, **more,
                    )
                for right, down in ((1.3, -2.6), (-8.4, 10.7)):
                    add(
                        f"{name}, {right} {down}", "RandomTranslation",
                        {"translations": np.array([[right, down]], np.float32)}, {"right": right, "down": down},
                        x=x, height_factor=0.5, width_factor=0.5, **more,
                    )
                for height, width in ((0.63, 0.71), (1.87, 1.32)):
                    add(
                        f"{name}, {height} {width}", "RandomZoom",
                        {"height_zoom": column(height), "width_zoom": column(width)}, {"height": height, "width": width},
                        x=x, height_factor=0.5, width_factor=0.5, **more,
                    )
                for across, down in ((0.37, -0.21), (0.0, 0.83)):
                    add(
                        f"{name}, {across} {down}", "RandomShear",
                        {"shear_factor": np.array([[across, down]], np.float32)}, {"x": across, "y": down},
                        x=x, x_factor=0.5, y_factor=0.5, **more,
                    )
    corners = np.array([[0, 0], [5, 0], [0, 6], [5, 6]], np.float32)
    for stream, interpolation in [*((number, "bilinear") for number in (1, 3, 4, 5, 6, 7, 8)), (2, "nearest")]:
        factors = uniform(100 + stream, (4, 2), 0.4)
        for is_applied in (True, False):
            add(
                f"{interpolation} {stream} {is_applied}", "RandomPerspective",
                {
                    "apply_perspective": np.array([is_applied]),
                    "start_points": ops.convert_to_tensor(corners[None]),
                    "end_points": ops.convert_to_tensor((corners + corners * factors)[None]),
                },
                {"factors": tensor(factors), "is_applied": is_applied},
                scale=0.8, interpolation=interpolation, fill_value=9.0,
            )
    for top, left in ((0, 0), (3, 2), (1, 2)):
        add(f"{top} {left}", "RandomCrop", (top, left), {"top": top, "left": left}, height=4, width=4)


def smart_resizing():
    """What a RandomCrop does in inference by its documentation (3.15.1 returns the picture as it is)."""
    for shape, height, width in (((7, 6, 3), 4, 5), ((3, 8, 1), 5, 5), ((9, 4, 2), 9, 6)):
        x = picture(2, shape)
        layer = keras.layers.Resizing(height, width, crop_to_aspect_ratio=True)
        CASES.append(
            {
                "name": f"inference {shape} to {height} by {width}",
                "layer": "RandomCrop",
                "config": {"height": height, "width": width},
                "parameters": {"inference": True},
                "input": number(x),
                "output": tensor(ops.convert_to_numpy(layer(x[None]))[0]),
            }
        )


def elastic():
    """Displacements are given in place of random ones: `stateless_normal` gives them, first those along x."""
    import tensorflow as tf

    original = tf.random.stateless_normal
    for number, (interpolation, fill_mode, factor) in enumerate(
        (i, f, s) for i in ("bilinear", "nearest") for f in ("reflect", "wrap", "constant", "nearest") for s in (0.9, 0.4)
    ):
        shape = (40, 44, 1) if factor > 0.5 else (12, 9, 2)
        noise = [uniform(300 + 2 * number + i, shape[:2], 1.7) for i in range(2)]
        queue = list(noise)
        tf.random.stateless_normal = lambda *args, **kwargs: tf.convert_to_tensor(queue.pop(0)[None])
        if number % 2 == 0 and number > 4:
            continue
        add(
            f"{interpolation}, {fill_mode}, {factor}", "RandomElasticTransform",
            {
                "apply_transform": np.array([True]),
                "distortion_factor": ops.convert_to_tensor(factor, "float32"),
                "seed": 1,
            },
            {"factor": factor, "streams": [300 + 2 * number, 301 + 2 * number]},
            x=picture(3, shape), interpolation=interpolation, fill_mode=fill_mode, fill_value=30.0,
        )
    tf.random.stateless_normal = original


def colors():
    for low, high in ((0, 255), (0, 1), (-1, 1)):
        more = {"value_range": (low, high)}
        x = picture(500 + high + low, low=low, high=high)
        gray = picture(501 + high, (5, 4, 1), low, high)
        name = f"{low} to {high}"
        for delta in (0.2, -0.45):
            add(
                f"{name}, {delta}", "RandomBrightness", {"rgb_delta": block(delta * (high - low))},
                {"delta": float(np.float32(delta * (high - low)))}, x=x, factor=0.5, **more,
            )
        for contrast in (0.4, 1.6):
            add(
                f"{name}, {contrast}", "RandomContrast", {"contrast_factor": block(contrast)}, {"factor": contrast},
                x=x, factor=0.5, **more,
            )
        for is_applied in (True, False):
            add(
                f"{name}, {is_applied}", "RandomInvert", {"apply_inversion": np.array([is_applied])},
                {"is_applied": is_applied}, x=x, factor=1.0, **more,
            )
        for factor in (0.15, 0.9):
            add(
                f"{name}, {factor}", "RandomColorDegeneration", {"factor": block(factor)}, {"factor": factor},
                x=x, factor=0.5, **more,
            )
            add(
                f"{name}, {factor}", "RandomSharpness", {"factor": ops.convert_to_tensor([factor], "float32")},
                {"factor": factor}, x=x, factor=0.5, **more,
            )
        for additions, thresholds in ((20.0, 128.0), (0.0, 77.5), (0.0, 0.0)):
            add(
                f"{name}, {additions} {thresholds}", "Solarization",
                {"additions": block(additions), "thresholds": block(thresholds)},
                {"additions": additions, "thresholds": thresholds}, x=x, **more,
            )
        for hue in (0.3, -0.4):
            add(f"{name}, {hue}", "RandomHue", {"factor": np.array([hue], np.float32)}, {"factor": hue}, x=x, factor=0.5, **more)
        for x in (x, gray):
            add(f"{name} {x.shape}", "AutoContrast", None, {}, x=x, **more)
            for shift in (3, 7):
                add(
                    f"{name} {x.shape}, {shift}", "RandomPosterization", {"shift_factor": np.array([shift], np.uint8)},
                    {"shift": shift}, x=x, factor=[1, 8], **more,
                )
            for bins in (256, 16):
                add(f"{name} {x.shape}, {bins}", "Equalization", None, {}, x=x, bins=bins, **more)
            for sigma in ((0.8, 0.3), (0.5, 0.5)):
                for size in ((3, 3), (5, 5)):
                    for is_applied in (True, False):
                        if not is_applied and size != (3, 3):
                            continue
                        add(
                            f"{name} {x.shape}, {sigma} {size} {is_applied}", "RandomGaussianBlur",
                            {
                                "blur_factor": ops.convert_to_tensor(sigma, "float32"),
                                "should_apply_blur": np.array([is_applied]),
                            },
                            {"sigma": list(sigma), "is_applied": is_applied}, x=x, kernel_size=size, **more,
                        )
        for limit, grid in ((4.0, (2, 3)), (0.0, (3, 2)), (1.5, (1, 1))):
            add(
                f"{name}, {limit} {grid}", "ContrastLimitedAdaptiveHistogramEqualization", None, {},
                x=picture(503 + high, (13, 11, 2), low, high), clip_limit=limit, tile_grid_size=grid, **more,
            )
    add("one value", "AutoContrast", None, {}, x=np.full(SHAPE, 40, np.float32))
    add("one value", "Equalization", None, {}, x=np.full(SHAPE, 40, np.float32))
    for is_applied in (True, False):
        add(f"{is_applied}", "RandomGrayscale", np.full((1, 1, 1, 1), is_applied), {"is_applied": is_applied}, factor=0.5)
    for low, high in ((0, 1), (0, 255)):
        # Keras limits the saturation by the range of values; ours is at most 1.
        x = picture(520 + high, low=low, high=high)
        for factor in (0.0, 0.3, 1.0) + ((1.7, 30.0) if high == 1 else ()):
            add(
                f"{low} to {high}, {factor}", "RandomSaturation", {"factor": np.array([factor], np.float32)},
                {"factor": factor}, x=x, factor=0.5, value_range=(low, high),
            )
    for fill_value in (12.5, (10.0, 300.0, 30.0)):
        for is_applied in (True, False):
            layer = keras.layers.RandomErasing(fill_value=fill_value)
            x = picture(1)
            corners = [np.array([value], np.float32) for value in (1.2, 4.0, 0.0, 5.5)]
            masks = layer._generate_batch_mask((1, *SHAPE), corners)
            add(
                f"{fill_value} {is_applied}", "RandomErasing",
                {
                    "apply_erasing": np.array([is_applied]),
                    "batch_masks": masks,
                    "fill_value": layer._get_fill_value(ops.convert_to_tensor(x[None]), (1, *SHAPE), None),
                },
                {"left": 1.2, "right": 4.0, "top": 0.0, "bottom": 5.5, "is_applied": is_applied}, x=x, fill_value=fill_value,
            )


geometry()
smart_resizing()
elastic()
colors()
write_json("augmentation", arrays=ARRAYS, cases=CASES)
