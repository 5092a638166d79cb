"""The numbers that augmentations draw (CounterRandom in Sources/Tensors), and the parts they choose."""

import math

from counter_random import words

AUGMENTATION = 3


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


def crop_part(image, draws, areas=(0.08, 1.0), aspects=(3 / 4, 4 / 3)):
    """torchvision's RandomResizedCrop.get_params on other random numbers: top, left, height, width."""
    width, height = image.size
    for _ in range(10):
        area = width * height * draws.uniform(*areas)
        aspect = math.exp(draws.uniform(math.log(aspects[0]), math.log(aspects[1])))
        w = int(round(math.sqrt(area * aspect)))
        h = int(round(math.sqrt(area / aspect)))
        if 0 < w <= width and 0 < h <= height:
            return draws.integer(height - h + 1), draws.integer(width - w + 1), h, w
    w, h = width, height
    if width / height < aspects[0]:
        h = int(round(width / aspects[0]))
    elif width / height > aspects[1]:
        w = int(round(height * aspects[1]))
    return (height - h) // 2, (width - w) // 2, h, w
