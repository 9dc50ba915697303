"""Distils VGG19 (conv1_1..conv4_2) into lite-vgg: the same layers and widths, convolutions of low rank.

The start is a factorisation of VGG19 (start.py), good already; training then closes the gap that style transfer finds.
"""
import argparse
import os

import torch

from data import Pictures
from distill import Distiller, add_options
from networks import VGG_LAYERS, Vgg, freeze, load_vgg
from start import factorise_vgg
from style import STYLE_TAPS

WIDTHS = (64, 64, 128, 128, 256, 256, 256, 256, 512, 512)
RANKS = (None, (16, 20), (24, 40), (40, 40), (48, 64), (48, 48), (48, 48), (48, 48), (64, 80), (80, 80))
CONVENTION = (1.0, [0.45] * 3, [0.225] * 3)
METADATA = {'arch': 'VGG19 topology conv1_1..conv4_2, widths ' + ','.join(map(str, WIDTHS)) + ', max-pool 2x2/2; '
                    'torchvision names features.N; all but the first convolution of low rank: 1x1 N.reduce.weight, '
                    '3x3 N.weight, 1x1 N.expand.weight, then N.bias and ReLU',
            'input': 'RGB 0..1, (x-0.45)/0.225', 'input_range': '1', 'input_mean': '0.45,0.45,0.45',
            'input_std': '0.225,0.225,0.225', 'input_channels': 'RGB',
            'scaling': 'every layer has mean activation 1 on natural pictures',
            'licence': 'CC BY 4.0: distilled from VGG19 (K. Simonyan, A. Zisserman), changed'}


def main():
    args = add_options(argparse.ArgumentParser(description=__doc__)).parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    teacher = freeze(load_vgg(args.teacher))
    student = Vgg(WIDTHS, CONVENTION, RANKS).to(memory_format=torch.channels_last)
    contents = Pictures(args.photos, args.seed, short=512)
    styles = Pictures(args.paintings, args.seed + 1, short=512)
    print(f'{len(contents.pool)} photographs, {len(styles.pool)} paintings; '
          f'{teacher.operations() / student.operations():.2f} times fewer operations', flush=True)
    taps = [tap for tap, _, _ in VGG_LAYERS]
    distiller = Distiller(teacher, student, taps, STYLE_TAPS['vgg'], args, contents, styles)
    if os.path.exists(args.checkpoint):
        distiller.load(args.checkpoint)
    else:
        distiller.levels = factorise_vgg(student, teacher, distiller.natural(32))
    distiller.run(args.checkpoint, args.out, METADATA)


if __name__ == '__main__':
    main()
