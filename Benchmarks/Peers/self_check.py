"""Checks that all frameworks compute the same from the same weights, do all their work, and are idle between commands.

python self_check.py [--threads 2] [--framework NAME …]"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import data
import torch_peer
import weights
from networks import NETWORKS, single_convolution
from peer import BUILDERS, outputs

TOLERANCE = 1e-4
IDLE_SHARE = 0.05
CONVOLUTIONS = (
    "1,28,28,32,3,1,0,1",
    "3,32,32,16,7,2,3,1",
    "16,13,11,32,3,1,1,1",
    "16,13,11,32,3,2,1,1",
    "32,9,9,24,1,1,0,1",
    "12,10,9,24,3,1,1,4",
    "24,14,14,24,3,1,1,24",
    "8,14,14,16,3,2,1,8",
)


class Peer:
    """A running peer.py; every answer that is an error ends the check."""

    def __init__(self, framework, work, threads, *more):
        command = [sys.executable, str(Path(__file__).with_name("peer.py")), "--framework", framework, "--work", work]
        command += ["--threads", str(threads), *more]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self._answer("ready")

    def ask(self, answer, **command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        return self._answer(answer)

    def quit(self):
        self.process.stdin.close()
        assert self.process.wait() == 0, f"exit code {self.process.returncode}"

    def idle_share(self):
        """The share of one processor that it uses while nothing is asked of it; 0 where /proc does not tell."""
        statistics = Path(f"/proc/{self.process.pid}/stat")
        if not statistics.exists():
            return 0

        def ticks():
            return sum(int(word) for word in statistics.read_text().rsplit(")", 1)[1].split()[11:13])

        time.sleep(0.1)
        before = ticks()
        time.sleep(1)
        return (ticks() - before) / os.sysconf("SC_CLK_TCK")

    def _answer(self, expected):
        answer = json.loads(self.process.stdout.readline())
        assert answer["event"] == expected, f"expected {expected}, received {answer}"
        return answer


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--framework", choices=BUILDERS, nargs="+", default=BUILDERS)
    return parser.parse_args()


def references(folder):
    """Per case its name, the arguments of a peer, and files with weights, inputs and outputs, all made by PyTorch."""
    from safetensors.numpy import save_file

    cases = [(name, ["--model", name], make()) for name, make in NETWORKS.items()]
    cases += [(f"conv {shape}", ["--conv", shape], single_convolution(shape)) for shape in CONVOLUTIONS]
    for number, (name, arguments, network) in enumerate(cases):
        values, images = weights.random(network), data.images(network, 2 if network.classes == 1000 else 5)
        made = torch_peer.Backend(network, values)
        files = [str(folder / f"{number}-{kind}.safetensors") for kind in ("weights", "check")]
        save_file(values, files[0])
        save_file({"inputs": images, "outputs": outputs(made, images).copy()}, files[1])
        yield name, [*arguments, "--weights", files[0]], files[1]


def main():
    arguments = options()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = list(references(Path(folder)))
        for framework in arguments.framework:
            for name, words, check in cases:
                works = ["conv"] if name.startswith("conv") else ["infer"]
                if works == ["infer"] and framework != "onnxruntime":
                    works.append("train")
                for work in works:
                    peer = Peer(framework, work, arguments.threads, "--batch", "4", *words)
                    checked = peer.ask("check", command="check", file=check)
                    error = checked["max_error"] / checked["max_output"]
                    peer.ask("result", command="run", steps=3)
                    if work == "infer":
                        peer.ask("latency", command="latency", requests=3, pause_ms=1)
                    if work == "conv" and framework != "onnxruntime":
                        peer.ask("result", command="run", steps=3, backward=True)
                    idle = peer.idle_share()
                    peer.quit()
                    good = error <= TOLERANCE and idle <= IDLE_SHARE
                    wrong += not good
                    print(
                        f"{'ok   ' if good else 'WRONG'} {framework:20} {work:6} {name:24}"
                        f" relative error {error:.1e}, processor use while idle {idle:.0%}",
                        flush=True,
                    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
