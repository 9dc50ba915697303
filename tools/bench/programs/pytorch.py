"""The step in PyTorch on the CPU. Requests and replies are lines of JSON; see tools/bench/task.ts.

    python3 pytorch.py THREADS FOLDER
"""
import json
import os
import sys
import time

import torch
import torch.nn.functional as F


class Step:
    def __init__(self, task, folder):
        self.task, self.settings, size = task, task["settings"], task["size"]
        self.weights = read_floats(os.path.join(folder, task["weights"]))
        self.layers = [self.layer(stage) for stage in task["stages"]]
        pictures = read_floats(os.path.join(folder, task["pictures"])).view(2, 1, 3, size, size)
        with torch.no_grad():
            content, style = self.look(pictures[0]), self.look(pictures[1])
        self.style = [self.gram(style[tap["stage"]]) for tap in task["style"]]
        self.content = [content[tap["stage"]] for tap in task["content"]]
        self.image = pictures[0].clone().requires_grad_(True)
        rate, betas = self.settings["learningRate"], self.settings["betas"]
        self.adam = torch.optim.Adam([self.image], lr=rate, betas=betas)

    def floats(self, at, *dims):
        return self.weights[at:at + torch.Size(dims).numel()].view(dims)

    def layer(self, stage):
        op = stage["op"]
        if op == "conv":
            kernel = self.floats(stage["data"], stage["out"], stage["in"], stage["size"], stage["size"])
            bias = self.floats(stage["bias"], stage["out"])
            return lambda x: F.conv2d(x, kernel, bias, stage["stride"], stage["pad"])
        if op == "relu":
            return F.relu
        if op == "pool":
            return lambda x: F.max_pool2d(x, stage["size"], stage["stride"], ceil_mode=stage["ceil"])
        if op == "sum":
            return torch.add
        values = self.floats(stage["data"], 1, 3, 1, 1)
        return (lambda x: x * values) if op == "scale" else (lambda x: x + values)

    def look(self, image):
        seen = []
        for layer, stage in zip(self.layers, self.task["stages"]):
            places = [stage["from"]] + ([stage["and"]] if "and" in stage else [])
            seen.append(layer(*(image if at < 0 else seen[at] for at in places)))
        return seen

    def gram(self, f):
        _, c, h, w = f.shape
        rows = f.reshape(c, h * w)
        divisor = {"none": 1, "hw": h * w, "chw": c * h * w}[self.settings["gram"]]
        return rows @ rows.T / divisor

    def loss(self):
        seen, s = self.look(self.image), self.settings
        style = sum(
            tap["weight"] * squared_error(self.gram(seen[tap["stage"]]), target, s["styleLoss"])
            for tap, target in zip(self.task["style"], self.style)
        )
        content = sum(
            tap["weight"] * squared_error(seen[tap["stage"]], target, s["contentLoss"])
            for tap, target in zip(self.task["content"], self.content)
        )
        return s["styleWeight"] * style + s["contentWeight"] * content

    def __call__(self):
        self.adam.zero_grad()
        loss = self.loss()
        loss.backward()
        self.adam.step()
        if self.settings["clamp"]:
            with torch.no_grad():
                self.image.clamp_(0, 1)
        return loss.item()


def squared_error(value, target, form):
    if form == "mean":
        return F.mse_loss(value, target)
    return ((value - target) ** 2).sum() / ((target ** 2).sum() + 1e-12)


def read_floats(path):
    with open(path, "rb") as f:
        return torch.frombuffer(bytearray(f.read()), dtype=torch.float32)


def take_steps(step, count):
    ms, losses, before = [], [], time.process_time()
    for _ in range(count):
        started = time.perf_counter()
        losses.append(step())
        ms.append((time.perf_counter() - started) * 1e3)
    return {"ms": ms, "losses": losses, "cpuMs": (time.process_time() - before) * 1e3}


def main():
    threads, folder = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    onednn = "oneDNN" if torch.backends.mkldnn.is_available() else "no oneDNN"
    about = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {onednn}"
    step = None
    for line in sys.stdin:
        request, reply = json.loads(line), {}
        if request["do"] == "prepare":
            step, reply = Step(request["task"], folder), {"about": about}
        elif request["do"] == "steps":
            reply = take_steps(step, request["count"])
        else:
            step = None
        print(json.dumps(reply), flush=True)


main()
