#!/usr/bin/env python3
"""Writes networks.safetensors: what PyTorch makes of every architecture, in float64.

For each network: scores in evaluation mode, the losses of three steps of SGD with momentum on one
batch, and, of each tensor by its sorted path, the norm and the product with a drawn probe: of every
gradient of the first step (`gradients`), and of every parameter and running statistic after the
third (`after`). Two numbers tell a tensor from a wrong one and keep the file small. `float32` holds
PyTorch's own error of scores and gradients in that format, `bfloat16` that of scores, loss and
gradients where it computes convolutions and dense layers in bfloat16 (autocast).

Weights, statistics, images and probes are drawn as the tests draw them (counter_random.py).
torchvision's models where it has the network, with its own parameter names; else written out here.
The heads of covariance pooling are the formulas of covariance.py behind torchvision's ResNets.

Made with Python 3.11, torch 2.13.0+cpu, torchvision 0.28.0, numpy 2.4 and safetensors 0.8.0 by

    pip install torch==2.13.0+cpu torchvision==0.28.0+cpu numpy safetensors
    python3 -B Tests/Goldens/networks.py [NETWORK…]

which replaces what the file has of the named networks, of all where none is named.
"""

import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.models as zoo
from safetensors.numpy import load_file, save_file
from torch import nn

from counter_random import TEST, uniform, words

FOLDER = pathlib.Path(__file__).parent
DROPOUT = 5
BATCH, RATE, MOMENTUM, STEPS = 2, 0.0001, 0.9, 3


def small(model):
    """torchvision's network with the stem for 32x32 images."""
    model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    model.maxpool = nn.Identity()
    return model


def stride_in_1x1(model):
    for module in model.modules():
        if isinstance(module, zoo.resnet.Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, module.conv1.stride
    return model


class Aggregated(nn.Module):
    """ResNeXt's block of 4 groups: 1x1 to 256 per 64 of width, 3x3 in groups, 1x1 to twice that."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        inner, outer = 4 * width, 8 * width
        self.conv1 = nn.Conv2d(inputs, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=4, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outer, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outer)
        self.downsample = None
        if stride != 1 or inputs != outer:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNeXt29(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for number, width in enumerate([64, 128, 256]):
            blocks = []
            for block in range(3):
                stride = 2 if number > 0 and block == 0 else 1
                blocks.append(Aggregated(inputs, width, stride))
                inputs = 8 * width
            setattr(self, f"layer{number + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def resnext(depths, groups, classes):
    """torchvision's blocks, in groups of 4 channels where the stage is 64 wide."""
    return zoo.ResNet(
        zoo.resnet.Bottleneck, depths, num_classes=classes, groups=groups, width_per_group=4)


class VGG11(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers, inputs = [], 3
        for width in [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]:
            if width == "M":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(inputs, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU()]
                inputs = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def densenet121(classes):
    model = zoo.densenet121(num_classes=classes)
    model.features.conv0 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    del model.features.norm0, model.features.relu0, model.features.pool0
    return model


class Dropout(nn.Module):
    """Dropout by the program's own mask: hash(hash(i ^ a) ^ b) >= p * 2^32."""

    def __init__(self, path, step):
        super().__init__()
        self.path, self.step = path, step

    def mask(self, shape, p=0.5):
        key = int(words(1, DROPOUT, index=self.step[0])[0])
        digest = 0xCBF29CE484222325
        for byte in self.path.encode():
            digest = ((digest ^ byte) * 0x100000001B3) % 2**64
        mixed = key ^ digest
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
        mixed ^= mixed >> 31

        def scramble(x):
            x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
            x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
            return x ^ (x >> np.uint32(16))

        numbers = np.arange(math.prod(shape), dtype=np.uint32)
        scrambled = scramble(scramble(numbers ^ np.uint32(mixed % 2**32)) ^ np.uint32(mixed >> 32))
        return torch.from_numpy(scrambled >= p * 2**32).reshape(shape)

    def forward(self, x):
        return x * self.mask(x.shape).to(x.dtype) * 2 if self.training else x


class Keras(nn.Module):
    """The example's network for one logit; layers have Keras's names."""

    def __init__(self, step):
        super().__init__()
        inputs = 3
        for number, width in enumerate([16, 32, 64, 64, 64]):
            name = f"conv2d_{number}" if number else "conv2d"
            setattr(self, name, nn.Conv2d(inputs, width, 3))
            inputs = width
        self.dropout, self.dropout_1 = Dropout("dropout", step), Dropout("dropout_1", step)
        self.dropout_2 = Dropout("dropout_2", step)
        self.dense = nn.Linear(64, 512)
        self.dense_1 = nn.Linear(512, 1)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2d(x)), 2)
        x = F.max_pool2d(self.dropout(F.relu(self.conv2d_1(x))), 2)
        x = F.max_pool2d(self.dropout_1(F.relu(self.conv2d_2(x))), 2)
        x = F.max_pool2d(F.relu(self.conv2d_3(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2d_4(x)), 2)
        return self.dense_1(F.relu(self.dense(self.dropout_2(x.flatten(1)))))


class Reduced(nn.Module):
    """The last features in fewer channels, and the vector that `vector` makes of them."""

    def __init__(self, make, width, dimension, classes):
        super().__init__()
        trunk = make(num_classes=classes)
        # Covariances want many positions: the last stage keeps its resolution.
        for module in trunk.layer4.modules():
            if isinstance(module, nn.Conv2d):
                module.stride = (1, 1)
        small(trunk).fc = nn.Linear(dimension * (dimension + 1) // 2, classes)
        for name, module in trunk.named_children():
            setattr(self, name, module)
        self.layer_reduce = nn.Conv2d(width, dimension, 1, bias=False)
        self.layer_reduce_bn = nn.BatchNorm2d(dimension)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        x = F.relu(self.layer_reduce_bn(self.layer_reduce(x)))
        with torch.autocast("cpu", enabled=False):
            x = self.vector(x.to(self.fc.weight.dtype))
        return self.fc(x)


class FastMPN(Reduced):
    def __init__(self, make, width, dimension, classes, steps=5):
        super().__init__(make, width, dimension, classes)
        self.steps = steps

    def vector(self, x):
        return triangle(square_root(covariance(x), self.steps))


class DropCov(Reduced):
    """Channels are weighed, and some dropped with a probability of the batch, in training alone."""

    def __init__(self, make, width, dimension, classes, step):
        super().__init__(make, width, dimension, classes)
        self.adaptive_dropout = nn.Conv1d(1, 1, 3, padding=1, bias=False)
        self.dropout = Dropout("adaptive_dropout", step)

    def vector(self, x):
        if not self.training:
            return triangle(covariance(x))
        weights = self.adaptive_dropout(x.mean((2, 3))[:, None])[:, 0].softmax(1)
        x = x * weights[:, :, None, None] + x
        with torch.no_grad():
            sums = covariance(x).sum(2)
            cosine = F.cosine_similarity(weights, sums, dim=1, eps=0).mean()
            p = (1 - 10 / math.log2(x.shape[1]) * cosine).clamp(0, 1).item()
        assert 0 < p < 1, p
        mask = self.dropout.mask(x.shape[:2], p).to(x.dtype) / (1 - p)
        return triangle(covariance(x * mask[:, :, None, None]))


STEP = [0]
# Networks, extents of their images and classes.
NETWORKS = {
    "resnet18": (lambda: small(zoo.resnet18(num_classes=10)), 16, 10),
    "resnet34": (lambda: zoo.resnet34(num_classes=10), 48, 10),
    "resnet50": (lambda: zoo.resnet50(num_classes=10), 48, 10),
    "resnet50 1x1": (lambda: stride_in_1x1(small(zoo.resnet50(num_classes=10))), 12, 10),
    "resnet101": (lambda: zoo.resnet101(num_classes=10), 48, 10),
    "resnext29_4x64d": (lambda: ResNeXt29(10), 8, 10),
    "resnext50_32x4d": (lambda: zoo.resnext50_32x4d(num_classes=10), 48, 10),
    "resnext50_64x4d": (lambda: small(resnext([3, 4, 6, 3], 64, 10)), 12, 10),
    "resnext101_32x4d": (lambda: small(resnext([3, 4, 23, 3], 32, 10)), 12, 10),
    "resnext101_64x4d": (lambda: small(resnext([3, 4, 23, 3], 64, 10)), 12, 10),
    "vgg11": (lambda: VGG11(10), 32, 10),
    "densenet121": (lambda: densenet121(10), 16, 10),
    "keras_cnn": (lambda: Keras(STEP), 94, 2),
    "resnet18 fast_mpn": (lambda: FastMPN(zoo.resnet18, 512, 16, 10), 16, 10),
    "resnet50 fast_mpn": (lambda: FastMPN(zoo.resnet50, 2048, 8, 10, steps=3), 12, 10),
    "resnet34 dropcov": (lambda: DropCov(zoo.resnet34, 512, 16, 10, STEP), 16, 10),
}


def covariance(x):
    x = x.flatten(2)
    x = x - x.mean(2, keepdim=True)
    return x @ x.transpose(1, 2) / x.shape[2]


def square_root(sigma, steps):
    """iSQRT (covariance.py)."""
    identity = torch.eye(sigma.shape[1], dtype=sigma.dtype)
    trace = torch.diagonal(sigma, dim1=1, dim2=2).sum(1)[:, None, None]
    y, z = sigma / trace, identity.expand_as(sigma)
    for _ in range(steps - 1):
        w = (3 * identity - z @ y) / 2
        y, z = y @ w, w @ z
    return trace.sqrt() * y @ (3 * identity - z @ y) / 2


def triangle(p):
    rows, columns = torch.triu_indices(p.shape[1], p.shape[1])
    return p[:, rows, columns]


def bounds(path, shape):
    if path.endswith("running_var"):
        return 0.5, 1.5
    if path.startswith("adaptive_dropout"):
        return -20, 20  # so unequal that some channels are dropped, and not all
    if len(shape) > 1:
        bound = math.sqrt(3 / math.prod(shape[1:]))
        return -bound, bound
    return (0.8, 1.2) if path.endswith("weight") else (-0.2, 0.2)


def drawn(path, shape):
    low, high = bounds(path, shape)
    return torch.from_numpy(uniform(tuple(shape), low, high, TEST, name=path))


def tracked(model):
    return {k: v for k, v in sorted(model.state_dict().items()) if "num_batches" not in k}


PROBES = {}


def summary(tensors):
    """The norm of each tensor, and its product with a probe of numbers in -1 ... 1."""
    rows = []
    for path, tensor in sorted(tensors.items()):
        key = (path, tuple(tensor.shape))
        if key not in PROBES:
            PROBES[key] = uniform(key[1], -1, 1, TEST, name=path + "/probe")
        numbers = tensor.detach().double().numpy()
        rows.append([np.linalg.norm(numbers), (numbers * PROBES[key]).sum()])
    return np.array(rows)


def run(make, start, extent, classes, dtype, reduced=False):
    model = make().to(dtype)
    with torch.no_grad():
        for path, tensor in tracked(model).items():
            tensor.copy_(start[path])
    images = torch.from_numpy(
        uniform((BATCH, 3, extent, extent), -0.5, 0.5, TEST, name="images")).to(dtype)
    labels = torch.arange(BATCH) % classes
    result, losses = {}, []
    scored = torch.autocast("cpu", torch.bfloat16, enabled=reduced)(model)
    model.eval()
    with torch.no_grad():
        result["scores"] = scored(images).double().numpy()
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM)
    for STEP[0] in range(STEPS):
        scores = scored(images).to(dtype)
        if scores.shape[1] == 1:
            loss = F.binary_cross_entropy_with_logits(scores[:, 0], labels.to(dtype))
        else:
            loss = F.cross_entropy(scores, labels)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if STEP[0] == 0:
            result["gradients"] = summary({k: p.grad for k, p in model.named_parameters()})
        optimizer.step()
    result["loss"] = np.array(losses)
    result["after"] = summary(tracked(model))
    return result


def distance(a, b):
    """The error as a share of the whole."""
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def main():
    path = FOLDER / "networks.safetensors"
    golden = load_file(path) if sys.argv[1:] else {}
    for name in sys.argv[1:] or NETWORKS:
        make, extent, classes = NETWORKS[name]
        PROBES.clear()
        start = {path: drawn(path, tensor.shape) for path, tensor in tracked(make()).items()}
        exact = run(make, start, extent, classes, torch.float64)
        single = run(make, start, extent, classes, torch.float32)
        own = [distance(single[kind], exact[kind]) for kind in ("scores", "gradients")]
        half = run(make, start, extent, classes, torch.float32, reduced=True)
        coarse = [distance(half["scores"], exact["scores"]),
                  distance(half["loss"][:1], exact["loss"][:1]),
                  distance(half["gradients"], exact["gradients"])]
        for kind, numbers in exact.items():
            golden[f"{name}/{kind}"] = numbers
        golden[f"{name}/float32"] = np.array(own)
        golden[f"{name}/bfloat16"] = np.array(coarse)
        golden[f"{name}/images"] = np.array([BATCH, 3, extent, extent])
        print(name, exact["loss"], own, coarse, flush=True)
        save_file(golden, path)


if __name__ == "__main__":
    main()
