#!/usr/bin/env python3
"""Throughput and memory of PyTorch and of gc-bench on the same machine, in turn.

    pip install torch==2.13.0+cpu numpy   # in a virtual environment of its own
    python Tests/Peers/pytorch.py --rounds 8 --output Results/speed/cpu.json

Each round measures A B B A, so that a machine that slows down or speeds up treats both alike. The
figure of a side is the 10th percentile of all its step times: what it needs when nobody disturbs
it. The interval is the 95 % percentile bootstrap over rounds. PyTorch runs in the better of its two
layouts (contiguous, channels-last), found before the first round.
"""
import argparse
import datetime
import json
import os
import random
import statistics
import subprocess
import sys

RESNET18 = {"spec": "experiments/cifar10_resnet18.spec", "network": "resnet18", "extent": 32,
            "classes": 10, "batch": 128}
RESNET50 = {"spec": "experiments/imagenet_r50.spec", "network": "resnet50", "extent": 224,
            "classes": 1000, "batch": 16}
WORKLOADS = {
    "resnet50_bn_float32": {**RESNET50, "least": 1.35},
    "resnet50_bn_bfloat16": {**RESNET50, "precision": "bfloat16", "least": 1.75},
    "resnet50_gn_float32": {**RESNET50, "norm": "gn", "least": 1.40},
    "resnet18_bn_float32": {**RESNET18, "least": 1.15},
    "resnet18_bn_bfloat16": {**RESNET18, "precision": "bfloat16", "least": 1.30},
    "resnet50_bn_evaluation": {**RESNET50, "evaluation": True, "least": 1.30},
    "resnet18_bn_evaluation": {**RESNET18, "evaluation": True, "least": 1.30},
}
HERE = os.path.dirname(os.path.abspath(__file__))


def command(arguments):
    output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def pytorch(workload, layout, options):
    flags = ["network", "norm", "extent", "classes", "batch", "precision"]
    arguments = [sys.executable, os.path.join(HERE, "pytorch_steps.py"), "--layout", layout,
                 "--threads", str(options.threads), "--seconds", str(options.seconds)]
    for flag in flags:
        if flag in workload:
            arguments += [f"--{flag}", str(workload[flag])]
    return command(arguments + ["--evaluation"] * workload.get("evaluation", False))


def gc_bench(workload, options):
    arguments = [options.program, "bench", workload["spec"], "--json", "--rounds", "1",
                 "--threads", str(options.threads), "--seconds", str(options.seconds),
                 "--set", "gc=none", "--set", f"batch_size={workload['batch']}", "--set",
                 "replicas=1",
                 "--set", f"normalization={workload.get('norm', 'bn')}",
                 "--set", f"precision={workload.get('precision', 'float32')}"]
    entry = command(arguments + ["--evaluation"] * workload.get("evaluation", False))["specs"][0]
    return {**entry, "samples": entry["step_seconds"]["samples"]}


def tenth(visits):
    """The 10th percentile of the step times of some visits, with linear interpolation."""
    samples = sorted(time for visit in visits for time in visit["samples"])
    place = 0.1 * (len(samples) - 1)
    low = int(place)
    high = min(low + 1, len(samples) - 1)
    return samples[low] + (place - low) * (samples[high] - samples[low])


def ratio(rounds):
    return (tenth([visit for each in rounds for visit in each["theirs"]])
            / tenth([visit for each in rounds for visit in each["ours"]]))


def interval(rounds):
    chance = random.Random(0)
    ratios = sorted(ratio(chance.choices(rounds, k=len(rounds))) for _ in range(1000))
    return [ratios[24], ratios[975]]


def summary(workload, visits):
    seconds = tenth(visits)
    return {
        "images_per_second": workload["batch"] / seconds, "step_seconds_p10": seconds,
        "steps": sum(len(visit["samples"]) for visit in visits),
        "peak_resident_bytes": max(visit["peak_resident_bytes"] for visit in visits),
        "start_seconds": statistics.median(visit["start_seconds"] for visit in visits),
    }


def compare(name, options):
    workload = WORKLOADS[name]
    layouts = {layout: tenth([pytorch(workload, layout, options)])
               for layout in ("contiguous", "channels_last")}
    layout = min(layouts, key=layouts.get)
    rounds = []
    for _ in range(options.rounds):
        first = gc_bench(workload, options)
        theirs = [pytorch(workload, layout, options) for _ in range(2)]
        rounds.append({"ours": [first, gc_bench(workload, options)], "theirs": theirs})
        print(f"  {name}: ratio {ratio(rounds[-1:]):.3f}", file=sys.stderr)
    ours = [visit for each in rounds for visit in each["ours"]]
    theirs = [visit for each in rounds for visit in each["theirs"]]
    mine, peer = summary(workload, ours), summary(workload, theirs)
    return {
        "workload": name, "batch": workload["batch"], "threads": options.threads,
        "rounds": options.rounds, "pytorch_layout": layout, "pytorch_version": theirs[0]["version"],
        "gc_bench": mine, "pytorch": peer,
        "ratio": ratio(rounds), "ratio_interval": interval(rounds),
        "ratio_wanted": workload["least"],
        "memory_ratio": mine["peak_resident_bytes"] / peer["peak_resident_bytes"],
        "breakdown": ours[0]["breakdown"], "peaks": ours[0]["peaks"],
        "machine": ours[0]["machine"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--workload", choices=WORKLOADS, action="append")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=8, help="of each of a round's four visits")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--output", help="a JSON file; standard output where there is none")
    options = parser.parse_args()
    document = {"date": datetime.date.today().isoformat(), "results": []}
    for name in options.workload or WORKLOADS:
        document["results"].append(compare(name, options))
        text = json.dumps(document, indent=2)
        if options.output:
            with open(options.output, "w") as file:
                file.write(text + "\n")
    if not options.output:
        print(text)


if __name__ == "__main__":
    main()
