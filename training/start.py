"""First weights of a small network: convolutions of low rank, fitted to the full network's responses.

Layer by layer (after Zhang et al., arXiv 1505.06798): `reduce` keeps the principal components of the small network's
own input, `narrow` gives the principal components of the full network's response, and `expand` and the bias are
then fitted by least squares to that response, so that errors do not pile up.
"""
import torch
from torch.nn import functional as F

from networks import VGG_LAYERS, ThinConv


def flat(features):
    """Positions x channels."""
    return features.permute(0, 2, 3, 1).flatten(0, 2)


def components(rows, count):
    """The `count` leading principal directions (columns) of positions x channels."""
    return torch.linalg.eigh(rows.t() @ rows)[1][:, -count:]


def fit(small, weight, x, response):
    """Sets a ThinConv so that it answers `response` to `x` as a convolution with `weight` would."""
    wanted = flat(response)
    outputs = components(wanted - wanted.mean(0), small.narrow.out_channels)
    if small.reduce:
        inputs = components(flat(x), small.reduce.out_channels)
        small.reduce.weight.copy_(inputs.t()[:, :, None, None])
        weight = torch.einsum('oihw,ik->okhw', weight, inputs)
    small.narrow.weight.copy_(torch.einsum('oihw,or->rihw', weight, outputs))
    narrow = flat(small.inner(x))
    narrow = torch.cat([narrow, torch.ones(len(narrow), 1)], 1)
    product = narrow.t() @ narrow
    ridge = 1e-6 * product.diagonal().mean() * torch.eye(len(product))
    solution = torch.linalg.solve(product + ridge, narrow.t() @ wanted)
    small.expand.weight.copy_(solution[:-1].t()[:, :, None, None])
    small.expand.bias.copy_(solution[-1])


def adopt(small, full, student, teacher, level):
    """The full network's first layer as it is, but for the input convention and a division by `level`."""
    shift = ((student.mean - teacher.mean) / teacher.std).view(1, 3, 1, 1)
    small.weight.copy_(full.weight * (student.std / teacher.std).view(1, 3, 1, 1) / level)
    small.bias.copy_((full.bias + (full.weight * shift).sum((1, 2, 3))) / level)


def report(tap, small, full):
    print(f'{tap} starts at error {float(((small - full) ** 2).sum() / (full ** 2).sum()):.4f}', flush=True)


@torch.no_grad()
def factorise_vgg(student, teacher, batch):
    """Fits lite-vgg, activations divided by the teacher's mean per layer; returns these means."""
    x, y = (batch - student.mean) / student.std, (batch - teacher.mean) / teacher.std
    level, levels = 1.0, {}
    for (tap, _, pooled), small, full in zip(VGG_LAYERS, student.convs, teacher.convs):
        x, y = (F.max_pool2d(v, 2) if pooled else v for v in (x, y))
        response = full(y)
        y = F.relu(response)
        levels[tap] = float(y.mean())
        if isinstance(small, ThinConv):
            fit(small, full.weight * level / levels[tap], x, response / levels[tap])
        else:
            adopt(small, full, student, teacher, levels[tap])
        x, level = F.relu(small(x)), levels[tap]
        report(tap, x, y / level)
    return levels


@torch.no_grad()
def factorise_resnet(student, teacher, batch):
    """Fits lite-resnet, at the teacher's own scale."""
    x, y = (batch - student.mean) / student.std, (batch - teacher.mean) / teacher.std
    adopt(student.conv1, teacher.conv1, student, teacher, 1.0)
    x, y = (F.relu(network.conv1(v)) for network, v in ((student, x), (teacher, y)))
    x, y = (F.max_pool2d(v, 3, 2, ceil_mode=True) for v in (x, y))

    def follow(small, full, a, b):
        response = full(b)
        if isinstance(small, ThinConv):
            fit(small, full.weight, a, response)
        else:
            small.load_state_dict(full.state_dict())
        return small(a), response

    for (name, small), (_, full) in zip(student.blocks(), teacher.blocks()):
        a, b = x, y
        for conv in ('conv1', 'conv2', 'conv3'):
            a, b = follow(getattr(small, conv), getattr(full, conv), F.relu(a), F.relu(b))
        shortcuts = follow(small.downsample[0], full.downsample[0], x, y) if small.downsample else (x, y)
        x, y = F.relu(a + shortcuts[0]), F.relu(b + shortcuts[1])
        report(name, x, y)
