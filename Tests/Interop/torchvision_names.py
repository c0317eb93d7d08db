#!/usr/bin/env python3
"""Names and shapes of torchvision's arrays, for networks whose layers have Keras' names here: Tests/Goldens/torchvision_names.json.

    python Tests/Interop/torchvision_names.py

Needs the packages `torch` and `torchvision`.
"""

import json
from importlib.metadata import version
from pathlib import Path

from torchvision_networks import torchvision

FILE = Path(__file__).parent.parent / "Goldens" / "torchvision_names.json"
NETWORKS = ("convnext_tiny", "mobilenet_v3_large", "mobilenet_v3_small")


def arrays(name):
    """The shape of each array by its name, without the counts of normalisations."""
    state = getattr(torchvision.models, name)().state_dict()
    return {key: list(tensor.shape) for key, tensor in state.items() if not key.endswith("num_batches_tracked")}


def main():
    golden = {"torchvision": version("torchvision"), "networks": {name: arrays(name) for name in NETWORKS}}
    FILE.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
