"""Loads a model file of export.py, predicts the first image once and prints its class.

python startup.py --framework onnxruntime --model-file mnist.onnx --input FILE.safetensors

The wall time of the process is the measurement: each framework imports only what it needs. The input's images,
`inputs`, are [samples, height, width, channels]."""

import argparse

import machine

FRAMEWORKS = ("torch", "torchscript", "onnxruntime", "keras", "tensorflow")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=FRAMEWORKS, required=True)
    parser.add_argument("--model", default="mnist", help="the network of a state_dict, which does not say it itself")
    parser.add_argument("--model-file", metavar="FILE", required=True)
    parser.add_argument("--input", metavar="FILE.safetensors", required=True)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def first_image(path, channels_first):
    """The first image as an array of one sample; nothing else of the file is read."""
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        image = file.get_slice("inputs")[:1]
    return image.transpose(0, 3, 1, 2) if channels_first else image


def outputs(arguments):
    image = first_image(arguments.input, arguments.framework in ("torch", "torchscript", "onnxruntime"))
    match arguments.framework:
        case "torch":
            import torch

            import torch_peer
            from networks import NETWORKS

            torch_peer.limit_threads(arguments.threads)
            network = NETWORKS[arguments.model]()
            model, _ = torch_peer.build(network)
            model.load_state_dict(torch.load(arguments.model_file, mmap=True), assign=True)
            with torch.inference_mode():
                return torch_peer.for_use(network, model)(torch.from_numpy(image)).numpy()
        case "torchscript":
            import torch

            torch.set_num_threads(arguments.threads)
            with torch.inference_mode():
                return torch.jit.load(arguments.model_file)(torch.from_numpy(image)).numpy()
        case "onnxruntime":
            import onnxruntime

            settings = onnxruntime.SessionOptions()
            settings.intra_op_num_threads = arguments.threads
            session = onnxruntime.InferenceSession(arguments.model_file, settings, providers=["CPUExecutionProvider"])
            return session.run(None, {"images": image})[0]
        case "keras":
            import keras

            import tensorflow_peer

            tensorflow_peer.limit_threads(arguments.threads)
            return keras.saving.load_model(arguments.model_file, compile=False)(image).numpy()
        case "tensorflow":
            import tensorflow as tf

            import tensorflow_peer

            tensorflow_peer.limit_threads(arguments.threads)
            return tf.saved_model.load(arguments.model_file).outputs(tf.constant(image)).numpy()


def main():
    arguments = options()
    machine.limit_threads(arguments.framework, arguments.threads)
    print(outputs(arguments)[0].argmax())


if __name__ == "__main__":
    main()
