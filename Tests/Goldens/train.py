#!/usr/bin/env python3
"""Writes run-none, run-gc and run-gcc.safetensors: ten steps of ResNet-8 in float64, by PyTorch.

Widths 16, 32, 64; batch norm; CIFAR stem; one batch of 128 images of 32x32; rate 0.001, momentum
0.9, decay 5e-4 on every parameter; SGD, SGD_GC and SGD_GCC by the published rule. Weights and
images are drawn as the program draws them (counter_random.py), so the files hold results only.

Made with Python 3.11, torch 2.13.0+cpu, numpy 2.4 and safetensors 0.8.0 by

    pip install torch==2.13.0+cpu numpy safetensors
    python3 -B Tests/Goldens/train.py
"""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn

from counter_random import INITIALIZATION, TEST, uniform

FOLDER = pathlib.Path(__file__).parent
RATE, MOMENTUM, DECAY, STEPS, BATCH = 0.001, 0.9, 5e-4, 10, 128


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16, 1))
        self.layer2 = nn.Sequential(Block(16, 32, 2))
        self.layer3 = nn.Sequential(Block(32, 64, 2))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def initialized():
    model = ResNet8().double()
    with torch.no_grad():
        for path, parameter in model.named_parameters():
            if parameter.ndim > 1 or path == "fc.bias":
                fan_in = 64 if path.startswith("fc") else parameter[0].numel()
                bound = 1 / np.sqrt(fan_in)
                numbers = uniform(parameter.shape, -bound, bound, INITIALIZATION, name=path)
                parameter.copy_(torch.from_numpy(numbers))
    return model


def train(mode, images, labels):
    model, buffers, losses = initialized().to(images.dtype), {}, []
    for _ in range(STEPS):
        loss = F.cross_entropy(model(images), labels)
        model.zero_grad()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for path, w in model.named_parameters():
                u = w.grad + DECAY * w
                if {"none": False, "gc": w.ndim > 1, "gcc": w.ndim > 3}[mode]:
                    u = u - u.mean(dim=tuple(range(1, u.ndim)), keepdim=True)
                buffers[path] = MOMENTUM * buffers[path] + u if path in buffers else u
                w -= RATE * buffers[path]
    state = model.state_dict()
    tensors = {
        k: v.double().numpy() for k, v in state.items() if not k.endswith("num_batches_tracked")}
    return {"loss": np.array(losses), **tensors}


def distance(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


images = torch.from_numpy(
    np.stack([uniform((3, 32, 32), 0, 1, TEST, index=n) - 0.5 for n in range(BATCH)]))
labels = torch.arange(BATCH) % 10
runs = {mode: train(mode, images, labels) for mode in ["none", "gc", "gcc"]}
for mode, tensors in runs.items():
    single = train(mode, images.float(), labels)
    own = {f"float32/{k}": np.array(distance(single[k], v)) for k, v in tensors.items()}
    save_file({**tensors, **own}, FOLDER / f"run-{mode}.safetensors")
    print(mode, tensors["loss"], "float32 off by at most", max(own.values()))
for a, b in [("none", "gc"), ("none", "gcc"), ("gc", "gcc")]:
    print(a, b, "apart by", max(distance(runs[a][name], runs[b][name]) for name in runs[a]))
