# convlens: input=256x28x28
"""The inception module of GoogLeNet's stage 3b (Szegedy et al., 2015), its 5x5 with and without a 1x1 before it."""

import torch
from torch import nn


def conv(channels, width, kernel):
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel, padding=kernel // 2),
        nn.ReLU(inplace=True),
    )


class Inception(nn.Module):
    """Four branches on the same map, side by side along the channels."""

    def __init__(self, channels=256):
        super().__init__()
        self.branch1 = conv(channels, 128, 1)
        self.branch3 = nn.Sequential(conv(channels, 128, 1), conv(128, 192, 3))
        self.branch5 = nn.Sequential(conv(channels, 32, 1), conv(32, 96, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(channels, 64, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch3(x), self.branch5(x), self.pool(x)], dim=1)


class NaiveInception(nn.Module):
    """The same widths without the reductions: what the 3x3 and 5x5 would cost on all 256 channels."""

    def __init__(self, channels=256):
        super().__init__()
        self.branch1 = conv(channels, 128, 1)
        self.branch3 = conv(channels, 192, 3)
        self.branch5 = conv(channels, 96, 5)
        self.pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(channels, 64, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch3(x), self.branch5(x), self.pool(x)], dim=1)
