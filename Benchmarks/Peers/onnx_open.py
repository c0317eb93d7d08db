"""Opens an ONNX file, predicts one image of zeros, and prints the milliseconds of both together.

python onnx_open.py --framework onnxruntime --model-file FILE.onnx

What the framework's import takes does not count."""

import argparse
import time

import machine

FRAMEWORKS = ("onnxruntime", "openvino")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=FRAMEWORKS, required=True)
    parser.add_argument("--model-file", metavar="FILE.onnx", required=True)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main():
    arguments = options()
    machine.limit_threads(arguments.framework, arguments.threads)
    import numpy as np
    from networks import IMAGENET

    match arguments.framework:
        case "onnxruntime":
            from onnxruntime_peer import Backend
        case "openvino":
            from openvino_peer import Backend
    images = np.zeros((1, 3, *IMAGENET.image[:2]), np.float32)
    start = time.perf_counter()
    Backend(arguments.model_file, arguments.threads).predictor()(images)
    print((time.perf_counter() - start) * 1e3)


if __name__ == "__main__":
    main()
