#!/usr/bin/env python3
"""Compares gc-bench's training pipeline for photos with PIL and torchvision-style transforms.

Both decode the same files, take a random resized crop of 224, flip half of them and normalize into
float32 planes, on one thread. They take turns, and rates are per second of processor time, so that
whatever else the machine does treats both alike. Exact decoding gives PIL's pixels bit for bit
(Tests/DatasetTests/RealPhotoTests.swift).

    pip install pillow numpy
    python3 Tests/Peers/photos.py FOLDER [ROUNDS]

FOLDER has train/ and val/ with class folders. Beside NumPy's arithmetic, which torchvision's ToTensor
and Normalize do in the same order, PyTorch's own is timed where it is installed (one thread).
"""

import json
import math
import pathlib
import random
import statistics
import subprocess
import sys
import time

import numpy as np
from PIL import Image, features

MEAN = np.array([0.485, 0.456, 0.406], np.float32)[:, None, None]
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)[:, None, None]
SECONDS = 3.0


def crop_part(width, height):
    """torchvision's RandomResizedCrop.get_params."""
    for _ in range(10):
        area = width * height * random.uniform(0.08, 1.0)
        aspect = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w = int(round(math.sqrt(area * aspect)))
        h = int(round(math.sqrt(area / aspect)))
        if 0 < w <= width and 0 < h <= height:
            return random.randint(0, width - w), random.randint(0, height - h), w, h
    return 0, 0, width, height


def augmented(path):
    image = Image.open(path).convert("RGB")
    left, top, width, height = crop_part(*image.size)
    image = image.crop((left, top, left + width, top + height))
    image = image.resize((224, 224), Image.BILINEAR)
    return image.transpose(Image.FLIP_LEFT_RIGHT) if random.random() < 0.5 else image


def numpy_planes(image):
    planes = np.asarray(image).transpose(2, 0, 1).astype(np.float32) / 255
    return (planes - MEAN) / DEVIATION


def torch_planes(torch):
    mean, deviation = torch.from_numpy(MEAN), torch.from_numpy(DEVIATION)

    def planes(image):
        tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()
        return tensor.to(torch.float32).div(255).sub_(mean).div_(deviation)

    return planes


def python_rate(files, planes):
    """Images per second of processor time."""
    random.shuffle(files)
    for path in files[:10]:
        planes(augmented(path))
    count, start, wall = 0, time.process_time(), time.monotonic()
    while time.monotonic() - wall < SECONDS:
        planes(augmented(files[count % len(files)]))
        count += 1
    return count / (time.process_time() - start)


def program_rates(folder):
    program = pathlib.Path(__file__).parents[2] / ".build/release/gc-bench"
    answer = subprocess.run(
        [program, "bench-data", "--data", f"image_folder={folder}", "--seconds", str(SECONDS),
         "--rounds", "1", "--json"], check=True, capture_output=True, text=True)
    modes = json.loads(answer.stdout)["modes"]
    return {mode["decode"]: mode["images_per_second_per_core"] for mode in modes}


def main():
    folder = pathlib.Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    files = [path for path in sorted((folder / "train").rglob("*")) if path.is_file()]
    peers = {f"Pillow {Image.__version__} + NumPy {np.__version__}": numpy_planes}
    try:
        import torch

        torch.set_num_threads(1)
        peers[f"Pillow {Image.__version__} + PyTorch {torch.__version__}"] = torch_planes(torch)
    except ImportError:
        pass
    rates = {}
    for _ in range(rounds):
        for name, planes in peers.items():
            rates.setdefault(name, []).append(python_rate(files, planes))
        for name, rate in program_rates(folder).items():
            rates.setdefault(f"gc-bench {name}", []).append(rate)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    baseline = next(iter(medians.values()))
    print(f"{len(files)} photos, {rounds} rounds of {SECONDS:g} s, one thread each; "
          f"libjpeg-turbo of Pillow: {features.version('libjpeg_turbo')}")
    print(f"{'':40} images/s per core   ratio")
    for name, rate in medians.items():
        print(f"{name:40} {rate:17.0f} {rate / baseline:7.2f}")


if __name__ == "__main__":
    main()
