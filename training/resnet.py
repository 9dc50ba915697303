"""Residual feature networks: ResNet50's stem, layer1 and layer2 of any width, batch norm folded into biases.

The original placement ("v1"): stride 2 in the 1x1 conv1 of layer2.0, max-pool 3x3/2 without padding in ceil mode.
"""
import torch
from torch import nn
from torch.nn import functional as F

from networks import FeatureNetwork, ThinConv, divide, file_name, multiply
from tensors import convention, read_safetensors

EPS = 1e-5


def convolution(inputs, outputs, size, stride=1, ranks=None):
    if ranks:
        return ThinConv(inputs, outputs, ranks, size, stride)
    return nn.Conv2d(inputs, outputs, size, stride, size // 2)


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 convolutions and a shortcut (a 1x1 convolution in a stage's first block). `ranks` may hold those of
    conv1, conv2, conv3 and downsample."""

    def __init__(self, inputs, middle, outputs, stride, first, ranks=None):
        super().__init__()
        ranks = ranks or {}
        self.conv1 = convolution(inputs, middle, 1, stride, ranks.get('conv1'))
        self.conv2 = convolution(middle, middle, 3, 1, ranks.get('conv2'))
        self.conv3 = convolution(middle, outputs, 1, 1, ranks.get('conv3'))
        self.downsample = nn.ModuleList([convolution(inputs, outputs, 1, stride, ranks.get('downsample'))]) \
            if first else None

    def forward(self, x):
        shortcut = self.downsample[0](x) if self.downsample else x
        return F.relu(shortcut + self.conv3(F.relu(self.conv2(F.relu(self.conv1(x))))))


class ResNet(FeatureNetwork):
    """`stages` lists (middle width, output width, blocks) of layer1, layer2 ...; `ranks` maps blocks to theirs."""

    def __init__(self, stem, stages, input_convention, ranks=None):
        super().__init__(input_convention)
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3)
        inputs = stem
        self.tap_widths = {'stem': stem}
        for index, (middle, outputs, blocks) in enumerate(stages, 1):
            names = [f'layer{index}.{i}' for i in range(blocks)]
            setattr(self, f'layer{index}', nn.ModuleList(
                Bottleneck(outputs if i else inputs, middle, outputs, 2 if index > 1 and not i else 1, not i,
                           (ranks or {}).get(name)) for i, name in enumerate(names)))
            self.tap_widths.update({name: outputs for name in names})
            inputs = outputs
        self.stages = len(stages)

    def blocks(self):
        for index in range(1, self.stages + 1):
            for i, block in enumerate(getattr(self, f'layer{index}')):
                yield f'layer{index}.{i}', block

    def features(self, x):
        x = F.relu(self.conv1(x))
        taps = {'stem': x}
        x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        for name, block in self.blocks():
            taps[name] = x = block(x)
        return taps

    def named_weights(self):
        """Weights under torchvision's names, with biases instead of batch norm."""
        return {file_name(name): parameter for name, parameter in self.named_parameters()}

    def load_weights(self, tensors):
        with torch.no_grad():
            for name, parameter in self.named_weights().items():
                parameter.copy_(tensors[name])
        return self

    @torch.no_grad()
    def rescale(self, batches):
        """Scales the stem, and each stage on average over its blocks (identity shortcuts tie them), to mean activation
        1 over the batches; exact, since ReLU is homogeneous."""
        means = {tap: 0 for tap in self.tap_widths}
        for batch in batches:
            for tap, value in self(batch).items():
                means[tap] = means[tap] + float(value.mean()) / len(batches)
        before = torch.full((self.tap_widths['stem'],), 1 / means['stem'])
        multiply(self.conv1, before)
        for index in range(1, self.stages + 1):
            stage = [tap for tap in means if tap.startswith(f'layer{index}.')]
            own = torch.full((self.tap_widths[stage[0]],), len(stage) / sum(means[tap] for tap in stage))
            for block in getattr(self, f'layer{index}'):
                divide(block.conv1, before if block.downsample else own)
                if block.downsample:
                    divide(block.downsample[0], before)
                    multiply(block.downsample[0], own)
                multiply(block.conv3, own)
            before = own

    def operations(self):
        """Multiply-accumulates of one forward pass per input pixel (the pool's rounding left out)."""
        total = self.conv1.weight.numel() / 4
        for name, block in self.blocks():
            area = 1 / 16 if name.startswith('layer1') else 1 / 64
            total += area * sum(p.numel() for p in block.parameters() if p.dim() == 4)
        return total


def fold(tensors):
    """Batch norm folded into the convolutions' weights and biases."""
    folded = {}
    for name, weight in tensors.items():
        if weight.dim() != 4:
            continue
        conv = name[:-len('.weight')]
        norm = conv.replace('downsample.0', 'downsample.1') if 'downsample' in conv else conv.replace('conv', 'bn')
        if norm + '.running_var' not in tensors:
            folded[name] = weight
            if conv + '.bias' in tensors:
                folded[conv + '.bias'] = tensors[conv + '.bias']
            continue
        scale = tensors[norm + '.weight'] / (tensors[norm + '.running_var'] + EPS).sqrt()
        folded[name] = weight * scale.view(-1, 1, 1, 1)
        folded[conv + '.bias'] = tensors[norm + '.bias'] - tensors[norm + '.running_mean'] * scale
    return folded


def load_resnet(path, last='layer2.2'):
    """A residual network from a safetensors file, with or without batch norm or low ranks, up to the block `last`."""
    tensors, metadata = read_safetensors(path)
    folded = fold(tensors)
    stages, ranks = [], {}
    for index in range(1, int(last[5]) + 1):
        count = int(last.split('.')[1]) + 1 if last[5] == str(index) else 1 + max(
            int(name.split('.')[1]) for name in folded if name.startswith(f'layer{index}.'))
        stages.append((len(folded[f'layer{index}.0.conv1.bias']), len(folded[f'layer{index}.0.conv3.bias']), count))
    for name in folded:
        if name.endswith('.expand.weight'):
            conv = name[:-len('.expand.weight')]
            block, kind = conv.replace('.downsample.0', '.downsample').rsplit('.', 1)
            weight = folded[conv + '.weight']
            reduced = weight.shape[1] if conv + '.reduce.weight' in folded else None
            ranks.setdefault(block, {})[kind] = (reduced, weight.shape[0])
    return ResNet(len(folded['conv1.bias']), stages, convention(metadata), ranks).load_weights(folded)
