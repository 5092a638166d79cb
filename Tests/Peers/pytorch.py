#!/usr/bin/env python3
"""Training throughput of PyTorch and of gc-bench on the same machine, in turn.

    pip install torch==2.13.0+cpu numpy   # in a virtual environment of its own
    python Tests/Peers/pytorch.py --rounds 4

One step is forward pass, backward pass and SGD with momentum and weight decay, on random images in
memory. Each round measures A B B A, so that a machine that slows down or speeds up treats both
alike; what counts is the median of the rounds' ratios. PyTorch runs in its best layout of the two
(contiguous, channels-last), found in the first round.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

WORKLOADS = {
    # spec, overrides, network, image extent, classes, batch
    "resnet18_cifar": (
        "experiments/cifar10_resnet18.spec", ["gc=none"], "resnet18", 32, 10, 128),
    "resnet50_imagenet": (
        "experiments/imagenet_r50.spec", ["gc=none", "normalization=bn", "batch_size=16"],
        "resnet50", 224, 1000, 16),
}


def child(network, extent, classes, batch, layout, threads, seconds):
    """Measures PyTorch in a process of its own; prints seconds per step."""
    import torch
    from torch import nn

    torch.set_num_threads(threads)

    class Block(nn.Module):
        def __init__(self, inputs, width, stride, expansion):
            super().__init__()
            outputs = width * expansion
            if expansion == 1:
                shapes = [(inputs, width, 3, stride), (width, width, 3, 1)]
            else:
                shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)]
            self.body = nn.ModuleList(
                nn.Sequential(
                    nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o))
                for i, o, k, s in shapes)
            self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

        def forward(self, x):
            y = x
            for index, layer in enumerate(self.body):
                y = layer(y)
                if index + 1 < len(self.body):
                    y = nn.functional.relu(y, inplace=True)
            return nn.functional.relu(y + self.shortcut(x), inplace=True)

    counts, expansion = {"resnet18": ([2, 2, 2, 2], 1), "resnet50": ([3, 4, 6, 3], 4)}[network]
    stem = [nn.Conv2d(3, 64, 3, 1, 1, bias=False) if extent == 32
            else nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True)]
    if extent != 32:
        stem.append(nn.MaxPool2d(3, 2, 1))
    blocks, inputs = [], 64
    for stage, count in enumerate(counts):
        for index in range(count):
            stride = 2 if stage > 0 and index == 0 else 1
            blocks.append(Block(inputs, 64 << stage, stride, expansion))
            inputs = (64 << stage) * expansion
    model = nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                          nn.Linear(inputs, classes))
    images = torch.rand(batch, 3, extent, extent) - 0.5
    if layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    labels = torch.arange(batch) % classes
    optimizer = torch.optim.SGD(model.parameters(), 1e-4, momentum=0.9, weight_decay=5e-4)
    times = []
    start = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < seconds:
        began = time.perf_counter()
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
        times.append(time.perf_counter() - began)
    print(json.dumps({"times": times[2:], "torch": torch.__version__}))


def pytorch(workload, layout, threads, seconds):
    _, _, network, extent, classes, batch = workload
    output = subprocess.run(
        [sys.executable, __file__, "--child", json.dumps(
            [network, extent, classes, batch, layout, threads, seconds])],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def gc_bench(workload, program, threads, seconds):
    spec, overrides, *_ = workload
    arguments = [program, "bench", spec, "--json", "--threads", str(threads),
                 "--seconds", str(seconds)]
    for override in overrides:
        arguments += ["--set", override]
    output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["specs"][0]


def median(times):
    return statistics.median(times)


def compare(name, options):
    workload = WORKLOADS[name]
    batch = workload[-1]
    layouts = {layout: median(pytorch(workload, layout, options.threads, options.seconds)["times"])
               for layout in ("contiguous", "channels_last")}
    layout = min(layouts, key=layouts.get)
    ratios, ours_all, theirs_all = [], [], []
    for _ in range(options.rounds):
        ours = [gc_bench(workload, options.program, options.threads, options.seconds)]
        theirs = [pytorch(workload, layout, options.threads, options.seconds) for _ in range(2)]
        ours.append(gc_bench(workload, options.program, options.threads, options.seconds))
        our = statistics.mean(entry["step_seconds"]["median"] for entry in ours)
        their = statistics.mean(median(entry["times"]) for entry in theirs)
        ratios.append(their / our)
        ours_all.append(batch / our)
        theirs_all.append(batch / their)
        print(f"  round: gc-bench {batch / our:.1f}, PyTorch {batch / their:.1f} images/s, "
              f"ratio {their / our:.3f}", file=sys.stderr)
    return {
        "workload": name, "batch": batch, "threads": options.threads, "layout": layout,
        "pytorch": theirs[0]["torch"], "machine": ours[0]["machine"],
        "gc_bench_images_per_second": statistics.median(ours_all),
        "pytorch_images_per_second": statistics.median(theirs_all),
        "ratio": {"median": statistics.median(ratios), "lowest": min(ratios),
                  "highest": max(ratios), "rounds": len(ratios)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--workload", choices=WORKLOADS, action="append")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(*json.loads(options.child))
    results = []
    for name in options.workload or ["resnet18_cifar"]:
        print(name, file=sys.stderr)
        results.append(compare(name, options))
    print(json.dumps({"python": platform.python_version(), "results": results}, indent=2))


if __name__ == "__main__":
    main()
