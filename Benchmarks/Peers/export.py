"""Writes a network as a model file in a framework's own form, for startup.py.

python export.py --framework onnxruntime --model mnist --weights FILE.safetensors --output mnist.onnx"""

import argparse

import machine
import weights
from networks import NETWORKS

FRAMEWORKS = ("torch", "torchscript", "onnxruntime", "keras", "tensorflow")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=FRAMEWORKS, required=True)
    parser.add_argument("--model", choices=NETWORKS, default="mnist")
    parser.add_argument("--weights", metavar="FILE.safetensors", required=True)
    parser.add_argument("--output", metavar="FILE", required=True, help="for tensorflow a folder; for keras FILE.keras")
    return parser.parse_args()


def main():
    arguments = options()
    machine.limit_threads(arguments.framework, threads=1)
    network = NETWORKS[arguments.model]()
    values = weights.read(arguments.weights, network)
    match arguments.framework:
        case "torch":
            import torch

            import torch_peer

            torch.save(torch_peer.loaded(network, values).state_dict(), arguments.output)
        case "torchscript":
            import torch

            import torch_peer

            model = torch_peer.for_use(network, torch_peer.loaded(network, values))
            height, width, channels = network.image
            traced = torch.jit.trace(model, torch.zeros(1, channels, height, width))
            torch.jit.freeze(traced).save(arguments.output)
        case "onnxruntime":
            import onnx

            import onnxruntime_peer

            onnx.save(onnxruntime_peer.graph(network, values), arguments.output)
        case "keras":
            import keras_peer

            keras_peer.for_use(network, keras_peer.loaded(network, values)).save(arguments.output)
        case "tensorflow":
            import tensorflow as tf

            import tensorflow_peer

            module = tf.Module()
            module.outputs = tensorflow_peer.inference(network, values)
            tf.saved_model.save(module, arguments.output, signatures=module.outputs)


if __name__ == "__main__":
    main()
