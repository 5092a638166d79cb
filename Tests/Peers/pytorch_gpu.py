#!/usr/bin/env python3
"""Throughput and memory of PyTorch and of gc-bench on the same GPU, in turn.

    python Tests/Peers/pytorch_gpu.py --program .build/release/gc-bench --output gpu.json

Images lie in the GPU's memory; training steps in bfloat16, PyTorch channels-last with autocast, in
the better of eager and torch.compile. The figure of a side is its median step. What the output file
holds already is not measured again, so that a call that was cut off goes on.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

RESNET18 = {"spec": "cifar10_resnet18.spec", "network": "resnet18", "extent": 32, "classes": 10}
RESNET50 = {"spec": "imagenet_r50.spec", "network": "resnet50", "extent": 224, "classes": 1000}
WORKLOADS = {
    "resnet18_128": {**RESNET18, "batch": 128, "least": 2.0},
    "resnet18_512": {**RESNET18, "batch": 512, "least": 1.3},
    "resnet50_bn_256": {**RESNET50, "batch": 256, "least": 1.05},
    "resnet50_gn_128": {**RESNET50, "norm": "gn", "batch": 128, "least": 1.3},
    "resnet18_128_gc": {**RESNET18, "batch": 128, "gc": "gc"},
}
HERE = os.path.dirname(os.path.abspath(__file__))


def command(arguments, limit):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=limit)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def pytorch(workload, compiles, options):
    arguments = [sys.executable, os.path.join(HERE, "pytorch_steps.py"), "--device", "cuda",
                 "--layout", "channels_last", "--precision", "bfloat16", "--threads", "4",
                 "--seconds", str(options.seconds)]
    for flag in ["network", "norm", "extent", "classes", "batch"]:
        if flag in workload:
            arguments += [f"--{flag}", str(workload[flag])]
    result = command(arguments + ["--compile"] * compiles, 300)
    return {"step_seconds": statistics.median(result["samples"]), "version": result["version"],
            "device_bytes": result["peak_device_bytes"]}


def gc_bench(workload, options):
    entry = command(
        [options.program, "bench", os.path.join(options.specs, workload["spec"]), "--json",
         "--device", "cuda", "--rounds", "1", "--seconds", str(options.seconds), "--set",
         f"gc={workload.get('gc', 'none')}", "--set", f"batch_size={workload['batch']}", "--set",
         f"normalization={workload.get('norm', 'bn')}", "--set", "precision=bfloat16"], 300)
    return entry["specs"][0]


def compare(workload, options):
    ours = gc_bench(workload, options)
    result = {"gc_bench": ours, "least": workload.get("least")}
    seconds = ours["step_seconds"]["median"]
    theirs = {}
    for name, compiles in [("eager", False), ("compile", True)]:
        try:
            theirs[name] = pytorch(workload, compiles, options)
        except (RuntimeError, ValueError, subprocess.TimeoutExpired) as problem:
            theirs[name] = {"problem": str(problem)}
    result["pytorch"] = theirs
    measured = [side for side in theirs.values() if "step_seconds" in side]
    if measured:
        best = min(measured, key=lambda side: side["step_seconds"])
        result["ratio"] = best["step_seconds"] / seconds
        result["memory_ratio"] = ours["arena_bytes"] / best["device_bytes"]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--specs", default="Experiments")
    parser.add_argument("--seconds", type=float, default=5, help="of each side of a workload")
    parser.add_argument("--limit", type=float, default=1e9, help="seconds after which none starts")
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    begin = time.monotonic()
    document = {}
    if os.path.exists(options.output):
        with open(options.output) as file:
            document = json.load(file)
    for name, workload in WORKLOADS.items():
        if name in document:
            continue
        if time.monotonic() - begin > options.limit:
            sys.exit(75)
        try:
            document[name] = compare(workload, options)
        except (RuntimeError, ValueError, subprocess.TimeoutExpired) as problem:
            document[name] = {"problem": str(problem)}
        print(name, json.dumps({key: document[name].get(key)
                                for key in ("ratio", "least", "memory_ratio", "problem")}))
        with open(options.output + ".new", "w") as file:
            json.dump(document, file, indent=2)
        os.replace(options.output + ".new", options.output)


if __name__ == "__main__":
    main()
