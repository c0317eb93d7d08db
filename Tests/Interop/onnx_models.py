#!/usr/bin/env python3
"""Writes Tests/Interop/models: JSON files, each with a small ONNX model in base64, inputs, and the outputs for them.

    python Tests/Interop/onnx_models.py

Outputs are those of ONNX Runtime 1.32.0 without optimisation, and of onnx 1.23.2's reference evaluator for bfloat16. Models and data
are made here from a fixed seed; they have the licence of this repository.
"""

import base64
import json
import pathlib

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FOLDER = pathlib.Path(__file__).parent / "models"
F, I64 = TensorProto.FLOAT, TensorProto.INT64
random = np.random.default_rng(13)


def real(*shape):
    """Random numbers between -1 and 1, exact in few bits so that JSON keeps them."""
    return (random.integers(-64, 65, shape) / 64).astype(np.float32)


def value(name, shape, kind=F):
    return helper.make_tensor_value_info(name, kind, shape)


def weights(**arrays):
    return [numpy_helper.from_array(array, name) for name, array in arrays.items()]


def save(name, nodes, inputs, outputs, initializers, samples, opset=17, ir=8, functions=(), reference=False, domains=()):
    """Writes a model and the outputs for each of some sets of inputs."""
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    sets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(domain, 1) for domain in domains]
    model = helper.make_model(graph, opset_imports=sets, ir_version=ir, functions=functions)
    if not reference:
        onnx.checker.check_model(model)
    if reference:
        run = lambda feeds: ReferenceEvaluator(model).run(None, feeds)
    else:
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        run = lambda feeds: session.run(None, feeds)
    names = [output.name for output in outputs]
    pack = lambda arrays: {
        key: {"shape": list(array.shape), "elements": [float(x) for x in np.asarray(array, np.float32).ravel()]}
        for key, array in arrays.items()
    }
    cases = [{"inputs": pack(feeds), "outputs": pack(dict(zip(names, run(feeds))))} for feeds in samples]
    FOLDER.mkdir(exist_ok=True)
    text = base64.b64encode(model.SerializeToString()).decode()
    (FOLDER / f"{name}.json").write_text(json.dumps({"model": text, "cases": cases}) + "\n")


def per_channel(array):
    """int8 steps of a weight, one scale for each of its first axis."""
    scale = (np.abs(array).reshape(len(array), -1).max(1) / 127).astype(np.float32)
    steps = np.round(array / scale.reshape(-1, *[1] * (array.ndim - 1))).clip(-127, 127).astype(np.int8)
    return steps, scale


def qdq():
    """A convolution and a dense layer between pairs of QuantizeLinear and DequantizeLinear, as quantize_static writes them."""
    w, s = per_channel(real(4, 3, 3, 3))
    k, t = per_channel(real(5, 4))
    zero = np.array(128, np.uint8)
    pair = lambda x, scale: [
        helper.make_node("QuantizeLinear", [x, scale, "zero"], [f"{x}_q"]),
        helper.make_node("DequantizeLinear", [f"{x}_q", scale, "zero"], [f"{x}_d"]),
    ]
    nodes = [
        *pair("x", "sx"),
        helper.make_node("DequantizeLinear", ["w", "s", "w0"], ["wd"], axis=0),
        helper.make_node("DequantizeLinear", ["b", "sb", "b0"], ["bd"], axis=0),
        helper.make_node("Conv", ["x_d", "wd", "bd"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["g"]),
        helper.make_node("Flatten", ["g"], ["f"]),
        *pair("f", "sf"),
        helper.make_node("DequantizeLinear", ["k", "t", "k0"], ["kd"], axis=0),
        helper.make_node("Gemm", ["f_d", "kd"], ["y"], transB=1),
    ]
    made = weights(
        sx=np.float32(1 / 100), zero=zero, w=w, s=s, w0=np.zeros(4, np.int8), k=k, t=t, k0=np.zeros(5, np.int8),
        sf=np.float32(1 / 90), b=np.array([40, -3, 7, 0], np.int32), sb=(s / 100).astype(np.float32), b0=np.zeros(4, np.int32),
    )
    save("qdq", nodes, [value("x", ["N", 3, 6, 6])], [value("y", ["N", 5])], made, [{"x": real(n, 3, 6, 6)} for n in (1, 3)])


def qoperator():
    """The same in ONNX' own quantised operators. Weights have 7 bits: with 8 the sums of ONNX Runtime's AVX2 kernels saturate at 16 bits."""
    w, s = per_channel(real(4, 3, 3, 3))
    w, s = (w // 2).astype(np.int8), 2 * s
    k = (random.integers(-100, 100, (4, 5)) // 2).astype(np.int8)
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "sx", "zero"], ["xq"]),
        helper.make_node("QLinearConv", ["xq", "sx", "zero", "w", "s", "w0", "sy", "zero", "b"], ["cq"], strides=[2, 2]),
        helper.make_node("DequantizeLinear", ["cq", "sy", "zero"], ["c"]),
        helper.make_node("GlobalMaxPool", ["c"], ["g"]),
        helper.make_node("Flatten", ["g"], ["f"]),
        helper.make_node("QuantizeLinear", ["f", "sy", "zero"], ["fq"]),
        helper.make_node("QLinearMatMul", ["fq", "sy", "zero", "k", "sk", "k0", "sz", "zero"], ["yq"]),
        helper.make_node("DequantizeLinear", ["yq", "sz", "zero"], ["y"]),
    ]
    made = weights(
        sx=np.float32(1 / 100), zero=np.array(120, np.uint8), w=w, s=s, w0=np.zeros(4, np.int8), sy=np.float32(1 / 32),
        b=np.array([400, -30, 70, 0], np.int32), k=k, sk=np.float32(1 / 128), k0=np.array(0, np.int8), sz=np.float32(1 / 16),
    )
    save("qoperator", nodes, [value("x", ["N", 3, 7, 7])], [value("y", ["N", 5])], made, [{"x": real(n, 3, 7, 7)} for n in (1, 2)])


def integer_products():
    """MatMulInteger of an input that is quantised while it runs, as quantize_dynamic writes it: one call at a time."""
    k = random.integers(-100, 100, (6, 4)).astype(np.int8)
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["xq", "sx", "x0"]),
        helper.make_node("MatMulInteger", ["xq", "k", "x0", "k0"], ["p"]),
        helper.make_node("Cast", ["p"], ["pf"], to=F),
        helper.make_node("Mul", ["sx", "sk"], ["sp"]),
        helper.make_node("Mul", ["pf", "sp"], ["y"]),
    ]
    made = weights(k=k, k0=np.array(3, np.int8), sk=np.float32(1 / 64))
    save("integer_products", nodes, [value("x", [2, 6])], [value("y", [2, 4])], made, [{"x": real(2, 6)}])


def branches():
    """An If whose condition follows from the rank of a tensor, as PyTorch's squeeze writes it, and one within a branch."""
    inner = lambda name, node: helper.make_graph([node], name, [], [value(node.output[0], None)])
    last = helper.make_node("Shape", ["x"], ["shape"])
    deep_then = inner("dt", helper.make_node("Mul", ["s", "two"], ["dt_y"]))
    deep_else = inner("de", helper.make_node("Neg", ["s"], ["de_y"]))
    then = helper.make_graph(
        [
            helper.make_node("Squeeze", ["x", "axis"], ["s"]),
            helper.make_node("If", ["never"], ["deep"], then_branch=deep_then, else_branch=deep_else),
        ],
        "then", [], [value("deep", None)], weights(two=np.float32(2)),
    )
    other = inner("else", helper.make_node("Identity", ["x"], ["else_y"]))
    nodes = [
        last,
        helper.make_node("Gather", ["shape", "axis"], ["size"]),
        helper.make_node("Equal", ["size", "one"], ["is_one"]),
        helper.make_node("Squeeze", ["is_one"], ["condition"]),
        helper.make_node("If", ["condition"], ["y"], name="squeeze", then_branch=then, else_branch=other),
    ]
    made = weights(axis=np.array([1]), one=np.array([1]), never=np.array(False))
    save("branches", nodes, [value("x", ["N", 1, 4])], [value("y", ["N", 4])], made, [{"x": real(2, 1, 4)}])


def function():
    """A function of the file with an attribute, its default, and a function within it."""
    lone = helper.make_function(
        "local", "Scaled", ["x", "w"], ["y"],
        [helper.make_node("MatMul", ["x", "w"], ["t"]), onnx.parser.parse_node("y = LeakyRelu <alpha: float = @slope> (t)")],
        [helper.make_opsetid("", 17)], attributes=[], attribute_protos=[helper.make_attribute("slope", 0.25)],
    )
    twice = helper.make_function(
        "local", "Twice", ["x", "w"], ["y"],
        [
            helper.make_node("Scaled", ["x", "w"], ["t"], domain="local"),
            helper.make_node("Scaled", ["t", "w"], ["y"], domain="local", slope=0.5),
        ],
        [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)],
    )
    nodes = [helper.make_node("Twice", ["x", "w"], ["y"], domain="local", name="block")]
    save(
        "function", nodes, [value("x", ["N", 3])], [value("y", ["N", 3])], weights(w=real(3, 3)), [{"x": real(4, 3)}],
        functions=[lone, twice], domains=["local"],
    )


def ports():
    """Two inputs and three outputs, one of them in the middle of the graph, with names that hold slashes."""
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["/stem/out"], name="/stem", kernel_shape=[2, 2]),
        helper.make_node("GlobalAveragePool", ["/stem/out"], ["g"]),
        helper.make_node("Flatten", ["g"], ["f"]),
        helper.make_node("Concat", ["f", "features"], ["joined"], axis=1),
        helper.make_node("Gemm", ["joined", "k", "b"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["shares"], axis=1),
    ]
    made = weights(w=real(3, 2, 2, 2), k=real(7, 5), b=real(5))
    outputs = [value("shares", ["N", 5]), value("/stem/out", ["N", 3, 4, 3]), value("scores", ["N", 5])]
    inputs = [value("image", ["N", 2, 5, 4]), value("features", ["N", 4])]
    save("ports", nodes, inputs, outputs, made, [{"image": real(n, 2, 5, 4), "features": real(n, 4)} for n in (1, 3)])


def sizes():
    """A network for images of any height and width, which is resized to a computed size."""
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Slice", ["shape", "two", "four"], ["size"]),
        helper.make_node("Shape", ["c"], ["inner"]),
        helper.make_node("Slice", ["inner", "zero", "two"], ["front"]),
        helper.make_node("Concat", ["front", "size"], ["target"], axis=0),
        helper.make_node("Resize", ["c", "", "", "target"], ["y"], mode="linear"),
    ]
    made = weights(w=real(2, 1, 3, 3), zero=np.array([0]), two=np.array([2]), four=np.array([4]))
    samples = [{"x": real(n, 1, h, w)} for n, h, w in ((1, 6, 8), (2, 9, 5))]
    save("sizes", nodes, [value("x", ["N", 1, "H", "W"])], [value("y", ["N", 2, "H", "W"])], made, samples)


def listed():
    """A file of IR version 3: weights are listed among the inputs."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], auto_pad="SAME_UPPER", kernel_shape=[3, 3]),
        helper.make_node("BatchNormalization", ["c", "g", "s", "m", "v"], ["n"]),
        helper.make_node("Relu", ["n"], ["y"]),
    ]
    made = weights(w=real(3, 2, 3, 3), b=real(3), g=real(3), s=real(3), m=real(3), v=np.abs(real(3)) + 1)
    inputs = [value("x", [1, 2, 5, 5])] + [value(t.name, list(t.dims)) for t in made]
    save("listed", nodes, inputs, [value("y", [1, 3, 5, 5])], made, [{"x": real(1, 2, 5, 5)}], opset=8, ir=3)


def halves():
    """Weights in float16 that are cast to float32, and a layer that computes in float16."""
    nodes = [
        helper.make_node("Cast", ["w"], ["wf"], to=F),
        helper.make_node("MatMul", ["x", "wf"], ["a"]),
        helper.make_node("Cast", ["a"], ["h"], to=TensorProto.FLOAT16),
        helper.make_node("Mul", ["h", "scale"], ["s"]),
        helper.make_node("Cast", ["s"], ["y"], to=F),
    ]
    made = weights(w=real(4, 3).astype(np.float16), scale=np.array([0.5, -2, 1.25], np.float16))
    save("halves", nodes, [value("x", ["N", 4])], [value("y", ["N", 3])], made, [{"x": real(2, 4)}])


def brains():
    """Weights in bfloat16, as bytes and as numbers in a field."""
    bits = lambda array: (array.view(np.uint32) >> 16).astype(np.uint16)
    w, b = real(4, 3), real(3)
    made = [
        helper.make_tensor("w", TensorProto.BFLOAT16, [4, 3], bits(w).tobytes(), raw=True),
        onnx.TensorProto(name="b", data_type=TensorProto.BFLOAT16, dims=[3], int32_data=[int(x) for x in bits(b)]),
    ]
    nodes = [
        helper.make_node("Cast", ["w"], ["wf"], to=F),
        helper.make_node("Cast", ["b"], ["bf"], to=F),
        helper.make_node("Gemm", ["x", "wf", "bf"], ["y"]),
    ]
    save("brains", nodes, [value("x", ["N", 4])], [value("y", ["N", 3])], made, [{"x": real(2, 4)}], reference=True)


def einsum():
    """Equations with an ellipsis: axes that are stretched, one that is summed up, and three operands."""
    nodes = [
        helper.make_node("Einsum", ["x", "w"], ["p"], equation="...ij, ...jk -> ...ik"),
        helper.make_node("Einsum", ["p"], ["t"], equation="...ij->...ji"),
        helper.make_node("Einsum", ["t", "v", "u"], ["y"], equation="b...k,k,kc->b...c"),
    ]
    made = weights(w=real(1, 1, 4, 5), v=real(3), u=real(3, 2))
    save("einsum", nodes, [value("x", [2, 2, 3, 4])], [value("y", [2, 2, 5, 2])], made, [{"x": real(2, 2, 3, 4)}])


def blocks():
    """Weights and an input in steps of which each block has a scale of its own; the last block is not full."""
    steps = random.integers(-100, 100, (4, 7)).astype(np.int8)
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "sw", "zw"], ["wd"], axis=1, block_size=3),
        helper.make_node("MatMul", ["x", "wd"], ["p"]),
        helper.make_node("QuantizeLinear", ["p", "sp"], ["q"], axis=1, block_size=4, output_dtype=TensorProto.INT8),
        helper.make_node("DequantizeLinear", ["q", "sp"], ["y"], axis=1, block_size=4),
    ]
    made = weights(
        w=steps, sw=(np.abs(real(4, 3)) + 0.5) / 64, zw=random.integers(-5, 5, (4, 3)).astype(np.int8),
        sp=np.array([[0.0625, 0.125]], np.float32),
    )
    save("blocks", nodes, [value("x", [1, 4])], [value("y", [1, 7])], made, [{"x": real(1, 4)}], opset=21, ir=10)


if __name__ == "__main__":
    for make in (qdq, qoperator, integer_products, branches, function, ports, sizes, listed, halves, brains, einsum, blocks):
        make()
