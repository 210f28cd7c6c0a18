# Programs with one bug each, as they are asked about. PyTorch 1.13 raises in every one of them.
# `#! code numbers` stands on the line that its traceback names last, or on the line of the layer in a Sequential;
# `#! silent` where we say nothing of it. Cells are programs of their own.

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

#%% group norm groups
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gn = nn.GroupNorm(6, 16)  #! bad-argument

    def forward(self, x):
        return self.gn(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 16, 8, 8)).shape)

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

#%% view to a wrong size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x).view(-1, 400, 7)  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

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

#%% groups do not divide
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(10, 12, 3, groups=3)  #! bad-argument

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 10, 8, 8)).shape)

#%% groups do not divide the output
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(8, 10, 3, groups=4)  #! bad-argument

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 8, 8, 8)).shape)

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

#%% pool padding
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2, padding=2)

    def forward(self, x):
        return self.pool(x)  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#%% padding same with a stride
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, stride=2, padding='same')  #! bad-argument

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

#%% reflection padding larger than the input
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.ReflectionPad2d(5)

    def forward(self, x):
        return self.p(x)  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 4, 4)).shape)

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

#%% misspelled layer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2D(3, 16, 3)  #! silent

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

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

#%% missing super().__init__
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        self.conv = nn.Conv2d(3, 16, 3)  #! silent

    def forward(self, x):
        return self.conv(x)


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 8, 8))

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

#%% layer with too many arguments
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        return self.c(x, x)  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

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
    Net()(torch.randn(1, 3, 8, 8))  #! silent

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

#%% class not instantiated
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU

    def forward(self, x):
        return self.act(x).mean()  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)

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
        return self.fc(self.rnn(x))  #! silent


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 32)).shape)

#%% attention heads do not divide
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(100, 8)  #! silent

    def forward(self, x):
        return self.att(x, x, x)[0]


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 100)).shape)

#%% attention embed_dim
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(128, 8)  #! shape-mismatch 64 128

    def forward(self, x):
        return self.att(x, x, x)[0]


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 64)).shape)

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

#%% transformer layer of another width
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.TransformerEncoderLayer(512, 8)  #! shape-mismatch 64 512

    def forward(self, x):
        return self.t(x)


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 64)).shape)

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
