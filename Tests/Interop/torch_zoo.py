"""Small models of PyTorch with random weights, of the kinds that people export; for `torch_models.py`. Needs the package `torch`."""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass
class Entry:
    """A model, and how it is exported and run."""

    model: nn.Module
    # Of each input its name and what makes it of sizes, by the names of these, and of a generator.
    inputs: list
    # The dynamic axes of each input, and the names of their sizes.
    axes: dict
    # The sizes that the exporter sees, and those at which the file runs.
    traced: dict
    sizes: list

    def values(self, sizes, seed=0):
        """The inputs at these sizes."""
        generator = torch.Generator().manual_seed(seed)
        return [make(generator, **sizes) for _, make in self.inputs]


def randomise(model):
    """Draws what would be 0 or 1: weights of normalisations, biases, and moving statistics."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)) and module.weight is not None:
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.normal_(module.bias, 0, 0.2)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model.eval()


def images(channels, height=None, width=None):
    """What makes images of a batch, and of sizes that are given or fixed."""

    def make(generator, batch, height_=None, width_=None, **sizes):
        return torch.randn(batch, channels, height or sizes["height"], width or sizes["width"], generator=generator)

    return lambda generator, batch, **sizes: make(generator, batch, **sizes)


def image_entry(model, channels=3, fixed=None, traced=(48, 64), sizes=((32, 32), (80, 48))):
    """A model of one image whose batch is dynamic, and whose sizes are, unless they are fixed."""
    torch.manual_seed(0)
    model = randomise(model())
    if fixed:
        return Entry(model, [("images", images(channels, *fixed))], {"images": {0: "batch"}}, {"batch": 2}, [{"batch": 1}, {"batch": 3}])
    return Entry(
        model,
        [("images", images(channels))],
        {"images": {0: "batch", 2: "height", 3: "width"}},
        {"batch": 2, "height": traced[0], "width": traced[1]},
        [{"batch": batch, "height": height, "width": width} for batch, (height, width) in zip((1, 3), sizes)],
    )


def block(inputs, outputs, stride=1, activation=nn.ReLU):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), activation())


class CRNN(nn.Module):
    """Text recognition: convolutions down to one row, and a bidirectional LSTM along the width."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 16), nn.MaxPool2d(2), block(16, 32), nn.MaxPool2d((2, 1)), block(32, 32)
        )
        self.lstm = nn.LSTM(32, 24, num_layers=2, bidirectional=True, batch_first=True)
        self.letters = nn.Linear(48, 37)

    def forward(self, images):
        x = self.features(images).mean(2).permute(0, 2, 1)
        return F.log_softmax(self.letters(self.lstm(x)[0]), dim=-1)


def crnn():
    torch.manual_seed(0)
    return Entry(
        randomise(CRNN()), [("images", images(1, height=32))], {"images": {0: "batch", 3: "width"}}, {"batch": 2, "width": 96},
        [{"batch": 1, "width": 64}, {"batch": 3, "width": 128}],
    )


class GRUTagger(nn.Module):
    """Words, a GRU, and a tag for each word."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(50, 16)
        self.gru = nn.GRU(16, 20, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(40, 7)

    def forward(self, ids):
        states, last = self.gru(self.words(ids))
        return self.tags(states), last.transpose(0, 1)


def words(generator, batch, length, **_):
    return torch.randint(0, 50, (batch, length), generator=generator)


def gru():
    torch.manual_seed(0)
    return Entry(
        GRUTagger().eval(), [("ids", words)], {"ids": {0: "batch", 1: "length"}}, {"batch": 2, "length": 9},
        [{"batch": 1, "length": 5}, {"batch": 3, "length": 12}],
    )


class SSD(nn.Module):
    """Detection: heads of two scales, reshaped to boxes and scores."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(block(3, 16, 2), block(16, 24, 2))
        self.second = block(24, 32, 2)
        self.boxes = nn.ModuleList([nn.Conv2d(24, 3 * 4, 3, padding=1), nn.Conv2d(32, 3 * 4, 3, padding=1)])
        self.scores = nn.ModuleList([nn.Conv2d(24, 3 * 5, 3, padding=1), nn.Conv2d(32, 3 * 5, 3, padding=1)])

    def forward(self, images):
        a = self.first(images)
        maps = [a, self.second(a)]
        batch = images.shape[0]
        boxes = [head(x).permute(0, 2, 3, 1).reshape(batch, -1, 4) for head, x in zip(self.boxes, maps)]
        scores = [head(x).permute(0, 2, 3, 1).reshape(batch, -1, 5) for head, x in zip(self.scores, maps)]
        return torch.cat(boxes, 1), torch.softmax(torch.cat(scores, 1), -1)


class YOLO(nn.Module):
    """Detection: grids of any size made in the graph, boxes decoded, no suppression."""

    def __init__(self, classes=4, anchors=2):
        super().__init__()
        self.classes, self.anchors = classes, anchors
        self.body = nn.Sequential(block(3, 16, 2, nn.SiLU), block(16, 32, 2, nn.SiLU), block(32, 32, 2, nn.SiLU))
        self.lateral = block(32, 16, 1, nn.SiLU)
        self.head = nn.Conv2d(48, anchors * (5 + classes), 1)
        self.register_buffer("sizes", torch.tensor([[10.0, 13.0], [33.0, 23.0]]).view(1, anchors, 1, 1, 2))

    def forward(self, images):
        x = self.body(images)
        x = torch.cat([x, F.interpolate(F.max_pool2d(self.lateral(x), 2), size=x.shape[2:], mode="nearest")], 1)
        batch, _, height, width = x.shape
        x = self.head(x).view(batch, self.anchors, 5 + self.classes, height, width).permute(0, 1, 3, 4, 2)
        ys, xs = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        grid = torch.stack((xs, ys), -1).float().view(1, 1, height, width, 2)
        y = x.sigmoid()
        centres = (y[..., 0:2] * 2 - 0.5 + grid) * 8
        sizes = (y[..., 2:4] * 2) ** 2 * self.sizes
        return torch.cat((centres, sizes, y[..., 4:]), -1).view(batch, -1, 5 + self.classes)


class Attention(nn.Module):
    """Scaled products of heads, as transformers write it themselves."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, mask=None):
        batch, length, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5
        if mask is not None:
            weights = weights + mask
        return self.out((weights.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width))


class Encoder(nn.Module):
    """A layer of a transformer."""

    def __init__(self, width, heads):
        super().__init__()
        self.before, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.between = nn.LayerNorm(width)
        self.dense = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x, mask=None):
        x = x + self.attention(self.before(x), mask)
        return x + self.dense(self.between(x))


class Wav2Vec(nn.Module):
    """Audio: convolutions along time with a group normalisation, convolved positions, attention."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 24, 10, 5, bias=False), nn.GroupNorm(24, 24), nn.GELU(), nn.Conv1d(24, 24, 3, 2, bias=False), nn.GELU()
        )
        self.positions = nn.Conv1d(24, 24, 8, padding=4, groups=4)
        self.layer = Encoder(24, 3)
        self.letters = nn.Linear(24, 12)

    def forward(self, audio):
        x = self.features(audio.unsqueeze(1))
        x = x + F.gelu(self.positions(x)[..., :-1])
        return self.letters(self.layer(x.transpose(1, 2)))


def wav2vec():
    torch.manual_seed(0)
    return Entry(
        randomise(Wav2Vec()), [("audio", lambda generator, batch, length: torch.randn(batch, length, generator=generator))],
        {"audio": {0: "batch", 1: "length"}}, {"batch": 2, "length": 400}, [{"batch": 1, "length": 320}, {"batch": 3, "length": 635}],
    )


class Whisper(nn.Module):
    """Audio: two convolutions of a spectrogram, positions cut to its length, layers of attention."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(20, 32, 3, padding=1), nn.Conv1d(32, 32, 3, 2, padding=1)
        self.register_buffer("positions", torch.randn(64, 32))
        self.layers = nn.ModuleList([Encoder(32, 4), Encoder(32, 4)])
        self.norm = nn.LayerNorm(32)

    def forward(self, mel):
        x = F.gelu(self.second(F.gelu(self.first(mel)))).permute(0, 2, 1)
        x = x + self.positions[: x.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


def whisper():
    torch.manual_seed(0)
    return Entry(
        randomise(Whisper()), [("mel", lambda generator, batch, frames: torch.randn(batch, 20, frames, generator=generator))],
        {"mel": {0: "batch", 2: "frames"}}, {"batch": 2, "frames": 50}, [{"batch": 1, "frames": 30}, {"batch": 3, "frames": 64}],
    )


class UNet(nn.Module):
    """Segmentation: images of any size, enlarged to the size of what they are joined with."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.middle = block(3, 12), block(12, 16), block(16, 24)
        self.up = nn.ConvTranspose2d(24, 16, 2, 2)
        self.join2, self.join1 = block(32, 12), block(24, 8)
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, images):
        a = self.down1(images)
        b = self.down2(F.max_pool2d(a, 2))
        c = self.middle(F.max_pool2d(b, 2))
        x = self.up(c)
        x = F.pad(x, [0, b.shape[3] - x.shape[3], 0, b.shape[2] - x.shape[2]])
        x = self.join2(torch.cat([b, x], 1))
        x = F.interpolate(x, size=a.shape[2:], mode="bilinear", align_corners=False)
        return torch.sigmoid(self.out(self.join1(torch.cat([a, x], 1))))


class ViT(nn.Module):
    """Classification: patches, a class token, learned positions."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 32, 8, 8)
        self.token = nn.Parameter(torch.randn(1, 1, 32))
        self.positions = nn.Parameter(torch.randn(1, 17, 32))
        self.layers = nn.Sequential(Encoder(32, 4), Encoder(32, 4))
        self.head = nn.Sequential(nn.LayerNorm(32), nn.Linear(32, 10))

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.head(self.layers(x)[:, 0])


class Transformer(nn.Module):
    """PyTorch's own layer of a transformer, over patches."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 32, 8, 8)
        self.layer = nn.TransformerEncoderLayer(32, 4, 48, batch_first=True)

    def forward(self, images):
        return self.layer(self.patches(images).flatten(2).transpose(1, 2)).mean(1)


class BERT(nn.Module):
    """Language: numbers of words, and a mask of those that count."""

    def __init__(self):
        super().__init__()
        self.words, self.places, self.kinds = nn.Embedding(50, 32), nn.Embedding(40, 32), nn.Embedding(2, 32)
        self.norm = nn.LayerNorm(32)
        self.layers = nn.ModuleList([Encoder(32, 4), Encoder(32, 4)])
        self.pool = nn.Linear(32, 32)

    def forward(self, ids, mask, kinds):
        places = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.norm(self.words(ids) + self.places(places) + self.kinds(kinds))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * torch.finfo(torch.float32).min
        for layer in self.layers:
            x = layer(x, bias)
        counted = mask.unsqueeze(-1).to(x.dtype)
        return x, torch.tanh(self.pool(x[:, 0])), (x * counted).sum(1) / counted.sum(1).clamp(min=1e-9)


def bert():
    torch.manual_seed(0)

    def mask(generator, batch, length):
        return (torch.arange(length)[None] < torch.randint(2, length + 1, (batch, 1), generator=generator)).long()

    def kinds(generator, batch, length):
        return torch.randint(0, 2, (batch, length), generator=generator)

    axes = {0: "batch", 1: "length"}
    return Entry(
        randomise(BERT()), [("ids", words), ("mask", mask), ("kinds", kinds)], {"ids": axes, "mask": axes, "kinds": axes},
        {"batch": 2, "length": 9}, [{"batch": 1, "length": 6}, {"batch": 3, "length": 14}],
    )


class GPT(nn.Module):
    """Language: each word sees those before it; the logits of the last."""

    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(50, 32), nn.Embedding(40, 32)
        self.layers = nn.ModuleList([Encoder(32, 4), Encoder(32, 4)])
        self.norm = nn.LayerNorm(32)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.words(ids) + self.places(torch.arange(length))
        mask = torch.full((length, length), float("-inf")).triu(1)
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x)[:, -1] @ self.words.weight.T


def gpt():
    entry = gru()
    torch.manual_seed(0)
    return dataclasses.replace(entry, model=randomise(GPT()))


class Swin(nn.Module):
    """Attention within windows, which are shifted by a roll."""

    def __init__(self, window=4):
        super().__init__()
        self.window = window
        self.patches, self.attention, self.norm = nn.Conv2d(3, 24, 4, 4), Attention(24, 3), nn.LayerNorm(24)
        self.merge = nn.Linear(96, 32)

    def forward(self, images):
        x = self.norm(self.patches(images).permute(0, 2, 3, 1))
        batch, height, width, channels = x.shape
        w = self.window
        y = torch.roll(x, shifts=(-w // 2, -w // 2), dims=(1, 2))
        y = y.view(batch, height // w, w, width // w, w, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, channels)
        y = self.attention(y).view(batch, height // w, width // w, w, w, channels).permute(0, 1, 3, 2, 4, 5)
        x = x + torch.roll(y.reshape(batch, height, width, channels), shifts=(w // 2, w // 2), dims=(1, 2))
        parts = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        return self.merge(torch.cat(parts, -1)).mean((1, 2))


class MobileViT(nn.Module):
    """Convolutions, and attention between the same places of all patches."""

    def __init__(self):
        super().__init__()
        self.before, self.layer, self.after = block(3, 16, 2, nn.SiLU), Encoder(16, 2), block(32, 16, 1, nn.SiLU)

    def forward(self, images):
        a = self.before(images)
        batch, channels, height, width = a.shape
        x = a.reshape(batch * channels * height // 2, 2, width // 2, 2).transpose(1, 2)
        x = x.reshape(batch, channels, (height // 2) * (width // 2), 4).transpose(1, 3).reshape(batch * 4, -1, channels)
        x = self.layer(x)
        x = x.reshape(batch, 4, -1, channels).transpose(1, 3).reshape(batch * channels * height // 2, width // 2, 2, 2)
        x = x.transpose(1, 2).reshape(batch, channels, height, width)
        return self.after(torch.cat([a, x], 1))


class EinsumAttention(nn.Module):
    """Attention written by einsum, with a relative bias."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = (nn.Conv2d(3, 24, 4, 4) for _ in range(3))
        self.bias = nn.Parameter(torch.randn(3, 1, 1))

    def forward(self, images):
        batch = images.shape[0]
        q, k, v = (layer(images).reshape(batch, 3, 8, -1) for layer in (self.q, self.k, self.v))
        weights = torch.einsum("bhdi,bhdj->bhij", q * 8**-0.5, k) + self.bias
        return torch.einsum("bhij,bhdj->bhid", weights.softmax(-1), v).flatten(1, 1)


class Normalised(nn.Module):
    """Style transfer: reflected borders, group and instance normalisation, enlargement."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.ReflectionPad2d(3), nn.Conv2d(3, 16, 7), nn.InstanceNorm2d(16, affine=True), nn.ReLU(),
            nn.Conv2d(16, 24, 3, 2, 1), nn.GroupNorm(4, 24), nn.SiLU(), nn.InstanceNorm2d(24),
            nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(24, 3, 3, padding=1, padding_mode="replicate"), nn.Tanh(),
        )

    def forward(self, images):
        return self.net(images)


class Generator(nn.Module):
    """A generator's transposed convolutions, of images or of a code."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(3, 16, 4, 2, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1),
            nn.LeakyReLU(0.2), nn.ConvTranspose2d(8, 8, 3, groups=4, dilation=2), nn.Tanh(),
        )

    def forward(self, images):
        return self.net(images)


class SuperResolution(nn.Module):
    """Pixels of three times the size, added to the bicubic image."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.shuffle = nn.Conv2d(3, 16, 5, padding=2), nn.Conv2d(16, 27, 3, padding=1), nn.PixelShuffle(3)
        self.slope = nn.PReLU(16)

    def forward(self, images):
        detail = self.shuffle(self.second(self.slope(self.first(images))))
        return detail + F.interpolate(images, scale_factor=3.0, mode="bicubic", align_corners=False)


class Pyramid(nn.Module):
    """Text detection: a pyramid whose maps are enlarged to the largest, channels weighed by a squeeze, a threshold."""

    def __init__(self):
        super().__init__()
        self.c2, self.c3, self.c4 = block(3, 16, 4, nn.Hardswish), block(16, 24, 2, nn.Hardswish), block(24, 32, 2, nn.Hardswish)
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(32, 8, 1), nn.ReLU(), nn.Conv2d(8, 32, 1), nn.Hardsigmoid())
        self.l2, self.l3, self.l4 = nn.Conv2d(16, 12, 1), nn.Conv2d(24, 12, 1), nn.Conv2d(32, 12, 1)
        self.out = nn.Sequential(nn.ConvTranspose2d(12, 8, 2, 2), nn.BatchNorm2d(8), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, 2), nn.Sigmoid())

    def forward(self, images):
        c2 = self.c2(images)
        c3 = self.c3(c2)
        c4 = self.c4(c3)
        p4 = self.l4(c4 * self.squeeze(c4))
        p3 = self.l3(c3) + F.interpolate(p4, scale_factor=2, mode="nearest")
        p2 = self.l2(c2) + F.interpolate(p3, scale_factor=2, mode="nearest")
        return self.out(p2)


class Keypoints(nn.Module):
    """Where the maps are largest, by a softmax of all places and by the largest element."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(block(3, 16, 2), nn.Conv2d(16, 5, 1))

    def forward(self, images):
        maps = self.body(images)
        batch, points, height, width = maps.shape
        flat = maps.flatten(2).softmax(-1).view(batch, points, height, width)
        xs = (flat.sum(2) * (torch.arange(width) / (width - 1))).sum(-1)
        ys = (flat.sum(3) * (torch.arange(height) / (height - 1))).sum(-1)
        values, places = maps.flatten(2).topk(3, dim=-1)
        return torch.stack([xs, ys], -1), values, places.float() / (height * width), maps.flatten(2).argmax(-1)


class Separation(nn.Module):
    """Audio: an encoder and a decoder of waveforms, dilated convolutions between them, a mask."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Conv1d(1, 24, 16, 8, bias=False), nn.ConvTranspose1d(24, 1, 16, 8, bias=False)
        self.norm = nn.GroupNorm(1, 24)
        self.layers = nn.ModuleList([
            nn.Sequential(nn.Conv1d(24, 24, 3, padding=2**i, dilation=2**i, groups=24), nn.PReLU(), nn.BatchNorm1d(24), nn.Conv1d(24, 24, 1))
            for i in range(3)
        ])
        self.mask = nn.Conv1d(24, 48, 1)

    def forward(self, audio):
        codes = self.encoder(audio.unsqueeze(1))
        x = self.norm(codes)
        for layer in self.layers:
            x = x + layer(x)
        masks = torch.sigmoid(self.mask(x)).view(x.shape[0], 2, 24, -1) * codes.unsqueeze(1)
        return self.decoder(masks.view(-1, 24, masks.shape[-1])).view(x.shape[0], 2, -1)


def separation():
    entry = wav2vec()
    torch.manual_seed(0)
    return dataclasses.replace(entry, model=randomise(Separation()))


class Flow(nn.Module):
    """Frames warped by a flow: a grid of coordinates, looked up."""

    def __init__(self):
        super().__init__()
        self.flow = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, images):
        batch, _, height, width = images.shape
        ys, xs = torch.meshgrid(torch.arange(height) / (height - 1) * 2 - 1, torch.arange(width) / (width - 1) * 2 - 1, indexing="ij")
        grid = torch.stack([xs, ys], -1) + 0.1 * torch.tanh(self.flow(images)).permute(0, 2, 3, 1)
        return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=True)


MODELS = {
    "crnn": crnn,
    "gru": gru,
    "ssd": lambda: image_entry(SSD),
    "yolo": lambda: image_entry(YOLO),
    "wav2vec": wav2vec,
    "whisper": whisper,
    "unet": lambda: image_entry(UNet, sizes=((32, 40), (52, 44))),
    "vit": lambda: image_entry(ViT, fixed=(32, 32)),
    "transformer": lambda: image_entry(Transformer),
    "bert": bert,
    "gpt": gpt,
    "swin": lambda: image_entry(Swin, fixed=(32, 64)),
    "swin-any-size": lambda: image_entry(Swin),
    "mobile-vit": lambda: image_entry(MobileViT, fixed=(32, 48)),
    "mobile-vit-any-size": lambda: image_entry(MobileViT),
    "einsum": lambda: image_entry(EinsumAttention),
    "normalised": lambda: image_entry(Normalised),
    "generator": lambda: image_entry(Generator),
    "super-resolution": lambda: image_entry(SuperResolution),
    "pyramid": lambda: image_entry(Pyramid, sizes=((32, 32), (96, 64)), traced=(64, 96)),
    "keypoints": lambda: image_entry(Keypoints),
    "separation": separation,
    "flow": lambda: image_entry(Flow),
}
