"""ONNX Runtime: inference only, from a file, or a graph made of the weights; NCHW, as ONNX has it."""

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper

import networks
import weights as layout

OPSET, IR_VERSION = 22, 10


def graph(network, weights):
    """The network in inference mode as an ONNX model with any number of samples."""
    initializers = [
        numpy_helper.from_array(array, name) for name, array in layout.channels_first(network, weights).items()
    ]
    nodes = []

    def node(kind, inputs, **attributes):
        output = f"{kind}{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def applied(layers, x):
        for layer in layers:
            match layer:
                case networks.Convolution():
                    x = node(
                        "Conv",
                        [x, f"{layer.name}/kernel", *([f"{layer.name}/bias"] if layer.bias else [])],
                        strides=[layer.stride] * 2,
                        pads=[layer.padding] * 4,
                        group=layer.groups,
                    )
                case networks.BatchNormalization():
                    names = ("gamma", "beta", "moving_mean", "moving_variance")
                    inputs = [x, *(f"{layer.name}/{name}" for name in names)]
                    x = node("BatchNormalization", inputs, epsilon=layer.epsilon)
                case networks.Dense():
                    x = node("Gemm", [x, f"{layer.name}/kernel", f"{layer.name}/bias"])
                case networks.ReLU():
                    x = node("Relu", [x])
                    if layer.maximum is not None:
                        initializers.append(numpy_helper.from_array(np.array(layer.maximum, np.float32), f"{x}/maximum"))
                        x = node("Min", [x, f"{x}/maximum"])
                case networks.MaxPooling():
                    x = node(
                        "MaxPool",
                        [x],
                        kernel_shape=[layer.size] * 2,
                        strides=[layer.stride] * 2,
                        pads=[layer.padding] * 4,
                    )
                case networks.GlobalAveragePooling():
                    x = node("Flatten", [node("GlobalAveragePool", [x])])
                case networks.Flatten():
                    x = node("Flatten", [x])
                case networks.Residual():
                    x = node("Add", [applied(layer.body, x), applied(layer.shortcut, x)])
        return x

    height, width, channels = network.image
    output = applied(network.layers, "images")
    if network.softmax:
        output = node("Softmax", [output], axis=-1)
    rank = 2 if network.classes else 4
    made = helper.make_graph(
        nodes,
        network.name,
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["samples", channels, height, width])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [None] * rank)],
        initializers,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model, full_check=True)
    return model


def session(model, threads):
    """A session on a model, given as a file's name or as its bytes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Backend:
    packages = ("onnxruntime",)
    channels_first = True

    def __init__(self, model, threads):
        """Of a model, given as a file's name or as its bytes."""
        self.session = session(model, threads)
        self.input = self.session.get_inputs()[0].name

    def array(self, images):
        return np.ascontiguousarray(images.transpose(0, 3, 1, 2))

    def predictor(self, batch=None):
        return lambda images: self.session.run(None, {self.input: images})[0]

    def convolution(self, images, input_gradient):
        predict, x = self.predictor(), self.array(images)
        return lambda: predict(x), None
