"""Distils the original ResNet50 (stem, layer1, layer2.0 to layer2.2) into lite-resnet: the same layers and widths,
convolutions of low rank. The start is a factorisation (start.py)."""
import argparse
import os

import torch

from data import Pictures
from distill import Distiller, add_options
from networks import freeze
from resnet import ResNet, load_resnet
from start import factorise_resnet
from style import STYLE_TAPS

STEM, STAGES = 64, ((64, 256, 3), (128, 512, 3))
LAYER1 = {'conv1': (None, 32), 'conv2': (24, 24), 'conv3': (None, 32)}
LAYER2 = {'conv1': (None, 48), 'conv2': (40, 40), 'conv3': (None, 56)}
RANKS = {'layer1.0': {'conv2': (24, 24), 'conv3': (None, 32), 'downsample': (None, 32)}, 'layer1.1': LAYER1,
         'layer1.2': LAYER1, 'layer2.0': {**LAYER2, 'downsample': (None, 80)}, 'layer2.1': LAYER2, 'layer2.2': LAYER2}
CONVENTION = (1.0, [0.45] * 3, [0.225] * 3)
METADATA = {'arch': 'ResNet50 stem, layer1, layer2.0 to layer2.2; torchvision names, biases instead of batch norm; '
                    'a convolution X of low rank is 1x1 X.reduce.weight (3x3 only), X.weight (which has the stride), '
                    '1x1 X.expand.weight, X.bias; v1: stride 2 in the 1x1 conv1 of layer2.0 and its shortcut, max-pool '
                    '3x3/2, padding 0, ceil_mode',
            'input': 'RGB 0..1, (x-0.45)/0.225', 'input_range': '1', 'input_mean': '0.45,0.45,0.45',
            'input_std': '0.225,0.225,0.225', 'input_channels': 'RGB',
            'scaling': 'the stem, and each stage on average over its blocks, has mean activation 1 on natural pictures',
            'licence': 'MIT: distilled from the original ResNet-50 (K. He et al.), changed'}


def main():
    args = add_options(argparse.ArgumentParser(description=__doc__)).parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    teacher = freeze(load_resnet(args.teacher))
    student = ResNet(STEM, STAGES, CONVENTION, RANKS).to(memory_format=torch.channels_last)
    contents = Pictures(args.photos, args.seed, short=512)
    styles = Pictures(args.paintings, args.seed + 1, short=512)
    print(f'{len(contents.pool)} photographs, {len(styles.pool)} paintings; '
          f'{teacher.operations() / student.operations():.2f} times fewer operations', flush=True)
    distiller = Distiller(teacher, student, list(student.tap_widths), STYLE_TAPS['resnet'], args, contents, styles)
    if os.path.exists(args.checkpoint):
        distiller.load(args.checkpoint)
    else:
        factorise_resnet(student, teacher, distiller.natural(32))
    distiller.run(args.checkpoint, args.out, METADATA)


if __name__ == '__main__':
    main()
