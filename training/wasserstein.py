"""The default style loss: Wasserstein-2 between Gaussians, on means and covariances of the taps."""
import torch

from sketch import powers

WEIGHTS = {'relu1_1': 256, 'relu2_1': 64, 'relu3_1': 16, 'relu4_1': 4}
TOTAL = 341  # 256 + 64 + 16 + 4 + 1: relu5_1 has the last part and is beyond lite-vgg
RIDGE = 1e-4  # the default's; a larger one keeps gradients of smooth pictures small


class CovarianceDistance(torch.autograd.Function):
    """tr(C + T - 2 (T^1/2 C T^1/2)^1/2) of covariances (n, c, c); the gradient is I less the optimal map from C to T
    (Bhatia, Jain and Lim 2019, arXiv 1712.01504, section 4)."""

    @staticmethod
    def forward(context, covariance, target):
        root, = powers(target, 0.5)
        middle = root @ covariance @ root
        values, vectors = torch.linalg.eigh(middle)
        values = values.clamp(min=1e-12).sqrt()
        back = root @ (vectors / values[..., None, :]) @ vectors.transpose(-1, -2) @ root
        context.save_for_backward(back)
        traces = sum(m.diagonal(dim1=-1, dim2=-2).sum(-1) for m in (covariance, target))
        return traces - 2 * values.sum(-1)

    @staticmethod
    def backward(context, gradient):
        back, = context.saved_tensors
        eye = torch.eye(back.shape[-1], dtype=back.dtype)
        return gradient[:, None, None] * (eye - back), None


def raw_moments(features, basis=None):
    """Means (n, c) and second raw moments (n, c, c) of activations, in a basis (c', c) if one is given."""
    rows = features.float().flatten(2)
    if basis is not None:
        rows = basis @ rows
    return rows.mean(2).double(), (rows @ rows.transpose(1, 2) / rows.shape[2]).double()


def distance(own, wanted, channels, ridge=RIDGE):
    """Mean over the tap's channels of squared differences of means and of the Wasserstein-2 of covariances: (n,)."""
    eye = ridge * torch.eye(own[1].shape[-1], dtype=own[1].dtype)
    a, b = (second - mean[:, :, None] * mean[:, None, :] + eye for mean, second in (own, wanted))
    return (((own[0] - wanted[0]) ** 2).sum(1) + CovarianceDistance.apply(a, b)) / channels
