"""Depthwise and separable convolutions: outputs and gradients, computed in float64."""

from golden import write_json
from one_layer import CASES, add


def depthwise():
    for padding in ("valid", "same"):
        add(padding, "DepthwiseConv1D", (2, 7, 3), kernel_size=3, padding=padding)
        add(
            f"strides 2, multiplier 2, {padding}", "DepthwiseConv1D", (1, 8, 2),
            kernel_size=4, strides=2, depth_multiplier=2, padding=padding, activation="relu",
        )
        add(f"dilation 2, no bias, {padding}", "DepthwiseConv1D", (2, 9, 2), kernel_size=3, dilation_rate=2, padding=padding, use_bias=False)
        add(padding, "DepthwiseConv2D", (2, 5, 4, 3), kernel_size=[3, 3], padding=padding)
        add(
            f"strides 2, multiplier 3, {padding}", "DepthwiseConv2D", (1, 6, 7, 2),
            kernel_size=[3, 2], strides=[2, 2], depth_multiplier=3, padding=padding, activation="tanh",
        )
        add(
            f"dilation 2 and 1, {padding}", "DepthwiseConv2D", (1, 7, 6, 2),
            kernel_size=[3, 2], dilation_rate=[2, 1], padding=padding, use_bias=False,
        )
        add(f"strides 2 and dilation 2, {padding}", "DepthwiseConv2D", (1, 9, 8, 2), kernel_size=[3, 3], strides=[2, 2], dilation_rate=[2, 2], padding=padding)
        add(padding, "SeparableConv1D", (2, 6, 3), filters=4, kernel_size=3, padding=padding)
        add(
            f"strides 2, multiplier 2, {padding}", "SeparableConv1D", (1, 8, 2),
            filters=3, kernel_size=4, strides=2, depth_multiplier=2, padding=padding, activation="relu",
        )
        add(f"dilation 2, no bias, {padding}", "SeparableConv1D", (1, 9, 2), filters=2, kernel_size=3, dilation_rate=2, padding=padding, use_bias=False)
        add(padding, "SeparableConv2D", (2, 5, 4, 3), filters=4, kernel_size=[3, 3], padding=padding)
        add(
            f"strides 2, multiplier 2, {padding}", "SeparableConv2D", (1, 6, 7, 2),
            filters=3, kernel_size=[3, 2], strides=[2, 2], depth_multiplier=2, padding=padding, activation="relu",
        )
        add(
            f"dilation 2, no bias, {padding}", "SeparableConv2D", (1, 7, 6, 2),
            filters=3, kernel_size=[2, 2], dilation_rate=[2, 2], padding=padding, use_bias=False,
        )
    add("one channel", "DepthwiseConv2D", (1, 4, 5, 1), kernel_size=[2, 2], depth_multiplier=2)


depthwise()
write_json("depthwise", cases=CASES)
