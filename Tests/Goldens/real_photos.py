#!/usr/bin/env python3
"""Writes real_photos.safetensors: digests of what PIL makes of real photos of native size.

Made with Python 3.11, Pillow 13.0.0 (libjpeg-turbo 3.2.0), numpy 2.4 and safetensors 0.8.0 by

    python3 -B Tests/Goldens/real_photos.py ../shared/data/imagenet-native-sample

The photos are not part of the project; the test is skipped, visibly, where they are not.
"""

import pathlib
import sys

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from counter_draws import Draws, crop_part

SEED, EPOCH = 7, 3
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def photos(part):
    """In the order of the program: classes by name, photos by name."""
    folders = sorted((pathlib.Path(sys.argv[1]) / part).iterdir(), key=lambda f: f.name)
    paths = [path for folder in folders for path in sorted(folder.iterdir(), key=lambda p: p.name)]
    return [Image.open(path).convert("RGB") for path in paths]


def evaluated(image):
    """Shorter side 256, centre 224: torchvision's Resize and CenterCrop in plain PIL."""
    w, h = image.size
    size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
    image = image.resize(size, Image.BILINEAR)
    left, top = int(round((size[0] - 224) / 2)), int(round((size[1] - 224) / 2))
    return image.crop((left, top, left + 224, top + 224))


def trained(image, index):
    """A random resized crop of 224, and a flip."""
    draws = Draws(SEED, EPOCH, index)
    top, left, height, width = crop_part(image, draws)
    image = image.crop((left, top, left + width, top + height))
    image = image.resize((224, 224), Image.BILINEAR)
    return image.transpose(Image.FLIP_LEFT_RIGHT) if draws.integer(2) else image


def digest(image):
    """FNV-1a, 64 bits, of the bytes in planes."""
    hash = 0xCBF29CE484222325
    for byte in np.asarray(image).transpose(2, 0, 1).tobytes():
        hash = ((hash ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return hash - 2**64 if hash >= 2**63 else hash


def digests(images):
    return np.array([digest(image) for image in images], np.int64)


test, training = photos("val"), photos("train")
first = np.asarray(evaluated(test[0])).astype(np.float64) / 255
save_file(
    {
        "evaluation": digests(evaluated(image) for image in test),
        "training": digests(trained(image, index) for index, image in enumerate(training)),
        # Every 4001st number of the first test image after normalization, in planes.
        "normalized": ((first - MEAN) / DEVIATION).transpose(2, 0, 1).reshape(-1)[::4001].copy(),
    },
    pathlib.Path(__file__).parent / "real_photos.safetensors",
)
