"""Pictures as uint8 arrays in memory, and random crops of them."""
import os

import numpy as np
import torch
from PIL import Image

HELD_OUT = 20  # stems kept for measuring, the last of each folder's sorted names


def load_picture(path, short=None):
    """A picture as an RGB PIL image, its short side reduced to `short` pixels if it is longer."""
    image = Image.open(path).convert('RGB')
    if short and min(image.size) > short:
        ratio = short / min(image.size)
        image = image.resize([max(short, round(side * ratio)) for side in image.size], Image.LANCZOS)
    return image


def to_tensor(images):
    """Arrays or PIL images of one size as one NCHW float tensor in 0..1."""
    stack = np.stack([np.asarray(image) for image in images])
    return torch.from_numpy(stack).permute(0, 3, 1, 2).float().div(255).contiguous()


def list_pictures(folders, held_out=False):
    """Sorted paths below the folders; training and held-out pictures share no stem within a kind of folder."""
    paths = []
    for folder in folders:
        found = [os.path.join(base, name) for base, _, names in os.walk(folder)
                 for name in names if name.lower().endswith(('.jpg', '.jpeg', '.png'))]
        paths += sorted(found)
    stems = sorted({os.path.splitext(os.path.basename(path))[0] for path in paths})
    kept = set(stems[::max(1, len(stems) // HELD_OUT)][:HELD_OUT])
    return [path for path in paths if (os.path.splitext(os.path.basename(path))[0] in kept) == held_out]


class Pictures:
    """A pool of decoded pictures that gives random-scaled, randomly mirrored square crops."""

    def __init__(self, folders, seed, short=720, held_out=False, limit=None):
        paths = list_pictures(folders, held_out)
        self.random = np.random.RandomState(seed)
        if limit and len(paths) > limit:
            paths = [paths[i] for i in sorted(self.random.choice(len(paths), limit, replace=False))]
        self.pool = [np.asarray(load_picture(path, short)) for path in paths]

    def crop(self, size, largest=4.0):
        """One size x size crop (uint8 HWC) at a random scale between 1 and `largest` pixels a pixel."""
        picture = self.pool[self.random.randint(len(self.pool))]
        height, width = picture.shape[:2]
        top_scale = max(1.0, min(largest, min(height, width) / size))
        side = min(int(round(size * np.exp(self.random.rand() * np.log(top_scale)))), height, width)
        y, x = self.random.randint(height - side + 1), self.random.randint(width - side + 1)
        patch = picture[y:y + side, x:x + side]
        if side != size:
            patch = np.asarray(Image.fromarray(patch).resize((size, size), Image.BICUBIC, reducing_gap=2.0))
        return patch[:, ::-1] if self.random.rand() < 0.5 else patch

    def batch(self, count, size, largest=4.0):
        return to_tensor([self.crop(size, largest) for _ in range(count)])
