#!/usr/bin/env python3
"""Writes optimizers.safetensors: every optimizer in every convention and mode of centralization,
20 steps on given gradients and 20 steps of a small network, in float64.

Made with Python 3.11, torch 2.13.0+cpu, numpy 2.4 and safetensors 0.8.0 by

    pip install torch==2.13.0+cpu numpy safetensors
    python3 -B Tests/Goldens/optimizers.py

Convention `torch` is torch.optim itself, one tensor at a time; the others are the documented rules
in numpy, written here as plain steps. Centralization is not written into any of them: a gradient
is projected before a step, an update after it. Tests read the file only.
"""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

from counter_random import TEST, uniform

torch.set_default_dtype(torch.float64)
STEPS = 20
DECAY = 0.01
golden = {}


def record(case, **tensors):
    for name, tensor in tensors.items():
        golden[f"{case}/{name}"] = np.ascontiguousarray(tensor, dtype=np.float64)


def draw(name, shape, low=-1.0, high=1.0):
    return uniform(shape, low, high, TEST, name=f"optimizers/{name}")


def centralized(u):
    return u - u.mean(axis=tuple(range(1, u.ndim)), keepdims=True)


class Torch:
    """An optimizer of torch.optim on one tensor."""

    def __init__(self, make, l2=True):
        self.make, self.l2 = make, l2

    def start(self, decay):
        self.optimizer, self.decay = None, decay
        return self

    def step(self, w, g):
        if self.optimizer is None:
            self.weight = torch.nn.Parameter(torch.from_numpy(w.copy()))
            self.optimizer = self.make([self.weight], self.decay)
        with torch.no_grad():
            self.weight.copy_(torch.from_numpy(w))
        self.weight.grad = torch.from_numpy(g.copy())
        self.optimizer.step()
        return self.weight.detach().numpy().copy()


class Rule:
    """A documented rule: a generator that is sent (w, g) and yields the next w."""

    def __init__(self, rule, l2):
        self.rule, self.l2 = rule, l2

    def start(self, decay):
        self.steps = self.rule(decay)
        next(self.steps)
        return self

    def step(self, w, g):
        return self.steps.send((w, g))


def torch_rule(name, l2=True, **options):
    kind = getattr(torch.optim, name)
    return lambda: Torch(
        lambda w, decay: kind(w, weight_decay=decay, foreach=False, **options), l2)


def rule(l2):
    return lambda function: lambda **options: lambda: Rule(
        lambda decay: function(decay, **options), l2)


# The published GC_code. L2 decay is added by the caller, so that it can be projected too.


@rule(l2=True)
def sgd(_, lr=0.1, mu=0.9):
    w, g = yield
    buf = g
    while True:
        w, g = yield w - lr * buf
        buf = mu * buf + g


@rule(l2=False)
def sgdw(decay, lr=0.1, mu=0.9):
    w, g = yield
    buf = g
    while True:
        w, g = yield w - lr * buf - lr * decay * w
        buf = mu * buf + g


def moments(b1, b2):
    m, v, t, largest = 0, 0, 0, 0
    g = yield
    while True:
        t, m, v = t + 1, b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        largest = np.maximum(largest, v)
        g = yield t, m, v, largest, 1 - b1**t, 1 - b2**t


def started(generator):
    next(generator)
    return generator


@rule(l2=True)
def adam(_, lr=0.01, b1=0.9, b2=0.999, eps=1e-8, amsgrad=False):
    state = started(moments(b1, b2))
    w, g = yield
    while True:
        t, m, v, largest, bc1, bc2 = state.send(g)
        square = largest if amsgrad else v
        w, g = yield w - lr / bc1 * m / (np.sqrt(square) / np.sqrt(bc2) + eps)


@rule(l2=False)
def adamw(decay, lr=0.01, b1=0.9, b2=0.999, eps=1e-8, amsgrad=False):
    state = started(moments(b1, b2))
    w, g = yield
    while True:
        t, m, v, largest, bc1, bc2 = state.send(g)
        square = largest if amsgrad else v
        s = lr * np.sqrt(bc2) / bc1
        w, g = yield w - s * (decay * w + m / (np.sqrt(square) + eps))


@rule(l2=True)
def adagrad(_, lr=0.1, eps=1e-10, lr_decay=0.0):
    total, t = 0, 0
    w, g = yield
    while True:
        t, total = t + 1, total + g * g
        w, g = yield w - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(total) + eps)


# algorithm-GC, "advanced optimizers".


@rule(l2=False)
def adamw_advanced(decay, lr=0.01, b1=0.9, b2=0.999, eps=1e-8):
    state = started(moments(b1, b2))
    w, g = yield
    while True:
        t, m, v, _, bc1, bc2 = state.send(g)
        direction = m / (np.sqrt(v) / np.sqrt(bc2) + eps) + decay * w
        w, g = yield w - lr / bc1 * direction


@rule(l2=False)
def radam_advanced(decay, lr=0.01, b1=0.9, b2=0.999, eps=1e-8, strict=False):
    state = started(moments(b1, b2))
    n_max = 2 / (1 - b2) - 1
    w, g = yield
    while True:
        t, m, v, _, bc1, bc2 = state.send(g)
        n = n_max - 2 * t * b2**t / (1 - b2**t)
        if n > 5 or (not strict and n == 5):
            size = np.sqrt(
                bc2 * (n - 4) / (n_max - 4) * (n - 2) / n * n_max / (n_max - 2)) / bc1
            direction = m / (np.sqrt(v) + eps)
        else:
            size, direction = 1 / bc1, m
        w, g = yield w - size * lr * (direction + decay * w)


# Keras 3: decay is decoupled in all of them.


@rule(l2=False)
def sgd_keras(decay, lr=0.1, mu=0.9, nesterov=False):
    m = 0
    w, g = yield
    while True:
        m = mu * m - lr * g
        w, g = yield w - lr * decay * w + (mu * m - lr * g if nesterov else m)


@rule(l2=False)
def adam_keras(decay, lr=0.01, b1=0.9, b2=0.999, eps=1e-7, amsgrad=False):
    state = started(moments(b1, b2))
    w, g = yield
    while True:
        t, m, v, largest, bc1, bc2 = state.send(g)
        square = largest if amsgrad else v
        alpha = lr * np.sqrt(bc2) / bc1
        w, g = yield w - lr * decay * w - alpha * m / (np.sqrt(square) + eps)


@rule(l2=False)
def adagrad_keras(decay, lr=0.1, eps=1e-7, start=0.1):
    total = start
    w, g = yield
    while True:
        total = total + g * g
        w, g = yield w - lr * decay * w - lr * g / np.sqrt(total + eps)


@rule(l2=False)
def rmsprop_keras(decay, lr=0.01, rho=0.9, mu=0.0, eps=1e-7, centered=False):
    v, mean, buf = 0, 0, 0
    w, g = yield
    while True:
        v, mean = rho * v + (1 - rho) * g * g, rho * mean + (1 - rho) * g
        buf = mu * buf + lr * g / np.sqrt(v - (mean * mean if centered else 0) + eps)
        w, g = yield w - lr * decay * w - buf


# name, convention: how to step.
OPTIMIZERS = {
    ("sgd", "torch"): torch_rule("SGD", lr=0.1, momentum=0.9),
    ("sgd", "reference"): sgd(),
    ("sgd", "reference_advanced"): sgd(),
    ("sgd", "keras"): sgd_keras(),
    ("sgdw", "reference"): sgdw(),
    ("adam", "torch"): torch_rule("Adam", lr=0.01),
    ("adam", "reference"): adam(),
    ("adam", "reference_advanced"): adam(),
    ("adam", "keras"): adam_keras(),
    ("adamw", "torch"): torch_rule("AdamW", l2=False, lr=0.01),
    ("adamw", "reference"): adamw(),
    ("adamw", "reference_advanced"): adamw_advanced(),
    ("adamw", "keras"): adam_keras(),
    ("adagrad", "torch"): torch_rule("Adagrad", lr=0.1),
    ("adagrad", "reference"): adagrad(),
    ("adagrad", "keras"): adagrad_keras(),
    ("rmsprop", "torch"): torch_rule("RMSprop", lr=0.01),
    ("rmsprop", "keras"): rmsprop_keras(),
    ("radam", "torch"): torch_rule("RAdam", lr=0.01),
    ("radam", "reference_advanced"): radam_advanced(),
    ("ranger", "reference_advanced"): radam_advanced(b1=0.95, eps=1e-5, strict=True),
}

# More constants, in mode none and on given gradients only.
VARIANTS = {
    "sgd nesterov": torch_rule("SGD", lr=0.1, momentum=0.9, nesterov=True),
    "sgd dampened": torch_rule("SGD", lr=0.1, momentum=0.9, dampening=0.3),
    "sgd plain": torch_rule("SGD", lr=0.1),
    "sgd keras nesterov": sgd_keras(nesterov=True),
    "adam amsgrad": torch_rule("Adam", lr=0.01, amsgrad=True),
    "adam keras amsgrad": adam_keras(amsgrad=True),
    "adamw amsgrad": torch_rule("AdamW", l2=False, lr=0.01, amsgrad=True),
    "adamw reference amsgrad": adamw(amsgrad=True),
    "adam betas": torch_rule("Adam", lr=0.01, betas=(0.8, 0.95), eps=1e-3),
    "adagrad slowing": torch_rule(
        "Adagrad", lr=0.1, lr_decay=0.1, initial_accumulator_value=0.2),
    "rmsprop centered": torch_rule("RMSprop", lr=0.01, centered=True, momentum=0.5, alpha=0.9),
    "rmsprop keras centered": rmsprop_keras(centered=True, mu=0.5),
    "radam betas": torch_rule("RAdam", lr=0.01, betas=(0.8, 0.9)),
}


class Lookahead:
    """Slow weights around any step: taken before the first one and met every `k`, or, in
    algorithm-GC's form, taken after the first one and met at 1, 1 + k, …"""

    def __init__(self, k, alpha, late):
        self.k, self.alpha, self.late, self.t, self.slow = k, alpha, late, 0, None

    def after(self, old, new):
        self.t += 1
        if self.slow is None:
            self.slow = new if self.late else old
        if (self.t - 1 if self.late else self.t) % self.k == 0:
            self.slow = self.slow + self.alpha * (new - self.slow)
            return self.slow
        return new


class Trainer:
    """One weight: its optimizer, its centralization, its slow weights."""

    def __init__(self, make, mode, kind, lookahead=None):
        stepper = make()
        scope = {"gc": ("convolution", "dense"), "gcc": ("convolution",)}.get(
            mode.replace("2", ""), ())
        self.projects_gradient = kind in scope and not mode.endswith("2")
        self.projects_update = kind in scope and mode.endswith("2")
        self.l2, self.lookahead = stepper.l2, lookahead
        self.stepper = stepper.start(0.0 if stepper.l2 else DECAY)

    def step(self, w, g):
        if self.l2:
            g = g + DECAY * w
        if self.projects_gradient:
            g = centralized(g)
        new = self.stepper.step(w, g)
        if self.projects_update:
            new = w + centralized(new - w)
        return self.lookahead.after(w, new) if self.lookahead else new


def lookahead_of(name):
    return Lookahead(6, 0.5, late=False) if name == "ranger" else None


# Given gradients.
SHAPES = {"convolution": (4, 3, 3, 3), "dense": (5, 7), "bias": (5,)}
START = {kind: draw(f"start/{kind}", shape) for kind, shape in SHAPES.items()}
GRADIENTS = {
    kind: draw(f"gradients/{kind}", (STEPS, *shape)) for kind, shape in SHAPES.items()}
record("start", **START)
record("gradients", **GRADIENTS)


def train(case, trainers, factor=lambda gradients: 1.0):
    weights = {kind: w.copy() for kind, w in START.items()}
    for step in range(STEPS):
        gradients = {kind: GRADIENTS[kind][step] for kind in weights}
        scale = factor(gradients)
        for kind in weights:
            weights[kind] = trainers[kind].step(weights[kind], scale * gradients[kind])
    record(case, **weights)


ADAPTIVE = ("adam", "adamw", "adagrad", "rmsprop", "radam", "ranger")


def modes(name):
    return ["none", "gc", "gcc"] + (["gc2", "gcc2"] if name in ADAPTIVE else [])


for (name, convention), make in OPTIMIZERS.items():
    for mode in modes(name):
        train(
            f"given/{name}/{convention}/{mode}",
            {kind: Trainer(make, mode, kind, lookahead_of(name)) for kind in SHAPES})

for name, make in VARIANTS.items():
    train(f"variant/{name}", {kind: Trainer(make, "none", kind) for kind in SHAPES})

for name, key, late in [
    ("lookahead sgd", ("sgd", "torch"), False),
    ("lookahead adam gc2", ("adam", "torch"), False),
    ("late lookahead sgd", ("sgd", "reference_advanced"), True),
]:
    mode = "gc2" if name.endswith("gc2") else "none"
    train(
        f"variant/{name}",
        {kind: Trainer(OPTIMIZERS[key], mode, kind, Lookahead(5, 0.5, late)) for kind in SHAPES})


def clipping(gradients):
    parameters = [torch.nn.Parameter(torch.zeros(g.shape)) for g in gradients.values()]
    for parameter, g in zip(parameters, gradients.values()):
        parameter.grad = torch.from_numpy(g.copy())
    norm = torch.nn.utils.clip_grad_norm_(parameters, 1.5)
    return float(torch.clamp(1.5 / (norm + 1e-6), max=1.0))


for mode in ["none", "gc"]:
    train(
        f"variant/clipped sgd {mode}",
        {kind: Trainer(OPTIMIZERS["sgd", "torch"], mode, kind) for kind in SHAPES}, clipping)


# A small network: convolution, ReLU, mean over space, dense, softmax cross-entropy.
NETWORK = {
    "conv.weight": ("convolution", (4, 3, 3, 3)), "conv.bias": ("bias", (4,)),
    "fc.weight": ("dense", (3, 4)), "fc.bias": ("bias", (3,)),
}
NETWORK_START = {
    name: draw(f"network/{name}", shape, -0.5, 0.5) for name, (_, shape) in NETWORK.items()}
IMAGES = draw("network/images", (8, 3, 6, 6))
LABELS = np.arange(8) % 3
record("network", images=IMAGES, **NETWORK_START)


def network(case, trainers):
    weights = {name: w.copy() for name, w in NETWORK_START.items()}
    losses = []
    for _ in range(STEPS):
        leaves = {name: torch.from_numpy(w).requires_grad_() for name, w in weights.items()}
        y = F.conv2d(
            torch.from_numpy(IMAGES), leaves["conv.weight"], leaves["conv.bias"], padding=1)
        scores = F.linear(F.relu(y).mean((2, 3)), leaves["fc.weight"], leaves["fc.bias"])
        loss = F.cross_entropy(scores, torch.from_numpy(LABELS))
        loss.backward()
        losses.append(loss.item())
        weights = {
            name: trainers[name].step(w, leaves[name].grad.numpy().copy())
            for name, w in weights.items()}
    record(case, loss=losses, **weights)


for (name, convention), make in OPTIMIZERS.items():
    for mode in modes(name):
        network(
            f"trained/{name}/{convention}/{mode}",
            {
                weight: Trainer(make, mode, kind, lookahead_of(name))
                for weight, (kind, _) in NETWORK.items()
            })

# Schedules: factors of the base rate at every iteration of 12 epochs of 5.
def factors(make, count=60):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    values = [optimizer.param_groups[0]["lr"]]
    for _ in range(count - 1):
        optimizer.step()
        scheduler.step()
        values.append(optimizer.param_groups[0]["lr"])
    return values


S = torch.optim.lr_scheduler
record(
    "schedule",
    one_cycle=factors(lambda o: S.OneCycleLR(o, max_lr=1.0, total_steps=60)),
    polynomial=factors(lambda o: S.PolynomialLR(o, total_iters=60, power=2.0)),
    cosine=factors(lambda o: S.CosineAnnealingLR(o, T_max=60)),
    cosine_epochs=np.repeat(factors(lambda o: S.CosineAnnealingLR(o, T_max=12), 12), 5),
    warm_up=factors(lambda o: S.LinearLR(o, start_factor=0.1, total_iters=15)))

save_file(golden, pathlib.Path(__file__).parent / "optimizers.safetensors")
