#!/usr/bin/env python3
"""Files of weights as PyTorch writes them, and what they hold, for Tests/WeightTests.

Made with PyTorch 2.13 and safetensors 0.8. Files that must be refused are under refused/.
"""
import argparse
import collections
import io
import pathlib
import pickle
import zipfile

import numpy
import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "weights"
REFUSED = FOLDER / "refused"


def network():
    torch.manual_seed(1)
    net = nn.Sequential(collections.OrderedDict(
        conv1=nn.Conv2d(3, 4, 3, bias=False), bn1=nn.BatchNorm2d(4), flatten=nn.Flatten(),
        fc=nn.Linear(4, 2)))
    net.bn1.running_mean.normal_()
    return net


def views():
    """Every format, and views that do not lie in their storage as they are numbered."""
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    numbers = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 1e-5, 1 / 3])
    tensors = collections.OrderedDict(
        transposed=base.permute(2, 0, 1), sliced=base[1, 1:, ::2], whole=base,
        expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3), scalar=torch.tensor(7.0),
        empty=torch.zeros(0, 3), channels_last=torch.arange(16.0).reshape(1, 2, 2, 4).to(
            memory_format=torch.channels_last), parameter=nn.Parameter(torch.tensor([5.0])),
        one=torch.arange(6.0).reshape(2, 3)[:, 1:2])
    for kind in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
        tensors[str(kind).split(".")[1]] = numbers.to(kind)
    for kind in (torch.int64, torch.int32, torch.uint8, torch.bool):
        tensors[str(kind).split(".")[1]] = torch.tensor([0, 1, 200]).to(kind)
    return tensors


def rewritten(path, change, compression=zipfile.ZIP_STORED):
    """A copy of a file of PyTorch's in which `change` has changed the entries."""
    with zipfile.ZipFile(path) as old:
        entries = {info.filename: old.read(info) for info in old.infolist()}
    change(entries)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as new:
        for name, content in entries.items():
            new.writestr(zipfile.ZipInfo(name), content, compression)
    return data.getvalue()


class Shell:
    def __reduce__(self):
        import os
        return os.system, ("echo owned",)


class Evaluation:
    def __reduce__(self):
        return eval, ("1 + 1",)


def main():
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    REFUSED.mkdir(parents=True, exist_ok=True)
    net = network()
    state = net.state_dict()
    torch.save(state, FOLDER / "network.pth")
    torch.save(state, FOLDER / "protocol4.pth", pickle_protocol=4)
    save_file(state, FOLDER / "network.safetensors")
    save_file({name: tensor.half() if tensor.is_floating_point() else tensor
               for name, tensor in state.items()}, FOLDER / "half.safetensors")
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(torch.randn(2, 3, 3, 3)).sum().backward()
    optimizer.step()
    net.load_state_dict(network().state_dict())
    torch.save({
        "epoch": 3, "arch": "resnet", "best_acc1": torch.tensor(71.5), "scale": 1e-3,
        "state_dict": {"module." + name: tensor for name, tensor in net.state_dict().items()},
        "optimizer": optimizer.state_dict(), "shape": state["fc.weight"].shape,
        "dtype": torch.float32, "device": torch.device("cpu"), "none": None,
    }, FOLDER / "checkpoint.pth")
    torch.save(views(), FOLDER / "views.pth")
    save_file({name: (tensor.to(torch.uint8) if tensor.dtype == torch.bool else tensor.float()
                      if tensor.dtype in (torch.float16, torch.bfloat16) else tensor)
               .detach().contiguous().clone() for name, tensor in views().items()},
              FOLDER / "views.safetensors")

    torch.save(state, REFUSED / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(net, REFUSED / "module.pth")
    torch.save({"state_dict": state, "args": argparse.Namespace(lr=0.1)}, REFUSED / "namespace.pth")
    torch.save({"state_dict": state, "best": numpy.float64(71.5)}, REFUSED / "numpy.pth")
    torch.save({"state_dict": state, "run": Shell()}, REFUSED / "shell.pth")
    torch.save(Evaluation(), REFUSED / "evaluation.pth")
    torch.save({"epoch": 3}, REFUSED / "empty.pth")
    torch.save([state["fc.weight"]], REFUSED / "list.pth")
    torch.save({"w": torch.tensor([1, 2], dtype=torch.int16)}, REFUSED / "int16.pth")
    torch.save({"w": torch.tensor([[1.0, 0.0]]).to_sparse()}, REFUSED / "sparse.pth")
    torch.save({"w": torch.zeros(1).expand(1 << 40)}, REFUSED / "bomb.pth")
    torch.jit.script(nn.ReLU()).save(str(REFUSED / "script.pt"))
    (REFUSED / "pickle.pkl").write_bytes(pickle.dumps({"w": [1.0]}, 2))
    source = FOLDER / "network.pth"
    (REFUSED / "deflated.pth").write_bytes(
        rewritten(source, lambda entries: None, zipfile.ZIP_DEFLATED))
    (REFUSED / "other.zip").write_bytes(rewritten(source, lambda e: e.pop("network/data.pkl")))
    (REFUSED / "missing.pth").write_bytes(rewritten(source, lambda e: e.pop("network/data/0")))
    (REFUSED / "short.pth").write_bytes(
        rewritten(source, lambda e: e.update({"network/data/0": b"\0" * 4})))
    (REFUSED / "big.pth").write_bytes(
        rewritten(source, lambda e: e.update({"network/byteorder": b"big"})))


if __name__ == "__main__":
    main()
