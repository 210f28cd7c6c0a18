# convlens: model=resnet50 input=3x224x224
"""ResNet for ImageNet, with bottleneck blocks: 1x1 reduces, 3x3 works, 1x1 expands (He et al., 2015)."""

import torch
import torch.nn.functional as F
from torch import nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, channels, width, stride=1, shortcut=None):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * self.expansion, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * self.expansion)
        self.shortcut = shortcut

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        if self.shortcut is not None:
            x = self.shortcut(x)
        return F.relu(out + x)


class ResNet(nn.Module):
    def __init__(self, block, blocks, classes=1000):
        super().__init__()
        self.channels = 64
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self.stage(block, 64, blocks[0])
        self.layer2 = self.stage(block, 128, blocks[1], stride=2)
        self.layer3 = self.stage(block, 256, blocks[2], stride=2)
        self.layer4 = self.stage(block, 512, blocks[3], stride=2)
        self.fc = nn.Linear(512 * block.expansion, classes)

    def stage(self, block, width, count, stride=1):
        made = width * block.expansion
        shortcut = None
        if stride != 1 or self.channels != made:
            shortcut = nn.Sequential(
                nn.Conv2d(self.channels, made, 1, stride, bias=False),
                nn.BatchNorm2d(made),
            )
        layers = [block(self.channels, width, stride, shortcut)]
        layers += [block(made, width) for _ in range(1, count)]
        self.channels = made
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        x = self.layer2(self.layer1(x))
        x = self.layer4(self.layer3(x))
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)
        return self.fc(x)


def resnet50(classes=1000):
    return ResNet(Bottleneck, [3, 4, 6, 3], classes)


def resnet101(classes=1000):
    return ResNet(Bottleneck, [3, 4, 23, 3], classes)


def resnet152(classes=1000):
    return ResNet(Bottleneck, [3, 8, 36, 3], classes)
