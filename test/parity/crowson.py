"""The crowson recipe in PyTorch, written from its description: figures and the picture, on standard output as JSON.

    python3 crowson.py WEIGHTS.safetensors PIXELS.json STEPS[,STEPS...] [--seconds S] [--threads N]

PIXELS.json: {"content0": {"dims": [1, 3, H, W], "data": [...]}, "style0": {...}, "content1": ...}, RGB 0..1, one of each
for every scale from coarse to fine. Style: squared 2-Wasserstein distances between Gaussians over relu1_1..relu5_1 (256:64:16:4:1,
a mean over channels, covariances plus 1e-4, matrix roots by twelve Newton-Schulz iterations in the value and by the
Lyapunov equation in the gradient); content: 0.015 times the mean squared error of relu4_2; nine-point total variation
times 2; the first convolution sees the border repeated; Adam 0.02 (0.9, 0.99), clamped to 0..1; the result is the running
average (0.99); moments go on at the next scale. Each layer is scaled to a mean activation of 0.6 on the coarsest content.
"""
import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F

from reference import normalise, read_safetensors

STYLE = {"relu1_1": 256 / 341, "relu2_1": 64 / 341, "relu3_1": 16 / 341, "relu4_1": 4 / 341, "relu5_1": 1 / 341}
CONTENT, CONTENT_WEIGHT, TV_WEIGHT = "relu4_2", 0.015, 2.0
MEAN_ACTIVATION, REGULARISATION, ITERATIONS = 0.6, 1e-4, 12
RATE, BETAS, DECAY = 0.02, (0.9, 0.99), 0.99
BLOCKS = [2, 2, 4, 4, 1]


def taps_of(image, weights, meta):
    x, taps, index = normalise(image, meta), {}, 0
    for i, count in enumerate(BLOCKS):
        if i > 0:
            x = F.max_pool2d(x, 2)
        for j in range(1, count + 1):
            if index == 0:
                x = F.pad(x, (1, 1, 1, 1), "replicate")
            name = f"features.{index}"
            x = F.relu(F.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=0 if index == 0 else 1))
            taps[f"relu{i + 1}_{j}"] = x
            index += 2
        index += 1
    return {k: taps[k] for k in (*STYLE, CONTENT)}


class Root(torch.autograd.Function):
    """X^1/2 of a symmetric positive definite matrix."""

    @staticmethod
    def forward(ctx, x):
        norm = x.norm()
        eye = torch.eye(len(x))
        y, z = x / norm, eye
        for _ in range(ITERATIONS):
            t = (3 * eye - z @ y) / 2
            y, z = y @ t, t @ z
        root = y * norm.sqrt()
        ctx.save_for_backward(root)
        return root

    @staticmethod
    def backward(ctx, grad):
        # L with R L + L R = grad is half of a corner of the sign of N = [[R, grad], [0, -R]] (Roberts 1980), and the sign
        # comes from N -> N (3 - N^2) / 2; this is what that does to the two corners.
        (root,) = ctx.saved_tensors
        norm, eye = root.norm(), torch.eye(len(root))
        a, q = root / norm, grad / norm
        for _ in range(ITERATIONS):
            q = (q @ (3 * eye - a @ a) - a @ (a @ q - q @ a)) / 2
            a = a @ (3 * eye - a @ a) / 2
        return q / 2


def statistics(f):
    f = f.flatten(2)[0]
    mean = f.mean(1)
    return mean, f @ f.T / f.shape[1] - torch.outer(mean, mean) + REGULARISATION * torch.eye(f.shape[0])


def style_target(f):
    mean, sigma = statistics(f)
    return mean, sigma, Root.apply(sigma)


def distance(f, target):
    mean, sigma = statistics(f)
    mean_wanted, sigma_wanted, half = target
    root = Root.apply(half @ sigma @ half)
    return ((mean - mean_wanted) ** 2).mean() + torch.diag(sigma + sigma_wanted - 2 * root).mean()


def total_variation(x):
    x = F.pad(x, (1, 1, 1, 1), "replicate")
    square = lambda d: (d ** 2).mean()
    across, down = square(x[..., 1:-1, 1:] - x[..., 1:-1, :-1]), square(x[..., 1:, 1:-1] - x[..., :-1, 1:-1])
    falling, rising = square(x[..., 1:, 1:] - x[..., :-1, :-1]), square(x[..., 1:, :-1] - x[..., :-1, 1:])
    return 2 * (across / 3 + down / 3 + falling / 12 + rising / 12)


class Objective:
    def __init__(self, weights, meta, units, content, style):
        self.look = lambda x: {k: v * units[k] for k, v in taps_of(x, weights, meta).items()}
        with torch.no_grad():
            self.content = self.look(content)[CONTENT]
            self.style = {k: style_target(v) for k, v in self.look(style).items() if k in STYLE}

    def __call__(self, x):
        taps = self.look(x)
        style = sum(w * distance(taps[k], self.style[k]) for k, w in STYLE.items())
        content = CONTENT_WEIGHT * F.mse_loss(taps[CONTENT], self.content)
        return content + style + TV_WEIGHT * total_variation(x)


def units_of(weights, meta, content):
    with torch.no_grad():
        return {k: MEAN_ACTIVATION / v.mean() for k, v in taps_of(content, weights, meta).items()}


def paint(weights, meta, contents, styles, steps, seconds=float("inf")):
    """Losses of every step, the last scale's average, the time that it took."""
    units, losses, state, average = units_of(weights, meta, contents[0]), [], None, contents[0]
    started = time.perf_counter()
    for content, style, count in zip(contents, styles, steps):
        size = content.shape[2:]
        with torch.no_grad():
            if average.shape != content.shape:
                average = F.interpolate(average, size, mode="bicubic", align_corners=False).clamp(0, 1)
        x = average.clone().requires_grad_(True)
        optimizer = torch.optim.Adam([x], lr=RATE, betas=BETAS)
        if state:
            first = F.interpolate(state["exp_avg"], size, mode="bicubic", align_corners=False)
            second = F.interpolate(state["exp_avg_sq"], size, mode="bilinear", align_corners=False).relu()
            optimizer.state[x] = {"step": state["step"], "exp_avg": first, "exp_avg_sq": second}
        objective, total, share = Objective(weights, meta, units, content, style), (1 - DECAY) * x.detach(), DECAY
        for _ in range(count):
            if time.perf_counter() - started > seconds:
                break
            optimizer.zero_grad()
            loss = objective(x)
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
            with torch.no_grad():
                x.clamp_(0, 1)
                total, share = DECAY * total + (1 - DECAY) * x.detach(), share * DECAY
        average, state = total / (1 - share), optimizer.state[x]
    return losses, average, time.perf_counter() - started


def main():
    options = argparse.ArgumentParser()
    options.add_argument("weights")
    options.add_argument("pixels")
    options.add_argument("steps")
    options.add_argument("--seconds", type=float, default=float("inf"))
    options.add_argument("--threads", type=int)
    args = options.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    weights, meta = read_safetensors(args.weights)
    with open(args.pixels) as f:
        pixels = json.load(f)
    steps = list(map(int, args.steps.split(",")))
    contents, styles = (
        [torch.tensor(pixels[f"{k}{i}"]["data"]).reshape(pixels[f"{k}{i}"]["dims"]) for i in range(len(steps))]
        for k in ("content", "style")
    )
    losses, average, seconds = paint(weights, meta, contents, styles, steps, args.seconds)
    result = {"losses": losses, "seconds": seconds, "image": average.flatten().tolist()}
    result["versions"] = {"torch": torch.__version__, "threads": torch.get_num_threads()}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
