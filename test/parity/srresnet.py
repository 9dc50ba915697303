"""PyTorch's result of leftthomas/SRGAN's generator (5 blocks, batch norm), on standard output as JSON.

    python3 srresnet.py WEIGHTS.safetensors PIXELS.json

PIXELS.json: {"image": {"dims": [1, 3, H, W], "data": [...]}}, RGB 0..1. "stored": with kernels rounded to 16 bits, as our
model files keep them; "full": with the kernels of the file.
"""
import json
import sys

import torch
import torch.nn.functional as F

from reference import read_safetensors


def generator(x, weights, tensor=lambda kernel: kernel):
    def conv(x, name):
        kernel = tensor(weights[f"{name}.weight"])
        return F.conv2d(x, kernel, weights[f"{name}.bias"], padding=kernel.shape[-1] // 2)

    def norm(x, name):
        return F.batch_norm(x, *(weights[f"{name}.{k}"] for k in ("running_mean", "running_var", "weight", "bias")))

    head = x = F.prelu(conv(x, "block1.0"), weights["block1.1.weight"])
    for i in range(2, 7):
        y = norm(conv(x, f"block{i}.conv1"), f"block{i}.bn1")
        y = F.prelu(y, weights[f"block{i}.prelu.weight"])
        x = x + norm(conv(y, f"block{i}.conv2"), f"block{i}.bn2")
    x = head + F.prelu(conv(x, "block7.0"), weights["block7.1.weight"])
    for i in range(2):
        x = F.prelu(F.pixel_shuffle(conv(x, f"block8.{i}.conv"), 2), weights[f"block8.{i}.prelu.weight"])
    return (torch.tanh(conv(x, "block8.2")) + 1) / 2


def main():
    weights, _ = read_safetensors(sys.argv[1])
    with open(sys.argv[2]) as f:
        image = json.load(f)["image"]
    x = torch.tensor(image["data"]).reshape(image["dims"])
    with torch.no_grad():
        stored, full = generator(x, weights, lambda kernel: kernel.half().float()), generator(x, weights)
    json.dump({"stored": stored.flatten().tolist(), "full": full.flatten().tolist()}, sys.stdout)


main()
