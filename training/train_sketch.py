"""Trains the sketch's decoder: Wasserstein-2 style loss, content loss, total variation, and reconstruction.

Each step paints `--batch` photographs in as many paintings (colours of some changed, some mixed of two) and one more
photograph in its own statistics, which has to come out unchanged.
"""
import argparse
import math
import os
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from data import Pictures
from networks import freeze, load_vgg
from sketch import Sketch, blend, encode, rough, statistics, stored
from style import precision
from tensors import write_safetensors
from wasserstein import TOTAL, WEIGHTS, distance, raw_moments

METADATA = {'kind': 'sketch', 'arch': 'decoder of whitened principal components of lite-vgg: training/sketch.py',
            'encoder': 'lite-vgg', 'levels': 'relu2_1:128:2,relu3_1:256:4,relu4_1:512:8', 'ridge': '0.02',
            'licence': 'CC BY 4.0: its encoder is distilled from VGG19 (K. Simonyan, A. Zisserman), changed'}


def recolour(batch, random):
    """Half of the pictures with their channels permuted or their tones bent, so that palettes do not run out."""
    out = batch.clone()
    for picture in out:
        if random.rand() < 0.25:
            picture.copy_(picture[random.permutation(3)])
        if random.rand() < 0.35:
            gamma = np.exp(random.randn(3) * 0.35)
            for channel, exponent in zip(picture, gamma):
                channel.pow_(float(exponent))
    return out


def smoothness(rgb):
    """Nine-point total variation of the default."""
    x = F.pad(rgb, (1, 1, 1, 1), mode='replicate')
    middle = x[:, :, 1:-1, 1:-1]
    parts = [(x[:, :, 1:-1, 2:], 3), (x[:, :, 2:, 1:-1], 3), (x[:, :, 2:, 2:], 12), (x[:, :, 2:, :-2], 12)]
    return sum(((part - middle) ** 2).mean() / share for part, share in parts)


class Trainer:
    def __init__(self, args):
        self.args = args
        torch.manual_seed(args.seed)
        self.network = freeze(load_vgg(args.encoder))
        self.photos = Pictures(args.photos, args.seed, short=args.short, limit=args.limit)
        self.paintings = Pictures(args.paintings, args.seed + 1, short=args.short, limit=args.limit)
        self.random = np.random.RandomState(args.seed + 2)
        self.sketch = Sketch().to(memory_format=torch.channels_last)
        self.step, self.seconds, self.average, self.basis = 0, 0.0, {}, None
        if not os.path.exists(args.checkpoint):
            self.begin()
        last = [*self.sketch.paint.parameters(), *self.sketch.direct.parameters()]  # small weights: small steps
        others = [p for p in self.sketch.parameters() if p.requires_grad and not any(p is q for q in last)]
        groups = [{'params': others, 'share': 1.0}, {'params': last, 'share': 0.1}]
        self.optimiser = torch.optim.Adam(groups, lr=args.rate, betas=(0.9, 0.99))
        if os.path.exists(args.checkpoint):
            self.load()

    def natural(self, count):
        half = count // 2
        return torch.cat([self.photos.batch(count - half, 128), self.paintings.batch(half, 128)])

    @torch.no_grad()
    def begin(self):
        batches = [self.natural(8) for _ in range(12)]
        self.sketch.start(self.network, batches)
        self.basis = {}
        for tap, keep in (('relu2_1', 64), ('relu3_1', 64), ('relu4_1', 64)):  # leading directions: quick
            rows = torch.cat([encode(self.network, b, tap)[tap].permute(0, 2, 3, 1).flatten(0, 2) for b in batches])
            rows = rows.double()
            self.basis[tap] = torch.linalg.eigh(rows.t() @ rows)[1][:, -keep:].t().float().contiguous()

    def style_moments(self, taps):
        return {tap: raw_moments(taps[tap], self.basis.get(tap)) for tap in WEIGHTS}

    def learn(self):
        args, count = self.args, self.args.batch
        again = 1 if self.step % args.same_every == 0 else 0
        content = self.photos.batch(count + again, args.size, args.zoom)
        style = recolour(self.paintings.batch(count, args.size, args.zoom), self.random)
        with torch.no_grad():
            taps = encode(self.network, torch.cat([content, style]), 'relu4_2')
            wanted_content = taps['relu4_2'][:count]
            wanted_taps = self.style_moments({tap: taps[tap][count + again:] for tap in WEIGHTS})
            own_taps = self.style_moments({tap: taps[tap][:count] for tap in WEIGHTS})
            levels = self.sketch.levels(taps)
            given = statistics([z[count + again:] for z in levels], style)
            levels = [z[:count + again] for z in levels]
            own = statistics(levels, content)
            if self.random.rand() < 0.3:  # mixtures of two styles
                share = self.random.uniform(0.2, 0.8)
                given = blend([given, [(m.roll(1, 0), c.roll(1, 0)) for m, c in given]], [share, 1 - share])
                wanted_taps = {tap: [share * v + (1 - share) * v.roll(1, 0) for v in pair]
                               for tap, pair in wanted_taps.items()}
            wanted = [tuple(torch.cat([g, o[count:]]) for g, o in zip(a, b)) for a, b in zip(given, own)]
        picture = rough(self.sketch, levels, own, wanted)
        with precision(args.precision):
            taps = encode(self.network, picture[:count], 'relu4_2')
        measured = self.style_moments(taps)
        def far(moments):
            return sum(weight / TOTAL * distance(moments[tap], wanted_taps[tap], self.network.tap_widths[tap], args.ridge)
                       for tap, weight in WEIGHTS.items())
        # What is left of the photograph's own distance, so that no pair of pictures outweighs the others.
        style_loss = (far(measured) / (far(own_taps).detach() + 0.1)).mean()
        content_loss = F.mse_loss(taps['relu4_2'].float(), wanted_content)
        same = F.mse_loss(picture[count:], content[count:]) if again else torch.zeros(())
        outside = (picture - picture.clamp(0, 1)).pow(2).mean()
        loss = (style_loss + args.content_weight * content_loss + args.smoothness * smoothness(picture[:count])
                + args.same_weight * same + 2 * outside)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.sketch.parameters(), 1.0)
        self.optimiser.step()
        return [float(v) for v in (style_loss, content_loss, same, outside)]

    def follow_average(self):
        decay = min(self.args.average, (1 + self.step) / (10 + self.step))
        for name, value in self.sketch.state_dict().items():
            self.average[name] = self.average[name].lerp_(value, 1 - decay) if name in self.average else value.clone()

    def save(self):
        state = {'sketch': self.sketch.state_dict(), 'average': self.average, 'basis': self.basis, 'step': self.step,
                 'optimiser': self.optimiser.state_dict(), 'seconds': self.seconds, 'random': self.random.get_state(),
                 'photos': self.photos.random.get_state(), 'paintings': self.paintings.random.get_state()}
        torch.save(state, self.args.checkpoint + '.part')
        os.replace(self.args.checkpoint + '.part', self.args.checkpoint)
        write_safetensors(self.args.out, stored(self.average), {**METADATA, 'training': f'{self.step} steps'})

    def load(self):
        state = torch.load(self.args.checkpoint)
        self.sketch.load_state_dict(state['sketch'])
        self.optimiser.load_state_dict(state['optimiser'])
        self.average, self.basis, self.step, self.seconds = (state[k] for k in ('average', 'basis', 'step', 'seconds'))
        self.random.set_state(state['random'])
        self.photos.random.set_state(state['photos'])
        self.paintings.random.set_state(state['paintings'])

    def run(self):
        args = self.args
        sums, began, saved = np.zeros(4), time.time(), time.time()
        while self.step < args.steps:
            rate = args.rate * min(1, (self.step + 1) / 30) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * self.step / args.steps)))
            for group in self.optimiser.param_groups:
                group['lr'] = rate * group['share']
            sums += self.learn()
            self.step += 1
            self.follow_average()
            if self.step % args.log == 0:
                self.seconds, began = self.seconds + time.time() - began, time.time()
                part = ' '.join(f'{n} {v:.4f}' for n, v in zip(('style', 'content', 'same', 'outside'), sums / args.log))
                print(f'step {self.step} {part} rate {rate:.1e} {self.seconds:.0f} s', flush=True)
                sums[:] = 0
            if time.time() - saved > args.save_every or self.step == args.steps:
                self.save()
                saved = time.time()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--encoder', required=True, help='lite-vgg.safetensors')
    options.add_argument('--photos', nargs='+', required=True)
    options.add_argument('--paintings', nargs='+', required=True)
    options.add_argument('--out', required=True, help='safetensors file to write')
    options.add_argument('--checkpoint', required=True, help='file to go on from if it exists, and to write')
    options.add_argument('--steps', type=int, default=3000)
    options.add_argument('--rate', type=float, default=1e-3)
    options.add_argument('--batch', type=int, default=3)
    options.add_argument('--size', type=int, default=128)
    options.add_argument('--zoom', type=float, default=2.0)
    options.add_argument('--short', type=int, default=256)
    options.add_argument('--limit', type=int)
    options.add_argument('--content-weight', type=float, default=0.015)
    options.add_argument('--smoothness', type=float, default=2.0)
    options.add_argument('--same-weight', type=float, default=10.0)
    options.add_argument('--ridge', type=float, default=1e-3, help='of the style loss')
    options.add_argument('--same-every', type=int, default=3)
    options.add_argument('--average', type=float, default=0.99)
    options.add_argument('--precision', default='fp32', choices=('fp32', 'bf16'))
    options.add_argument('--threads', type=int, default=2)
    options.add_argument('--log', type=int, default=25)
    options.add_argument('--save-every', type=float, default=120, help='seconds between checkpoints')
    options.add_argument('--seed', type=int, default=1)
    args = options.parse_args()
    torch.set_num_threads(args.threads)
    Trainer(args).run()


if __name__ == '__main__':
    main()
