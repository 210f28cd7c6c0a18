# Programs with one bug each, as they are asked about. PyTorch 1.13 raises in every one of them; each fixed program was
# run with it and does not raise. Cells are programs of their own:
#
#   `#! code numbers` stands on the line that PyTorch's traceback names last, or on the line of the layer in a Sequential,
#   or where a layer gets a padding with which it cannot be called.
#   `#> line` is a line that the first fix changes or adds, as it is then; `#> no fix` where none is offered.
#   `#| title` are the titles of all fixes, where there are several.

#%% second conv takes the wrong channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)

    def forward(self, x):
        return self.conv2(F.relu(self.conv1(x)))  #! shape-mismatch 16 32


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.conv2 = nn.Conv2d(16, 64, 3, padding=1)
#| Set in_channels of conv2 to 16
#| Set out_channels of conv1 to 32

#%% first conv for grey images
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)

    def forward(self, x):
        return self.conv(x)  #! shape-mismatch 3 1


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.conv = nn.Conv2d(3, 8, 3)

#%% conv in a Sequential
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 64, 3),
            nn.ReLU(),
            nn.Conv2d(128, 64, 3),  #! shape-mismatch 64 128
        )

    def forward(self, x):
        return self.body(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> nn.Conv2d(64, 64, 3),
#| Set in_channels of body.2 to 64
#| Set out_channels of body.0 to 128

#%% channels swapped
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 1)
        self.b = nn.Conv2d(8, 16, 1)

    def forward(self, x):
        return self.b(self.a(x))  #! shape-mismatch 16 8


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.b = nn.Conv2d(16, 16, 1)
#| Set in_channels of b to 16
#| Set out_channels of a to 8

#%% block with wrong argument
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, 3, padding=1)

    def forward(self, x):
        return F.relu(self.conv(x))  #! shape-mismatch 32 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Block(3, 32)
        self.b = Block(16, 64)

    def forward(self, x):
        return self.b(self.a(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.b = Block(32, 64)
#| Set c1 of Block to 32
#| Set c2 of Block to 16

#%% 1d conv on the wrong dimension
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(16, 8, 3)

    def forward(self, x):
        return self.conv(x)  #! shape-mismatch 100 16


if __name__ == '__main__':
    print(Net()(torch.randn(4, 100, 16)).shape)

#> self.conv = nn.Conv1d(100, 8, 3)

#%% 3d conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(4, 8, 3)

    def forward(self, x):
        return self.conv(x)  #! shape-mismatch 3 4


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 16, 16)).shape)

#> self.conv = nn.Conv3d(3, 8, 3)

#%% transposed conv after a conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 64, 3, 2, 1)
        self.up = nn.ConvTranspose2d(32, 16, 2, 2)

    def forward(self, x):
        return self.up(self.down(x))  #! shape-mismatch 64 32


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.up = nn.ConvTranspose2d(64, 16, 2, 2)
#| Set in_channels of up to 64
#| Set out_channels of down to 32

#%% depthwise after pointwise
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pw = nn.Conv2d(3, 32, 1)
        self.dw = nn.Conv2d(16, 16, 3, padding=1, groups=16)

    def forward(self, x):
        return self.dw(self.pw(x))  #! shape-mismatch 32 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.dw = nn.Conv2d(32, 32, 3, padding=1, groups=32)
#| Set in_channels, out_channels and groups of dw to 32
#| Set in_channels of dw to 32
#| Set out_channels of pw to 16

#%% concat doubles the channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3, padding=1)
        self.b = nn.Conv2d(3, 16, 3, padding=1)
        self.c = nn.Conv2d(16, 8, 1)

    def forward(self, x):
        return self.c(torch.cat([self.a(x), self.b(x)], dim=1))  #! shape-mismatch 32 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.c = nn.Conv2d(32, 8, 1)

#%% pixel shuffle divides channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 64, 3, padding=1)
        self.up = nn.PixelShuffle(2)
        self.b = nn.Conv2d(64, 3, 3, padding=1)

    def forward(self, x):
        return self.b(self.up(self.a(x)))  #! shape-mismatch 16 64


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.b = nn.Conv2d(16, 3, 3, padding=1)

#%% channels of a loop
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        c = 3
        for width in (16, 32, 64):
            layers.append(nn.Conv2d(c, width, 3))  #! shape-mismatch 32 16
            c = 16
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return self.body(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% functional conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 4, 3, 3))

    def forward(self, x):
        return F.conv2d(x, self.weight)  #! shape-mismatch 3 4


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% batch norm after conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.bn = nn.BatchNorm2d(32)

    def forward(self, x):
        return self.bn(self.conv(x))  #! shape-mismatch 16 32


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.bn = nn.BatchNorm2d(16)
#| Set num_features of bn to 16
#| Set out_channels of conv to 32

#%% one batch norm for two convs
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.bn = nn.BatchNorm2d(16)

    def forward(self, x):
        return self.bn(self.conv2(self.bn(self.conv1(x))))  #! shape-mismatch 32 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.conv2 = nn.Conv2d(16, 16, 3)

#%% group norm for other channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.gn = nn.GroupNorm(8, 32)

    def forward(self, x):
        return self.gn(self.conv(x))  #! shape-mismatch 16 32


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.gn = nn.GroupNorm(8, 16)
#| Set num_channels of gn to 16
#| Set out_channels of conv to 32

#%% group norm groups
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gn = nn.GroupNorm(6, 16)  #! groups-not-dividing 6 16

    def forward(self, x):
        return self.gn(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 16, 8, 8)).shape)

#> self.gn = nn.GroupNorm(4, 16)
#| Set num_groups of gn to 4
#| Set num_groups of gn to 8

#%% layer norm of the wrong size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln = nn.LayerNorm(32)

    def forward(self, x):
        return self.ln(x)  #! shape-mismatch 64 32


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)

#> self.ln = nn.LayerNorm(64)

#%% layer norm over channels first
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln = nn.LayerNorm(16)

    def forward(self, x):
        return self.ln(x)  #! shape-mismatch 16 8


if __name__ == '__main__':
    print(Net()(torch.randn(2, 16, 8, 8)).shape)

#> self.ln = nn.LayerNorm(8)

#%% batch norm 1d
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 100)
        self.bn = nn.BatchNorm1d(50)

    def forward(self, x):
        return self.bn(self.fc(x))  #! shape-mismatch 100 50


if __name__ == '__main__':
    print(Net()(torch.randn(4, 20)).shape)

#> self.bn = nn.BatchNorm1d(100)
#| Set num_features of bn to 100
#| Set out_features of fc to 50

#%% linear after flatten
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(32, 128, 3)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        return self.fc(x)  #! shape-mismatch 4608 512


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 28, 28)).shape)

#> self.fc = nn.Linear(4608, 10)

#%% missing flatten
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(4)
        self.fc = nn.Linear(3136, 10)

    def forward(self, x):
        return self.fc(self.pool(self.conv(x)))  #! shape-mismatch 7 3136


if __name__ == '__main__':
    print(Net()(torch.randn(1, 1, 28, 28)).shape)

#> return self.fc(torch.flatten(self.pool(self.conv(x)), 1))

#%% missing flatten in a Sequential
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 512, 3),
            nn.AdaptiveAvgPool2d(1),
            nn.Linear(512, 10),  #! shape-mismatch 1 512
        )

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> nn.Flatten(1),

#%% linear layers do not meet
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))  #! shape-mismatch 128 256


if __name__ == '__main__':
    print(Net()(torch.randn(4, 784)).shape)

#> self.fc2 = nn.Linear(128, 10)
#| Set in_features of fc2 to 128
#| Set out_features of fc1 to 256

#%% LeNet for 28x28 given 32x32
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 4 * 4, 120)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc1(x.flatten(1))  #! shape-mismatch 400 256


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.fc1 = nn.Linear(16 * 5 * 5, 120)

#%% flattened with the batch
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3072, 10)

    def forward(self, x):
        return self.fc(x.flatten(0, 2))  #! shape-mismatch 3072


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 32, 32)).shape)

#> self.fc = nn.Linear(32, 10)

#%% linear after global pooling
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        return self.fc(self.conv(x).mean(dim=(2, 3)))  #! shape-mismatch 64 128


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.fc = nn.Linear(64, 10)

#%% linear on channels first
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 8)

    def forward(self, x):
        return self.fc(x)  #! shape-mismatch 32 3


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.fc = nn.Linear(3072, 8)
#> return self.fc(torch.flatten(x, 1))

#%% functional linear
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(10, 32))

    def forward(self, x):
        return F.linear(x, self.weight)  #! shape-mismatch 64 32


if __name__ == '__main__':
    print(Net()(torch.randn(2, 64)).shape)

#> no fix

#%% matrix product
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(32, 10))

    def forward(self, x):
        return x @ self.weight  #! shape-mismatch 64 32


if __name__ == '__main__':
    print(Net()(torch.randn(2, 64)).shape)

#> no fix

#%% torch.matmul of attention without transpose
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(64, 64)

    def forward(self, x):
        q = self.q(x)
        return torch.matmul(q, q)  #! shape-mismatch 64 10


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)

#> return torch.matmul(q, q.transpose(-2, -1))

#%% bmm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(16, 16)

    def forward(self, x):
        a = self.a(x)
        return torch.bmm(a, a)  #! shape-mismatch 16 8


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8, 16)).shape)

#> return torch.bmm(a, a.transpose(-2, -1))

#%% bilinear
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Bilinear(20, 30, 5)

    def forward(self, x):
        return self.b(x, x)  #! shape-mismatch 20 30


if __name__ == '__main__':
    print(Net()(torch.randn(4, 20)).shape)

#> self.b = nn.Bilinear(20, 20, 5)

#%% view to a wrong size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x).view(-1, 400, 7)  #! shape-mismatch 400 7 8192


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% view without the batch
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x).view(x.size(0), 100)  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> return self.conv(x).view(x.size(0), 8192)

#%% reshape to heads
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 64)

    def forward(self, x):
        b, n, c = x.shape
        return self.fc(x).reshape(b, n, 5, 12)  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)

#> no fix

#%% unflatten
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.u = nn.Unflatten(1, (3, 20))

    def forward(self, x):
        return self.u(x)  #! shape-mismatch 64


if __name__ == '__main__':
    print(Net()(torch.randn(2, 64)).shape)

#> no fix

#%% permute with too few dimensions
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return self.c(x).permute(0, 2, 1)  #! bad-argument 4 3


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% pixel shuffle of odd channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.PixelShuffle(2)

    def forward(self, x):
        return self.ps(x)  #! shape-mismatch 6


if __name__ == '__main__':
    print(Net()(torch.randn(1, 6, 8, 8)).shape)

#> no fix

#%% chunk unpacked into too few
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 24)

    def forward(self, x):
        q, k = self.fc(x).chunk(3, dim=-1)  #! bad-argument
        return q + k


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> no fix

#%% shape unpacked into too few
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        b, c, h = x.shape  #! bad-argument
        return self.c(x).view(b, c, -1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% split sizes do not add up
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 24)

    def forward(self, x):
        a, b = torch.split(self.fc(x), [12, 8], dim=1)  #! shape-mismatch 24 20
        return a


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> no fix

#%% transpose out of range
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x).transpose(1, 2)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> no fix

#%% squeeze then conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        return self.c(x.flatten(1))  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% cat of different sizes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.Conv2d(3, 8, 3, 2, 1)

    def forward(self, x):
        return torch.cat([self.a(x), self.b(x)], 1)  #! shape-mismatch 32 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% residual with different channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3, padding=1)

    def forward(self, x):
        return x + self.a(x)  #! shape-mismatch 3 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.a = nn.Conv2d(3, 3, 3, padding=1)

#%% residual without padding
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        return self.a(x) + x  #! shape-mismatch 30 32


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.a = nn.Conv2d(3, 3, 3, padding=1)

#%% residual with stride
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 3, 2, 1)

    def forward(self, x):
        y = self.a(x)
        y += x  #! shape-mismatch 16 32
        return y


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% unet skip of another size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=2)
        self.up = nn.ConvTranspose2d(8, 8, 2, 2)

    def forward(self, x):
        return torch.cat([x, self.up(self.down(x))], dim=1)  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% stack of different sizes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 4)
        self.b = nn.Linear(8, 5)

    def forward(self, x):
        return torch.stack([self.a(x), self.b(x)])  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> self.a = nn.Linear(8, 5)
#| Set out_features of a to 5
#| Set out_features of b to 4

#%% multiply by attention of another size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 1)
        self.s = nn.Conv2d(3, 8, 1)

    def forward(self, x):
        return self.a(x) * torch.sigmoid(self.s(x))  #! shape-mismatch 16 8


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.a = nn.Conv2d(3, 8, 1)
#| Set out_channels of a to 8
#| Set out_channels of s to 16

#%% position embedding for another length
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pos = nn.Parameter(torch.zeros(1, 65, 32))
        self.patch = nn.Conv2d(3, 32, 4, 4)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        return x + self.pos  #! shape-mismatch 65 64


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% groups do not divide
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(10, 12, 3, groups=3)  #! groups-not-dividing 3 10

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 10, 8, 8)).shape)

#> self.c = nn.Conv2d(10, 12, 3, groups=2)
#| Set groups of c to 2
#| Set groups of c to 1

#%% groups do not divide the output
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(8, 10, 3, groups=4)  #! groups-not-dividing 4 10

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 8, 8, 8)).shape)

#> self.c = nn.Conv2d(8, 10, 3, groups=2)
#| Set groups of c to 2
#| Set groups of c to 1

#%% kernel larger than the input
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 8, 3, stride=4)
        self.c2 = nn.Conv2d(8, 8, 5)

    def forward(self, x):
        return self.c2(self.c1(x))  #! kernel-too-large 5 3


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 12, 12)).shape)

#> self.c2 = nn.Conv2d(8, 8, 5, padding=2)
#| Set padding of c2 to 2
#| Set kernel_size of c2 to 3

#%% pooled away
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(4)

    def forward(self, x):
        return self.pool(self.pool(self.pool(x)))  #! kernel-too-large


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.pool = nn.MaxPool2d(2)

#%% pool padding
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2, padding=2)

    def forward(self, x):
        return self.pool(x)  #! bad-argument 1 2


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.pool = nn.MaxPool2d(2, padding=1)

#%% padding same with a stride
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, stride=2, padding='same')  #! bad-argument 1 2

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.c = nn.Conv2d(3, 8, 3, stride=2, padding=1)

#%% reflection padding larger than the input
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.ReflectionPad2d(5)

    def forward(self, x):
        return self.p(x)  #! bad-argument 3 5


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 4, 4)).shape)

#> self.p = nn.ReflectionPad2d(3)

#%% missing argument of a layer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16)  #! bad-argument

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% unknown argument of a layer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3, pad=1)  #! bad-argument

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.c = nn.Conv2d(3, 16, 3, padding=1)

#%% misspelled layer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2D(3, 16, 3)  #! unknown-layer

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.c = nn.Conv2d(3, 16, 3)

#%% misspelled attribute
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return self.conv(x)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> return self.conv1(x)

#%% missing super().__init__
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        self.conv = nn.Conv2d(3, 16, 3)  #! bad-argument

    def forward(self, x):
        return self.conv(x)


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))

#> super().__init__()

#%% forward with too few arguments
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x, y):
        return self.c(x) + y


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))  #! bad-argument

#> no fix

#%% forward with too many arguments
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8), torch.randn(1, 3, 8, 8))  #! bad-argument

#> no fix

#%% layer with too many arguments
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return self.c(x, x)  #! bad-argument 1 2


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% undefined name
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return self.c(inputs)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% no forward
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def foward(self, x):
        return self.c(x)


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))  #! bad-argument

#> no fix

#%% list instead of ModuleList called
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(3, 3, 1)])

    def forward(self, x):
        return self.layers(x)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% class not instantiated
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU

    def forward(self, x):
        return self.act(x).mean()  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.act = nn.ReLU()

#%% lstm input size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(32, 16, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]  #! shape-mismatch 64 32


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)

#> self.rnn = nn.LSTM(64, 16, batch_first=True)

#%% gru then linear of the wrong direction
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(32, 64, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        y, h = self.rnn(x)
        return self.fc(y[:, -1])  #! shape-mismatch 128 64


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 32)).shape)

#> self.fc = nn.Linear(128, 10)

#%% lstm output is a tuple
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(32, 16)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.rnn(x))  #! bad-argument 2


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 32)).shape)

#> return self.fc(self.rnn(x)[0])

#%% attention heads do not divide
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(100, 8)  #! bad-argument 8 100

    def forward(self, x):
        return self.att(x, x, x)[0]


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 100)).shape)

#> self.att = nn.MultiheadAttention(100, 10)
#| Set num_heads of att to 10
#| Set num_heads of att to 5

#%% attention embed_dim
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(128, 8)

    def forward(self, x):
        return self.att(x, x, x)[0]  #! shape-mismatch 64 128


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 64)).shape)

#> self.att = nn.MultiheadAttention(64, 8)

#%% embedding then linear
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(1000, 50)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.emb(x))  #! shape-mismatch 50 64


if __name__ == '__main__':
    Net()(torch.randint(0, 1000, (2, 7)))

#> self.fc = nn.Linear(50, 10)
#| Set in_features of fc to 50
#| Set embedding_dim of emb to 64

#%% transformer layer of another width
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.TransformerEncoderLayer(512, 8)

    def forward(self, x):
        return self.t(x)  #! shape-mismatch 64 512


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 64)).shape)

#> self.t = nn.TransformerEncoderLayer(64, 8)

#%% einsum sizes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(8, 4))

    def forward(self, x):
        return torch.einsum('bi,ij->bj', x, self.w)  #! shape-mismatch 16 8


if __name__ == '__main__':
    print(Net()(torch.randn(2, 16)).shape)

#> no fix

#%% expand of a real dimension
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x).expand(-1, 4)  #! bad-argument 8 4


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> no fix

#%% fold of the wrong blocks
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fold = nn.Fold((8, 8), 2, stride=2)

    def forward(self, x):
        return self.fold(x)  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(1, 12, 10)).shape)

#> no fix

#%% prelu parameters
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.PReLU(16)

    def forward(self, x):
        return self.act(x)  #! shape-mismatch 3 16


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.act = nn.PReLU(3)

#%% glu of odd channels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.GLU(dim=1)

    def forward(self, x):
        return self.act(x)  #! shape-mismatch 3


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% conv on two dimensions of data
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(784, 8, 3)

    def forward(self, x):
        return self.c(x)  #! shape-mismatch


if __name__ == '__main__':
    print(Net()(torch.randn(4, 784)).shape)

#> no fix

#%% images with the channels last
import torch
import torch.nn as nn


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)

    def forward(self, x):
        return self.conv1(x)  #! shape-mismatch 3 64


if __name__ == '__main__':
    print(Detector()(torch.randn(2, 64, 64, 3)).shape)

#> return self.conv1(x.permute(0, 3, 1, 2))
#| Move the channels first: x.permute(0, 3, 1, 2)
#| Set in_channels of conv1 to 64

#%% keyword arguments of a published CNN
import torch
import torch.nn as nn


class CNN(nn.Module):
    def __init__(self):
        super(CNN, self).__init__()
        self.conv1 = nn.Sequential(
            nn.Conv2d(in_channels=1, out_channels=16, kernel_size=5, stride=1, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2),
        )
        self.conv2 = nn.Sequential(nn.Conv2d(16, 32, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2))
        self.out = nn.Linear(in_features=1050, out_features=10)

    def forward(self, x):
        x = self.conv2(self.conv1(x))
        x = x.view(x.size(0), -1)
        return self.out(x), x  #! shape-mismatch 1568 1050


if __name__ == '__main__':
    CNN()(torch.randn(2, 1, 28, 28))

#> self.out = nn.Linear(in_features=1568, out_features=10)

#%% u-net decoder without the skip
import torch
import torch.nn as nn


def double_conv(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.ReLU(), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = double_conv(3, 64)
        self.mid = double_conv(64, 128)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(128, 64, 2, stride=2)
        self.dec = double_conv(64, 64)

    def forward(self, x):
        e = self.enc(x)
        m = self.mid(self.pool(e))
        return self.dec(torch.cat([self.up(m), e], dim=1))  #! shape-mismatch 128 64


if __name__ == '__main__':
    print(UNet()(torch.randn(1, 3, 64, 64)).shape)

#> self.dec = double_conv(128, 64)

#%% u-net of an odd size
import torch
import torch.nn as nn


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.b = nn.Conv2d(16, 16, 3, padding=1)
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        a = self.a(x)
        b = self.up(self.b(self.pool(a)))
        return torch.cat((a, b), 1)  #! shape-mismatch 75 74


if __name__ == '__main__':
    print(UNet()(torch.randn(1, 3, 75, 75)).shape)

#> no fix

#%% plain Sequential at the top
import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(256, 128),
    nn.ReLU(),
    nn.Linear(64, 10),  #! shape-mismatch 128 64
)
out = model(torch.randn(32, 256))

#> nn.Linear(128, 10),
#| Set in_features of layer 2 to 128
#| Set out_features of layer 0 to 64

#%% layers of a script
import torch
from torch import nn

x = torch.randn(8, 3, 32, 32)
conv = nn.Conv2d(3, 12, 5)
fc = nn.Linear(12 * 14 * 15, 10)
y = torch.max_pool2d(conv(x), 2)
z = fc(y.flatten(1))  #! shape-mismatch 2352 2520

#> fc = nn.Linear(12 * 14 * 14, 10)

#%% number in a variable
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        hidden = 100
        self.fc1 = nn.Linear(784, 120)
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))  #! shape-mismatch 120 100


if __name__ == '__main__':
    print(Net()(torch.randn(4, 784)).shape)

#> hidden = 120
#| Set hidden to 120
#| Set out_features of fc1 to 100

#%% number in an attribute
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.proj = nn.Conv2d(3, 96, 4, 4)
        self.norm = nn.LayerNorm(self.dim)

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        return self.norm(x)  #! shape-mismatch 96 64


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.dim = 96

#%% default argument
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, width=256, classes=10):
        super().__init__()
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        return self.fc(x)  #! shape-mismatch 128 256


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 128, 3)
        self.head = Head(classes=5)

    def forward(self, x):
        return self.head(self.stem(x).mean((2, 3)))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> def __init__(self, width=128, classes=10):

#%% constant of the module
import torch
from torch import nn

CHANNELS = 48


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 64, 3)
        self.b = nn.Conv2d(CHANNELS, 10, 1)

    def forward(self, x):
        return self.b(self.a(x))  #! shape-mismatch 64 48


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> CHANNELS = 64
#| Set CHANNELS to 64
#| Set out_channels of a to 48

#%% helper that builds the layer
import torch
from torch import nn


def conv_bn(inp, oup, stride):
    return nn.Sequential(nn.Conv2d(inp, oup, 3, stride, 1, bias=False), nn.BatchNorm2d(oup), nn.ReLU6())


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = conv_bn(3, 32, 2)
        self.second = conv_bn(24, 64, 2)

    def forward(self, x):
        return self.second(self.first(x))  #! shape-mismatch 32 24


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.second = conv_bn(32, 64, 2)

#%% expansion forgotten at the classifier
import torch
from torch import nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes):
        super().__init__()
        self.a = nn.Conv2d(inplanes, planes, 1)
        self.b = nn.Conv2d(planes, planes * self.expansion, 1)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = Bottleneck(3, 64)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.layer(x).mean((2, 3)))  #! shape-mismatch 256 64


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 16, 16)).shape)

#> self.fc = nn.Linear(256, 10)

#%% computed from a multiplier
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.a = nn.Conv2d(3, width * 2, 3)
        self.b = nn.Conv2d(width * 3, 10, 3)

    def forward(self, x):
        return self.b(self.a(x))  #! shape-mismatch 64 96


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.b = nn.Conv2d(width * 2, 10, 3)
#| Set the 3 of in_channels of b to 2
#| Set the 2 of out_channels of a to 3

#%% list of widths
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [16, 24, 40]
        self.a = nn.Conv2d(3, widths[0], 3)
        self.b = nn.Conv2d(widths[0], 32, 3)
        self.c = nn.Conv2d(widths[1], widths[2], 3)

    def forward(self, x):
        return self.c(self.b(self.a(x)))  #! shape-mismatch 32 24


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> widths = [16, 32, 40]
#| Set element 1 to 32
#| Set out_channels of b to 24

#%% basic block with a stride and no shortcut
import torch
from torch import nn


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1)

    def forward(self, x):
        out = self.conv2(torch.relu(self.conv1(x)))
        return torch.relu(out + x)  #! shape-mismatch 16 32


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = BasicBlock(16, 16)
        self.layer2 = BasicBlock(16, 16, stride=2)

    def forward(self, x):
        return self.layer2(self.layer1(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 16, 32, 32)).shape)

#> no fix

#%% two unpadded convolutions on the way of a residual
import torch
from torch import nn


class Res(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))  #! shape-mismatch 16 12


if __name__ == '__main__':
    print(Res()(torch.randn(1, 8, 16, 16)).shape)

#> self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
#> self.conv2 = nn.Conv2d(8, 8, 3, padding=1)

#%% chain of transposed convolutions
import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self, nz=100):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, 256, 4, 1, 0),
            nn.BatchNorm2d(256),
            nn.ReLU(True),
            nn.ConvTranspose2d(256, 128, 4, 2, 1),
            nn.BatchNorm2d(256),  #! shape-mismatch 128 256
            nn.ReLU(True),
            nn.ConvTranspose2d(128, 3, 4, 2, 1),
        )

    def forward(self, z):
        return self.main(z)


if __name__ == '__main__':
    print(Generator()(torch.randn(2, 100, 1, 1)).shape)

#> nn.BatchNorm2d(128),

#%% dimension of a latent code
import torch
from torch import nn


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(784, 400)
        self.mu = nn.Linear(400, 20)
        self.logvar = nn.Linear(400, 20)
        self.dec = nn.Linear(32, 784)

    def forward(self, x):
        h = torch.relu(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        return self.dec(z)  #! shape-mismatch 20 32


if __name__ == '__main__':
    print(VAE()(torch.randn(2, 784)).shape)

#> self.dec = nn.Linear(20, 784)

#%% lstm output unpacked wrongly
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(1000, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        out, h, c = self.lstm(self.emb(x))  #! bad-argument 3
        return self.fc(out)


if __name__ == '__main__':
    Tagger()(torch.randint(0, 1000, (2, 7)))

#> no fix

#%% lstm in a Sequential
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.LSTM(10, 20, batch_first=True),
            nn.Linear(20, 2),
        )

    def forward(self, x):
        return self.net(x)  #! bad-argument 2


if __name__ == '__main__':
    print(Net()(torch.randn(4, 7, 10)).shape)

#> no fix

#%% embedding and lstm do not meet
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, vocab=5000, embed=128, hidden=256):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 100)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True)

    def forward(self, x):
        out, _ = self.lstm(self.embedding(x))  #! shape-mismatch 100 128
        return out


if __name__ == '__main__':
    Classifier()(torch.randint(0, 5000, (2, 9)))

#> def __init__(self, vocab=5000, embed=100, hidden=256):
#| Set embed to 100
#| Set embedding_dim of embedding to 128

#%% bidirectional lstm and its classifier
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, hidden=128):
        super().__init__()
        self.lstm = nn.LSTM(40, hidden, 2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])  #! shape-mismatch 256 128


if __name__ == '__main__':
    print(Classifier()(torch.randn(2, 50, 40)).shape)

#> self.fc = nn.Linear(hidden * 2, 10)

#%% sequence for a cell
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(16, 32)

    def forward(self, x):
        return self.cell(x)  #! shape-mismatch 2 3


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 16)).shape)

#> no fix

#%% attention over channels
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 8, 8)
        self.attn = nn.MultiheadAttention(64, 4, batch_first=True)

    def forward(self, x):
        x = self.conv(x).flatten(2)
        return self.attn(x, x, x)[0]  #! shape-mismatch 64 16


if __name__ == '__main__':
    print(Block()(torch.randn(1, 3, 32, 32)).shape)

#> self.attn = nn.MultiheadAttention(16, 4, batch_first=True)

#%% heads of a transformer layer
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(d_model=96, nhead=7)  #! bad-argument 96 7

    def forward(self, x):
        return self.layer(x)


if __name__ == '__main__':
    print(Net()(torch.randn(5, 2, 96)).shape)

#> self.layer = nn.TransformerEncoderLayer(d_model=96, nhead=6)
#| Set nhead of layer to 6
#| Set nhead of layer to 8

#%% heads of attention by hand
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=60, heads=8):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).reshape(B, T, 3, self.heads, C // self.heads).unbind(2)  #! shape-mismatch 5 8 7 900
        return q


if __name__ == '__main__':
    print(Attention()(torch.randn(2, 5, 60)).shape)

#> no fix

#%% attention forgets the transpose
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(32, 32)
        self.k = nn.Linear(32, 32)
        self.v = nn.Linear(32, 32)

    def forward(self, x):
        q, k, v = self.q(x), self.k(x), self.v(x)
        scores = (q @ k) / 32 ** 0.5  #! shape-mismatch 32 9
        return scores.softmax(-1) @ v


if __name__ == '__main__':
    print(Attention()(torch.randn(2, 9, 32)).shape)

#> scores = (q @ k.transpose(-2, -1)) / 32 ** 0.5

#%% classifier after another pooling
import torch
from torch import nn


class AlexNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(64 * 7 * 7, 100),  #! shape-mismatch 2304 3136
            nn.ReLU(),
            nn.Linear(100, classes),
        )

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(torch.flatten(x, 1))


if __name__ == '__main__':
    print(AlexNet()(torch.randn(1, 3, 224, 224)).shape)

#> nn.Linear(2304, 100),

#%% view of CIFAR's tutorial for other images
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 400)  #! shape-mismatch 2704 400
        return self.fc1(x)


if __name__ == '__main__':
    print(Net()(torch.randn(4, 3, 64, 64)).shape)

#> self.fc1 = nn.Linear(2704, 120)
#> x = x.view(-1, 2704)

#%% view that a size is missing from
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 16 * 8 * 8)
        self.conv = nn.Conv2d(16, 3, 3)

    def forward(self, z):
        x = self.fc(z).view(-1, 16, 7, 8)  #! shape-mismatch 16 7 8
        return self.conv(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10)).shape)

#> x = self.fc(z).view(-1, 16, 8, 8)

#%% grouped convolution after another width
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, cin=64, groups=32):
        super().__init__()
        self.reduce = nn.Conv2d(cin, 48, 1)
        self.conv = nn.Conv2d(48, 48, 3, padding=1, groups=groups)  #! groups-not-dividing 32 48

    def forward(self, x):
        return self.conv(self.reduce(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 64, 8, 8)).shape)

#> def __init__(self, cin=64, groups=24):
#| Set groups to 24
#| Set groups to 16

#%% pixel shuffle of a subpixel head
import torch
from torch import nn


class SR(nn.Module):
    def __init__(self, scale=3):
        super().__init__()
        self.body = nn.Conv2d(3, 32, 3, padding=1)
        self.up = nn.Sequential(nn.Conv2d(32, 3 * 4, 3, padding=1), nn.PixelShuffle(scale))  #! shape-mismatch 9 12

    def forward(self, x):
        return self.up(self.body(x))


if __name__ == '__main__':
    print(SR()(torch.randn(1, 3, 24, 24)).shape)

#> no fix

#%% squeeze and excitation without its dimensions
import torch
from torch import nn


class SE(nn.Module):
    def __init__(self, c=32, r=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.fc(self.pool(x).view(b, c))
        return x * y  #! shape-mismatch 32 8


if __name__ == '__main__':
    print(SE()(torch.randn(2, 32, 8, 8)).shape)

#> no fix

#%% layer that was never made
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)

    def forward(self, x):
        x = self.conv2(self.conv1(x))
        return self.conv3(x)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> no fix

#%% misspelled method of the class
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Conv2d(3, 16, 3)

    def pool_features(self, x):
        return x.mean((2, 3))

    def forward(self, x):
        return self.pool_feature(self.features(x))  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> return self.pool_features(self.features(x))

#%% forward indented into the initializer
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

        def forward(self, x):
            return self.c(x)


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))  #! bad-argument

#> no fix

#%% misspelled variable
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        feature = self.c(x)
        return features.mean()  #! bad-argument


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))

#> return feature.mean()

#%% misspelled activation
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return F.ReLU(self.c(x))  #! unknown-name


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> return F.relu(self.c(x))

#%% misspelled norm
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)
        self.n = nn.Batchnorm2d(16)  #! unknown-layer

    def forward(self, x):
        return self.n(self.c(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.n = nn.BatchNorm2d(16)

#%% keyword of a block of one's own
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels, stride=1):
        super().__init__()
        self.c = nn.Conv2d(channels, channels, 3, stride, 1)

    def forward(self, x):
        return self.c(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = Block(3, strides=2)  #! bad-argument

    def forward(self, x):
        return self.b(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.b = Block(3, stride=2)

#%% softmax over a dimension that is not there
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return torch.softmax(self.fc(x), dim=2)  #! bad-argument 2


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> return torch.softmax(self.fc(x), dim=1)

#%% mean over a dimension that is not there
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(x).mean(dim=3)  #! bad-argument 3


if __name__ == '__main__':
    print(Net()(torch.randn(2, 5, 8)).shape)

#> no fix

#%% unsqueeze too far
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(x).unsqueeze(4)  #! bad-argument 4


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)

#> no fix

#%% expand to another number of channels
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        return self.c(x).expand(-1, 8, -1, -1)  #! bad-argument 8 4


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> no fix

#%% split into three and unpacked into two
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 24, 1)

    def forward(self, x):
        a, b = torch.split(self.c(x), 8, dim=1)  #! bad-argument 2
        return a * b


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> no fix

#%% argument of forward forgotten in a block
import torch
from torch import nn


class Fuse(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(6, 8, 1)

    def forward(self, a, b):
        return self.c(torch.cat([a, b], 1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fuse = Fuse()

    def forward(self, x):
        return self.fuse(x)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> no fix

#%% module in place of its output
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
        self.b = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        return self.b(self.a)  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> no fix

#%% forward that returns nothing
import torch
from torch import nn


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.c(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Body()
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return self.head(self.body(x))  #! bad-argument


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> no fix

#%% plain list in a Sequential
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Conv2d(3, 8, 3), nn.ReLU()]
        self.net = nn.Sequential(layers)  #! bad-argument

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)

#> self.net = nn.Sequential(*layers)

#%% too small an image for a deep network
import torch
from torch import nn


class VGG(nn.Module):
    def __init__(self):
        super().__init__()
        layers, c = [], 3
        for v in [16, 'M', 32, 'M', 64, 'M', 64, 'M', 64, 'M']:
            if v == 'M':
                layers.append(nn.MaxPool2d(2, 2))  #! kernel-too-large 2 1
            else:
                layers.append(nn.Conv2d(c, v, 3, padding=1))
                c = v
        self.features = nn.Sequential(*layers)

    def forward(self, x):
        return self.features(x)


if __name__ == '__main__':
    print(VGG()(torch.randn(1, 3, 16, 16)).shape)

#> no fix

#%% average pool in place of an adaptive one
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(3, 32, 3, stride=8)
        self.pool = nn.AvgPool2d(7)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        return self.fc(self.pool(self.body(x)).flatten(1))  #! kernel-too-large 7 4


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#> self.pool = nn.AvgPool2d(4)

#%% instance norm of a 1d network
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(4, 8, 3)
        self.n = nn.InstanceNorm1d(4, affine=True)

    def forward(self, x):
        return self.n(self.c(x))  #! shape-mismatch 8 4


if __name__ == '__main__':
    print(Net()(torch.randn(2, 4, 20)).shape)

#> self.n = nn.InstanceNorm1d(8, affine=True)
#| Set num_features of n to 8
#| Set out_channels of c to 4

#%% batch norm of another rank
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.bn = nn.BatchNorm1d(8)

    def forward(self, x):
        return self.bn(self.c(x))  #! bad-argument 4


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 8, 8)).shape)

#> no fix

#%% two branches joined for a classifier
import torch
from torch import nn


class TwoStream(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(nn.Conv2d(3, 16, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.meta = nn.Linear(10, 8)
        self.fc = nn.Linear(16, 2)

    def forward(self, image, meta):
        x = torch.cat([self.image(image), self.meta(meta)], dim=1)
        return self.fc(x)  #! shape-mismatch 24 16


if __name__ == '__main__':
    print(TwoStream()(torch.randn(2, 3, 16, 16), torch.randn(2, 10)).shape)

#> self.fc = nn.Linear(24, 2)

#%% tensors of other ranks joined
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(4, 8)

    def forward(self, x, y):
        return torch.cat([self.c(x), self.fc(y)], 1)  #! shape-mismatch 4 2


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 8, 8), torch.randn(2, 4)).shape)

#> no fix

#%% dense block that grows
import torch
from torch import nn


class Dense(nn.Module):
    def __init__(self, c=16, growth=8):
        super().__init__()
        self.a = nn.Conv2d(c, growth, 3, padding=1)
        self.b = nn.Conv2d(c, growth, 3, padding=1)

    def forward(self, x):
        x = torch.cat([x, self.a(x)], 1)
        return torch.cat([x, self.b(x)], 1)  #! shape-mismatch 24 16


if __name__ == '__main__':
    print(Dense()(torch.randn(1, 16, 8, 8)).shape)

#> no fix

#%% half the channels by a division that gives a float
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, planes=64):
        super().__init__()
        self.reduce = nn.Conv2d(planes, planes / 2, 1)  #! bad-argument 32.0

    def forward(self, x):
        return self.reduce(x)


if __name__ == '__main__':
    print(Block()(torch.randn(1, 64, 8, 8)).shape)

#> self.reduce = nn.Conv2d(planes, planes // 2, 1)

#%% a width divided above
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, planes=64):
        super().__init__()
        mid = planes / 4
        self.bn = nn.BatchNorm2d(mid)  #! bad-argument 16.0

    def forward(self, x):
        return self.bn(x[:, :16])


if __name__ == '__main__':
    print(Block()(torch.randn(1, 64, 8, 8)).shape)

#> mid = planes // 4

#%% padding of half the kernel
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, k=5):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, k, padding=k / 2)  #! bad-argument 2.5

    def forward(self, x):
        return self.conv(x)


if __name__ == '__main__':
    print(Block()(torch.randn(1, 8, 16, 16)).shape)

#> self.conv = nn.Conv2d(8, 8, k, padding=k // 2)

#%% channel shuffle of Python 2
import torch
from torch import nn


class Shuffle(nn.Module):
    def __init__(self, groups=4):
        super().__init__()
        self.groups = groups

    def forward(self, x):
        n, c, h, w = x.size()
        x = x.view(n, self.groups, c / self.groups, h, w)  #! bad-argument 4.0
        return x.permute(0, 2, 1, 3, 4).reshape(n, c, h, w)


if __name__ == '__main__':
    print(Shuffle()(torch.randn(2, 16, 8, 8)).shape)

#> x = x.view(n, self.groups, c // self.groups, h, w)

#%% a view after a permutation
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 12, 1)

    def forward(self, x):
        x = self.conv(x).permute(0, 2, 3, 1)
        return x.view(x.size(0), -1)  #! bad-argument


if __name__ == '__main__':
    print(Head()(torch.randn(2, 8, 4, 4)).shape)

#> return x.reshape(x.size(0), -1)

#%% heads of attention put together by a view
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=32, heads=4):
        super().__init__()
        self.heads = heads
        self.v = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, c = x.shape
        v = self.v(x).view(b, n, self.heads, c // self.heads).transpose(1, 2)
        return v.transpose(1, 2).transpose(2, 3).view(b, n, c)  #! bad-argument


if __name__ == '__main__':
    print(Attention()(torch.randn(2, 10, 32)).shape)

#> return v.transpose(1, 2).transpose(2, 3).reshape(b, n, c)

#%% upsampling of pictures with the mode of sequences
import torch
from torch import nn


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode='linear')

    def forward(self, x):
        return self.up(x)  #! shape-mismatch 3 4


if __name__ == '__main__':
    print(Up()(torch.randn(1, 8, 4, 4)).shape)

#> no fix

#%% output padding as large as the stride
import torch
from torch import nn


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, output_padding=2)

    def forward(self, x):
        return self.up(x)  #! bad-argument 2


if __name__ == '__main__':
    print(Up()(torch.randn(1, 8, 4, 4)).shape)

#> no fix

#%% two tensors where cat takes a list
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 4)

    def forward(self, x):
        return torch.cat(self.a(x), x)  #! bad-argument


if __name__ == '__main__':
    print(Two()(torch.randn(2, 8)).shape)

#> no fix
