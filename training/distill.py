"""Distils a feature network into a small one: the training loop that distill_vgg.py and distill_resnet.py share.

The small network has the full one's taps, channel for channel. The loss of a step has three parts:
  features   on natural crops and on pastiches: squared error of the student's activation at every tap, divided by the
             teacher's energy;
  grams      the same for the Gram matrices of the pastiches at the style taps;
  gradients  squared error between the gradients, with respect to a pastiche, of the student's own style loss and of
             the teacher's, divided by the teacher's gradient energy, under random weights of the taps.
The pastiches come from a pool in which style transfer with the student itself goes on, one Adam step each time a
picture is used, so that whatever the optimiser finds to exploit in the student becomes training data.
"""
import math
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

from style import gram, precision
from tensors import write_safetensors


class PastichePool:
    """Pictures under way from content crops to style crops, each with its Adam moments and the teacher's Grams."""

    def __init__(self, contents, styles, teacher, names, size, count, dtype, generator):
        self.contents, self.styles, self.teacher, self.names = contents, styles, teacher, names
        self.size, self.dtype, self.generator = size, dtype, generator
        self.slots = [self.fresh(spread=True) for _ in range(count)]

    def fresh(self, spread=False):
        style = self.styles.batch(1, self.size)
        with torch.no_grad(), precision(self.dtype):
            taps = self.teacher(style)
        life = int(torch.randint(20, 140, (1,), generator=self.generator))
        picture = self.contents.batch(1, self.size)
        return {'picture': picture, 'style': style, 'first': torch.zeros_like(picture), 'life': life,
                'second': torch.zeros_like(picture), 'age': 0,
                'end': int(life * torch.rand(1, generator=self.generator)) if spread else life,
                'grams': {name: gram(taps[name]) for name in self.names}}

    def draw(self, count):
        order = torch.randperm(len(self.slots), generator=self.generator)[:count]
        return [self.slots[i] for i in order]

    def advance(self, slots, gradients, rate=0.02, beta1=0.9, beta2=0.99):
        """One Adam step on each picture; a picture at the end of its life is replaced."""
        for slot, gradient in zip(slots, gradients):
            slot['age'] += 1
            slot['first'].mul_(beta1).add_(gradient[None], alpha=1 - beta1)
            slot['second'].mul_(beta2).addcmul_(gradient[None], gradient[None], value=1 - beta2)
            first, second = slot['first'] / (1 - beta1 ** slot['age']), slot['second'] / (1 - beta2 ** slot['age'])
            slot['picture'] = (slot['picture'] - rate * first / (second.sqrt() + 1e-8)).clamp_(0, 1)
            if slot['age'] >= slot['end']:
                slot.update(self.fresh())


def weighted_style_loss(grams, targets, names, weights):
    """Style loss with tap weights, summed over pictures."""
    total = 0
    for name, weight in zip(names, weights):
        error = ((grams[name] - targets[name]) ** 2).sum((1, 2))
        total = total + weight * (error / (targets[name] ** 2).sum((1, 2))).sum()
    return total


def thin(features, most=1024):
    """A regular subset of the positions (at most about `most` a picture), as rows of channels."""
    stride = 1
    while features.shape[2] * features.shape[3] > most * stride * stride:
        stride += 1
    offset = stride // 2
    return features[:, :, offset::stride, offset::stride].permute(0, 2, 3, 1).flatten(0, 2).float()


class Distiller:
    """Student, optimiser, averaged weights and checkpoints."""

    def __init__(self, teacher, student, taps, style_taps, args, contents, styles):
        self.teacher, self.student, self.taps, self.style_taps = teacher, student, taps, style_taps
        self.args, self.contents, self.styles = args, contents, styles
        self.hints = set(taps) - set(style_taps) - {taps[-1]}
        self.generator = torch.Generator().manual_seed(args.seed)
        torch.manual_seed(args.seed)
        self.levels = {tap: 1.0 for tap in taps}  # the teacher's mean activations: its taps are seen divided by them
        self.average = {}
        self.optimiser = torch.optim.Adam(student.parameters(), lr=args.rate, betas=(0.9, 0.99))
        self.step, self.seconds = 0, 0.0

    def natural(self, count):
        paintings = count // 3
        return torch.cat([self.contents.batch(count - paintings, self.args.size)] +
                         ([self.styles.batch(paintings, self.args.size)] if paintings else []))

    def teacher_side(self, slots, pastiche, natural, weights):
        """The teacher's taps and Grams, and (if they count) its style gradients on the pastiches."""
        picture = pastiche.clone().requires_grad_(self.args.gradient_weight > 0)
        with precision(self.args.precision):
            taps = self.teacher(picture)
            with torch.no_grad():
                others = self.teacher(natural)
        grams = {name: gram(taps[name]) for name in self.style_taps}
        gradient = None
        if self.args.gradient_weight > 0:
            targets = {name: torch.cat([slot['grams'][name] for slot in slots]) for name in self.style_taps}
            gradient = torch.autograd.grad(weighted_style_loss(grams, targets, self.style_taps, weights), picture)[0]
        rows = {tap: torch.cat([thin(taps[tap].detach()), thin(others[tap])]) / self.levels[tap] for tap in self.taps}
        return rows, {name: value.detach() / self.levels[name] ** 2 for name, value in grams.items()}, gradient

    def learn(self, pool):
        """One training step; returns the three parts of the loss and the cosine of the gradients."""
        args, count = self.args, self.args.pastiches
        matching = args.gradient_weight > 0
        slots = pool.draw(count)
        pastiche = torch.cat([slot['picture'] for slot in slots])
        styles = torch.cat([slot['style'] for slot in slots])
        natural = self.natural(args.naturals)
        weights = torch.randn(len(self.style_taps), generator=self.generator).mul(0.7).exp().tolist()
        wanted, wanted_grams, wanted_gradient = self.teacher_side(slots, pastiche, natural, weights)

        picture = pastiche.clone().requires_grad_(True)
        with precision(args.precision):
            taps, other = self.student(picture), self.student(natural)
            with torch.set_grad_enabled(matching):
                target = self.student(styles)
        raw = {name: gram(taps[name]) for name in self.style_taps}
        style = weighted_style_loss(raw, {n: gram(target[n]) for n in self.style_taps}, self.style_taps, weights)
        gradient = torch.autograd.grad(style, picture, create_graph=matching, retain_graph=True)[0]
        gradients = cosine = 0.0
        if matching:
            ratio = ((gradient - wanted_gradient) ** 2).sum((1, 2, 3)) / (wanted_gradient ** 2).sum((1, 2, 3))
            gradients = (2 * ((1 + ratio).sqrt() - 1)).mean()  # pseudo-Huber: an outlier must not rule the step
            cosine = F.cosine_similarity(gradient.detach().flatten(1), wanted_gradient.flatten(1)).mean()

        features, grams = 0, 0
        for tap in self.taps:
            rows = torch.cat([thin(taps[tap]), thin(other[tap])])
            weight = args.hint_weight if tap in self.hints else 1.0
            features = features + weight * ((rows - wanted[tap]) ** 2).sum() / (wanted[tap] ** 2).sum()
            if tap in self.style_taps:
                error = ((raw[tap] - wanted_grams[tap]) ** 2).sum((1, 2))
                grams = grams + (error / (wanted_grams[tap] ** 2).sum((1, 2))).mean()
        loss = features + args.gram_weight * grams + args.gradient_weight * gradients
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), args.clip)
        self.optimiser.step()
        pool.advance(slots, gradient.detach())
        return [float(v) for v in (features, grams, gradients, cosine)]

    def follow_average(self):
        """Exponential average of the weights, exported in their place."""
        decay = min(self.args.average, (1 + self.step) / (10 + self.step))
        for name, value in self.student.state_dict().items():
            self.average[name] = self.average[name].lerp_(value, 1 - decay) if name in self.average else value.clone()

    def save(self, path):
        state = {'student': self.student.state_dict(), 'average': self.average,
                 'levels': self.levels, 'optimiser': self.optimiser.state_dict(), 'step': self.step,
                 'seconds': self.seconds}
        torch.save(state, path + '.part')
        os.replace(path + '.part', path)

    def load(self, path):
        """Continues from a checkpoint."""
        state = torch.load(path)
        self.student.load_state_dict(state['student'])
        self.average = state['average']
        self.levels = state['levels']
        self.step, self.seconds = state['step'], state['seconds']
        self.optimiser.load_state_dict(state['optimiser'])

    def export(self, path, metadata, batches=40):
        """Writes the averaged weights, every layer rescaled to mean activation 1 on natural crops, as fp16."""
        current = {name: value.clone() for name, value in self.student.state_dict().items()}
        self.student.load_state_dict(self.average)
        self.student.rescale([self.natural(6) for _ in range(batches)])
        write_safetensors(path, self.student.named_weights(), {**metadata, 'training': f'{self.step} steps'})
        self.student.load_state_dict(current)

    def run(self, checkpoint, export_path, metadata, log_every=50, save_every=500):
        """Trains to args.steps, writing log lines, checkpoints and exports."""
        args = self.args
        pool = PastichePool(self.contents, self.styles, self.teacher, self.style_taps, args.size, args.pool,
                            args.precision, self.generator)
        sums, began = torch.zeros(4), time.time()
        while self.step < args.steps:
            ramp = min(1.0, (self.step - args.phase_start + 1) / 100)
            rate = args.rate * ramp * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (self.step - args.phase_start) /
                                                                           (args.steps - args.phase_start))))
            for group in self.optimiser.param_groups:
                group['lr'] = rate
            sums += torch.tensor(self.learn(pool))
            self.step += 1
            self.follow_average()
            if self.step % log_every == 0:
                self.seconds, began = self.seconds + time.time() - began, time.time()
                part = ' '.join(f'{name} {value:.4f}' for name, value in
                                zip(('features', 'grams', 'gradients', 'cosine'), (sums / log_every).tolist()))
                print(f'step {self.step} {part} rate {rate:.2e} {self.seconds:.0f} s', flush=True)
                sums.zero_()
            if self.step % save_every == 0 or self.step == args.steps:
                self.save(checkpoint)
                self.export(export_path, metadata)


def add_options(options):
    """Command-line options that both distillations share."""
    options.add_argument('--teacher', required=True, help='safetensors file of the full network')
    options.add_argument('--photos', nargs='+', required=True, help='folders of photographs')
    options.add_argument('--paintings', nargs='+', required=True, help='folders of paintings')
    options.add_argument('--out', required=True, help='safetensors file to write')
    options.add_argument('--checkpoint', required=True, help='file to resume from if it exists, and to write')
    options.add_argument('--steps', type=int, default=6000)
    options.add_argument('--phase-start', type=int, default=0, help='step at which the decay of the rate begins')
    options.add_argument('--rate', type=float, default=1e-3)
    options.add_argument('--size', type=int, default=112, help='side of the crops')
    options.add_argument('--pastiches', type=int, default=3, help='pastiches a step')
    options.add_argument('--naturals', type=int, default=3, help='natural crops a step')
    options.add_argument('--pool', type=int, default=32, help='pastiches under way')
    options.add_argument('--gram-weight', type=float, default=1.0)
    options.add_argument('--gradient-weight', type=float, default=4.0)
    options.add_argument('--hint-weight', type=float, default=0.25, help='weight of taps that no loss uses by default')
    options.add_argument('--clip', type=float, default=10.0)
    options.add_argument('--average', type=float, default=0.998)
    options.add_argument('--precision', default='bf16', choices=('fp32', 'bf16'))
    options.add_argument('--seed', type=int, default=1)
    return options
