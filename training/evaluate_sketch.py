"""Measures the sketch: how much of the photograph's distance to the style it leaves, in one pass.

Pairs of the pairs folder, centre squares of 256 px, and photographs with paintings that training never saw. The loss is the
default's (Wasserstein-2, wasserstein.py) under lite-vgg, and under VGG19 each of whose layers is divided by its mean
activation on these pictures. `left` is the sketch's loss over the photograph's: whatever an optimiser reaches, the
sketch's share of its reduction is at least 1 - left.
"""
import argparse
import os
import statistics as st

import numpy as np
import torch
from PIL import Image

from data import list_pictures, load_picture, to_tensor
from evaluate_deed import PAIRS, square
from networks import freeze, load_vgg
from sketch import encode, load_sketch, paint, statistics
from wasserstein import TOTAL, WEIGHTS, distance, raw_moments

SIZE = 256


def centre(path):
    image = load_picture(path, SIZE)
    left, top = (image.width - SIZE) // 2, (image.height - SIZE) // 2
    return to_tensor([image.crop((left, top, left + SIZE, top + SIZE))])


def loss(network, picture, style):
    seen, wanted = encode(network, picture), encode(network, style)
    total = 0
    for tap, weight in WEIGHTS.items():
        unit = wanted[tap].mean()
        total += weight / TOTAL * float(distance(raw_moments(seen[tap] / unit), raw_moments(wanted[tap] / unit),
                                                 network.tap_widths[tap]))
    return total


def draw(sketch, encoder, content, style):
    levels, others = sketch.levels(encode(encoder, content)), sketch.levels(encode(encoder, style))
    return paint(sketch, levels, statistics(levels, content), statistics(others, style)).clamp(0, 1)


def cell(tensor):
    return tensor[0].permute(1, 2, 0).mul(255).round().byte().numpy()


@torch.no_grad()
def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--sketch', required=True)
    options.add_argument('--encoder', required=True)
    options.add_argument('--teacher', help="VGG19's safetensors file")
    options.add_argument('--pairs-dir', required=True)
    options.add_argument('--photos', nargs='+', default=[])
    options.add_argument('--paintings', nargs='+', default=[])
    options.add_argument('--sheet', help='PNG of photograph, style, sketch')
    args = options.parse_args()
    torch.set_num_threads(1)
    encoder, sketch = freeze(load_vgg(args.encoder)), load_sketch(args.sketch)
    judges = {'lite-vgg': encoder, **({'vgg19': freeze(load_vgg(args.teacher))} if args.teacher else {})}
    pairs = [(c + ' + ' + s, square(args.pairs_dir, 'content', c, SIZE), square(args.pairs_dir, 'style', s, SIZE))
             for c, s in PAIRS]
    unseen = zip(list_pictures(args.photos, held_out=True), list_pictures(args.paintings, held_out=True))
    held_out = [(f'held out {os.path.basename(c)} + {os.path.basename(s)}', centre(c), centre(s)) for c, s in unseen]
    rows, figures = [], {}
    for name, content, style in pairs + held_out:
        picture = draw(sketch, encoder, content, style)
        left = {judge: loss(network, picture, style) / loss(network, content, style)
                for judge, network in judges.items()}
        kind = 'held out' if name.startswith('held out') else 'pairs'
        for judge, value in left.items():
            figures.setdefault((kind, judge), []).append(value)
        print(name, ' '.join(f'{judge} {value:.3f}' for judge, value in left.items()), flush=True)
        rows.append(np.hstack([cell(v) for v in (content, style, picture)]))
    for (kind, judge), values in figures.items():
        print(f'{kind}, {judge}: left median {st.median(values):.3f}, worst {max(values):.3f}, {len(values)} pictures')
    if args.sheet:
        Image.fromarray(np.vstack(rows)).save(args.sheet)


if __name__ == '__main__':
    main()
