"""Threads, allocator and versions: what decides the figures beside the processor."""

import os
import sys
from importlib.metadata import version
from pathlib import Path


def limit_threads(framework, threads):
    """Sets what libraries read when they are loaded; to be called before their import."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if framework == "jax" and sys.platform == "linux":
        # XLA has no setting; it makes as many threads as the process may use processors.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def allocator():
    """The file name of the preloaded library if it really is loaded, else "system"."""
    preloaded = [Path(name).name for name in os.environ.get("LD_PRELOAD", "").replace(":", " ").split()]
    loaded = Path("/proc/self/maps").read_text() if sys.platform == "linux" else ""
    return next((name for name in preloaded if name.split(".so")[0] in loaded), "system")


def versions(packages):
    return {name: version(name) for name in packages}
