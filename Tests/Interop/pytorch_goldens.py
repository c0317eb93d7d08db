#!/usr/bin/env python3
"""Small files of PyTorch, and what its networks compute of one input: Tests/Goldens/pytorch*.

    python -m pip install torch==2.13.0 safetensors
    python Tests/Interop/pytorch_goldens.py

The numbers are this project's own, under its licence: inputs and weights are drawn by PyTorch's generator, seed 13.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).parent.parent / "Goldens"


class Tiny(nn.Module):
    """Every kind of module that the Swift test has a layer for, and a flattened image."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.bn = nn.BatchNorm2d(4)
        self.dw = nn.Conv2d(4, 8, 3, padding=1, groups=4)
        self.up = nn.ConvTranspose2d(8, 3, 2, stride=2)
        self.prelu = nn.PReLU(3)
        self.bn1 = nn.BatchNorm1d(3 * 6 * 8)
        self.fc = nn.Linear(3 * 6 * 8, 5)
        self.ln = nn.LayerNorm(5)

    def forward(self, x):
        x = self.dw(torch.relu(self.bn(self.conv(x))))
        x = self.bn1(self.prelu(self.up(x)).flatten(1))
        return self.ln(self.fc(x))


class Attention(nn.Module):
    """Words that attend to each other."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(10, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        x = self.words(x)
        return self.attention(x, x, x, need_weights=False)[0]


def randomise(model):
    """Draws all that would be 0 or 1."""
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            low, high = (0.5, 1.5) if name.endswith("running_var") else (-0.5, 0.5)
            tensor.uniform_(low, high)
    return model.eval()


def main():
    torch.manual_seed(13)
    tiny, attention = randomise(Tiny()), randomise(Attention())
    images, words = torch.rand(2, 2, 3, 4) - 0.5, torch.tensor([[1, 2, 3, 9, 0], [5, 5, 4, 7, 8]])
    with torch.no_grad():
        scores, attended = tiny(images), attention(words)
    torch.save(tiny.state_dict(), FOLDER / "pytorch-tiny.pt")
    save_file(tiny.state_dict(), FOLDER / "pytorch-tiny.safetensors")
    torch.save(
        {"epoch": 3, "history": [0.5, 0.25], "model": attention.state_dict(), "done": True, "note": None},
        FOLDER / "pytorch-checkpoint.pt",
    )
    numbers = torch.arange(12).reshape(3, 4)
    types = {str(t).split(".")[1]: numbers.to(t) for t in (
        torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8
    )}
    types["bool"] = numbers % 2 == 1
    types["transposed"] = numbers.float().t()
    types["part"] = numbers.float()[1:, 1:3]
    types["expanded"] = torch.arange(3.0)[1:2].expand(2)
    types["scalar"] = torch.tensor(7.5)
    types["empty"] = torch.zeros(0, 3)
    types["parameter"] = nn.Parameter(numbers.float())
    types["half"] = torch.tensor([6e-8, -0.333, 65504, float("inf")]).half()
    torch.save(types, FOLDER / "pytorch-types.pt")
    values = lambda t: [float(v) for v in t.detach().contiguous().flatten().float().numpy()]
    golden = {
        "torch": torch.__version__,
        # [batch, height, width, channels], as this library takes images.
        "images": values(images.permute(0, 2, 3, 1)),
        "scores": values(scores),
        "words": values(words),
        "attended": values(attended),
        "half": values(types["half"])[:3],
    }
    (FOLDER / "pytorch_files.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
