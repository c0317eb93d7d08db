"""OpenVINO: inference only, from an ONNX file; NCHW, float32, planned for each batch size."""

import numpy as np
import openvino


def compiled(file, threads, batch):
    """The model of a file for batches of one size."""
    core = openvino.Core()
    model = core.read_model(file)
    model.reshape([batch, *list(model.input(0).partial_shape)[1:]])
    settings = {
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
        "PERFORMANCE_HINT": "LATENCY",
    }
    return core.compile_model(model, "CPU", settings)


class Backend:
    packages = ("openvino",)
    channels_first = True

    def __init__(self, file, threads):
        self.file, self.threads = file, threads
        self.requests = {}

    def array(self, images):
        return np.ascontiguousarray(images.transpose(0, 3, 1, 2))

    def predict(self, images):
        batch = len(images)
        if batch not in self.requests:
            self.requests[batch] = compiled(self.file, self.threads, batch).create_infer_request()
        return self.requests[batch].infer([images], share_inputs=True)[0]

    def predictor(self, batch=None):
        return self.predict
