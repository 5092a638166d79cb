#!/usr/bin/env python3
"""Throughput and memory of PyTorch and of gc-bench on the same GPU, in turn.

    python Tests/Peers/pytorch_gpu.py --program .build/release/gc-bench --output gpu.json

Images lie in the GPU's memory; training steps in bfloat16, PyTorch channels-last with autocast, in
the better of eager and torch.compile with CUDA graphs. The figure of a side is its median step. What
the output file holds already is not measured again, so that a call that was cut off goes on.

Exit codes: 0 everything is measured, 3 there is no GPU, 75 time is up and more is to be done.
With --rehearse everything happens on the processor, in seconds, and the figures mean nothing.
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
SIDES = ["gc_bench", "eager", "compile"]
HERE = os.path.dirname(os.path.abspath(__file__))
MOST_SECONDS = 240  # of one measurement: torch.compile thinks for a minute


class TimeIsUp(Exception):
    pass


class Measurements:
    """Sides of workloads, kept in a file as soon as they are known."""

    def __init__(self, options):
        self.options = options
        self.end = time.monotonic() + options.limit
        self.document = {}
        if os.path.exists(options.output):
            with open(options.output) as file:
                self.document = json.load(file)

    def keep(self):
        with open(self.options.output + ".new", "w") as file:
            json.dump(self.document, file, indent=2)
        os.replace(self.options.output + ".new", self.options.output)

    def command(self, arguments):
        left = self.end - time.monotonic()
        if left < 5:
            raise TimeIsUp
        try:
            done = subprocess.run(arguments, capture_output=True, text=True,
                                  timeout=min(left, MOST_SECONDS))
        except subprocess.TimeoutExpired:
            if left < MOST_SECONDS:
                raise TimeIsUp from None
            return {"problem": f"it took more than {MOST_SECONDS} seconds"}
        if done.returncode != 0:
            return {"problem": done.stderr[-2000:]}
        return json.loads(done.stdout)

    def pytorch(self, workload, compiles):
        device = "cpu" if self.options.rehearse else "cuda"
        arguments = [sys.executable, os.path.join(HERE, "pytorch_steps.py"), "--device", device,
                     "--layout", "channels_last", "--precision", "bfloat16", "--threads", "4",
                     "--seconds", str(self.options.seconds)]
        for flag in ["network", "norm", "extent", "classes", "batch"]:
            if flag in workload:
                arguments += [f"--{flag}", str(workload[flag])]
        result = self.command(arguments + ["--compile"] * compiles)
        if "problem" in result:
            return result
        return {"step_seconds": statistics.median(result["samples"]),
                "version": result["version"], "device_bytes": result["peak_device_bytes"]}

    def gc_bench(self, workload):
        device = "cpu" if self.options.rehearse else "cuda"
        result = self.command(
            [self.options.program, "bench", os.path.join(self.options.specs, workload["spec"]),
             "--json", "--device", device, "--rounds", "1", "--seconds",
             str(self.options.seconds), "--set", f"gc={workload.get('gc', 'none')}", "--set",
             f"batch_size={workload['batch']}", "--set", "replicas=1", "--set",
             f"normalization={workload.get('norm', 'bn')}", "--set", "precision=bfloat16"])
        return result if "problem" in result else result["specs"][0]

    def measure(self, side, workload):
        if side == "gc_bench":
            return self.gc_bench(workload)
        return self.pytorch(workload, compiles=side == "compile")

    def run(self):
        for name, workload in WORKLOADS.items():
            if self.options.rehearse:
                workload = {**workload, "batch": 2, "extent": min(workload["extent"], 64)}
            entry = self.document.setdefault(name, {"least": workload.get("least")})
            for side in SIDES:
                if side not in entry:
                    entry[side] = self.measure(side, workload)
                    self.keep()
            print(name, json.dumps(compare(entry)), flush=True)
        self.keep()


def compare(entry):
    """How we stand beside the better of PyTorch's sides; written into the entry as well."""
    ours = entry["gc_bench"]
    theirs = [entry[side] for side in SIDES[1:] if "step_seconds" in entry[side]]
    if "step_seconds" in ours and theirs:
        best = min(theirs, key=lambda side: side["step_seconds"])
        entry["ratio"] = best["step_seconds"] / ours["step_seconds"]["median"]
        if best["device_bytes"]:
            entry["memory_ratio"] = ours["arena_bytes"] / best["device_bytes"]
    problems = {side: entry[side]["problem"] for side in SIDES if "problem" in entry[side]}
    figures = {key: entry[key] for key in ("ratio", "least", "memory_ratio") if key in entry}
    return {**figures, **({"problems": problems} if problems else {})}


def missing_gpu():
    """Why PyTorch has no GPU; None where it has one."""
    try:
        import torch
    except ImportError as problem:
        return f"PyTorch is not here: {problem}"
    return None if torch.cuda.is_available() else f"PyTorch {torch.__version__} sees no GPU"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--specs", default="Experiments")
    parser.add_argument("--seconds", type=float, default=5, help="of each side of a workload")
    parser.add_argument("--limit", type=float, default=1e9, help="seconds of the whole call")
    parser.add_argument("--output", required=True)
    parser.add_argument("--rehearse", action="store_true", help="tiny, on the processor")
    options = parser.parse_args()
    problem = None if options.rehearse else missing_gpu()
    if problem:
        print(f"{problem}: nothing is measured")
        sys.exit(3)
    try:
        Measurements(options).run()
    except TimeIsUp:
        print("time is up: call again")
        sys.exit(75)


if __name__ == "__main__":
    main()
