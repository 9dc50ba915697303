"""Relative squared error, per tap, of the best linear map from a small network's features to the full network's.

The map (1x1, no bias) is fitted by least squares on training crops and judged on crops of held-out pictures. With
--write the figures go into the small network's file as metadata.
"""
import argparse

import torch

from data import Pictures
from networks import freeze, load_vgg
from resnet import load_resnet
from tensors import read_safetensors, write_safetensors


def moments(student, teacher, batch):
    """Sums of s s', t s' and t't over all positions, for every tap of the student."""
    with torch.no_grad():
        small, large = student(batch), teacher(batch)
    result = {}
    for tap in small:
        s, t = (taps[tap].permute(1, 0, 2, 3).flatten(1) for taps in (small, large))
        result[tap] = (s @ s.t(), t @ s.t(), (t ** 2).sum())
    return result


def total(student, teacher, photos, paintings, batches, size):
    sums = {}
    for _ in range(batches):
        batch = torch.cat([photos.batch(3, size), paintings.batch(1, size)])
        for tap, values in moments(student, teacher, batch).items():
            sums[tap] = [a + b for a, b in zip(sums[tap], values)] if tap in sums else list(values)
    return sums


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--teacher', required=True)
    options.add_argument('--student', required=True)
    options.add_argument('--kind', default='vgg', choices=('vgg', 'resnet'))
    options.add_argument('--photos', nargs='+', required=True, help='the folders of photographs used in training')
    options.add_argument('--paintings', nargs='+', required=True, help='the folders of paintings used in training')
    options.add_argument('--batches', type=int, default=25, help='batches of 4 crops, for fitting and for judging')
    options.add_argument('--size', type=int, default=160)
    options.add_argument('--write', action='store_true', help="put the figures into the student's file")
    args = options.parse_args()
    torch.set_num_threads(1)
    load = {'vgg': load_vgg, 'resnet': load_resnet}[args.kind]
    student, teacher = freeze(load(args.student)), freeze(load(args.teacher))
    def measure(seed, **choice):
        pools = [Pictures(folders, seed, 512, **choice) for folders in (args.photos, args.paintings)]
        return total(student, teacher, *pools, args.batches, args.size)

    fitted, judged = measure(7, limit=100), measure(8, held_out=True)
    errors = {}
    for tap, (ss, ts, _) in fitted.items():
        ridge = 1e-5 * ss.diagonal().mean() * torch.eye(len(ss))
        matrix = torch.linalg.solve(ss + ridge, ts.t()).t()
        ss, ts, tt = judged[tap]
        errors[tap] = float((tt - 2 * (matrix * ts).sum() + ((matrix @ ss) * matrix).sum()) / tt)
        print(f'{tap:9s} {errors[tap]:.4f}', flush=True)
    if args.write:
        tensors, metadata = read_safetensors(args.student)
        metadata['linear_map_error'] = ' '.join(f'{tap} {error:.3f}' for tap, error in errors.items()) + \
            f' (relative squared error, {4 * args.batches} held-out crops)'
        write_safetensors(args.student, tensors, metadata)


if __name__ == '__main__':
    main()
