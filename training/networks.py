"""VGG19 topology and residual feature networks of any width, with named taps and torchvision's key names."""
import torch
from torch import nn
from torch.nn import functional as F

from tensors import convention, read_safetensors

VGG_LAYERS = [  # (tap, index in torchvision's `features`, pooled before)
    ('relu1_1', 0, False), ('relu1_2', 2, False), ('relu2_1', 5, True), ('relu2_2', 7, False),
    ('relu3_1', 10, True), ('relu3_2', 12, False), ('relu3_3', 14, False), ('relu3_4', 16, False),
    ('relu4_1', 19, True), ('relu4_2', 21, False)]



class FeatureNetwork(nn.Module):
    """Holds the input convention; subclasses implement `features(normalised) -> {tap: activation}`."""

    def __init__(self, input_convention):
        super().__init__()
        scale, mean, std = input_convention
        self.register_buffer('mean', torch.tensor(mean).view(1, 3, 1, 1) / scale, persistent=False)
        self.register_buffer('std', torch.tensor(std).view(1, 3, 1, 1) / scale, persistent=False)

    def forward(self, rgb):
        """Taps of RGB pictures in 0..1."""
        normalised = (rgb - self.mean) / self.std
        return self.features(normalised.contiguous(memory_format=torch.channels_last))


class ThinConv(nn.Module):
    """A convolution of low rank with no ReLU in between: a 1x1 that narrows (unless ranks[0] is None), a narrow k x k,
    and a 1x1 that widens. In files its weights are X.reduce.weight, X.weight, X.expand.weight and X.bias."""

    def __init__(self, inputs, outputs, ranks, size=3, stride=1):
        super().__init__()
        self.out_channels = outputs
        self.reduce = nn.Conv2d(inputs, ranks[0], 1, bias=False) if ranks[0] else None
        self.narrow = nn.Conv2d(ranks[0] or inputs, ranks[1], size, stride, size // 2, bias=False)
        self.expand = nn.Conv2d(ranks[1], outputs, 1)

    def inner(self, x):
        return self.narrow(self.reduce(x) if self.reduce else x)

    def forward(self, x):
        return self.expand(self.inner(x))


def multiply(conv, factor):
    """Scales a convolution's output channels."""
    last = conv.expand if isinstance(conv, ThinConv) else conv
    last.weight.mul_(factor.view(-1, 1, 1, 1))
    last.bias.mul_(factor)


def divide(conv, factor):
    """Makes a convolution expect input channels that were multiplied by `factor`."""
    first = (conv.reduce or conv.narrow) if isinstance(conv, ThinConv) else conv
    first.weight.div_(factor.view(1, -1, 1, 1))


def file_name(name):
    """A parameter's name in files: a ThinConv's inner weight and outer bias take the plain convolution's names."""
    return name.replace('.narrow.weight', '.weight').replace('.expand.bias', '.bias')


class Vgg(FeatureNetwork):
    """VGG19's conv1_1..conv4_2 with the given widths; a layer with ranks (not None) is a ThinConv."""

    def __init__(self, widths, input_convention, ranks=None):
        super().__init__(input_convention)
        self.widths = list(widths)
        inputs = [3] + self.widths[:-1]
        self.convs = nn.ModuleList(ThinConv(i, o, r) if r else nn.Conv2d(i, o, 3, padding=1)
                                   for i, o, r in zip(inputs, self.widths, ranks or [None] * len(inputs)))

    @property
    def tap_widths(self):
        return {tap: width for (tap, _, _), width in zip(VGG_LAYERS, self.widths)}

    def features(self, x):
        taps = {}
        for (tap, _, pooled), conv in zip(VGG_LAYERS, self.convs):
            x = F.relu(conv(F.max_pool2d(x, 2) if pooled else x))
            taps[tap] = x
        return taps

    def named_weights(self):
        """Weights under torchvision's names, a ThinConv's as it says."""
        return {f'features.{index}.{file_name("." + name)[1:]}': parameter
                for (_, index, _), conv in zip(VGG_LAYERS, self.convs) for name, parameter in conv.named_parameters()}

    def load_weights(self, tensors):
        with torch.no_grad():
            for name, parameter in self.named_weights().items():
                parameter.copy_(tensors[name])
        return self

    @torch.no_grad()
    def rescale(self, batches):
        """Divides each layer by its mean activation over the batches; exact, since ReLU is homogeneous. Not each
        channel: rare ones blown up to mean 1 spoil the style loss (VGG19 itself then does 0.96-0.99 of its deed)."""
        means = {tap: 0 for tap in self.tap_widths}
        for batch in batches:
            for tap, value in self(batch).items():
                means[tap] = means[tap] + value.float().mean((0, 2, 3)) / len(batches)
        before = None
        for (tap, _, _), conv in zip(VGG_LAYERS, self.convs):
            scale = (1 / means[tap].mean()).expand(len(means[tap]))
            if before is not None:
                divide(conv, before)
            multiply(conv, scale)
            before = scale

    def operations(self):
        """Multiply-accumulates of one forward pass per input pixel."""
        total, area = 0, 1.0
        for (_, _, pooled), conv in zip(VGG_LAYERS, self.convs):
            area = area / 4 if pooled else area
            total += area * sum(p.numel() for p in conv.parameters() if p.dim() == 4)
        return total


def load_vgg(path):
    """A VGG-shaped network from a safetensors file; layers past conv4_2 are ignored."""
    tensors, metadata = read_safetensors(path)
    widths = [len(tensors[f'features.{index}.bias']) for _, index, _ in VGG_LAYERS]
    ranks = [(tensors[f'features.{index}.weight'].shape[1], tensors[f'features.{index}.weight'].shape[0])
             if f'features.{index}.reduce.weight' in tensors else None for _, index, _ in VGG_LAYERS]
    return Vgg(widths, convention(metadata), ranks).load_weights(tensors)


def freeze(network):
    """The network in channels-last order, no longer learning."""
    network.eval().requires_grad_(False)
    return network.to(memory_format=torch.channels_last)
