# convlens: input=64x56x56
import torch
from torch import nn


class Wide(nn.Module):
    def __init__(self):
        super().__init__()
        self.widen = nn.Conv2d(64, 256, 3, padding=1, bias=False)  # 64 to 256
        self.heavy = nn.Conv2d(256, 256, 3, padding=1, bias=False)

    def forward(self, x):
        return self.heavy(torch.relu(self.widen(x)))
