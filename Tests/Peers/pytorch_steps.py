#!/usr/bin/env python3
"""Steps of a ResNet in PyTorch on random images in memory; one JSON document on standard output.

One training step is forward pass, backward pass and SGD with momentum and weight decay; an
evaluation step is the forward pass with running statistics and the loss.
"""
import argparse
import contextlib
import json
import resource
import time

START = time.perf_counter()

import torch  # noqa: E402  (the time that importing takes counts)
from torch import nn  # noqa: E402


def normalization(name, channels):
    return nn.BatchNorm2d(channels) if name == "bn" else nn.GroupNorm(32, channels)


class Block(nn.Module):
    def __init__(self, inputs, width, stride, expansion, norm):
        super().__init__()
        outputs = width * expansion
        if expansion == 1:
            shapes = [(inputs, width, 3, stride), (width, width, 3, 1)]
        else:
            shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)]
        self.body = nn.ModuleList(
            nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), normalization(norm, o))
            for i, o, k, s in shapes)
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), normalization(norm, outputs))

    def forward(self, x):
        y = x
        for index, layer in enumerate(self.body):
            y = layer(y)
            if index + 1 < len(self.body):
                y = nn.functional.relu(y, inplace=True)
        return nn.functional.relu(y + self.shortcut(x), inplace=True)


def resnet(network, norm, extent, classes):
    counts, expansion = {"resnet18": ([2, 2, 2, 2], 1), "resnet50": ([3, 4, 6, 3], 4)}[network]
    stem = [nn.Conv2d(3, 64, 3, 1, 1, bias=False) if extent == 32
            else nn.Conv2d(3, 64, 7, 2, 3, bias=False), normalization(norm, 64), nn.ReLU(True)]
    if extent != 32:
        stem.append(nn.MaxPool2d(3, 2, 1))
    blocks, inputs = [], 64
    for stage, count in enumerate(counts):
        for index in range(count):
            stride = 2 if stage > 0 and index == 0 else 1
            blocks.append(Block(inputs, 64 << stage, stride, expansion, norm))
            inputs = (64 << stage) * expansion
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(inputs, classes))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--network", choices=["resnet18", "resnet50"], required=True)
    parser.add_argument("--norm", choices=["bn", "gn"], default="bn")
    parser.add_argument("--extent", type=int, required=True)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--layout", choices=["contiguous", "channels_last"], required=True)
    parser.add_argument("--evaluation", action="store_true")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--compile", action="store_true", help="with torch.compile")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--steps", type=int, default=3, help="at least so many")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    model = resnet(options.network, options.norm, options.extent, options.classes)
    images = torch.rand(options.batch, 3, options.extent, options.extent) - 0.5
    if options.layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    labels = torch.arange(options.batch) % options.classes
    model, images, labels = (part.to(options.device) for part in (model, images, labels))
    if options.device == "cuda":
        torch.backends.cudnn.benchmark = True
    optimizer = torch.optim.SGD(model.parameters(), 1e-4, momentum=0.9, weight_decay=5e-4)

    # With CUDA graphs: small batches are bound by launches without them.
    network = torch.compile(model, mode="reduce-overhead") if options.compile else model

    def loss():
        half = options.precision == "bfloat16"
        with torch.autocast(options.device, torch.bfloat16) if half else contextlib.nullcontext():
            scores = network(images)
        return nn.functional.cross_entropy(scores.float(), labels)

    def training():
        value = loss()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.item()

    def evaluation():
        with torch.inference_mode():
            return loss().item()

    if options.evaluation:
        model.eval()
    step = evaluation if options.evaluation else training
    start = time.perf_counter() - START
    for _ in range(2 if options.device == "cpu" else 10):
        step()
    times, begin = [], time.perf_counter()
    while len(times) < options.steps or time.perf_counter() - begin < options.seconds:
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    device_bytes = torch.cuda.max_memory_allocated() if options.device == "cuda" else 0
    print(json.dumps({
        "peak_device_bytes": device_bytes,
        "samples": times, "start_seconds": start, "version": torch.__version__,
        "peak_resident_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


if __name__ == "__main__":
    main()
