"""Gram matrices and the normalised style loss."""
import torch

STYLE_TAPS = {'vgg': ('relu1_1', 'relu2_1', 'relu3_1', 'relu4_1'),
              'resnet': ('stem', 'layer1.0', 'layer1.1', 'layer1.2', 'layer2.0')}
CONTENT_TAP = {'vgg': 'relu4_2', 'resnet': 'layer2.0'}


def gram(features):
    """Gram matrices (float32, divided by the number of positions) of a batch of NCHW activations."""
    n, c, h, w = features.shape
    with torch.cpu.amp.autocast(enabled=False):  # a bf16 Gram loses the small differences that matter
        rows = features.float().permute(0, 2, 3, 1).reshape(n, h * w, c)
        return rows.transpose(1, 2) @ rows / (h * w)


def precision(name):
    """Context in which convolutions run in bf16 ('bf16': fast with AMX or a GPU) or as they are ('fp32')."""
    return torch.cpu.amp.autocast(enabled=name == 'bf16', dtype=torch.bfloat16)


def style_loss(taps, targets, names):
    """Sum over taps of each Gram error divided by the target's energy; one number a picture."""
    return sum(((gram(taps[name]) - targets[name]) ** 2).sum((1, 2)) / (targets[name] ** 2).sum((1, 2))
               for name in names)


def transfer(network, content, style, names, content_tap, steps, content_weight=0.0, rate=0.02,
             dtype='fp32'):
    """Plain style transfer from the content: `steps` of Adam on pictures clamped to 0..1."""
    with torch.no_grad(), precision(dtype):
        targets = {name: gram(value) for name, value in network(style).items() if name in names}
        wanted = network(content)[content_tap]
    picture = content.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([picture], lr=rate, betas=(0.9, 0.99))
    for _ in range(steps):
        optimiser.zero_grad()
        with precision(dtype):
            taps = network(picture)
        loss = style_loss(taps, targets, names).sum()
        if content_weight:
            error = taps[content_tap].float() - wanted.float()
            loss = loss + content_weight * (error ** 2).sum() / (wanted.float() ** 2).sum()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            picture.clamp_(0, 1)
    return picture.detach()
