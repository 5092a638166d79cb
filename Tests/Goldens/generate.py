#!/usr/bin/env python3
"""Writes operations.safetensors and updates.safetensors: what PyTorch and the published update
rules give for small inputs, in float64.

Made with Python 3.11, torch 2.13.0+cpu, numpy 2.4 and safetensors 0.8.0 by

    pip install torch==2.13.0+cpu numpy safetensors
    python3 -B Tests/Goldens/generate.py

Tests read the files only; nothing here runs in them.
"""

import itertools
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

from counter_random import TEST, uniform

torch.set_default_dtype(torch.float64)
FOLDER = pathlib.Path(__file__).parent
golden = {}


def draw(name, shape, low=-1.0, high=1.0):
    return torch.from_numpy(uniform(shape, low, high, TEST, name=name))


def record(case, **tensors):
    for name, tensor in tensors.items():
        array = tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor)
        golden[f"{case}/{name}"] = np.ascontiguousarray(array)


def leaves(case, **shapes):
    """Drawn tensors that gradients are taken of."""
    return {name: draw(f"{case}/{name}", shape).requires_grad_() for name, shape in shapes.items()}


def differentiate(case, y, operands, **more):
    """Records operands, result, a drawn dy, and the gradient of each operand."""
    dy = draw(f"{case}/dy", y.shape)
    gradients = torch.autograd.grad(y, list(operands.values()), dy)
    named = {f"d{name}": gradient for name, gradient in zip(operands, gradients)}
    record(case, y=y, dy=dy, **operands, **named, **more)


# Convolutions: window is kernel, stride, padding, groups.
for name, x, outputs, window in [
    ("padded", (2, 3, 5, 6), 4, (3, 1, 1, 1)),
    ("strided", (2, 3, 7, 6), 2, (3, 2, 1, 1)),
    ("pixels nobody reads", (1, 2, 8, 9), 3, (3, 4, 0, 1)),
    ("stem", (1, 3, 13, 11), 2, (7, 2, 3, 1)),
    ("pointwise strided", (2, 4, 5, 5), 3, (1, 2, 0, 1)),
    ("grouped", (2, 4, 5, 5), 6, (3, 1, 1, 2)),
    ("depthwise", (2, 3, 5, 4), 3, (3, 2, 1, 3)),
]:
    kernel, stride, padding, groups = window
    case = f"convolution/{name}"
    operands = leaves(case, x=x, w=(outputs, x[1] // groups, kernel, kernel), b=(outputs,))
    y = F.conv2d(operands["x"], operands["w"], operands["b"], stride, padding, 1, groups)
    differentiate(case, y, operands, window=np.array(window))

# Norms.
for name, shape in [("odd", (3, 4, 3, 2)), ("one image", (1, 2, 3, 3))]:
    case = f"batch norm/{name}"
    channels = shape[1]
    operands = leaves(case, x=shape, scale=(channels,), shift=(channels,))
    mean, variance = draw(f"{case}/mean", (channels,)), draw(f"{case}/var", (channels,), 0.5, 2)
    old = {"running_mean": mean.clone(), "running_var": variance.clone()}
    evaluated = F.batch_norm(*[operands["x"], mean, variance, operands["scale"], operands["shift"]])
    y = F.batch_norm(
        operands["x"], mean, variance, operands["scale"], operands["shift"], training=True,
        momentum=0.1, eps=1e-5)
    differentiate(
        case, y, operands, evaluated=evaluated, **old, new_running_mean=mean,
        new_running_var=variance)
for groups, shape in [(2, (2, 4, 3, 2)), (1, (1, 3, 2, 2)), (6, (2, 6, 3, 3))]:
    case = f"group norm/{groups}"
    operands = leaves(case, x=shape, scale=(shape[1],), shift=(shape[1],))
    y = F.group_norm(operands["x"], groups, operands["scale"], operands["shift"], eps=1e-5)
    differentiate(case, y, operands, groups=np.array([groups]))

# Layer norm over channels and space and instance norm, each with numbers per channel.
for name, shape in [("odd", (2, 3, 3, 2)), ("one image", (1, 4, 5, 3))]:
    case = f"layer norm/{name}"
    operands = leaves(case, x=shape, scale=(shape[1],), shift=(shape[1],))
    scale, shift = [operands[k][:, None, None] for k in ("scale", "shift")]
    differentiate(case, F.layer_norm(operands["x"], shape[1:]) * scale + shift, operands)
    case = f"instance norm/{name}"
    operands = leaves(case, x=shape, scale=(shape[1],), shift=(shape[1],))
    y = F.instance_norm(operands["x"], weight=operands["scale"], bias=operands["shift"])
    differentiate(case, y, operands)
# Frozen batch norm: a gradient for x alone.
case, channels = "frozen batch norm/odd", 4
operands = leaves(case, x=(3, channels, 3, 2))
constants = {k: draw(f"{case}/{k}", (channels,)) for k in ("scale", "shift", "running_mean")}
constants["running_var"] = draw(f"{case}/running_var", (channels,), 0.5, 2)
y = F.batch_norm(
    operands["x"], constants["running_mean"], constants["running_var"], constants["scale"],
    constants["shift"])
differentiate(case, y, operands, **constants)

# Weight standardization as the published Mini-ImageNet network has it.
for name, shape in [("odd", (3, 2, 3, 3)), ("pointwise", (5, 7, 1, 1)), ("equal", (2, 3, 2, 2))]:
    case = f"weight standardization/{name}"
    operands = leaves(case, w=shape)
    w = operands["w"]
    if name == "equal":
        with torch.no_grad():
            w[0] = 0.25
    centered = w - w.mean((1, 2, 3), keepdim=True)
    deviation = w.flatten(1).std(1, unbiased=True).view(-1, 1, 1, 1)
    differentiate(case, centered / (deviation + 1e-5), operands)

# Channels side by side.
case = "concatenation/three"
operands = leaves(case, a=(2, 3, 2, 3), b=(2, 1, 2, 3), c=(2, 4, 2, 3))
differentiate(case, torch.cat(list(operands.values()), 1), operands)

# Pooling: window is kernel, stride, padding.
for name, shape, window in [
    ("halving", (2, 3, 6, 7), (2, 2, 0)), ("overlapping", (2, 2, 7, 6), (3, 2, 1)),
]:
    for kind, pool in [("max", F.max_pool2d), ("average", F.avg_pool2d)]:
        case = f"{kind} pool/{name}"
        operands = leaves(case, x=shape)
        differentiate(case, pool(operands["x"], *window), operands, window=np.array(window))
# Behind a ReLU most windows hold several equal numbers, the zeros.
x = draw("max pool/ties/x", (2, 3, 7, 7), 0, 3).floor().requires_grad_()
y = F.max_pool2d(x, 3, 2, 1)
differentiate("max pool/ties", y, {"x": x}, window=np.array((3, 2, 1)))
operands = leaves("global average pool/odd", x=(2, 3, 3, 5))
differentiate("global average pool/odd", operands["x"].mean((2, 3)), operands)

# ReLU with a zero, dense layer.
operands = leaves("relu/zeros", x=(2, 3, 4, 4))
with torch.no_grad():
    operands["x"][0, 0] = 0
differentiate("relu/zeros", F.relu(operands["x"]), operands)
operands = leaves("dense/odd", x=(3, 5), w=(4, 5), b=(4,))
differentiate("dense/odd", F.linear(operands["x"], operands["w"], operands["b"]), operands)

# Losses and metrics.
for smoothing in [0.0, 0.1]:
    case = f"cross-entropy/{smoothing}"
    z = draw(case, (5, 7), -4, 4).requires_grad_()
    labels = torch.tensor([0, 6, 3, 3, 1])
    loss = F.cross_entropy(z, labels, label_smoothing=smoothing)
    (dz,) = torch.autograd.grad(loss, z)
    record(case, z=z, labels=labels, loss=loss, dz=dz, smoothing=np.array([smoothing]))
for smoothing in [0.0, 0.2]:
    case = f"sigmoid cross-entropy/{smoothing}"
    z = draw(case, (6, 1), -40, 40).requires_grad_()
    labels = torch.tensor([0, 1, 1, 0, 1, 0])
    targets = (1 - smoothing) * labels + smoothing / 2
    loss = F.binary_cross_entropy_with_logits(z[:, 0], targets)
    (dz,) = torch.autograd.grad(loss, z)
    correct = ((torch.sigmoid(z[:, 0]) > 0.5) == (labels == 1)).sum().to(torch.float64)
    record(
        case, z=z, labels=labels, loss=loss, dz=dz, smoothing=np.array([smoothing]),
        correct=correct)
z, labels = draw("top-k", (40, 9)), torch.arange(40) % 9
for k in [1, 5]:
    correct = (z.topk(k, 1).indices == labels[:, None]).any(1).sum().to(torch.float64)
    record(f"top-k/{k}", z=z, labels=labels, correct=correct)

save_file(golden, FOLDER / "operations.safetensors")

# Updates: the published rule of SGD, SGD_GC and SGD_GCC, evaluated here.
golden = {}
SHAPES = {"convolution": (3, 2, 2, 2), "dense": (3, 4), "bias": (3,)}
RATE, STEPS = 0.1, 3
weights = {role: draw(f"w/{role}", shape).numpy() for role, shape in SHAPES.items()}
gradients = {
    role: draw(f"g/{role}", (STEPS, *shape)).numpy() for role, shape in SHAPES.items()
}


def is_centralized(mode, w):
    return {"none": False, "gc": w.ndim > 1, "gcc": w.ndim > 3}[mode]


def sgd(mode, decay, momentum, nesterov, dampening):
    """g1 = C(g + lam w); buf = g1 at first, then mu buf + (1 - damp) g1; w -= eta d."""
    energies = np.zeros((STEPS, 2))
    after = {}
    for role, start in weights.items():
        w, buffer, path = start.copy(), None, []
        for step in range(STEPS):
            u = gradients[role][step] + decay * w
            if is_centralized(mode, w):
                mean = u.mean(axis=tuple(range(1, u.ndim)), keepdims=True)
                fan_in = u.size // u.shape[0]
                energies[step] += [fan_in * (mean**2).sum(), (u**2).sum()]
                u = u - mean
            if momentum:
                buffer = u if buffer is None else momentum * buffer + (1 - dampening) * u
                u = u + momentum * buffer if nesterov else buffer
            w = w - RATE * u
            path.append(w)
        after[role] = np.stack(path)
    return after, energies


def pytorch(decay, momentum, nesterov, dampening):
    parameters = {role: torch.nn.Parameter(torch.from_numpy(w.copy())) for role, w in weights.items()}
    optimizer = torch.optim.SGD(
        parameters.values(), RATE, momentum, dampening, decay, nesterov)
    for step in range(STEPS):
        for role, parameter in parameters.items():
            parameter.grad = torch.from_numpy(gradients[role][step])
        optimizer.step()
    return parameters


record("start", **weights)
record("gradients", **gradients)
rules = {
    "plain": (0.0, False, 0.0), "momentum": (0.9, False, 0.0), "nesterov": (0.9, True, 0.0),
    "dampened": (0.9, False, 0.3),
}
for mode, (rule, constants), decay in itertools.product(
    ["none", "gc", "gcc"], rules.items(), [0.0, 0.01]
):
    after, energies = sgd(mode, decay, *constants)
    if mode == "none":
        for role, parameter in pytorch(decay, *constants).items():
            assert np.abs(parameter.detach().numpy() - after[role][-1]).max() < 1e-15
    record(f"{mode}/{rule}/{decay}", energies=energies, **after)

save_file(golden, FOLDER / "updates.safetensors")
