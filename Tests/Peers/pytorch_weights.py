#!/usr/bin/env python3
"""The same weights in PyTorch and in gc-bench: logits on real images, and a training step.

    pip install torch==2.13.0+cpu safetensors pillow
    python Tests/Peers/pytorch_weights.py --output Results/weights/pytorch.json

Networks have torchvision's names and the statistics of some batches of noise; their files are
written by PyTorch and safetensors in every form that gc-bench reads, and read by gc-bench alone.
Photos are decoded, resized and cropped by Pillow on PyTorch's side, as torchvision's transforms do.

PyTorch in float64 is taken for the truth. gc-bench passes where it is at most three times as far
from it as PyTorch in float32: two float32 programs that add up in different orders differ by as
much as either differs from the truth.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

CIFAR = ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
ALLOWED_RATIO = 3


class Block(nn.Module):
    """A residual block; the stride is in the 3x3 convolution."""

    def __init__(self, inputs, width, stride, expansion):
        super().__init__()
        shapes = ([(inputs, width, 3, stride), (width, width, 3, 1)] if expansion == 1 else
                  [(inputs, width, 1, 1), (width, width, 3, stride), (width, 4 * width, 1, 1)])
        for index, (i, o, kernel, step) in enumerate(shapes, 1):
            setattr(self, f"conv{index}", nn.Conv2d(i, o, kernel, step, kernel // 2, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(o))
        self.count = len(shapes)
        outputs = width * expansion
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        y = x
        for index in range(1, self.count + 1):
            y = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(y))
            y = torch.relu(y) if index < self.count else y
        return torch.relu(y + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, name, classes):
        super().__init__()
        counts, expansion = {"resnet18": ([2, 2, 2, 2], 1), "resnet50": ([3, 4, 6, 3], 4)}[name]
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, count in enumerate(counts):
            width, blocks = 64 << stage, []
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(Block(inputs, width, stride, expansion))
                inputs = width * expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.fc(x.mean((2, 3)))


def network(name, classes=10):
    torch.manual_seed(5)
    net = ResNet(name, classes).train()
    with torch.no_grad():
        for _ in range(4):
            net(torch.randn(16, 3, 64, 64))
    return net.eval()


def normalized(images, statistics):
    """uint8 [N, 3, H, W] to float64."""
    mean, deviation = (torch.tensor(s, dtype=torch.float64).reshape(1, 3, 1, 1) for s in statistics)
    return (images.double() / 255 - mean) / deviation


def cifar(folder):
    data = numpy.fromfile(os.path.join(folder, "cifar-10-batches-bin", "test_batch.bin"), "u1")
    rows = data.reshape(-1, 3073)
    images = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy())
    return normalized(images, CIFAR), torch.from_numpy(rows[:, 0].astype("i8"))


def cropped(image, side=256, crop=224):
    """The shorter side resized to `side`, and the centre of it."""
    width, height = image.size
    if width < height:
        size = (side, int(side * height / width))
    else:
        size = (int(side * width / height), side)
    image = image.resize(size, Image.Resampling.BILINEAR)
    left, top = (int(round((extent - crop) / 2)) for extent in size)
    return image.crop((left, top, left + crop, top + crop))


def photos(folder):
    """The validation photos in the order of their sorted paths, as the published scripts see them."""
    val = os.path.join(folder, "val")
    images, labels = [], []
    for label, name in enumerate(sorted(os.listdir(val))):
        for file in sorted(os.listdir(os.path.join(val, name))):
            with Image.open(os.path.join(val, name, file)) as image:
                pixels = numpy.asarray(cropped(image.convert("RGB")))
            images.append(torch.from_numpy(pixels.copy()).permute(2, 0, 1))
            labels.append(label)
    return normalized(torch.stack(images), IMAGENET), torch.tensor(labels)


def logits(net, images, kind):
    net = net.to(kind)
    with torch.inference_mode():
        parts = [net(images[i:i + 50].to(kind)) for i in range(0, len(images), 50)]
    net.float()
    return torch.cat(parts).double()


def write(net, folder, form):
    """The weights in one of the forms that are in use."""
    state = net.state_dict()
    if form == "torchvision safetensors":
        save_file(state, path := os.path.join(folder, "w.safetensors"))
    elif form == "torchvision .pth":
        torch.save(state, path := os.path.join(folder, "w.pth"))
    elif form == "DataParallel checkpoint":
        inner = {"module." + name: tensor for name, tensor in state.items()}
        optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
        torch.save({"epoch": 90, "state_dict": inner, "optimizer": optimizer.state_dict()},
                   path := os.path.join(folder, "checkpoint.pth"))
    else:
        renamed = {name.replace("fc.", "head.fc."): tensor for name, tensor in state.items()
                   if "num_batches" not in name}
        save_file(renamed, path := os.path.join(folder, "timm.safetensors"))
    return path


FORMS = ["torchvision safetensors", "torchvision .pth", "DataParallel checkpoint", "timm's names"]


def run(options, arguments):
    answer = subprocess.run([options.program, *arguments], capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{answer.stderr}")
    return answer.stdout


def distance(a, b):
    """‖a − b‖ / ‖b‖."""
    return ((a.double() - b.double()).norm() / b.double().norm()).item()


def judged(what, own, peer):
    verdict = own <= ALLOWED_RATIO * peer
    print(f"{what}: gc-bench is {own:.2e} from float64, PyTorch {peer:.2e}"
          f"{'' if verdict else '  FAILED'}", file=sys.stderr)
    return {"gc_bench": own, "pytorch": peer, "passes": verdict}


def evaluation(options, name, images, labels, arguments, folder):
    net = network(name)
    exact, single = logits(net, images, torch.float64), logits(net, images, torch.float32)
    results = {}
    for form in FORMS:
        output = os.path.join(folder, "logits.safetensors")
        summary = json.loads(run(options, [
            "evaluate", *arguments, "--set", f"backbone={name}", "--weights",
            write(net, folder, form), "--json", "--logits", output]))
        found = load_file(output)
        assert torch.equal(found["labels"], labels)
        result = judged(f"{name}, {summary['data']}, {form}", distance(found["logits"], exact),
                        distance(single, exact))
        hits = 100 * (exact.argmax(1) == labels).double().mean().item()
        loss = nn.functional.cross_entropy(exact, labels).item()
        results[form] = {**result, "images": summary["count"], "accuracy": summary["accuracy"],
                         "pytorch_accuracy": hits, "loss": summary["loss"], "pytorch_loss": loss}
    return results


def step(options, name, folder):
    """One step of SGD with momentum and decay on 8 images."""
    torch.manual_seed(6)
    images, labels = torch.randn(8, 3, 64, 64), torch.arange(8)
    save_file({"images": images, "labels": labels}, batch := os.path.join(folder, "batch"))
    outcomes = {}
    for kind in (torch.float64, torch.float32):
        net = network(name).to(kind).train()
        optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
        loss = nn.functional.cross_entropy(net(images.to(kind)), labels)
        loss.backward()
        optimizer.step()
        outcomes[kind] = net.state_dict()
    output = os.path.join(folder, "stepped.safetensors")
    run(options, [
        "step", "experiments/cifar10_resnet18.spec", "--set", "gc=none", "--set", "stem=imagenet",
        "--set", f"backbone={name}", "--set", "optimizer.weight_decay=1e-4", "--seeds", "0",
        "--weights", write(network(name), folder, "torchvision .pth"), "--batch", batch,
        "--steps", "1", "--output", output])
    found = load_file(output)
    # What gc-bench writes is a state dict that PyTorch loads, strictly.
    network(name).load_state_dict({key: found[key] for key in found if key != "loss"})
    exact, single = outcomes[torch.float64], outcomes[torch.float32]
    names = [key for key in exact if "num_batches" not in key]
    start = network(name).state_dict()

    def change(state):
        return torch.cat([(state[key].double() - start[key].double()).flatten() for key in names])

    return judged(f"{name}, one step", distance(change(found), change(exact)),
                  distance(change(single), change(exact)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/gc-bench")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--only", choices=["resnet18", "resnet50"])
    parser.add_argument("--output")
    options = parser.parse_args()
    result = {"pytorch": torch.__version__, "allowed_ratio": ALLOWED_RATIO}
    cifar_arguments = [
        "experiments/cifar10_resnet18.spec", "--set", "stem=imagenet", "--set", "gc=none",
        "--seeds", "0", "--data", f"cifar10={options.data}/cifar-10"]
    photo_arguments = [
        "experiments/imagenette_resnet18.spec", "--set", "gc=none", "--seeds", "0", "--data",
        f"imagenette={options.data}/imagenette-224"]
    with tempfile.TemporaryDirectory() as folder:
        for name in [options.only] if options.only else ["resnet18", "resnet50"]:
            result[f"{name}, step"] = step(options, name, folder)
            images, labels = cifar(os.path.join(options.data, "cifar-10"))
            result[f"{name}, CIFAR-10"] = evaluation(
                options, name, images, labels, cifar_arguments, folder)
            images, labels = photos(os.path.join(options.data, "imagenette-224"))
            result[f"{name}, photos"] = evaluation(
                options, name, images, labels, photo_arguments, folder)
    if options.output:
        os.makedirs(os.path.dirname(options.output), exist_ok=True)
        with open(options.output, "w") as file:
            json.dump(result, file, indent=1)
            file.write("\n")
    flat = json.dumps(result)
    sys.exit(1 if '"passes": false' in flat else 0)


if __name__ == "__main__":
    main()
