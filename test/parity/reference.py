"""PyTorch's figures for whole networks and for the tutorial preset, on standard output as JSON.

    python3 reference.py gradient vgg19|resnet50 gram|default WEIGHTS.safetensors PIXELS.json
    python3 reference.py tutorial WEIGHTS.safetensors PIXELS.json EVALUATIONS CONTENT_WEIGHT STYLE_WEIGHT

PIXELS.json: {"content": {"dims": [1, 3, H, W], "data": [...]}, "style": {...}, "image": {...}}, RGB 0..1.
"""
import json
import struct
import sys

import torch
import torch.nn.functional as F

VGG_BLOCKS = [2, 2, 4, 4, 4]
RESNET_STAGES = [3, 4, 6, 3]


def read_safetensors(path):
    with open(path, "rb") as f:
        data = f.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    meta = header.pop("__metadata__", {})
    kinds = {"F16": torch.float16, "F32": torch.float32}
    weights = {}
    for name, entry in header.items():
        start, end = (8 + length + at for at in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[start:end]), dtype=kinds[entry["dtype"]])
        weights[name] = flat.reshape(entry["shape"]).float()
    return weights, meta


def normalise(x, meta):
    numbers = {k: torch.tensor([float(n) for n in meta[k].split(",")]) for k in ("input_mean", "input_std")}
    x = x * float(meta["input_range"])
    return (x - numbers["input_mean"].view(1, 3, 1, 1)) / numbers["input_std"].view(1, 3, 1, 1)


def convolve_first(x, weight, bias, stride, padding, edges):
    """The first convolution: the border is repeated, or there are zeros beyond it."""
    if edges == "replicate":
        x, padding = F.pad(x, (padding,) * 4, "replicate"), 0
    return F.conv2d(x, weight, bias, stride, padding)


def vgg_taps(x, weights, edges="zeros"):
    taps, index = {}, 0
    for i, count in enumerate(VGG_BLOCKS):
        for j in range(1, count + 1):
            if f"features.{index}.weight" not in weights:
                return taps
            if j == 1 and i > 0:
                x = F.max_pool2d(x, 2)
            parts = weights[f"features.{index}.weight"], weights[f"features.{index}.bias"]
            x = convolve_first(x, *parts, 1, 1, edges if index == 0 else "zeros")
            taps[f"conv{i + 1}_{j}"] = x
            x = F.relu(x)
            taps[f"relu{i + 1}_{j}"] = x
            index += 2
        index += 1
    return taps


def resnet_taps(x, weights, edges="zeros"):
    """The original stride placement (v1), whose max-pool is unpadded in ceil mode."""
    def conv(x, name, norm, stride=1, padding=0, edges="zeros"):
        x = convolve_first(x, weights[f"{name}.weight"], None, stride, padding, edges)
        parts = [weights[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *parts, False, 0, 1e-5)

    taps = {"conv1": conv(x, "conv1", "bn1", 2, 3, edges)}
    taps["relu1"] = F.relu(taps["conv1"])
    x = taps["pool1"] = F.max_pool2d(taps["relu1"], 3, 2, 0, ceil_mode=True)
    for stage, blocks in enumerate(RESNET_STAGES):
        for block in range(blocks):
            name = f"layer{stage + 1}.{block}"
            if f"{name}.conv1.weight" not in weights:
                return taps
            stride = 2 if stage > 0 and block == 0 else 1
            a = F.relu(conv(x, f"{name}.conv1", f"{name}.bn1", stride))
            a = F.relu(conv(a, f"{name}.conv2", f"{name}.bn2", 1, 1))
            a = conv(a, f"{name}.conv3", f"{name}.bn3")
            if f"{name}.downsample.0.weight" in weights:
                x = conv(x, f"{name}.downsample.0", f"{name}.downsample.1", stride)
            x = F.relu(a + x)
            taps[name] = x
    return taps


def gram(f, divide):
    _, c, h, w = f.shape
    m = f.reshape(c, h * w)
    return m @ m.T / (h * w * (c if divide == "chw" else 1))


PICTURE = "picture"

NETWORKS = {
    "vgg19": (vgg_taps, ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"], "relu4_2"),
    "resnet50": (resnet_taps, ["relu1", "layer1.0", "layer1.2", "layer2.0", "layer2.3", "layer3.0", "layer3.5"], "layer2.3"),
}


def relative(a, b):
    return ((a - b) ** 2).sum() / (b ** 2).sum()


def gradient(network, loss, path, pixels):
    """Loss and image gradient of the full objective, without smoothing: OBJECTIVES says of which."""
    taps_of, style_layers, content_layer = NETWORKS[network]
    weights, meta = read_safetensors(path)
    edges, objective = OBJECTIVES[loss]
    look = lambda image: taps_of(normalise(image, meta), weights, edges) | {PICTURE: image}
    with torch.no_grad():
        style, content = look(pixels["style"]), look(pixels["content"])
    x = pixels["image"].requires_grad_(True)
    value = objective(look(x), style, content, style_layers, content_layer)
    value.backward()
    return {"loss": value.item(), "gradient": x.grad.flatten().tolist()}


def relative_gram(taps, style, content, style_layers, content_layer):
    """Relative Gram errors and relative content error."""
    styles = [relative(gram(taps[k], "hw"), gram(style[k], "hw")) for k in style_layers]
    return sum(styles) + relative(taps[content_layer], content[content_layer])


DIRECTIONS, DECAY, PALETTE, MEAN_ACTIVATION, REGULARISATION = 64, 4, 48, 0.6, 1e-4


def leading_wasserstein(taps, style, content, style_layers, content_layer):
    """Wasserstein distances over the leading eigenvectors of the style's covariances, by eigendecompositions in float64;
    each layer counts DECAY times less than the one before, and the picture itself PALETTE times. Content: mean squared
    error."""
    units = {k: MEAN_ACTIVATION / v.mean() for k, v in content.items()}
    seen = lambda values, k: (values[k] * units[k]).double()
    styles = [distance(seen(taps, k), seen(style, k)) / DECAY ** i for i, k in enumerate(style_layers)]
    styles.append(PALETTE * distance(seen(taps, PICTURE), seen(style, PICTURE)))
    return sum(styles) + F.mse_loss(seen(taps, content_layer), seen(content, content_layer))


def gaussian(f):
    f = f.flatten(2)[0]
    mean = f.mean(1)
    covariance = f @ f.T / f.shape[1] - torch.outer(mean, mean)
    return mean, covariance + REGULARISATION * torch.eye(len(mean), dtype=f.dtype)


def distance(f, wanted):
    (mean, sigma), (mean_wanted, sigma_wanted) = gaussian(f), gaussian(wanted)
    values, vectors = torch.linalg.eigh(sigma_wanted)
    basis, kept = vectors[:, -DIRECTIONS:], values[-DIRECTIONS:]
    inside = basis.T @ sigma @ basis
    root = kept.sqrt().diag()
    overlap = torch.linalg.eigvalsh(root @ inside @ root).sqrt().sum()
    if DIRECTIONS < len(mean):
        beyond, beyond_wanted = sigma.trace() - inside.trace(), values.sum() - kept.sum()
        overlap = overlap + (beyond * beyond_wanted).sqrt()
    means = ((mean - mean_wanted) ** 2).sum()
    return (means + sigma.trace() + sigma_wanted.trace() - 2 * overlap) / len(mean)


OBJECTIVES = {"gram": ("zeros", relative_gram), "default": ("replicate", leading_wasserstein)}


def tutorial(path, pixels, evaluations, content_weight, style_weight):
    """The loop of PyTorch's tutorial: L-BFGS with its defaults, the image clamped in the closure."""
    weights, meta = read_safetensors(path)
    layers = ["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"]
    look = lambda image: vgg_taps(normalise(image, meta), weights)
    with torch.no_grad():
        style, content = look(pixels["style"]), look(pixels["content"])
    x = pixels["content"].clone().requires_grad_(True)
    optimizer, losses = torch.optim.LBFGS([x]), []

    def closure():
        with torch.no_grad():
            x.clamp_(0, 1)
        optimizer.zero_grad()
        taps = look(x)
        style_loss = sum(F.mse_loss(gram(taps[k], "chw"), gram(style[k], "chw")) for k in layers)
        loss = style_weight * style_loss + content_weight * F.mse_loss(taps["conv2_2"], content["conv2_2"])
        loss.backward()
        losses.append(loss.item())
        return loss

    while len(losses) < evaluations:
        optimizer.step(closure)
    return {"losses": losses[:evaluations]}


def main():
    command, *rest = sys.argv[1:]
    with open(rest[3] if command == "gradient" else rest[1]) as f:
        pixels = {k: torch.tensor(v["data"]).reshape(v["dims"]) for k, v in json.load(f).items()}
    if command == "gradient":
        result = gradient(*rest[:3], pixels)
    else:
        result = tutorial(rest[0], pixels, int(rest[2]), *map(float, rest[3:]))
    result["versions"] = {"torch": torch.__version__, "threads": torch.get_num_threads()}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
