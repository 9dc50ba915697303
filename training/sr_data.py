"""Pairs of low- and high-resolution crops for super-resolution, and its quality measure."""
import numpy as np
import torch
from PIL import Image

from data import to_tensor

SCALE = 4


class Pairs:
    """High-resolution crops, and their bicubic quarter-size versions, from one or more Pictures pools."""

    def __init__(self, pools, shares, seed, noise=0.0):
        """`noise`: largest standard deviation, in 0..1, of what is added to the LR crops; each has its own."""
        self.pools, self.shares, self.noise = pools, shares, noise
        self.random = np.random.RandomState(seed)

    def batch(self, count, size):
        """`count` pairs: LR of size x size pixels in 0..1, HR of 4 times that."""
        high = []
        for _ in range(count):
            pool = self.pools[self.random.choice(len(self.pools), p=self.shares)]
            patch = pool.crop(size * SCALE, largest=3.0)
            high.append(np.ascontiguousarray(np.rot90(patch, self.random.randint(4))))
        low = [shrink(Image.fromarray(patch)) for patch in high]
        low = to_tensor(low)
        deviation = torch.from_numpy(self.random.uniform(0, self.noise, (count, 1, 1, 1))).float()
        return (low + deviation * torch.randn(low.shape)).clamp(0, 1), to_tensor(high)


def shrink(image):
    """Bicubic reduction by 4 with antialiasing (Matlab's imresize)."""
    return image.resize((image.width // SCALE, image.height // SCALE), Image.BICUBIC)


def luma(rgb):
    """Y of BT.601 in 16..235, from RGB 0..1 (NCHW)."""
    weights = torch.tensor([65.481, 128.553, 24.966]).view(1, 3, 1, 1)
    return (rgb * weights).sum(1) + 16


def psnr(result, truth, border=SCALE):
    """Peak signal to noise ratio on Y, a border of 4 pixels left out, results rounded to 8 bits."""
    result = result.mul(255).round().div(255)
    error = (luma(result) - luma(truth))[:, border:-border, border:-border]
    return float(10 * torch.log10(255 ** 2 / (error ** 2).mean()))
