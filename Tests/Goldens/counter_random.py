"""The program's own random numbers (Sources/Tensors/CounterRandom.swift) in numpy.

Philox 4x32 with ten rounds, so that goldens start from numbers that the tests can draw again
instead of from committed files.
"""

import numpy as np

INITIALIZATION, TEST = 1, 6


def philox(counter, key):
    """Ten rounds. counter: uint32 [blocks, 4]; key: two integers."""
    word = counter.astype(np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    k0, k1 = key
    for _ in range(10):
        first = word[:, 0] * np.uint64(0xD2511F53)
        second = word[:, 2] * np.uint64(0xCD9E8D57)
        word = np.stack(
            [
                (second >> shift) ^ word[:, 1] ^ np.uint64(k0),
                second & mask,
                (first >> shift) ^ word[:, 3] ^ np.uint64(k1),
                first & mask,
            ],
            axis=1,
        )
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return word


def words(count, stream, seed=0, epoch=0, index=0, name=None):
    """The first `count` 64-bit numbers of a generator."""
    high, low = epoch, index
    if name is not None:
        digest = 0xCBF29CE484222325
        for byte in name.encode():
            digest = ((digest ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        high, low = digest >> 32, digest & 0xFFFFFFFF
    blocks = (count + 1) // 2
    counter = np.zeros((blocks, 4), np.uint32)
    counter[:, 0] = np.arange(blocks)
    counter[:, 1:] = [stream, high, low]
    block = philox(counter, (seed & 0xFFFFFFFF, seed >> 32))
    shift = np.uint64(32)
    pairs = [block[:, 0] | block[:, 1] << shift, block[:, 2] | block[:, 3] << shift]
    return np.stack(pairs, axis=1).reshape(-1)[:count]


def uniform(shape, low, high, stream, **key):
    """Float64 numbers in [low, high), row-major."""
    count = int(np.prod(shape))
    fractions = (words(count, stream, **key) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (low + fractions * (high - low)).reshape(shape)


def check():
    """The known answers of Random123 (kat_vectors, philox4x32 10)."""
    ones = 0xFFFFFFFF
    answers = [
        ([0] * 4, (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([ones] * 4, (ones, ones), [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ]
    for counter, key, answer in answers:
        assert philox(np.array([counter], np.uint32), key).tolist() == [answer]


check()
