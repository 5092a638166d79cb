#!/usr/bin/env python3
"""What else the engine promises, measured with gc-bench alone; one JSON document.

    python Tests/Peers/engine.py --check gc --check agreement --output Results/speed/engine.json

gc         the update's time with centralization less the one without, as a share of the step
threads    ResNet-50 on one thread against two, in turn
batches    ResNet-18's step time at batch 16 to 512
agreement  bench against the difference of `step --steps 25` and `--steps 5`, and against the rate
           that `run` records, on the drawn `shapes`
"""
import argparse
import datetime
import json
import os
import random
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

RESNET18, RESNET50 = "experiments/cifar10_resnet18.spec", "experiments/imagenet_r50.spec"


def bench(options, spec, settings, seconds, rounds=1, threads=2):
    arguments = [options.program, "bench", spec, "--json", "--seconds",
                 str(seconds * options.patience), "--rounds", str(rounds), "--threads", str(threads)]
    for setting in ["replicas=1", *settings]:
        arguments += ["--set", setting]
    output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["specs"]


def gc(options):
    answers = []
    for spec, extra in [(RESNET18, "batch_size=128"), (RESNET50, "batch_size=16")]:
        for precision in ["float32", "bfloat16"]:
            settings = ["gc=[none, gc]", "normalization=bn", extra, f"precision={precision}"]
            without, with_gc = bench(options, spec, settings, 12, rounds=4)
            more = with_gc["update_seconds"] - without["update_seconds"]
            answers.append({
                "spec": spec, "precision": precision,
                "update_seconds": without["update_seconds"],
                "update_seconds_gc": with_gc["update_seconds"],
                "share_of_step": more / without["step_seconds"]["median"]})
    return answers


def threads(options):
    answers = []
    for precision in ["float32", "bfloat16"]:
        times = {1: [], 2: []}
        for count in [1, 2, 2, 1]:
            settings = ["gc=none", "normalization=bn", "batch_size=16", f"precision={precision}"]
            entry = bench(options, RESNET50, settings, 5, threads=count)[0]
            times[count] += entry["step_seconds"]["samples"]
        tenth = {count: sorted(times[count])[len(times[count]) // 10] for count in times}
        answers.append({"precision": precision, "step_seconds_p10": tenth,
                        "speedup": tenth[1] / tenth[2]})
    return answers


def batches(options):
    sizes = [16, 32, 64, 128, 256, 512]
    answers = []
    for precision in ["float32", "bfloat16"]:
        settings = ["gc=none", f"batch_size={sizes}", f"precision={precision}"]
        entries = bench(options, RESNET18, settings, 6, rounds=2)
        seconds = [entry["step_seconds"]["p10"] for entry in entries]
        slope = statistics.linear_regression(sizes, seconds)
        answers.append({
            "precision": precision, "batches": sizes, "step_seconds_p10": seconds,
            "images_per_second": [size / time for size, time in zip(sizes, seconds)],
            "milliseconds_per_image": 1e3 * slope.slope, "milliseconds_fixed": 1e3 * slope.intercept,
            "correlation": statistics.correlation(sizes, seconds)})
    return answers


def write_batch(path, images):
    """Random images and labels in the safetensors format, without a library for it."""
    chance = random.Random(0)
    count = images * 3 * 32 * 32
    pixels = struct.pack(f"<{count}f", *(chance.gauss(0, 1) for _ in range(count)))
    labels = struct.pack(f"<{images}q", *(i % 10 for i in range(images)))
    header = json.dumps({
        "images": {"dtype": "F32", "shape": [images, 3, 32, 32], "data_offsets": [0, 4 * count]},
        "labels": {"dtype": "I64", "shape": [images],
                   "data_offsets": [4 * count, 4 * count + 8 * images]}}).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + pixels + labels)


def whole_processes(options, precision, folder):
    """Seconds of one step: two whole processes, the difference over twenty steps, three times."""
    batch = os.path.join(folder, "batch.safetensors")
    write_batch(batch, 128)

    def seconds(steps):
        begin = time.perf_counter()
        subprocess.run(
            [options.program, "step", RESNET18, "--set", "gc=none", "--set",
             f"precision={precision}", "--set", "threads=2", "--seeds", "0", "--batch", batch,
             "--steps", str(steps), "--output", os.path.join(folder, "out.safetensors")],
            check=True, capture_output=True)
        return time.perf_counter() - begin

    return statistics.median((seconds(25) - seconds(5)) / 20 for _ in range(3))


def recorded(options, settings, folder):
    """What `run` records of one epoch on drawn images."""
    store = os.path.join(folder, "store.sqlite")
    arguments = [options.program, "run", RESNET18, "--db", store, "--seeds", "0"]
    for setting in settings + ["epochs=1", "threads=2"]:
        arguments += ["--set", setting]
    subprocess.run(arguments, check=True, capture_output=True)
    with sqlite3.connect(store) as connection:
        return connection.execute("select images_per_second from results").fetchone()[0]


def agreement(options):
    answers = []
    for precision in ["float32", "bfloat16"]:
        shapes = ["gc=none", "dataset={name: shapes, train: 2560, test: 128}",
                  f"precision={precision}"]
        with tempfile.TemporaryDirectory() as folder:
            benched = bench(options, RESNET18, ["gc=none", f"precision={precision}"], 8)[0]
            stepped = 128 / whole_processes(options, precision, folder)
            drawn = bench(options, RESNET18, shapes, 8)[0]["images_per_second"]
            run = recorded(options, shapes, folder)
        answers.append({
            "precision": precision, "bench": benched["images_per_second"], "steps": stepped,
            "bench_over_steps": benched["images_per_second"] / stepped,
            "bench_shapes": drawn, "run": run, "bench_over_run": drawn / run,
            "noise": benched["noise"]})
    return answers


CHECKS = {"gc": gc, "threads": threads, "batches": batches, "agreement": agreement}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--check", choices=CHECKS, action="append")
    parser.add_argument("--patience", type=float, default=1, help="times the usual seconds")
    parser.add_argument("--output", help="a JSON file; standard output where there is none")
    options = parser.parse_args()
    document = {"date": datetime.date.today().isoformat()}
    for name in options.check or CHECKS:
        document[name] = CHECKS[name](options)
        print(f"  {name}: {json.dumps(document[name])}", file=sys.stderr)
    text = json.dumps(document, indent=2) + "\n"
    if options.output:
        with open(options.output, "w") as file:
            file.write(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
