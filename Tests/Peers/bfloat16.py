#!/usr/bin/env python3
"""Whether bfloat16 trains as float32 does, with gc-bench alone; one JSON document.

    python Tests/Peers/bfloat16.py --data ../shared/data/cifar-10 --output Results/speed/bfloat16.json

loss      ResNet-18 on CIFAR-10, 200 steps and a little at a constant rate: the mean loss of each
          epoch in both precisions. The difference is to stay within a band: twice the standard
          deviation over the seeds of float32, of one run, or 0.05 where that is less.
accuracy  a ResNet-8 on the drawn `shapes`: the difference of the means of both precisions, which
          is to stay below twice its standard error.

Both precisions start from the same weights and see the same images in the same order.
"""
import argparse
import datetime
import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile

PRECISIONS = ["float32", "bfloat16"]


def run(options, spec, seeds, settings, extra=()):
    """Trains both precisions and returns (precision, seed, epoch, metric, value) of all curves."""
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store.sqlite")
        arguments = [options.program, "run", spec, "--db", store, "--seeds", f"0-{seeds - 1}",
                     "--set", "gc=none", "--set", f"precision={PRECISIONS}".replace("'", "")]
        for setting in settings:
            arguments += ["--set", setting]
        subprocess.run(arguments + list(extra), check=True, stdout=sys.stderr)
        with sqlite3.connect(store) as connection:
            return connection.execute(
                "select r.precision, r.seed, c.epoch, c.metric, c.value from curves c join "
                "(select distinct job, precision, seed from results) r on r.job = c.job").fetchall()


def curves(rows, metric):
    """By precision and seed, in the order of epochs."""
    found = {precision: {} for precision in PRECISIONS}
    for precision, seed, epoch, name, value in sorted(rows):
        if name == metric:
            found[precision].setdefault(seed, []).append(value)
    return found


def loss(options):
    rows = run(
        options, "experiments/cifar10_resnet18.spec", options.loss_seeds,
        [f"epochs={options.epochs}", f"batch_size={options.batch}"],
        ["--data", f"cifar10={options.data}"])
    by_seed = curves(rows, "train_loss")
    epochs = []
    for number in range(options.epochs):
        wide, narrow = ([each[number] for each in by_seed[precision].values()]
                        for precision in PRECISIONS)
        band = max(0.05, 2 * statistics.stdev(wide))
        difference = statistics.mean(narrow) - statistics.mean(wide)
        epochs.append({
            "epoch": number + 1, "float32": statistics.mean(wide),
            "bfloat16": statistics.mean(narrow), "difference": difference, "band": band,
            "is_within": abs(difference) <= band})
    return {"seeds": options.loss_seeds, "by_seed": by_seed, "epochs": epochs,
            "is_within": all(each["is_within"] for each in epochs)}


def accuracy(options):
    rows = run(options, "experiments/quickstart.spec", options.accuracy_seeds, [])
    by_seed = curves(rows, "test_accuracy")
    last = {precision: [each[-1] for each in by_seed[precision].values()]
            for precision in PRECISIONS}
    variances = [statistics.variance(values) / len(values) for values in last.values()]
    difference = statistics.mean(last["bfloat16"]) - statistics.mean(last["float32"])
    error = math.sqrt(sum(variances))
    return {"seeds": options.accuracy_seeds, "last": last,
            "mean": {precision: statistics.mean(values) for precision, values in last.items()},
            "deviation": {precision: statistics.stdev(values)
                          for precision, values in last.items()},
            "difference": difference, "standard_error": error,
            "is_within": abs(difference) <= 2 * error}


CHECKS = {"accuracy": accuracy, "loss": loss}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--data", default="../shared/data/cifar-10", help="CIFAR-10")
    parser.add_argument("--check", choices=CHECKS, action="append")
    parser.add_argument("--epochs", type=int, default=8, help="of CIFAR-10, or of what there is")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--loss-seeds", type=int, default=2)
    parser.add_argument("--accuracy-seeds", type=int, default=5)
    parser.add_argument("--output", help="a JSON file; standard output where there is none")
    options = parser.parse_args()
    document = {"date": datetime.date.today().isoformat()}
    for name in options.check or CHECKS:
        document[name] = CHECKS[name](options)
        text = json.dumps(document, indent=2) + "\n"
        if options.output:
            with open(options.output, "w") as file:
                file.write(text)
    if not options.output:
        print(text, end="")


if __name__ == "__main__":
    main()
