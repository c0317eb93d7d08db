"""Random valid settings of every layer, for sweep.py. No numbers are computed here.

An entry says which arguments a layer must be given and which it may be given, and makes a setting in which the chosen ones are away
from their defaults. Values are drawn so that every setting is valid in Keras."""

import inspect
import json
import math
import random
import re
from collections import Counter, defaultdict

from golden import keras, versions  # noqa: F401

draw = random.Random()

# Settings that are not drawn: they change no outputs and no gradients, for weights are copied.
NOT_DRAWN = {
    "Initializers (`init_values` of `LayerScale` among them)": "weights are copied from Keras. `initializers.json` compares them.",
    "Regularizers and constraints": "they change losses and steps, not outputs and gradients. `regularization.json` compares them.",
    "`name`, `seed`": "they change no numbers.",
    "`fill_mode` of `Resizing`": "it has one value.",
    "`convolutionPath`": "it is not Keras'. `ConvolutionPathTests` compares the paths.",
}
IS_NOT_DRAWN = re.compile(r"\w*([iI]nitializer|Regularizer|Constraint)|name|seed|initValues|fillMode|convolutionPath")
UNUSED = {
    "`InputLayer`": "it computes nothing.",
    "`Lambda`": "it computes what its closure does.",
    "Layers that change pictures at random": "`augmentation.json` compares what they make of a picture by given parameters.",
    "Dropout layers, Gaussian noise, and `dropout` of `MultiHeadAttention`, while training": "they draw other random numbers than Keras. They are drawn and "
    "compared in inference.",
}
SPELLINGS = {"keepDims": "keepdims", "function": "activation"}

# Without sparsemax, of which Keras' rows do not add up to 1 (README.md). Softmax stands here twice.
ACTIVATIONS = (
    "relu sigmoid tanh softmax elu gelu silu softplus relu6 selu celu log_softmax softmax log_sigmoid sparse_sigmoid hard_sigmoid hard_tanh "
    "tanh_shrink sparse_plus squareplus softsign hard_silu glu mish soft_shrink hard_shrink exponential leaky_relu"
).split()
INTERPOLATIONS = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]


# MARK: Values


def number(low, high):
    return draw.randint(low, high)


def sizes(axes, low, high):
    return [number(low, high) for _ in range(axes)]


def away(axes, low, high, default):
    """A size for each axis, one number or a list, that is not the default everywhere."""
    while True:
        found = sizes(axes, low, high)
        if any(size != default for size in found):
            return one_or_list(found)


def one_or_list(values):
    return values[0] if len(set(values)) == 1 and (len(values) == 1 or draw.random() < 0.5) else values


def misread(*shapes):
    """Whether Keras 3.15.1 on TensorFlow adds the second of two shapes along the wrong axis.

    Its `ops.add` takes what has one size above 1 for a bias of the last axis, or else of axis 1, if that has the same size, wherever the size
    of the second shape stands: a column of 3 numbers is added to the rows of 3 by 3 numbers. On JAX it is right."""
    first, second = shapes
    own = [size for size in second if size > 1]
    return len(own) == 1 and own[0] in (first[1], first[-1])


def listed(value, axes):
    return value if isinstance(value, list) else [value] * axes


def fraction(low, high):
    return round(draw.uniform(low, high), 3)


def batch():
    return draw.choice([1, 1, 2, 3])


def activation(width):
    """A function; gated ones need an even number of channels."""
    return draw.choice([name for name in ACTIVATIONS if name != "glu" or width % 2 == 0])


def place(rank, count_from_end=True):
    """An axis of a sample, counted from the batch axis or from the end; `rank` has no batch axis."""
    axis = number(1, rank)
    return axis - rank - 1 if count_from_end and draw.random() < 0.5 else axis


def signed(places, rank):
    """Axes, all counted from the batch or all from the end."""
    return [axis - rank - 1 for axis in places] if draw.random() < 0.5 else places


# MARK: Entries


class Entry:
    """How settings of a layer are drawn.

    - must: names of the arguments that are always given.
    - may: names of arguments with defaults; a tuple for one and those without which it means nothing.
    - apart: sets of arguments that exclude each other.
    - make: takes the chosen names; gives config, shapes of the inputs with the batch, and further keys of the setting.
    """

    def __init__(self, make, must="", may=(), apart=()):
        self.make, self.must = make, must.split()
        self.may = [(name,) if isinstance(name, str) else name for name in (may.split() if isinstance(may, str) else may)]
        self.apart = apart

    def fits(self, chosen):
        return not any(names <= chosen for names in self.apart)

    def choices(self, times):
        """The sets of arguments of each setting: none, each alone, and some together, until each has been often enough: half of the
        times alone, half of them with others."""
        found = [set()] * (3 if self.may else times + 4)
        for names in self.may:
            found += [set(names)] * (times // 2 if len(self.may) > 1 else times)
        if len(self.may) < 2:
            return found
        together = Counter()
        while True:
            rarest = min(self.may, key=lambda names: together[names[0]])
            if together[rarest[0]] >= times // 2:
                return found
            chosen = set(rarest)
            for names in draw.sample(self.may, len(self.may)):
                if draw.random() < 0.5 and self.fits(chosen | set(names)):
                    chosen |= set(names)
            if any(chosen == set(names) for names in self.may):
                continue
            found.append(chosen)
            together.update(chosen)


def convolution(axes, transposed=False):
    def make(chosen):
        groups = draw.choice([2, 3]) if "groups" in chosen else 1
        filters, channels = groups * number(1, 3), groups * number(1, 2)
        config = {"filters": filters, "kernel_size": one_or_list(sizes(axes, 1, 4 if axes < 3 else 3))}
        kernel = listed(config["kernel_size"], axes)
        reach = kernel
        if "strides" in chosen:
            config["strides"] = away(axes, 1, 3, 1)
        if "dilation_rate" in chosen:
            config["dilation_rate"] = away(axes, 1, 3, 1)
            reach = [(size - 1) * rate + 1 for size, rate in zip(kernel, listed(config["dilation_rate"], axes))]
        if "padding" in chosen:
            config["padding"] = draw.choice(["same", "causal"]) if axes == 1 and not transposed else "same"
        if "output_padding" in chosen:
            # Less than the strides. One number for several axes must be less than all of them.
            strides = listed(config.get("strides", 1), axes)
            config["output_padding"] = one_or_list([number(0, stride - 1) for stride in strides])
        if "groups" in chosen:
            config["groups"] = groups
        shape = [batch(), *(size + number(0, 4 if axes < 3 else 2) for size in (kernel if transposed else reach)), channels]
        return with_activation(config, chosen, filters), [shape], {"backend": backend(config, kernel, shape)}

    def backend(config, kernel, shape):
        """TensorFlow on a CPU has neither transposed convolutions with dilation, nor gradients of groups over three axes; and it has no
        gradient of a transposed convolution whose output is shorter than the convolution would need."""
        short = transposed and "output_padding" in config and config.get("padding") == "same"
        more = listed(config.get("output_padding"), axes)
        if short and any(size % 2 == 0 and extra == 0 for size, extra in zip(kernel, more)):
            return "jax"
        # Over three axes TensorFlow begins at the wrong place where strides step over the end, with padding "same": its padding is negative
        # there. Over one and two axes it is right, and so are JAX and a sum by hand.
        ends = zip(shape[1:-1], kernel, listed(config.get("strides", 1), axes))
        if axes == 3 and not transposed and "padding" in config and any((size - 1) // step * step + width < size for size, width, step in ends):
            return "jax"
        return "jax" if transposed and "dilation_rate" in config or axes == 3 and "groups" in config else "tensorflow"

    may = "strides padding dilation_rate activation use_bias " + ("output_padding" if transposed else "groups")
    return Entry(make, "filters kernel_size", may, [{"strides", "dilation_rate"}])


def with_activation(config, chosen, width):
    if "activation" in chosen:
        config["activation"] = activation(width)
    if "use_bias" in chosen:
        config["use_bias"] = False
    return config


def depthwise(axes, separable=False):
    def make(chosen):
        channels, filters = number(1, 3), number(1, 4)
        config = {"filters": filters} if separable else {}
        config["kernel_size"] = one_or_list(sizes(axes, 1, 4))
        multiplier = 1
        if "depth_multiplier" in chosen:
            config["depth_multiplier"] = multiplier = number(2, 3)
        if "padding" in chosen:
            config["padding"] = "same"
        for name in ("strides", "dilation_rate"):
            if name in chosen:
                config[name] = away(axes, 1, 3, 1)
        rates = listed(config.get("dilation_rate", 1), axes)
        reach = [(size - 1) * rate + 1 for size, rate in zip(listed(config["kernel_size"], axes), rates)]
        shape = [batch(), *(size + number(0, 4) for size in reach), channels]
        # TensorFlow on a CPU wants equal strides, and has no dilation besides them.
        strides = listed(config.get("strides", 1), axes)
        apart = len(set(strides)) > 1 or "strides" in chosen and "dilation_rate" in chosen
        width = filters if separable else channels * multiplier
        return with_activation(config, chosen, width), [shape], {"backend": "jax" if apart else "tensorflow"}

    must = "filters kernel_size" if separable else "kernel_size"
    return Entry(make, must, "strides padding dilation_rate depth_multiplier activation use_bias")


def pooling(axes, kind):
    def make(chosen):
        # Of the maximum the size has a default, 2.
        given = kind == "Average" or "pool_size" in chosen
        config = {"pool_size": away(axes, 1, 3, 2) if "pool_size" in chosen else one_or_list(sizes(axes, 1, 3))} if given else {}
        pool = listed(config.get("pool_size", 2), axes)
        if "strides" in chosen:
            while True:
                config["strides"] = one_or_list(sizes(axes, 1, 3))
                if listed(config["strides"], axes) != pool:
                    break
        if "padding" in chosen:
            config["padding"] = "same"
        shape = [batch(), *(max(size, 2) + number(0, 4 if axes < 3 else 2) for size in pool), number(1, 3)]
        # TensorFlow has no pooling over three axes in float64.
        return config, [shape], {"backend": "jax" if axes == 3 else "tensorflow"}

    return Entry(make, "pool_size", "strides padding") if kind == "Average" else Entry(make, "", "pool_size strides padding")


def global_pooling(axes):
    return Entry(lambda chosen: ({"keepdims": True} if chosen else {}, [[batch(), *sizes(axes, 1, 6), number(1, 4)]]), "", "keepdims")


def adaptive(axes):
    def make(chosen):
        shape = [batch(), *sizes(axes, 1, 8 if axes < 3 else 5), number(1, 3)]
        output = [number(1, size) for size in shape[1:-1]]
        # To one output along an axis TensorFlow's gradient in Keras 3.15.1 reads beyond its end; and its float64 has no three axes.
        more = {"backend": "jax" if 1 in output or axes == 3 else "tensorflow"}
        return {"output_size": one_or_list(output)}, [shape], more

    return Entry(make, "output_size")


def dense():
    def make(chosen):
        units = number(1, 6)
        return with_activation({"units": units}, chosen, units), [[batch(), *sizes(number(0, 2), 1, 4), number(1, 6)]]

    return Entry(make, "units", "activation use_bias")


# Equations, and the letters of the output that may have a bias.
EQUATIONS = [
    ("ab,bc->ac", "c"),
    ("abc,cd->abd", "bd"),
    ("abc,cde->abde", "bde"),
    ("abc,bcd->ad", "d"),
    ("abc,cd->adb", "db"),
    ("abcd,cde->abe", "be"),
    ("...x,xy->...y", "y"),
    ("ab...,bc->ac...", "c"),
]


def einsum():
    def make(chosen):
        equation, biased = draw.choice(EQUATIONS)
        left, output = equation.split("->")
        source, _ = left.split(",")
        ranks = {"...": sizes(number(1, 2), 1, 3)}
        letters = {letter: number(1, 4) for letter in equation if letter.isalpha()}
        if equation.startswith("..."):
            shape = [batch(), *ranks["..."][1:], letters["x"]]
        elif "..." in source:
            shape = [batch(), letters["b"], *ranks["..."]]
        else:
            shape = [batch(), *(letters[letter] for letter in source[1:])]
        named = [letter for letter in output.replace("...", "") if letter != "a" or equation.startswith("...")]
        wanted = draw.sample(biased, number(1, len(biased))) if "bias_axes" in chosen else []
        # What the input says may be left out, but in Keras not where the bias has it.
        result = [
            None if letter in source and letter not in wanted and draw.random() < 0.5 else letters[letter] for letter in named
        ]
        config = {"equation": equation, "output_shape": result}
        if wanted:
            config["bias_axes"] = "".join(letter for letter in output if letter in wanted)
        # A function along the last axis needs to know it.
        width = 1 if output.endswith("...") else letters[output[-1]]
        # The bias has its letters' sizes, and 1 along the other axes.
        vector = sum(letters[letter] > 1 for letter in wanted) == 1
        is_last = wanted and output[-1] in wanted and letters[output[-1]] > 1
        backend = "jax" if vector and not is_last else "tensorflow"
        return with_activation(config, chosen, width), [shape], {"backend": backend}

    return Entry(make, "equation output_shape", "activation bias_axes")


def embedding():
    def make(chosen):
        count = number(1, 9)
        more = {"classes": count}
        return {"input_dim": count, "output_dim": number(1, 5)}, [[batch(), *sizes(number(1, 2), 1, 5)]], more

    return Entry(make, "input_dim output_dim")


def attention():
    def make(chosen):
        # Heads of one number have no biases: see `misread`; and Keras' attention on JAX does not take values of another size than keys.
        least = 1 if "use_bias" in chosen else 2
        config = {"num_heads": number(1, 3), "key_dim": number(least, 4)}
        for name, value in {
            "value_dim": lambda: draw.choice([size for size in range(least, 5) if size != config["key_dim"]]),
            "dropout": lambda: fraction(0.1, 0.9),
            "use_bias": lambda: False,
            "output_shape": lambda: sizes(number(1, 2), least, 4),
            "use_gate": lambda: True,
        }.items():
            if name in chosen:
                config[name] = value()
        rank = number(2, 3) if "attention_axes" in chosen else draw.choice([1, 1, 2])
        samples, outer = batch(), sizes(rank, 1, 4)
        attended = list(range(1, rank + 1))
        if "attention_axes" in chosen:
            attended = sorted(draw.sample(attended, number(1, rank - 1)))
            config["attention_axes"] = signed(attended, rank + 1)
        inner = [number(1, 4) if axis + 1 in attended else size for axis, size in enumerate(outer)]
        count = number(1, 3)
        shapes = [[samples, *outer, number(1, 5)]]
        shapes += [[samples, *inner, number(1, 5)] for _ in range(count - 1)]
        return config, shapes, {"differentiable": "dropout" not in chosen}

    may = "value_dim dropout use_bias output_shape attention_axes use_gate"
    return Entry(make, "num_heads key_dim", may)


def pick(chosen, **values):
    """The chosen arguments, their values drawn."""
    return {name: value() for name, value in values.items() if name in chosen}


NO_CENTER = {"center": lambda: False, "scale": lambda: False}


def batch_normalization():
    def make(chosen):
        rank = number(1, 4)
        shape = [number(2, 3), *sizes(rank, 1 if rank > 2 else 2, 4)]
        if "axis" in chosen:
            rank = number(2, 4)
            shape = [number(1, 3), *sizes(rank, 2, 4)]
        config = pick(
            chosen,
            axis=lambda: signed([number(1, rank - 1)], rank)[0],
            momentum=lambda: fraction(0, 0.95),
            epsilon=lambda: fraction(0.01, 1),
            **NO_CENTER,
        )
        # The momentum counts in training only.
        return config, [shape], {"training": "momentum" in chosen or draw.random() < 0.5}

    return Entry(make, "", "axis momentum epsilon center scale")


def axes_of(rank):
    """One axis or several, that are not the last one alone; in a list or not."""
    while True:
        places = sorted(draw.sample(range(1, rank + 1), number(1, rank)))
        if places != [rank]:
            return one_or_list(signed(places, rank))


def sample_normalization(may, trailing=False):
    def make(chosen):
        rank = number(2 if "axis" in chosen else 1, 4)
        shape = [batch(), *sizes(rank, 1, 4)]
        shape[-1] = number(2, 5)

        def axis():
            # Keras multiplies by the scale along the last axes, whichever are named: see docs/keras-differences.md.
            return signed(list(range(number(1, rank - 1), rank + 1)), rank) if trailing else axes_of(rank)

        return pick(chosen, axis=axis, epsilon=lambda: fraction(0.01, 1), **NO_CENTER), [shape]

    return Entry(make, "", may)


def group_normalization():
    def make(chosen):
        rank = number(2 if "axis" in chosen else 1, 3)
        config = pick(chosen, groups=lambda: draw.choice([1, 2, 3, 4, -1]), axis=lambda: signed([number(1, rank - 1)], rank)[0])
        config |= pick(chosen, epsilon=lambda: fraction(0.01, 1), **NO_CENTER)
        groups = config.get("groups", 32)
        shape = [batch(), *sizes(rank, 1, 3)]
        axis = config.get("axis", -1)
        shape[axis] = number(1, 5) if groups == -1 else groups * number(1, 2)
        if math.prod(shape[1:]) == groups:
            # Of one number the normal form is 0, and so is its gradient: here up to the rounding of numbers of the size of 1 / sqrt(epsilon).
            shape[axis] *= 2
        return config, [shape]

    return Entry(make, "", "groups axis epsilon center scale")


def spectral():
    def make(chosen):
        inner = draw.choice(["Dense", "Conv1D", "Conv2D", "Conv3D"])
        axes = 0 if inner == "Dense" else int(inner[4])
        config = {"layer": inner}
        if axes:
            config |= {"filters": number(1, 4), "kernel_size": one_or_list(sizes(axes, 1, 3)), "padding": draw.choice(["valid", "same"])}
        else:
            config |= {"units": number(1, 4)}
        config |= pick(chosen, power_iterations=lambda: number(2, 4))
        return config, [[batch(), *sizes(axes, 3, 5), number(1, 4)]], {"training": draw.random() < 0.7}

    return Entry(make, "layer", "power_iterations")


def any_shape(must=None, may=None, ranks=(1, 4), **more):
    must, may = must or {}, may or {}

    def make(chosen):
        config = {name: value() for name, value in must.items()} | pick(chosen, **may)
        return config, [[batch(), *sizes(number(*ranks), 1, 5)]], more

    return Entry(make, " ".join(must), " ".join(may))


def activation_layer():
    def make(chosen):
        shape = [batch(), *sizes(number(1, 3), 1, 5)]
        return {"activation": activation(shape[-1])}, [shape]

    return Entry(make, "activation")


def prelu():
    def make(chosen):
        rank = number(1, 3)
        shared = sorted(draw.sample(range(1, rank + 1), number(1, rank)))
        return pick(chosen, shared_axes=lambda: shared), [[batch(), *sizes(rank, 1, 4)]]

    return Entry(make, "", "shared_axes")


def softmax():
    def make(chosen):
        rank = number(2 if chosen else 1, 3)
        config = pick(chosen, axis=lambda: axes_of(rank))
        if isinstance(config.get("axis"), list) and len(config["axis"]) > 1:
            # Neighbours, here: an error for others (docs/keras-differences.md).
            first = number(1, rank - 1)
            config["axis"] = signed(list(range(first, number(first + 1, rank) + 1)), rank)
        return config, [[batch(), *sizes(rank, 1, 5)]]

    return Entry(make, "", "axis")


def reshape():
    def make(chosen):
        shape = [batch(), *(draw.choice([1, 2, 3, 4, 6]) for _ in range(number(1, 4)))]
        factors = shape[1:]
        draw.shuffle(factors)
        target = []
        for factor in factors:
            if target and draw.random() < 0.4:
                target[-1] *= factor
            else:
                target.append(factor)
        if draw.random() < 0.5:
            target[number(0, len(target) - 1)] = -1
        return {"target_shape": target}, [shape]

    return Entry(make, "target_shape")


def permute():
    def make(chosen):
        shape = [batch(), *sizes(number(1, 4), 1, 4)]
        order = list(range(1, len(shape)))
        draw.shuffle(order)
        return {"dims": order}, [shape]

    return Entry(make, "dims")


def sides(axes, high, default):
    """One number for all, one for each axis, or two for each axis; not the default."""
    while True:
        form = draw.choice(["one", "axis", "side"])
        if form == "one":
            found, plain = number(0, high), None
            plain = [[found] * 2] * axes
        elif axes == 1:
            found = sizes(2, 0, high)
            plain = [found]
        elif form == "axis":
            found = sizes(axes, 0, high)
            plain = [[size] * 2 for size in found]
        else:
            found = plain = [sizes(2, 0, high) for _ in range(axes)]
        if any(size != default for pair in plain for size in pair):
            return found


def padding(axes):
    return Entry(
        lambda chosen: (pick(chosen, padding=lambda: sides(axes, 2, 1)), [[batch(), *sizes(axes, 1, 4), number(1, 3)]]), "", "padding"
    )


def cropping(axes):
    default = 0 if axes == 2 else 1
    return Entry(
        lambda chosen: (pick(chosen, cropping=lambda: sides(axes, 2, default)), [[batch(), *sizes(axes, 5, 7), number(1, 3)]]), "", "cropping"
    )


def up_sampling(axes):
    def make(chosen):
        size = {"size": lambda: away(axes, 1, 3, 2)}
        if axes == 2:
            size["interpolation"] = lambda: draw.choice([name for name in INTERPOLATIONS if name != "nearest"])
        # TensorFlow interpolates in float32.
        dtype = {"dtype": "float32"} if "interpolation" in chosen else {}
        return pick(chosen, **size), [[batch(), *sizes(axes, 1, 5), number(1, 3)]], dtype

    return Entry(make, "", "size interpolation" if axes == 2 else "size")


def resizing():
    def make(chosen):
        config = {"height": number(1, 9), "width": number(1, 9)} | pick(
            chosen,
            interpolation=lambda: draw.choice([name for name in INTERPOLATIONS if name != "bilinear"]),
            crop_to_aspect_ratio=lambda: True,
            pad_to_aspect_ratio=lambda: True,
            fill_value=lambda: fraction(-1, 1),
            antialias=lambda: True,
        )
        return config, [[batch(), *sizes(2, 1, 9), number(1, 3)]], {"dtype": "float32"}

    # A fill value without padding fills nothing.
    may = ["interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", ("fill_value", "pad_to_aspect_ratio"), "antialias"]
    return Entry(make, "height width", may, [{"crop_to_aspect_ratio", "pad_to_aspect_ratio"}])


def center_crop():
    def make(chosen):
        return {"height": number(1, 7), "width": number(1, 7)}, [[batch(), *sizes(2, 1, 8), number(1, 3)]], {"dtype": "float32"}

    return Entry(make, "height width")


def rescaling():
    def make(chosen):
        shape = [batch(), *sizes(number(1, 3), 1, 4)]

        def values(low, high):
            return fraction(low, high) if draw.random() < 0.5 else [fraction(low, high) for _ in range(shape[-1])]

        return {"scale": values(-2, 2)} | pick(chosen, offset=lambda: values(0.1, 2)), [shape]

    return Entry(make, "scale", "offset")


def normalization():
    def make(chosen):
        rank = number(2 if "axis" in chosen else 1, 3)
        shape = [batch(), *sizes(rank, 1, 4)]
        config = {}
        if "axis" in chosen:
            # Also none.
            config["axis"] = draw.choice([None, axes_of(rank), axes_of(rank)])
        axis = config.get("axis", -1)
        width = 1
        for entry in [] if axis is None else listed(axis, 1):
            width *= shape[entry]
        if "mean" in chosen:
            # For axes apart, one number for all: Keras wants lists of the shape that is kept, which are flat here.
            many = isinstance(axis, int) and draw.random() < 0.7
            config["mean"] = [fraction(-1, 1) for _ in range(width)] if many else fraction(-1, 1)
            config["variance"] = [fraction(0.1, 2) for _ in range(width)] if many else fraction(0.1, 2)
        if "invert" in chosen:
            config["invert"] = True
        more = {}
        if "mean" not in chosen and draw.random() < 0.5:
            more["adapted"] = [number(1, 1 << 20), [number(3, 6), *shape[1:]], 2.0]
        return config, [shape], more

    return Entry(make, "", ["axis", ("mean", "variance"), "invert"])


def discretization():
    def make(chosen):
        # Several categories of a sample are a list, here: an error for more axes (docs/keras-differences.md).
        shape = [batch(), *sizes(1 if "output_mode" in chosen else number(1, 2), 1, 5)]
        more = {"dtype": "float32", "differentiable": False}
        if "num_bins" in chosen:
            config = {"num_bins": number(1, 6)} | pick(chosen, epsilon=lambda: fraction(0.05, 0.5))
            more["adapted"] = [number(1, 1 << 20), [number(4, 30), *shape[1:]], 2.0]
        else:
            config = {"bin_boundaries": sorted(fraction(-2, 2) for _ in range(number(1, 5)))}
        config |= pick(chosen, output_mode=lambda: draw.choice(["one_hot", "multi_hot", "count"]))
        return config, [shape], more

    # It has boundaries or learns them; without `num_bins` it has them.
    return Entry(make, "", ["num_bins", ("epsilon", "num_bins"), "output_mode"])


def categories():
    def make(chosen):
        config = {"num_tokens": number(1, 7)} | pick(chosen, output_mode=lambda: draw.choice(["one_hot", "count"]))
        more = {"dtype": "float32", "differentiable": False, "classes": config["num_tokens"]}
        return config, [[batch(), number(1, 5)]], more

    return Entry(make, "num_tokens", "output_mode")


def merging(low, high):
    def make(chosen):
        shape = sizes(number(1, 3), 1, 4)
        samples = batch()
        shapes = [[samples, *shape] for _ in range(number(low, high))]
        if draw.random() < 0.5:
            shapes[-1] = [samples, *(1 if draw.random() < 0.5 else size for size in shape)]
        return {}, shapes, {"backend": "jax" if misread(shapes[0], shapes[-1]) else "tensorflow"}

    return Entry(make)


def concatenate():
    def make(chosen):
        rank = number(2 if chosen else 1, 3)
        shape = [batch(), *sizes(rank, 1, 4)]
        config = pick(chosen, axis=lambda: signed([number(1, rank - 1)], rank)[0])
        axis = config.get("axis", -1) % len(shape)
        return config, [shape[:axis] + [number(1, 3)] + shape[axis + 1 :] for _ in range(number(2, 3))]

    return Entry(make, "", "axis")


def dot():
    def make(chosen):
        samples, common = batch(), number(1, 4)
        ranks = [number(1, 2), number(1, 2)]
        places = [number(1, rank) for rank in ranks]
        shapes = []
        for rank, axis in zip(ranks, places):
            shape = [samples, *sizes(rank, 1, 4)]
            shape[axis] = common
            shapes.append(shape)
        axes = places[0] if places[0] == places[1] and draw.random() < 0.5 else places
        return {"axes": axes} | pick(chosen, normalize=lambda: True), shapes

    return Entry(make, "axes", "normalize")


def noisy(name, ranks=(1, 3), may=False):
    def make(chosen):
        shape = [batch(), *sizes(number(*ranks), 1, 4)]
        config = {name: fraction(0.1, 0.9)}
        config |= pick(chosen, noise_shape=lambda: [None, *(draw.choice([1, size]) for size in shape[1:])])
        return config, [shape], {"differentiable": False}

    return Entry(make, name, "noise_shape" if may else "")


def activity_regularization():
    return any_shape(may={"l1": lambda: fraction(0.01, 1), "l2": lambda: fraction(0.01, 1)})


LAYERS = {
    **{f"Conv{n}D": convolution(n) for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": convolution(n, True) for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": depthwise(n) for n in (1, 2)},
    **{f"SeparableConv{n}D": depthwise(n, True) for n in (1, 2)},
    **{f"{kind}Pooling{n}D": pooling(n, kind) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Global{kind}Pooling{n}D": global_pooling(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Adaptive{kind}Pooling{n}D": adaptive(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    "Dense": dense(),
    "EinsumDense": einsum(),
    "Embedding": embedding(),
    "MultiHeadAttention": attention(),
    "PositionEmbedding": any_shape(),
    "LayerScale": any_shape(),
    "BatchNormalization": batch_normalization(),
    "LayerNormalization": sample_normalization("axis epsilon center scale"),
    "GroupNormalization": group_normalization(),
    "RMSNormalization": sample_normalization("axis epsilon", trailing=True),
    "UnitNormalization": sample_normalization("axis"),
    "SpectralNormalization": spectral(),
    "Activation": activation_layer(),
    "ReLU": any_shape(
        may={
            "max_value": lambda: fraction(0.5, 1.5),
            "negative_slope": lambda: fraction(0.05, 0.9),
            "threshold": lambda: fraction(0.1, 0.5),
        }
    ),
    "LeakyReLU": any_shape(may={"negative_slope": lambda: draw.choice([0.0, 0.05, 0.1, 0.5, 0.9])}),
    "ELU": any_shape(may={"alpha": lambda: draw.choice([0.1, 0.5, 0.7, 1.5])}),
    "PReLU": prelu(),
    "Softmax": softmax(),
    "Identity": any_shape(),
    "Flatten": any_shape(),
    "Reshape": reshape(),
    "Permute": permute(),
    "RepeatVector": any_shape(must={"n": lambda: number(1, 4)}, ranks=(1, 1)),
    **{f"ZeroPadding{n}D": padding(n) for n in (1, 2, 3)},
    **{f"Cropping{n}D": cropping(n) for n in (1, 2, 3)},
    **{f"UpSampling{n}D": up_sampling(n) for n in (1, 2, 3)},
    "Resizing": resizing(),
    "CenterCrop": center_crop(),
    "Rescaling": rescaling(),
    "Normalization": normalization(),
    "Discretization": discretization(),
    "CategoryEncoding": categories(),
    "Add": merging(2, 4),
    "Subtract": merging(2, 2),
    "Multiply": merging(2, 4),
    "Average": merging(2, 4),
    "Maximum": merging(2, 3),
    "Minimum": merging(2, 3),
    "Concatenate": concatenate(),
    "Dot": dot(),
    "ActivityRegularization": activity_regularization(),
    "Dropout": noisy("rate", may=True),
    **{f"SpatialDropout{n}D": noisy("rate", ranks=(n + 1, n + 1)) for n in (1, 2, 3)},
    "AlphaDropout": noisy("rate", may=True),
    "GaussianDropout": noisy("rate"),
    "GaussianNoise": noisy("stddev"),
}


# MARK: Settings


def settings(seed, times):
    """All settings, each with what sweep_keras.py needs to compute it."""
    specs = []
    for layer, entry in LAYERS.items():
        # Of its own, so that a change of one layer changes no other.
        draw.seed(f"{seed}, {layer}")
        for number, chosen in enumerate(entry.choices(times)):
            config, shapes, *more = entry.make(chosen)
            spec = {
                "number": f"{layer} {number}",
                "layer": layer,
                "config": config,
                "shapes": shapes,
                "backend": "tensorflow",
                "dtype": "float64",
                "training": False,
                "differentiable": True,
                "classes": 0,
                "adapted": None,
                "measured": 0,
                "streams": [draw.randrange(1 << 20) for _ in shapes],
                "upstream": draw.randrange(1 << 20),
            }
            specs.append(spec | (more[0] if more else {}))
    return specs


# MARK: What was drawn


def keras_default(layer, name):
    """The default of an argument in Keras, `inspect.Parameter.empty` if it has none."""
    found = getattr(keras.layers, layer, None)
    parameter = inspect.signature(found).parameters.get(name) if found else None
    return parameter.default if parameter else inspect.Parameter.empty


def plain(value):
    """A value without what spellings differ in: equal sizes of all axes are one."""
    if isinstance(value, (list, tuple)):
        entries = [plain(entry) for entry in value]
        return entries[0] if entries and all(entry == entries[0] for entry in entries) else entries
    return value


class Table:
    """How often each argument was drawn, and its values."""

    def __init__(self, specs):
        self.cases = Counter(spec["layer"] for spec in specs)
        self.backends = Counter(spec["backend"] for spec in specs)
        self.counts = defaultdict(Counter)
        self.values = defaultdict(Counter)
        for spec in specs:
            layer, config = spec["layer"], spec["config"]
            entry = LAYERS[layer]
            optional = {name for names in entry.may for name in names}
            drawn = {name for name, value in config.items() if name in optional and plain(value) != plain(keras_default(layer, name))}
            # One with what it needs is still alone.
            is_alone = any(drawn == set(names) for names in entry.may)
            for name, value in config.items():
                self.values[layer, name][json.dumps(value)] += 1
                if name in drawn:
                    self.counts[layer, name]["alone" if is_alone else "others"] += 1
                elif name not in optional:
                    self.counts[layer, name]["required"] += 1

    def arguments(self):
        return len(self.counts)

    def kinds(self, layer, name, times):
        """How often an argument must be drawn: {alone, others, all of both, or required: times}."""
        entry = LAYERS[layer]
        if name not in {name for names in entry.may for name in names}:
            return {"required": times}
        return {"all": times} | ({"alone": times // 2, "others": times // 2} if len(entry.may) > 1 else {"alone": times})

    def drawn(self, layer, name, kind):
        counts = self.counts[layer, name]
        return counts["alone"] + counts["others"] if kind == "all" else counts[kind]

    def least(self, kind):
        """The fewest times that any argument which must be drawn so was drawn so."""
        # Not the arguments of a wrapped layer, nor boundaries in place of a number of bins.
        own = {(layer, name) for layer, entry in LAYERS.items() for name in [*entry.must, *(name for names in entry.may for name in names)]}
        return min(self.drawn(*key, kind) for key in own if kind in self.kinds(*key, 1))

    def too_few(self, times):
        """What is not drawn often enough."""
        found = []
        for layer, entry in LAYERS.items():
            for name in [*entry.must, *(name for names in entry.may for name in names)]:
                for kind, wanted in self.kinds(layer, name, times).items():
                    drawn = self.drawn(layer, name, kind)
                    if drawn < wanted:
                        found.append(f"{layer}({name}) is drawn {drawn} times ({kind}), not {wanted}")
        return found

    def lines(self):
        """A Markdown table."""
        lines = ["| layer | argument | alone | with others | values |", "|---|---|---:|---:|---|"]
        for (layer, name), counts in self.counts.items():
            values = [f"{value} ×{times}" for value, times in self.values[layer, name].most_common(6)]
            more = len(self.values[layer, name]) - len(values)
            text = ", ".join(values) + (f", and {more} more" if more else "")
            required = counts["required"]
            others = counts["others"] or "–"
            lines.append(f"| `{layer}` | `{name}` | {'always: ' + str(required) if required else counts['alone']} | {others} | {text} |")
        return lines


def uncovered(types):
    """Layers of this library, or arguments of theirs, that no entry draws; and entries that there are not here."""
    found, known = [], set()
    unused = {"InputLayer", "Lambda"}
    for (name, folder), entry in types.items():
        if folder != "Layers" or not entry.kind or not entry.initializers or name in unused:
            continue
        known.add(name)
        if name not in LAYERS:
            found.append(f"{name} is not drawn")
            continue
        drawn = {*LAYERS[name].must, *(argument for names in LAYERS[name].may for argument in names)}
        drawn |= {"bin_boundaries"} if name == "Discretization" else set()
        for form in entry.initializers:
            for argument in form:
                label = argument.spelling
                snake = SPELLINGS.get(label) or re.sub(r"([a-z\d])([A-Z])", r"\1_\2", label).lower()
                if not IS_NOT_DRAWN.fullmatch(label) and snake not in drawn:
                    found.append(f"{name}({snake}) is not drawn")
    return list(dict.fromkeys(found)) + [f"{name} is no layer here" for name in LAYERS if name not in known]
