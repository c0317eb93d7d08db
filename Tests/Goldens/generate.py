"""Writes every golden file anew: python generate.py, or python generate.py losses layers."""

import subprocess
import sys
from pathlib import Path

FAMILIES = [
    "activations",
    "applications",
    "augmentation",
    "callbacks",
    "data",
    "depthwise",
    "evaluation",
    "further_activations",
    "graphs",
    "history",
    "images",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "mnist_network",
    "normalization",
    "operators",
    "optimizers",
    "preprocessing",
    "reshaping",
    "resizing",
    "regularization",
    "updates",
]

for family in sys.argv[1:] or FAMILIES:
    print(family, flush=True)
    # Each in a process of its own: what one draws or configures cannot reach another.
    subprocess.run([sys.executable, Path(__file__).parent / f"{family}.py"], check=True)
