"""Peak signal to noise ratio (Y, x4) of lite-sr and of bicubic interpolation on Set5 and Set14; saves pictures."""
import argparse
import os

import torch
from PIL import Image

from data import load_picture, to_tensor
from sr_data import SCALE, psnr, shrink
from sr_network import load_generator


def evaluate(generator, folder, out=None):
    """Mean (network, bicubic) PSNR over a folder; writes the network's pictures to `out` if given."""
    scores = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.png'):
            continue
        image = load_picture(os.path.join(folder, name))
        image = image.crop((0, 0, image.width // SCALE * SCALE, image.height // SCALE * SCALE))
        small, truth = shrink(image), to_tensor([image])
        with torch.no_grad():
            result = generator.upscale(to_tensor([small]))
        scores.append((psnr(result, truth), psnr(to_tensor([small.resize(image.size, Image.BICUBIC)]), truth)))
        if out:
            os.makedirs(out, exist_ok=True)
            array = result[0].permute(1, 2, 0).mul(255).round().byte().numpy()
            Image.fromarray(array).save(os.path.join(out, name))
    return [sum(column) / len(scores) for column in zip(*scores)]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--model', required=True)
    options.add_argument('--sets', nargs='+', required=True, help='folders such as Set5 and Set14')
    options.add_argument('--out', help='folder for the pictures')
    args = options.parse_args()
    torch.set_num_threads(1)
    generator = load_generator(args.model)
    for folder in args.sets:
        name = os.path.basename(os.path.normpath(folder))
        ours, bicubic = evaluate(generator, folder, args.out and os.path.join(args.out, name))
        print(f'{name}: {ours:.2f} dB, bicubic {bicubic:.2f} dB, {ours - bicubic:+.2f} dB', flush=True)


if __name__ == '__main__':
    main()
