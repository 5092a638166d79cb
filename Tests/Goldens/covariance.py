#!/usr/bin/env python3
"""Writes covariance.safetensors: covariance pooling and DropCov's attention for small inputs, the
formulas written in PyTorch and differentiated by it, in float64; and dropout masks from Philox.

Made with Python 3.11, torch 2.13.0+cpu, numpy 2.4 and safetensors 0.8.0 by

    pip install torch==2.13.0+cpu numpy safetensors
    python3 -B Tests/Goldens/covariance.py

Tests read the file only; nothing here runs in them.
"""

import math
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

from counter_random import TEST, uniform

torch.set_default_dtype(torch.float64)
DROPOUT = 5
golden = {}


def draw(name, shape, low=-1.0, high=1.0):
    return torch.from_numpy(uniform(shape, low, high, TEST, name=name))


def record(case, **tensors):
    for name, tensor in tensors.items():
        array = tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor)
        golden[f"{case}/{name}"] = np.ascontiguousarray(array)


def covariance(x):
    """With the centring matrix J = (I - 11'/M)/M, not by subtracting means."""
    x = x.flatten(2)
    count = x.shape[2]
    j = (torch.eye(count) - torch.ones(count, count) / count) / count
    return x @ j @ x.transpose(1, 2)


def square_root(sigma, iterations):
    """iSQRT. PyTorch differentiates through every step."""
    identity = torch.eye(sigma.shape[1])
    trace = torch.diagonal(sigma, dim1=1, dim2=2).sum(1)[:, None, None]
    y, z = sigma / trace, identity.expand_as(sigma)
    for _ in range(iterations - 1):
        w = (3 * identity - z @ y) / 2
        y, z = y @ w, w @ z
    return trace.sqrt() * y @ (3 * identity - z @ y) / 2


def triangle(p):
    rows, columns = torch.triu_indices(p.shape[1], p.shape[1])
    return p[:, rows, columns]


# The whole way, and what each part gives.
for name, shape, iterations in [
    ("published steps", (2, 5, 3, 4), 5), ("two steps", (3, 4, 2, 3), 2),
    ("three steps", (1, 6, 5, 3), 3), ("fewer positions than channels", (2, 7, 2, 2), 5),
]:
    case = f"isqrt/{name}"
    x = draw(f"{case}/x", shape, 0, 2).requires_grad_()
    sigma = covariance(x)
    p = square_root(sigma, iterations)
    v = triangle(p)
    dv = draw(f"{case}/dv", v.shape)
    gradients = torch.autograd.grad(v, [x, sigma], dv)
    record(
        case, x=x, sigma=sigma, p=p, v=v, dv=dv, dx=gradients[0], dsigma=gradients[1],
        iterations=np.array([iterations]))

# Any upstream gradient, symmetric or not, behind the root and behind the covariance.
case = "upstream/asymmetric"
x = draw(f"{case}/x", (2, 4, 3, 3)).requires_grad_()
sigma = covariance(x)
p = square_root(sigma, 5)
dp, dsigma = draw(f"{case}/dp", p.shape), draw(f"{case}/upstream", sigma.shape)
record(
    case, x=x, dp=dp, upstream=dsigma, dsigma=torch.autograd.grad(p, sigma, dp, retain_graph=True)[0],
    dx=torch.autograd.grad(sigma, x, dsigma)[0])

# DropCov in training, up to the dropout itself.
for name, shape, gain in [("weak", (3, 6, 3, 4), 1.0), ("strong", (2, 5, 4, 4), 40.0)]:
    case = f"dropcov/{name}"
    x = draw(f"{case}/x", shape, 0, 2).requires_grad_()
    w = (gain * draw(f"{case}/w", (1, 1, 3))).requires_grad_()
    means = x.mean((2, 3))
    attention = torch.nn.functional.conv1d(means[:, None], w, padding=1)[:, 0].softmax(1)
    weighed = x * attention[:, :, None, None] + x
    dy = draw(f"{case}/dy", shape)
    dx, dw = torch.autograd.grad(weighed, [x, w], dy)
    c = covariance(weighed).sum(2)
    cosine = torch.nn.functional.cosine_similarity(attention, c, dim=1, eps=0).mean()
    p = (1 - 10 / math.log2(shape[1]) * cosine).clamp(0, 1)
    record(case, x=x, w=w, attention=attention, weighed=weighed, dy=dy, dx=dx, dw=dw, p=p)

# Masks: seed, layer, micro-batch, probability.
for name, seed, layer, number, p in [
    ("start", 0, "adaptive_dropout", 0, 0.3), ("later", 7, "adaptive_dropout", 70000, 0.5),
    ("other layer", 7, "dropout", 70000, 0.5),
]:
    digest = 0xCBF29CE484222325
    for byte in layer.encode():
        digest = ((digest ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    index = (digest ^ digest >> 32) & 0xFFFFFFFF
    numbers = uniform((3, 5), 0, 1, DROPOUT, seed=seed, epoch=number, index=index)
    record(
        f"mask/{name}", mask=np.where(numbers < p, 0, 1 / (1 - p)), p=np.array(p),
        number=np.array(float(number)), seed=np.array([seed]))

save_file(golden, pathlib.Path(__file__).parent / "covariance.safetensors")
