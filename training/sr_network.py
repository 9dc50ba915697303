"""lite-sr: an SRGAN generator (SRResNet, x4) without batch normalisation, and the discriminator that teaches it.

Keys follow leftthomas/SRGAN: block1 = head (0 conv 9x9, 1 PReLU), block2.. = residual blocks (conv1, prelu, conv2),
then one conv added to the head's output, then the tail (0 and 1: conv, pixel shuffle, prelu; 2: conv 9x9).
Paddings are mseitzer/srgan's: reflection everywhere but in the residual blocks, which pad with zeros.
Input RGB 0..1, output linear in -1..1.
"""
import torch
from torch import nn
from torch.nn import functional as F

from tensors import read_safetensors

WIDTH, BLOCKS = 48, 8


QUICK_BORDER = 6  # pixels of the result that `quick` training spoils


def reflected(x, amount):
    return F.pad(x, [amount] * 4, mode='reflect')


def padded_conv(conv, x, quick):
    """A convolution with reflected borders; `quick` takes zeros, which costs much less where pictures are large."""
    amount = conv.kernel_size[0] // 2
    if quick:
        return F.conv2d(x, conv.weight, conv.bias, padding=amount)
    return conv(reflected(x, amount))


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.prelu = nn.PReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        nn.init.kaiming_normal_(self.conv1.weight)
        self.conv2.weight.data.mul_(0.1)

    def forward(self, x):
        return x + self.conv2(self.prelu(self.conv1(x)))


class UpsampleBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, 4 * width, 3)
        self.prelu = nn.PReLU()
        # the four sub-pixels start equal, so that no checkerboard has to be unlearnt (ICNR, arXiv 1707.02937)
        self.conv.weight.data.copy_(nn.init.kaiming_normal_(torch.empty(width, width, 3, 3)).repeat_interleave(4, 0))
        nn.init.zeros_(self.conv.bias)

    def forward(self, x, quick=False):
        return self.prelu(F.pixel_shuffle(padded_conv(self.conv, x, quick), 2))


class Generator(nn.Module):
    """x4 super-resolution: RGB 0..1 to -1..1, four times as wide and high."""

    def __init__(self, width=WIDTH, blocks=BLOCKS):
        super().__init__()
        self.blocks = blocks
        self.block1 = nn.Sequential(nn.Conv2d(3, width, 9), nn.PReLU())
        for i in range(blocks):
            setattr(self, f'block{i + 2}', ResidualBlock(width))
        setattr(self, f'block{blocks + 2}', nn.Sequential(nn.Conv2d(width, width, 3)))
        tail = nn.Conv2d(width, 3, 9)
        tail.weight.data.mul_(0.3)
        setattr(self, f'block{blocks + 3}', nn.Sequential(UpsampleBlock(width), UpsampleBlock(width), tail))
        self.start_bilinear(tail)

    @torch.no_grad()
    def start_bilinear(self, tail):
        """The first three channels carry RGB, which the shuffles enlarge bilinearly: training starts from a decent
        picture and learns what is missing."""
        head = self.block1[0]
        head.weight[:3], head.bias[:3] = 0, 0
        slopes = torch.tensor([[0.25, 0.75, 0.0], [0.0, 0.75, 0.25]])
        tail.weight[:, :3], tail.bias[:] = 0, -1
        for channel in range(3):
            head.weight[channel, channel, 4, 4] = 1
            tail.weight[channel, channel, 4, 4] = 2
        getattr(self, f'block{self.blocks + 2}')[0].weight.mul_(0.1)
        for up in getattr(self, f'block{self.blocks + 3}')[:2]:
            up.conv.weight[:12] = 0
            for channel in range(3):
                for y in range(2):
                    for x in range(2):
                        up.conv.weight[4 * channel + 2 * y + x, channel] = torch.outer(slopes[y], slopes[x])

    def forward(self, x, quick=False):
        """`quick`, for training: the outer QUICK_BORDER pixels are wrong."""
        x = x.contiguous(memory_format=torch.channels_last)
        head = self.block1(reflected(x, 4))
        x = head
        for i in range(self.blocks):
            x = getattr(self, f'block{i + 2}')(x)
        x = head + getattr(self, f'block{self.blocks + 2}')(reflected(x, 1))
        tail = getattr(self, f'block{self.blocks + 3}')
        return padded_conv(tail[2], tail[1](tail[0](x), quick), quick)

    def upscale(self, rgb):
        """RGB 0..1 to RGB 0..1."""
        return ((self(rgb).float() + 1) / 2).clamp(0, 1)


class Discriminator(nn.Module):
    """Strided convolutions with leaky ReLU, as in the SRGAN paper but narrower and judging patches."""

    def __init__(self, width=32):
        super().__init__()
        layers, inputs = [], 3
        for outputs, stride in ((width, 1), (width, 2), (2 * width, 1), (2 * width, 2), (4 * width, 1), (4 * width, 2)):
            conv = nn.Conv2d(inputs, outputs, 3, stride, 1)
            nn.init.kaiming_normal_(conv.weight, 0.2)
            layers += [conv, nn.LeakyReLU(0.2)]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Conv2d(inputs, 1, 3, padding=1))

    def forward(self, x):
        return self.layers(x.contiguous(memory_format=torch.channels_last)).flatten(1)


def load_generator(path):
    """A generator from an exported file."""
    tensors, metadata = read_safetensors(path)
    blocks = sum(name.endswith('.conv1.weight') for name in tensors)
    generator = Generator(tensors['block1.0.weight'].shape[0], blocks)
    generator.load_state_dict(tensors)
    return generator.eval().requires_grad_(False)


def metadata(note):
    return {'arch': f'SRGAN generator (SRResNet x4), {BLOCKS} residual blocks, {WIDTH} channels, no batch norm, '
                    'PReLU(1), 9x9 head and tail, two pixel shuffles; keys of leftthomas/SRGAN',
            'padding': 'reflection, zero in residual blocks', 'input': 'RGB 0..1', 'input_range': '1',
            'input_mean': '0,0,0', 'input_std': '1,1,1', 'input_channels': 'RGB', 'scale': '4',
            'output': 'linear, RGB = (y+1)/2', 'training': note}
