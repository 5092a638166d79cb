#!/usr/bin/env python3
"""Compares training on photos with training on images that are in memory.

ResNet-18 at 224 on two threads, three ways in turn: random images in memory (`bench`, which has no
loader at all), `run` from the packed cache, and `run` from the files, decoded each time. Rates are
images per second of wall time; those of `run` leave the first epoch out, as `bench` leaves its
first steps out. The interval is the 95 % bootstrap of the median ratio over rounds.

    python3 Tests/Peers/cache.py FOLDER [--rounds 5] [--output FILE]

FOLDER has train/ and val/ with class folders. Each photo is trained on under several names, so that
an epoch is long enough to be timed.
"""

import argparse
import json
import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import tempfile

PROGRAM = pathlib.Path(__file__).parents[2] / ".build/release/gc-bench"
SPEC = pathlib.Path(__file__).parents[2] / "Experiments/image_folder_resnet18.spec"


def link_photos(source, target, copies):
    """The folder's photos, each under `copies` names."""
    count = 0
    for part, times in [("train", copies), ("val", 1)]:
        for file in sorted((source / part).rglob("*")):
            if not file.is_file():
                continue
            folder = target / part / file.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            for number in range(times):
                (folder / f"{number}-{file.name}").symlink_to(file.resolve())
                count += part == "train"
    return count


def settings(options, photos):
    classes = len(list((photos / "train").iterdir()))
    dataset = (f"{{name: image_folder, root: {photos}, classes: {classes}, "
               f"shorter_side: {options.side}}}")
    chosen = [f"dataset={dataset}", "gc=none", "threads=2", f"epochs={options.epochs}",
              f"batch_size={options.batch}", f"precision={options.precision}"]
    return [word for setting in chosen for word in ("--set", setting)]


def memory_rate(options, photos, seconds):
    answer = subprocess.run(
        [PROGRAM, "bench", SPEC, "--json", "--rounds", "1", "--seconds", str(seconds)]
        + settings(options, photos), check=True, capture_output=True, text=True)
    return options.batch / statistics.mean(
        json.loads(answer.stdout)["specs"][0]["step_seconds"]["samples"])


def run_rate(options, photos, extra):
    """The mean over epochs but the first, and the share of time that training waited for images."""
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store.sqlite")
        subprocess.run(
            [PROGRAM, "run", SPEC, "--db", store, "--seeds", "0", "--jobs", "1", "--quiet"]
            + settings(options, photos) + extra, check=True, capture_output=True)
        with sqlite3.connect(store) as connection:
            def values(metric):
                return [value for _, value in connection.execute(
                    "select epoch, value from curves where metric = ? order by epoch", [metric])]
            rates, waits = values("images_per_second")[1:], values("data_wait")[1:]
    return statistics.harmonic_mean(rates), statistics.mean(waits)


def interval(ratios):
    chance = random.Random(0)
    medians = sorted(
        statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(2000))
    return medians[50], medians[-51]


def measure(options, photos, count):
    cached = ["--cache", str(photos.parent / "cache")]
    run_rate(options, photos, cached)  # builds the cache
    rates = {"memory": [], "cache": [], "files": []}
    waits = {"cache": [], "files": []}
    for number in range(options.rounds):
        order = list(rates)
        for way in order if number % 2 == 0 else reversed(order):
            if way == "memory":
                steps = (options.epochs - 1) * (count // options.batch)
                seconds = steps * options.batch / (statistics.mean(rates["cache"] or [50]))
                rates[way].append(memory_rate(options, photos, min(max(seconds, 2), 45)))
            else:
                rate, wait = run_rate(options, photos, cached if way == "cache" else [])
                rates[way].append(rate)
                waits[way].append(wait)
    return rates, waits


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=8)
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--precision", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--output", help="all figures as a JSON file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photos = pathlib.Path(folder) / "photos"
        count = link_photos(options.folder, photos, options.copies)
        rates, waits = measure(options, photos, count)
    print(f"ResNet-18, 224, batch {options.batch}, {options.precision}, two threads; {count} photos "
          f"with a shorter side of {options.side}; {options.rounds} rounds")
    print(f"{'':8} images/s   ratio to memory     waited for images")
    for way, values in rates.items():
        ratios = [value / memory for value, memory in zip(values, rates["memory"])]
        low, high = interval(ratios)
        waited = f"{statistics.mean(waits[way]):.2f} %" if way in waits else ""
        print(f"{way:8} {statistics.median(values):8.1f}   {statistics.median(ratios):.3f} "
              f"({low:.3f} to {high:.3f})   {waited}")
    if options.output:
        with open(options.output, "w") as file:
            json.dump({"precision": options.precision, "batch": options.batch, "photos": count,
                       "rates": rates, "waits": waits}, file, indent=1)


if __name__ == "__main__":
    main()
