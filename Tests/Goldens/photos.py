#!/usr/bin/env python3
"""Writes photos/*.jpg, photos/*.png and photos.safetensors: small images of every kind that a folder
of photos may hold, and what PIL, torchvision, OpenCV and the Keras formulas make of them.

Made with Python 3.11, Pillow 13.0.0 (libjpeg-turbo 3.2.0), torchvision 0.28.0, numpy 2.4,
opencv-python-headless 5.0 and safetensors 0.8.0 by

    pip install pillow torchvision opencv-python-headless numpy safetensors
    python3 -B Tests/Goldens/photos.py

Tests read the files only; nothing here runs in them. Random steps draw from the program's own
numbers (counter_random.py), so that whole augmentations can be compared.
"""

import math
import pathlib
import struct
import zlib

import cv2
import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file

from counter_random import words

# The operators of torchvision's wheel need the CUDA build of torch. Its transforms of PIL images need
# none of them; the import only wants to see their names.
library = torch.library.Library("torchvision", "DEF")
for name in ["nms", "qnms", "roi_align", "_roi_align_backward", "roi_pool", "_roi_pool_backward",
             "ps_roi_align", "_ps_roi_align_backward", "ps_roi_pool", "_ps_roi_pool_backward",
             "deform_conv2d", "_deform_conv2d_backward"]:
    library.define(f"{name}() -> ()")
import torchvision.transforms.functional as F  # noqa: E402

FOLDER = pathlib.Path(__file__).parent / "photos"
AUGMENTATION = 3
WIDTH, HEIGHT = 61, 47
golden = {}


class Draws:
    """CounterRandom: the numbers of one image in one epoch, in order."""

    def __init__(self, seed, epoch, index):
        self.words = [int(w) for w in words(200, AUGMENTATION, seed=seed, epoch=epoch, index=index)]
        self.next = 0

    def bits(self):
        self.next += 1
        return self.words[self.next - 1]

    def uniform(self, low=0.0, high=1.0):
        return low + (self.bits() >> 11) * 2.0**-53 * (high - low)

    def integer(self, bound):
        threshold = (2**64 - bound) % bound
        while True:
            product = self.bits() * bound
            if product & (2**64 - 1) >= threshold:
                return product >> 64

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.integer(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def picture(width, height, seed):
    """Edges, gradients, a disc and some noise, in strong colours."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    image = np.stack([255 * x / width, 255 * y / height, 255 * (x + y) / (width + height)], 2)
    image[(x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (height / 3) ** 2] = [230, 40, 20]
    image[:, (x[0] // 7) % 3 == 1] *= 0.5
    image += generator.normal(0, 12, image.shape)
    return Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))


def record(name, image):
    """An image as bytes in planes, [3, H, W]."""
    golden[name] = np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1))


def write(name, image, **options):
    """A file, and what PIL decodes it to."""
    path = FOLDER / name
    image.save(path, **options)
    record(f"decoded/{name}", Image.open(path).convert("RGB"))


# MARK: kinds of files

FOLDER.mkdir(exist_ok=True)
base = picture(WIDTH, HEIGHT, 1)
large = picture(150, 110, 2)
exif = Image.Exif()
exif[0x0112] = 6  # to be turned by a quarter; PIL's convert does not
for name, options in {
    "420.jpg": dict(subsampling="4:2:0"),
    "422.jpg": dict(subsampling="4:2:2"),
    "444.jpg": dict(subsampling="4:4:4"),
    "progressive.jpg": dict(progressive=True),
    "restarts.jpg": dict(restart_marker_blocks=2),
    "exif.jpg": dict(exif=exif),
}.items():
    write(name, base, quality=85, **options)
write("grey.jpg", base.convert("L"), quality=85)
write("cmyk.jpg", base.convert("CMYK"), quality=85)
write("large.jpg", large, quality=90, subsampling="4:2:0")
write("rgb.png", base)
write("grey.png", base.convert("L"))
write("bits.png", base.convert("1"))
alpha = Image.fromarray(np.asarray(base.convert("L"))[:, ::-1].copy())
with_alpha = base.copy()
with_alpha.putalpha(alpha)
write("alpha.png", with_alpha)
write("grey-alpha.png", with_alpha.convert("LA"))
write("palette.png", base.quantize(30))
write("palette-clear.png", base.quantize(30), transparency=3)


def write_16_bit_png(name, channels):
    """PIL writes no 16-bit colour: OpenCV does, in blue, green, red order."""
    deep = np.asarray(base).astype(np.uint16) * 257 // 2 + 77
    cv2.imwrite(str(FOLDER / name), deep[:, :, ::-1] if channels == 3 else deep[:, :, 0])
    if channels == 3:
        record(f"decoded/{name}", Image.open(FOLDER / name).convert("RGB"))
    else:
        # PIL takes the upper bytes of 16-bit colour but cuts 16-bit grey off at 255, which leaves
        # next to nothing of a photo. The program takes the upper bytes of both.
        record(f"decoded/{name}", np.repeat((deep[:, :, :1] >> 8).astype(np.uint8), 3, axis=2))


def write_interlaced_png(name):
    """PIL writes no interlaced PNG: seven passes over ever finer pixels, each row unfiltered."""
    pixels = np.asarray(base)
    rows = b""
    for top, left, down, across in [
        (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)
    ]:
        rows += b"".join(b"\0" + row.tobytes() for row in pixels[top::down, left::across])

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 1)
    (FOLDER / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b""))
    record(f"decoded/{name}", Image.open(FOLDER / name).convert("RGB"))


write_interlaced_png("interlaced.png")
write_16_bit_png("rgb16.png", 3)
write_16_bit_png("grey16.png", 1)

photo = Image.open(FOLDER / "large.jpg").convert("RGB")
write("large.png", photo)

# MARK: single steps without randomness, on the larger photo

for width, height in [(40, 30), (150, 61), (75, 55), (170, 120), (33, 110)]:
    record(f"antialiased/{height}x{width}", photo.resize((width, height), Image.BILINEAR))
    record(
        f"two taps/{height}x{width}",
        cv2.resize(np.asarray(photo), (width, height), interpolation=cv2.INTER_LINEAR))
for side, crop in [(64, 48), (37, 37), (40, 56)]:
    record(f"evaluation/{side}-{crop}", F.center_crop(F.resize(photo, side), crop))

# MARK: random steps

SEED, EPOCH, COUNT = 7, 3, 8


def each_image(name, make):
    """What `make` does to the larger photo as image 0 ... of an epoch, with their draws."""
    images = [np.asarray(make(photo, Draws(SEED, EPOCH, index))) for index in range(COUNT)]
    golden[name] = np.ascontiguousarray(np.stack(images).transpose(0, 3, 1, 2))


def crop_part(image, draws, areas=(0.08, 1.0), aspects=(3 / 4, 4 / 3)):
    """torchvision's RandomResizedCrop.get_params on other random numbers."""
    width, height = image.size
    for _ in range(10):
        area = width * height * draws.uniform(*areas)
        aspect = math.exp(draws.uniform(math.log(aspects[0]), math.log(aspects[1])))
        w = int(round(math.sqrt(area * aspect)))
        h = int(round(math.sqrt(area / aspect)))
        if 0 < w <= width and 0 < h <= height:
            return draws.integer(height - h + 1), draws.integer(width - w + 1), h, w
    raise AssertionError("the fallback has a test of its own")


def random_resized_crop(image, draws):
    image = F.resized_crop(image, *crop_part(image, draws), [48, 48])
    return F.hflip(image) if draws.integer(2) else image


def jitter(image, draws):
    changes = {
        0: lambda i: F.adjust_brightness(i, draws.uniform(0.6, 1.4)),
        1: lambda i: F.adjust_contrast(i, draws.uniform(0.6, 1.4)),
        2: lambda i: F.adjust_saturation(i, draws.uniform(0.6, 1.4)),
        3: lambda i: F.adjust_hue(i, draws.uniform(-0.1, 0.1)),
    }
    image = F.resize(image, [30, 40])
    for number in draws.permutation(4):
        image = changes[number](image)
    return image


def flips(image, draws):
    image = F.resize(image, [30, 40])
    image = F.hflip(image) if draws.integer(2) else image
    return F.vflip(image) if draws.integer(2) else image


def pad_and_crop(image, draws):
    image = F.pad(F.resize(image, [30, 40]), 5)
    return F.crop(image, draws.integer(11), draws.integer(11), 30, 40)


def warp(image, a, b, c, d, e, f):
    """Bilinear samples at (a·x + b·y + c, d·x + e·y + f), mirrored at the edges, in float64."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = a * x + b * y + c, d * x + e * y + f

    def mirrored(at, count):
        at = np.mod(at.astype(np.int64), 2 * count)
        return np.where(at < count, at, 2 * count - 1 - at)

    left, top = np.floor(u), np.floor(v)
    right_share, bottom_share = (u - left)[..., None], (v - top)[..., None]
    x0, x1 = mirrored(left, width), mirrored(left + 1, width)
    y0, y1 = mirrored(top, height), mirrored(top + 1, height)
    above = (1 - right_share) * image[y0, x0] + right_share * image[y0, x1]
    below = (1 - right_share) * image[y1, x0] + right_share * image[y1, x1]
    return (1 - bottom_share) * above + bottom_share * below


def keras(image, draws):
    """Flips, rotation and zoom of Keras 3.0.0 on numbers that are never rounded."""
    image = np.asarray(flips(image, draws)).astype(np.float64)
    height, width = image.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    angle = 2 * math.pi * draws.uniform(-0.3, 0.3)
    c, s = math.cos(angle), math.sin(angle)
    image = warp(image, c, -s, x - (c * x - s * y), s, c, y - (s * x + c * y))
    z = draws.uniform(0.8, 1.2)
    image = warp(image, z, 0, x * (1 - z), 0, z, y * (1 - z))
    return image.astype(np.float32)


def erase(image, draws):
    """The erased pixels as 255, everything else as 0."""
    image = np.zeros((30, 40, 3), np.uint8)
    if draws.uniform() >= 0.5:
        return image
    for _ in range(10):
        area = 30 * 40 * draws.uniform(0.02, 0.33)
        aspect = math.exp(draws.uniform(math.log(0.3), math.log(3.3)))
        h, w = int(round(math.sqrt(area * aspect))), int(round(math.sqrt(area / aspect)))
        if h < 30 and w < 40:
            top, left = draws.integer(30 - h + 1), draws.integer(40 - w + 1)
            image[top : top + h, left : left + w] = 255
            return image
    return image


each_image("random/crop and flip", random_resized_crop)
each_image("random/jitter", jitter)
each_image("random/flips", flips)
each_image("random/pad and crop", pad_and_crop)
each_image("random/keras", keras)
each_image("random/erasing", erase)

save_file(golden, FOLDER.parent / "photos.safetensors")
