"""The sketch: one feed-forward pass that paints any photograph in any style.

lite-vgg's activations at relu2_1, relu3_1 and relu4_1 are projected on their principal components, whitened on
natural pictures. In that space the content's mean and covariance are carried to the style's by the optimal map between
two Gaussians (whitening and colouring: Li et al. 2017, arXiv 1705.08086, section 3.2; the map itself: Lu et al. 2019,
arXiv 1906.11818, equation 10), and a small decoder makes the picture of it. Only the decoder learns. A last linear map
gives the picture the style's mean and covariance of colour.
"""
import torch
from torch import nn
from torch.nn import functional as F

from networks import VGG_LAYERS
from tensors import read_safetensors

LEVELS = (('relu2_1', 48), ('relu3_1', 64), ('relu4_1', 48))  # tap, principal components
RIDGE = 0.02  # added to the variances before whitening; natural pictures have variance 1
COLOUR_RIDGE = 1e-5  # the same for colours, RGB 0..1


def encode(network, rgb, last=LEVELS[-1][0]):
    """lite-vgg's activations at every tap up to `last`."""
    x, taps = (rgb - network.mean) / network.std, {}
    for (tap, _, pooled), conv in zip(VGG_LAYERS, network.convs):
        x = F.relu(conv(F.max_pool2d(x, 2) if pooled else x))
        taps[tap] = x
        if tap == last:
            return taps


def moments(z):
    """Mean (n, c) and covariance (n, c, c), in float64, of activations (n, c, h, w) over their positions."""
    rows = z.float().flatten(2)
    mean = rows.mean(2)
    rows = rows - mean[:, :, None]
    return mean.double(), (rows @ rows.transpose(1, 2) / rows.shape[2]).double()


def powers(matrix, *exponents):
    """Powers of symmetric positive matrices (n, c, c)."""
    values, vectors = torch.linalg.eigh(matrix)
    values = values.clamp(min=1e-12)
    return [(vectors * values.pow(e)[..., None, :]) @ vectors.transpose(-1, -2) for e in exponents]


def gaussian_map(covariance, target, ridge=RIDGE):
    """The symmetric A with A (C + ridge) A = T + ridge: the least movement that turns covariance C into T."""
    eye = ridge * torch.eye(covariance.shape[-1], dtype=covariance.dtype)
    root, back = powers(covariance + eye, 0.5, -0.5)
    return back @ powers(root @ (target + eye) @ root, 0.5)[0] @ back


def match(z, content, style, ridge=RIDGE):
    """Activations carried from the content's (mean, covariance) to the style's."""
    a = gaussian_map(content[1], style[1], ridge)
    shift = style[0] - (a @ content[0][:, :, None])[:, :, 0]
    return torch.einsum('nij,njhw->nihw', a.to(z.dtype), z) + shift.to(z.dtype)[:, :, None, None]


def same(x):
    return F.pad(x, (1, 1, 1, 1), mode='replicate')


def double(x):
    return F.interpolate(x, scale_factor=2, mode='nearest')


class Sketch(nn.Module):
    """Projections (fixed) and decoder (learnt); works at half resolution and ends in a pixel shuffle."""

    def __init__(self, widths=(32, 56, 48)):
        super().__init__()
        (_, c2), (_, c3), (_, c4) = LEVELS
        w4, w3, w2 = widths
        inputs = dict(zip([tap for tap, _, _ in VGG_LAYERS], (64, 64, 128, 128, 256, 256, 256, 256, 512, 512)))
        self.project = nn.ModuleList(nn.Conv2d(inputs[tap], count, 1).requires_grad_(False) for tap, count in LEVELS)
        self.deep = nn.Conv2d(c4, w4, 3)
        self.middle = nn.Conv2d(w4 + c3, w3, 3)
        self.middle2 = nn.Conv2d(w3, w3, 3)
        self.narrow = nn.Conv2d(w3, 32, 1)
        self.fine = nn.Conv2d(32 + c2, w2, 3)
        self.fine2 = nn.Conv2d(w2, w2, 3)
        self.paint = nn.Conv2d(w2, 12, 3, bias=False)
        self.direct = nn.Conv2d(c2, 12, 3)

    def levels(self, taps):
        """Whitened principal components of relu2_1, relu3_1, relu4_1: 48, 64 and 48 of them."""
        return [project(taps[tap]) for project, (tap, _) in zip(self.project, LEVELS)]

    def forward(self, z2, z3, z4):
        """RGB (n, 3, h, w), not clamped, of matched components."""
        h = double(F.relu(self.deep(same(z4))))
        h = F.relu(self.middle(same(torch.cat([h, z3], 1))))
        h = h + F.relu(self.middle2(same(h)))
        h = double(self.narrow(h))
        h = F.relu(self.fine(same(torch.cat([h, z2], 1))))
        h = h + F.relu(self.fine2(same(h)))
        return F.pixel_shuffle(self.paint(same(h)) + self.direct(same(z2)), 2)

    @torch.no_grad()
    def start(self, network, batches):
        """Projections from principal components; the direct path by least squares; the rest silent."""
        taps = [encode(network, batch) for batch in batches]
        for project, (tap, count) in zip(self.project, LEVELS):
            rows = torch.cat([value[tap].permute(0, 2, 3, 1).flatten(0, 2) for value in taps]).double()
            mean = rows.mean(0)
            values, vectors = torch.linalg.eigh((rows - mean).t() @ (rows - mean) / len(rows))
            white = (vectors[:, -count:] / values[-count:].sqrt()).t()
            project.weight.copy_(white[:, :, None, None])
            project.bias.copy_(-white @ mean)
            print(f'{tap}: {float(values[-count:].sum() / values.sum()):.3f} of the variance', flush=True)
        left, right = 0, 0
        for batch in batches:
            z = self.project[0](encode(network, batch)['relu2_1'])
            rows = F.unfold(same(z), 3).transpose(1, 2).flatten(0, 1).double()
            rows = torch.cat([rows, torch.ones(len(rows), 1)], 1)
            wanted = F.pixel_unshuffle(batch, 2).permute(0, 2, 3, 1).flatten(0, 2).double()
            left, right = left + rows.t() @ rows, right + rows.t() @ wanted
        solution = torch.linalg.solve(left + 1e-4 * left.diagonal().mean() * torch.eye(len(left)), right)
        self.direct.weight.copy_(solution[:-1].t().reshape(self.direct.weight.shape))
        self.direct.bias.copy_(solution[-1])
        self.paint.weight.mul_(0.1)


def stored(state):
    """Weights as files hold them: the two last convolutions as one over both inputs."""
    tensors = {name: value for name, value in state.items() if not name.startswith(('paint.', 'direct.'))}
    tensors['paint.weight'] = torch.cat([state['paint.weight'], state['direct.weight']], 1)
    tensors['paint.bias'] = state['direct.bias']
    return tensors


def load_sketch(path):
    """A sketch network from a safetensors file."""
    tensors, _ = read_safetensors(path)
    sketch = Sketch()
    width = sketch.paint.in_channels
    both = tensors.pop('paint.weight')
    tensors['paint.weight'], tensors['direct.weight'] = both[:, :width], both[:, width:]
    tensors['direct.bias'] = tensors.pop('paint.bias')
    sketch.load_state_dict(tensors)
    return sketch.eval().requires_grad_(False)


def statistics(levels, rgb):
    """A picture's moments at each level, and of its colours last."""
    return [moments(z) for z in levels] + [moments(rgb)]


def blend(parts, weights):
    """Statistics mixed by weights, level by level: means and second raw moments linearly, as the style loss does."""
    mixed = []
    for level in zip(*parts):
        mean = sum(w * m for w, (m, _) in zip(weights, level))
        second = sum(w * (c + m[:, :, None] * m[:, None, :]) for w, (m, c) in zip(weights, level))
        mixed.append((mean, second - mean[:, :, None] * mean[:, None, :]))
    return mixed


def rough(sketch, levels, own, wanted):
    """The decoder's picture of the content's levels and statistics with the wanted statistics: what learns."""
    return sketch(*[match(z, c, s) for z, c, s in zip(levels, own, wanted)])


def paint(sketch, levels, own, wanted):
    """The sketch, its colours exact; not clamped."""
    rgb = rough(sketch, levels, own, wanted)
    return match(rgb, moments(rgb), wanted[-1], COLOUR_RIDGE)
