"""Trains lite-sr: stage `mse` (faithful) from nothing, then stage `gan` (crisp) from the result of the first.

The second stage's loss is the SRGAN paper's: squared error of VGG19 features (PERCEPTUAL, each divided by its energy),
an adversarial term, and some of the squared error of the first stage, which keeps colours in place.
"""
import argparse
import math
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

from data import Pictures
from evaluate_sr import evaluate
from networks import freeze, load_vgg
from sr_data import Pairs
from sr_network import QUICK_BORDER, Discriminator, Generator, metadata
from style import precision
from tensors import read_safetensors, write_safetensors

PERCEPTUAL = ('relu1_2', 'relu2_2', 'relu3_4')  # the shallow ones see a grid that deep ones tolerate


class Trainer:
    """Generator (with a running average of its weights), discriminator, optimisers, checkpoints."""

    def __init__(self, args):
        self.args = args
        torch.manual_seed(args.seed)
        self.generator = Generator().to(memory_format=torch.channels_last)
        if args.init:
            self.generator.load_state_dict(read_safetensors(args.init)[0])
        self.average = {name: value.clone() for name, value in self.generator.state_dict().items()}
        self.optimiser = torch.optim.Adam(self.generator.parameters(), lr=args.rate, betas=(0.9, 0.99))
        self.step, self.seconds = 0, 0.0
        if args.stage == 'gan':
            self.teacher = freeze(load_vgg(args.teacher))
            self.discriminator = Discriminator().to(memory_format=torch.channels_last)
            self.judge = torch.optim.Adam(self.discriminator.parameters(), lr=args.rate, betas=(0.5, 0.99))

    def learn(self, low, high):
        """One step of either stage; returns named losses."""
        return (self.learn_mse if self.args.stage == 'mse' else self.learn_gan)(low, high)

    def apply(self, loss):
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.generator.parameters(), self.args.clip)
        self.optimiser.step()

    def enlarge(self, low, high):
        """The generator's result in 0..1 and the truth, both without the border that quick training spoils."""
        with precision(self.args.precision):
            result = self.generator(low, quick=True)
        inside = slice(QUICK_BORDER, -QUICK_BORDER)
        return (result.float()[:, :, inside, inside] + 1) / 2, high[:, :, inside, inside]

    def learn_mse(self, low, high):
        result, high = self.enlarge(low, high)
        loss = F.mse_loss(result, high)
        self.apply(loss)
        return {'mse': float(loss), 'psnr': -10 * math.log10(float(loss))}

    def learn_gan(self, low, high):
        args = self.args
        result, high = self.enlarge(low, high)
        with precision(args.precision):
            real, fake = self.discriminator(high), self.discriminator(result.detach())
        judged = F.softplus(-real.float()).mean() + F.softplus(fake.float()).mean()
        self.judge.zero_grad()
        judged.backward()
        self.judge.step()
        with precision(args.precision):
            taps = self.teacher(result)
            with torch.no_grad():
                wanted = self.teacher(high)
            verdict = self.discriminator(result)
        perceptual = sum(((taps[n].float() - wanted[n].float()) ** 2).sum() / (wanted[n].float() ** 2).sum()
                         for n in PERCEPTUAL)
        adversarial, mse = F.softplus(-verdict.float()).mean(), F.mse_loss(result, high)
        self.apply(perceptual + args.adversarial * adversarial + args.pixel * mse)
        return {'perceptual': float(perceptual), 'adversarial': float(adversarial), 'judge': float(judged),
                'mse': float(mse)}

    def follow_average(self):
        decay = min(0.998, (1 + self.step) / (10 + self.step))
        for name, value in self.generator.state_dict().items():
            self.average[name].lerp_(value, 1 - decay)

    def parts(self):
        named = {'generator': self.generator, 'optimiser': self.optimiser}
        if self.args.stage == 'gan':
            named.update(discriminator=self.discriminator, judge=self.judge)
        return named

    def save(self, path):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        torch.save({**state, 'average': self.average, 'step': self.step, 'seconds': self.seconds}, path + '.part')
        os.replace(path + '.part', path)

    def load(self, path):
        """Continues from a checkpoint."""
        state = torch.load(path)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.average = state['average']
        self.step, self.seconds = state['step'], state['seconds']

    def export(self, path):
        write_safetensors(path, self.average, metadata(f'stage {self.args.stage}, {self.step} steps'))

    def score(self):
        """PSNR of the averaged weights on the evaluation folders."""
        generator = Generator()
        generator.load_state_dict(self.average)
        return [evaluate(generator.eval(), folder) for folder in self.args.sets]


def run(trainer, pairs, args, log_every=50):
    sums, began = {}, time.time()
    while trainer.step < args.steps:
        rate = args.rate * min(1.0, (trainer.step + 1) / 100) * \
            (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * trainer.step / args.steps)))
        for group in trainer.optimiser.param_groups:
            group['lr'] = rate
        for group in trainer.judge.param_groups if args.stage == 'gan' else ():
            group['lr'] = 4 * rate  # the discriminator starts from nothing
        for name, value in trainer.learn(*pairs.batch(args.batch, args.size)).items():
            sums[name] = sums.get(name, 0) + value / log_every
        trainer.step += 1
        trainer.follow_average()
        if trainer.step % log_every == 0:
            trainer.seconds, began = trainer.seconds + time.time() - began, time.time()
            text = ' '.join(f'{name} {value:.5g}' for name, value in sums.items())
            print(f'step {trainer.step} {text} rate {rate:.2e} {trainer.seconds:.0f} s', flush=True)
            sums = {}
        if trainer.step % args.save_every == 0 or trainer.step == args.steps:
            trainer.save(args.checkpoint)
            trainer.export(args.out)
            for folder, (ours, bicubic) in zip(args.sets, trainer.score()):
                print(f'  {os.path.basename(folder)} {ours:.2f} dB ({ours - bicubic:+.2f})', flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--stage', choices=('mse', 'gan'), required=True)
    options.add_argument('--teacher', help='safetensors file of VGG19 (stage gan)')
    options.add_argument('--photos', nargs='+', required=True)
    options.add_argument('--paintings', nargs='+', required=True)
    options.add_argument('--sets', nargs='*', default=[], help='evaluation folders such as Set5 and Set14')
    options.add_argument('--init', help='exported generator to start from (stage gan)')
    options.add_argument('--out', required=True, help='safetensors file to write')
    options.add_argument('--checkpoint', required=True, help='file to resume from if it exists, and to write')
    options.add_argument('--steps', type=int, default=4000)
    options.add_argument('--rate', type=float, default=1e-3)
    options.add_argument('--batch', type=int, default=8)
    options.add_argument('--size', type=int, default=24, help='side of the low-resolution crops')
    options.add_argument('--adversarial', type=float, default=0.01)
    options.add_argument('--pixel', type=float, default=10.0)
    options.add_argument('--noise', type=float, default=0.0, help='on the low-resolution crops (see Pairs)')
    options.add_argument('--clip', type=float, default=1.0)
    options.add_argument('--save-every', type=int, default=500)
    options.add_argument('--precision', default='bf16', choices=('fp32', 'bf16'))
    options.add_argument('--seed', type=int, default=1)
    args = options.parse_args()
    torch.set_num_threads(1)
    trainer = Trainer(args)
    if os.path.exists(args.checkpoint):
        trainer.load(args.checkpoint)
    pools = [Pictures(args.photos, args.seed + trainer.step, short=1200),
             Pictures(args.paintings, args.seed + trainer.step + 1, short=1200)]
    run(trainer, Pairs(pools, [0.75, 0.25], args.seed + trainer.step, args.noise), args)


if __name__ == '__main__':
    main()
