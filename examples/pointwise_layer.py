"""A 1x1 convolution as a layer, in a plain script: 2 channels to 1, so 2 weights and a bias."""

import torch
from torch import nn

x = torch.randn(1, 2, 3, 3)
conv = nn.Conv2d(in_channels=2, out_channels=1, kernel_size=1)
y = conv(x)
