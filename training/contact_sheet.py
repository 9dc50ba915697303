"""A contact sheet of all pairs: content, style, then the pictures that evaluate_deed.py saved (lite and full)."""
import argparse
import os

import numpy as np
from PIL import Image

from evaluate_deed import PAIRS, square


def cell(tensor):
    return Image.fromarray(tensor[0].permute(1, 2, 0).mul(255).round().byte().numpy())


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--pairs-dir', required=True)
    options.add_argument('--pastiches', required=True, help="evaluate_deed.py's --out folder")
    options.add_argument('--out', required=True)
    options.add_argument('--first', type=int, default=0)
    options.add_argument('--count', type=int, default=len(PAIRS))
    options.add_argument('--columns', nargs='+', default=['vgg-lite', 'vgg-full', 'resnet-lite', 'resnet-full'])
    args = options.parse_args()
    rows = []
    for content, style in PAIRS[args.first:args.first + args.count]:
        row = [cell(square(args.pairs_dir, 'content', content, 256)), cell(square(args.pairs_dir, 'style', style, 256))]
        for column in args.columns:
            path = os.path.join(args.pastiches, f'{content}-{style}-{column}.png')
            row.append(Image.open(path) if os.path.exists(path) else Image.new('RGB', (256, 256)))
        rows.append(np.hstack([np.asarray(image) for image in row]))
    Image.fromarray(np.vstack(rows)).save(args.out)


if __name__ == '__main__':
    main()
