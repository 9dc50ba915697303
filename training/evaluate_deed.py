"""Measures the deed: how much of a full network's reduction of its own style loss a small one's pastiches achieve.

Each content of the pairs folder with two styles, centre squares of 256 px, 100 Adam steps (rate 0.02, betas 0.9 and
0.99) from the content with the small network and with the full one; both pastiches are then judged by the full
network's style loss (VGG19: relu1_1, 2_1, 3_1, 4_1; ResNet50: stem and the blocks from layer1.0 to layer2.0; each
Gram error divided by the target's energy). The full network's pastiches are kept in --cache.
"""
import argparse
import json
import os
import statistics
import time

import numpy as np
import torch
from PIL import Image

from data import load_picture, to_tensor
from networks import freeze, load_vgg
from resnet import load_resnet
from style import CONTENT_TAP, STYLE_TAPS, gram, precision, style_loss, transfer

PAIRS = [('tubingen', 'starry_night'), ('golden_gate', 'the_scream'), ('hoovertowernight', 'mosaic_ducks_massimo'),
         ('chicago', 'great_wave_hokusai'), ('taj_mahal', 'vg_self'), ('newyork', 'shipwreck_turner'),
         ('sailboat', 'monet_water_lilies_1919'), ('tubingen', 'composition_vii_kandinsky'),
         ('golden_gate', 'starry_night'), ('hoovertowernight', 'starry_night'), ('chicago', 'gauguin_tahiti'),
         ('taj_mahal', 'woman_with_hat_matisse'), ('newyork', 'vg_wheat_field'), ('sailboat', 'shipwreck_turner')]


def square(folder, kind, name, size):
    image = load_picture(os.path.join(folder, f'{kind}_{name}.jpg'), size)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    return to_tensor([image.crop((left, top, left + size, top + size))])


def losses(teacher, picture, style, names, dtype):
    """The full network's style loss of a picture: one number a tap."""
    with torch.no_grad(), precision(dtype):
        taps, wanted = teacher(picture), teacher(style)
    return np.array([float(style_loss(taps, {n: gram(wanted[n]) for n in names}, [n])) for n in names])


def save(path, picture):
    array = picture[0].permute(1, 2, 0).mul(255).round().byte().numpy()
    Image.fromarray(array).save(path)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--teacher', required=True)
    options.add_argument('--student', required=True, help='the network under test')
    options.add_argument('--kind', default='vgg', choices=('vgg', 'resnet'), help='topology of both networks')
    options.add_argument('--pairs-dir', required=True)
    options.add_argument('--cache', required=True, help="folder for the full network's pastiches")
    options.add_argument('--out', help='folder for the pastiches under test')
    options.add_argument('--pairs', type=int, default=len(PAIRS))
    options.add_argument('--steps', type=int, default=100)
    options.add_argument('--size', type=int, default=256)
    options.add_argument('--content-weight', type=float, default=0.0)
    options.add_argument('--precision', default='fp32', choices=('fp32', 'bf16'))
    args = options.parse_args()
    torch.set_num_threads(1)
    load = {'vgg': load_vgg, 'resnet': load_resnet}[args.kind]
    teacher, student = freeze(load(args.teacher)), freeze(load(args.student))
    names, tap = STYLE_TAPS[args.kind], CONTENT_TAP[args.kind]
    os.makedirs(args.cache, exist_ok=True)
    if args.out:
        os.makedirs(args.out, exist_ok=True)
    ratios = []
    for content_name, style_name in PAIRS[:args.pairs]:
        began = time.time()
        content = square(args.pairs_dir, 'content', content_name, args.size)
        style = square(args.pairs_dir, 'style', style_name, args.size)
        key = f'{content_name}-{style_name}'
        name = f'{args.kind}-{key}-{args.size}-{args.steps}-{args.content_weight:g}-{args.precision}.pt'
        cached = os.path.join(args.cache, name)
        if not os.path.exists(cached):
            torch.save(transfer(teacher, content, style, names, tap, args.steps, args.content_weight,
                                dtype=args.precision), cached)
        full = torch.load(cached)
        small = transfer(student, content, style, names, tap, args.steps, args.content_weight, dtype=args.precision)
        first, best, reached = (losses(teacher, p, style, names, 'fp32') for p in (content, full, small))
        ratio = (first.sum() - reached.sum()) / (first.sum() - best.sum())
        ratios.append(ratio)
        print(f'{key:42s} {ratio:.4f}  content {first.sum():8.3f}  full {best.round(4)}  lite {reached.round(4)}  '
              f'{time.time() - began:.0f} s', flush=True)
        if args.out:
            save(os.path.join(args.out, f'{key}-{args.kind}-full.png'), full)
            save(os.path.join(args.out, f'{key}-{args.kind}-lite.png'), small)
    print(json.dumps({'median': round(statistics.median(ratios), 4), 'worst': round(min(ratios), 4),
                      'pairs': len(ratios), 'student': os.path.basename(args.student)}))


if __name__ == '__main__':
    main()
