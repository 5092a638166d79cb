#!/usr/bin/env python3
"""The JSON Schema of specs against an independent validator.

    pip install jsonschema ruamel.yaml
    python Tests/Peers/schema.py

`gc-bench schema` must be a schema of draft 2020-12, accept every spec of Experiments, and refuse each
class of mistake; `gc-bench plan` must agree on each.
"""
import argparse
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import ruamel.yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

BASE = {
    "dataset": "shapes", "backbone": "resnet8", "optimizer": {"name": "sgd", "learning_rate": 0.1},
    "epochs": 2, "batch_size": 8,
}

# What is set (None removes a key), by dotted path.
RIGHT = {
    "an axis": {"gc": ["none", "gc"]},
    "an axis inside a map": {"optimizer.learning_rate": [0.1, 0.2]},
    "an axis of lists": {"optimizer": {"name": "adam", "learning_rate": 0.1,
                                       "betas": [[0.9, 0.99], [0.8, 0.9]]}},
    "a map for a name": {"normalization": {"name": "gn", "groups": 8}},
    "named seeds": {"seeds": [0, 3]},
    "a word or a number": {"threads": "auto"},
    "a key from a variant": {"epochs": None, "variants": [{"epochs": 1}, {"epochs": 2}]},
    "a published class": {"optimizer.name": "SGD_GCC"},
    "a parameter group": {"parameter_groups": [{"parameters": "head", "frozen": True}]},
}
WRONG = {
    "an unknown key": {"epoch": 3},
    "an unknown key inside a map": {"optimizer.rate": 0.1},
    "an unknown key in a variant": {"variants": [{"epoch": 3}]},
    "a missing key": {"epochs": None},
    "a missing key inside a map": {"optimizer": {"name": "sgd"}},
    "a missing key of a name": {"schedule": {"name": "step"}},
    "a name that needs a key": {"schedule": "step"},
    "text for a number": {"optimizer.learning_rate": "fast"},
    "a number for text": {"table": 5},
    "a fraction for an integer": {"epochs": 2.5},
    "a map for a number": {"epochs": {"name": 2}},
    "nothing": {"backbone": "null"},
    "an unknown name": {"backbone": "resnet9"},
    "an unknown name in an axis": {"backbone": ["resnet8", "resnet9"]},
    "a number out of range": {"optimizer.momentum": 1.0},
    "an integer out of range": {"batch_size": 0},
    "a key of another name": {"optimizer.rho": 0.9},
    "a key of one name of an axis": {"optimizer.name": ["sgd", "adam"], "optimizer.momentum": 0.9},
    "an empty axis": {"gc": []},
    "a repeated value of an axis": {"gc": ["gc", "gc"]},
    "an axis where none can be": {"table": ["a", "b"]},
    "a list of the wrong length": {"optimizer": {"name": "adam", "learning_rate": 0.1,
                                                 "betas": [0.9]}},
    "text of two lines": {"label": "a\nb"},
    "a repeated seed": {"seeds": [1, 1]},
    "a negative seed": {"seeds": [-1]},
    "variants in a variant": {"variants": [{"variants": []}]},
    "an axis in a parameter group": {"parameter_groups": [
        {"parameters": "head", "optimizer": {"name": "sgd", "learning_rate": [0.1, 0.2]}}]},
}


def changed(changes):
    spec = copy.deepcopy(BASE)
    for path, value in changes.items():
        *parents, key = path.split(".")
        place = spec
        for parent in parents:
            place = place[parent]
        if value is None:
            del place[key]
        else:
            place[key] = None if value == "null" else value
    return spec


def plans(program, spec):
    with tempfile.NamedTemporaryFile("w", suffix=".spec") as file:
        file.write(json.dumps(spec))  # JSON is YAML
        file.flush()
        return subprocess.run([program, "plan", file.name], capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/gc-bench"))
    program = parser.parse_args().program
    schema = json.loads(subprocess.check_output([program, "schema"]))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    yaml = ruamel.yaml.YAML(typ="safe", pure=True)  # YAML 1.2, as gc-bench reads it
    failures = []
    specs = sorted((ROOT / "Experiments").glob("**/*.spec"))
    for path in specs:
        failures += [f"{path.name}: {error.json_path}: {error.message[:200]}"
                     for error in validator.iter_errors(yaml.load(path))]
    for cases, is_right in [(RIGHT, True), (WRONG, False)]:
        for name, changes in cases.items():
            spec = changed(changes)
            for judge, verdict in [("schema", validator.is_valid(spec)),
                                   ("plan", plans(program, spec))]:
                if verdict != is_right:
                    failures.append(f"{judge} {'accepts' if verdict else 'refuses'} {name}")
    print("\n".join(failures) or f"{len(specs)} specs accepted, {len(RIGHT)} right forms accepted, "
          f"{len(WRONG)} classes of mistake refused by schema and plan alike")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
