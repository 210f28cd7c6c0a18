# Programs that run: each was run with PyTorch 1.13, and `#!` gives the shapes of its outputs there.
# Cells are programs of their own.

#%% two convs and a linear
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, 2, 1)
        self.fc = nn.Linear(32 * 16 * 16, 10)

    def forward(self, x):
        x = F.relu(self.c2(F.relu(self.c1(x))))
        return self.fc(x.view(x.size(0), -1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×10

#%% broadcast with ones
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 1)
        self.s = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        y = self.a(x)
        return y * torch.sigmoid(self.s(y))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×16×32×32

#%% bias broadcast
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(1, 3, 1, 1))

    def forward(self, x):
        return x + self.b


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% scalar operations
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return (self.a(x) * 2 + 1) / 3 - x ** 2


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% residual
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        x += self.a(x)
        return x.relu_()


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% residual with a projection
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, 2, 1)
        self.p = nn.Conv2d(3, 8, 1, 2)

    def forward(self, x):
        return F.relu(self.a(x) + self.p(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×16×16

#%% squeeze and excitation
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 3, padding=1)
        self.fc = nn.Sequential(nn.Linear(16, 4), nn.ReLU(), nn.Linear(4, 16), nn.Sigmoid())

    def forward(self, x):
        y = self.c(x)
        b, c, _, _ = y.size()
        s = F.adaptive_avg_pool2d(y, 1).view(b, c)
        return y * self.fc(s).view(b, c, 1, 1).expand_as(y)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×16×32×32

#%% spatial attention
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x):
        a = torch.cat([x.mean(1, keepdim=True), x.max(1, keepdim=True)[0]], 1)
        return x * torch.sigmoid(self.c(a))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% u-net step
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.Conv2d(3, 8, 3, padding=1)
        self.m = nn.Conv2d(8, 16, 3, padding=1)
        self.u = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.o = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        a = self.d(x)
        b = self.m(F.max_pool2d(a, 2))
        return self.o(torch.cat((a, self.u(b)), dim=1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×1×32×32

#%% u-net with padding of odd sizes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.Conv2d(3, 8, 3, stride=2)
        self.u = nn.ConvTranspose2d(8, 3, 2, 2)

    def forward(self, x):
        y = self.u(self.d(x))
        dy, dx = x.size(2) - y.size(2), x.size(3) - y.size(3)
        y = F.pad(y, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return torch.cat([x, y], 1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×6×32×32

#%% interpolate to another size
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, 4, 1)

    def forward(self, x):
        y = self.c(x)
        return F.interpolate(y, size=x.shape[2:], mode='bilinear', align_corners=False)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% upsample
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.u = nn.Upsample(scale_factor=2, mode='nearest')
        self.c = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        return self.c(self.u(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×64×64

#%% pixel shuffle
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 12, 3, padding=1)
        self.ps = nn.PixelShuffle(2)
        self.o = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return self.o(self.ps(self.c(x)))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×64×64

#%% depthwise separable
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dw = nn.Conv2d(3, 3, 3, padding=1, groups=3)
        self.pw = nn.Conv2d(3, 64, 1)

    def forward(self, x):
        return self.pw(self.dw(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×64×32×32

#%% channel shuffle
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 1)

    def forward(self, x):
        x = self.c(x)
        b, c, h, w = x.shape
        x = x.view(b, 4, c // 4, h, w).transpose(1, 2).contiguous()
        return x.view(b, -1, h, w)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×16×32×32

#%% same padding
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 5, padding='same', dilation=2)

    def forward(self, x):
        return self.c(x) + 0 * x.mean()


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% asymmetric kernels
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, (1, 7), padding=(0, 3))
        self.b = nn.Conv2d(8, 8, (7, 1), padding=(3, 0))

    def forward(self, x):
        return self.b(self.a(x)).flatten(1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8192

#%% lazy layers
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.LazyConv2d(8, 3)
        self.fc = nn.LazyLinear(10)

    def forward(self, x):
        return self.fc(self.c(x).flatten(1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×10

#%% module list and enumerate
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([nn.Conv2d(3 if i == 0 else 8, 8, 3, padding=1) for i in range(4)])

    def forward(self, x):
        for i, layer in enumerate(self.l):
            y = layer(x)
            x = x + y if i else y
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% module dict
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.ModuleDict({'a': nn.Conv2d(3, 4, 1), 'b': nn.Conv2d(4, 5, 1)})

    def forward(self, x):
        for k, m in self.d.items():
            x = m(x)
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×5×32×32

#%% sequential with names
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        from collections import OrderedDict
        self.s = nn.Sequential(OrderedDict([('conv', nn.Conv2d(3, 4, 1)), ('relu', nn.ReLU())]))

    def forward(self, x):
        return self.s.relu(self.s.conv(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×32×32

#%% sequential sliced
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(), nn.Conv2d(4, 5, 1))

    def forward(self, x):
        return self.s[2](self.s[:2](x)) * len(self.s)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×5×32×32

#%% attention by hand
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(64, 192)
        self.proj = nn.Linear(64, 64)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, 8, c // 8).permute(2, 0, 3, 1, 4).unbind(0)
        a = (q @ k.transpose(-2, -1) * 8 ** -0.5).softmax(dim=-1)
        return self.proj((a @ v).transpose(1, 2).reshape(b, n, c))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)  #! 2×10×64

#%% multi-head attention
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(64, 8, batch_first=True)
        self.n = nn.LayerNorm(64)

    def forward(self, x):
        y, w = self.a(x, x, x, need_weights=False)
        return self.n(x + y)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)  #! 2×10×64

#%% transformer encoder
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 8, 128, batch_first=True), 2)

    def forward(self, x):
        return self.t(x)[:, 0]


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)  #! 2×64

#%% vision transformer stem
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 64, 8, 8)
        self.cls = nn.Parameter(torch.zeros(1, 1, 64))
        self.pos = nn.Parameter(torch.zeros(1, 17, 64))

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], dim=1)
        return (x + self.pos)[:, 0]


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×64

#%% lstm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.LSTM(32, 16, 2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        y, (h, c) = self.r(x)
        return self.fc(y[:, -1, :])


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 32)).shape)  #! 2×5

#%% gru state
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.GRU(32, 16)
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        y, h = self.r(x)
        return self.fc(h[-1])


if __name__ == '__main__':
    print(Net()(torch.randn(10, 2, 32)).shape)  #! 2×5

#%% lstm with a zero state
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.LSTM(32, 16, batch_first=True)

    def forward(self, x):
        h = torch.zeros(1, x.size(0), 16)
        return self.r(x, (h, torch.zeros_like(h)))[0]


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 32)).shape)  #! 2×10×16

#%% embedding
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(1000, 50, padding_idx=0)
        self.fc = nn.Linear(50, 2)

    def forward(self, x):
        return self.fc(self.e(x).mean(1))


if __name__ == '__main__':
    Net()(torch.randint(0, 1000, (2, 7)))  #! 2×2

#%% text cnn
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(1000, 50)
        self.c = nn.ModuleList([nn.Conv1d(50, 10, k) for k in (3, 4, 5)])
        self.fc = nn.Linear(30, 2)

    def forward(self, x):
        x = self.e(x).permute(0, 2, 1)
        return self.fc(torch.cat([F.relu(c(x)).max(dim=2)[0] for c in self.c], 1))


if __name__ == '__main__':
    Net()(torch.randint(0, 1000, (2, 17)))  #! 2×2

#%% 1d conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(16, 8, 3, dilation=2)
        self.b = nn.BatchNorm1d(8)

    def forward(self, x):
        return self.b(self.c(x)).mean(-1)


if __name__ == '__main__':
    print(Net()(torch.randn(4, 16, 100)).shape)  #! 4×8

#%% 3d conv
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv3d(3, 8, (3, 3, 3), padding=1)
        self.p = nn.MaxPool3d((1, 2, 2))

    def forward(self, x):
        return self.p(self.c(x)).sum()


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 16, 16)).shape)  #! scalar

#%% linear on several dimensions
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 8)

    def forward(self, x):
        return self.fc(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 5, 7, 64)).shape)  #! 2×5×7×8

#%% batch norm 1d on features
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 8)
        self.b = nn.BatchNorm1d(8)

    def forward(self, x):
        return self.b(self.fc(x))


if __name__ == '__main__':
    print(Net()(torch.randn(4, 20)).shape)  #! 4×8

#%% layer norm over a shape
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LayerNorm([3, 32, 32])

    def forward(self, x):
        return self.l(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% channels last layer norm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LayerNorm(3)

    def forward(self, x):
        return self.l(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).contiguous()


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% group norm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 1)
        self.g = nn.GroupNorm(4, 16)
        self.i = nn.InstanceNorm2d(16, affine=True)

    def forward(self, x):
        return self.i(self.g(self.c(x)))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×16×32×32

#%% prelu
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.PReLU(3)
        self.b = nn.PReLU()

    def forward(self, x):
        return self.b(self.a(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% dropout and softmax
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.Dropout2d(0.5)
        self.s = nn.Softmax(dim=1)

    def forward(self, x):
        return self.s(self.d(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% chunk and gate
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 16, 1)

    def forward(self, x):
        a, b = self.c(x).chunk(2, dim=1)
        return a * torch.sigmoid(b)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% split into uneven parts
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 17, 1)

    def forward(self, x):
        a, b, c = torch.split(self.c(x), [8, 8, 1], dim=1)
        return (a + b) * c


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% einsum
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, 5))

    def forward(self, x):
        return torch.einsum('bchw,cd->bdhw', x, self.w)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×5×32×32

#%% view with minus one
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        return self.fc(x.reshape(-1, 12)).reshape(x.shape[0], -1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×1024

#%% slices
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(2, 4, 1)

    def forward(self, x):
        return self.c(x[:, :2, ::2, 1:-1])[..., None].squeeze(-1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×16×30

#%% space to depth
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(12, 4, 1)

    def forward(self, x):
        return self.c(torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×16×16

#%% stack and mean
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 1)
        self.b = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        return torch.stack([self.a(x), self.b(x)], dim=0).mean(0)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×32×32

#%% gram matrix
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        b, c, h, w = self.c(x).size()
        f = self.c(x).view(b, c, h * w)
        return torch.bmm(f, f.transpose(1, 2)) / (c * h * w)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×4

#%% functional weights
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 3, 3, 3))
        self.bias = nn.Parameter(torch.zeros(8))

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, stride=2, padding=1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×16×16

#%% unfold
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.u = nn.Unfold(2, stride=2)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        return self.fc(self.u(x).transpose(1, 2))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×256×5

#%% fold back
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.u = nn.Unfold(2, stride=2)
        self.f = nn.Fold((32, 32), 2, stride=2)

    def forward(self, x):
        return self.f(self.u(x)) + x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% adaptive pool then linear
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.p = nn.AdaptiveMaxPool2d((2, None))
        self.fc = nn.Linear(8 * 2 * 30, 4)

    def forward(self, x):
        return self.fc(torch.flatten(self.p(self.c(x)), 1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4

#%% ceil mode
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.fc = nn.Linear(3 * 16 * 16, 2)

    def forward(self, x):
        return self.fc(self.p(x).flatten(1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×2

#%% pool with indices
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.MaxPool2d(2, return_indices=True)
        self.u = nn.MaxUnpool2d(2)

    def forward(self, x):
        y, i = self.p(x)
        return self.u(y, i) + x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% no batch
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(3, 32, 32)).shape)  #! 8×30×30

#%% global statistics
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        m = x.mean(dim=(2, 3), keepdim=True)
        s = x.std(dim=(2, 3), keepdim=True) + 1e-5
        return self.c((x - m) / s)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% arange positions
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(50, 64)

    def forward(self, x):
        return x + self.e(torch.arange(x.size(1), device=x.device))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)  #! 2×10×64

#%% mask
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 64)

    def forward(self, x):
        m = torch.triu(torch.ones(x.size(1), x.size(1)), diagonal=1).bool()
        a = (x @ x.transpose(1, 2)).masked_fill(m, float("-inf"))
        return self.fc(a.softmax(-1) @ x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 10, 64)).shape)  #! 2×10×64

#%% register_buffer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('k', torch.ones(3, 1, 3, 3) / 9)

    def forward(self, x):
        return F.conv2d(x, self.k, padding=1, groups=3) - x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% weight norm
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.utils.weight_norm(nn.Conv2d(3, 8, 3))
        self.s = nn.utils.spectral_norm(nn.Conv2d(8, 8, 3))

    def forward(self, x):
        return self.s(self.c(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×28×28

#%% if on the shape
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)
        self.p = nn.Conv2d(3, 8, 1)

    def forward(self, x):
        y = self.c(x)
        if x.shape != y.shape:
            x = self.p(x)
        return x + y


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% if on training
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 10)
        self.b = nn.Linear(64, 10)

    def forward(self, x):
        y = self.a(x)
        if self.training:
            return y, self.b(x)
        return y


if __name__ == '__main__':
    Net().eval()(torch.randn(2, 64))  #! 2×10

#%% optional layer
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 1)
        self.n = None

    def forward(self, x):
        x = self.c(x)
        if self.n is not None:
            x = self.n(x)
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% default argument of forward
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 3, 1)

    def forward(self, x, skip=None):
        y = self.c(x)
        return y if skip is None else y + skip


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×3×32×32

#%% two inputs
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(24, 2)

    def forward(self, a, b):
        return self.fc(torch.cat([a, b], -1))


if __name__ == '__main__':
    Net()(torch.randn(2, 8), torch.randn(2, 16))  #! 2×2

#%% two inputs of different rank
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8 + 5, 2)

    def forward(self, img, meta):
        return self.fc(torch.cat([self.c(img).mean((2, 3)), meta], 1))


if __name__ == '__main__':
    Net()(torch.randn(2, 3, 32, 32), torch.randn(2, 5))  #! 2×2

#%% siamese
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 4)

    def forward(self, a, b):
        e = lambda t: self.fc(F.adaptive_avg_pool2d(self.c(t), 1).flatten(1))
        return F.pairwise_distance(e(a), e(b))


if __name__ == '__main__':
    Net()(torch.randn(2, 3, 32, 32), torch.randn(2, 3, 32, 32))  #! 2

#%% autoencoder
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(16, 8, 3, stride=2, padding=1))
        self.d = nn.Sequential(nn.ConvTranspose2d(8, 16, 3, stride=2, padding=1, output_padding=1), nn.ReLU(), nn.ConvTranspose2d(16, 3, 4, stride=2, padding=1))

    def forward(self, x):
        return F.mse_loss(self.d(self.e(x)), x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! scalar

#%% vae
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(784, 40)
        self.dec = nn.Linear(20, 784)

    def forward(self, x):
        mu, logvar = self.enc(x.flatten(1)).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.dec(z)).view(-1, 1, 28, 28), mu, logvar


if __name__ == '__main__':
    Net()(torch.randn(4, 1, 28, 28))  #! 4×1×28×28 4×20 4×20

#%% dcgan generator
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.Sequential(
            nn.ConvTranspose2d(100, 64, 4, 1, 0, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
            nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, x):
        return self.m(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 100, 1, 1)).shape)  #! 2×3×8×8

#%% dense block
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([nn.Conv2d(3 + 4 * i, 4, 3, padding=1) for i in range(3)])

    def forward(self, x):
        f = [x]
        for l in self.l:
            f.append(l(torch.cat(f, 1)))
        return torch.cat(f, dim=1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×15×32×32

#%% checkpoint and no_grad
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        with torch.no_grad():
            y = self.c(x)
        assert y.shape[1] == 8, y.shape
        return y.detach().clone()


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% device and dtype
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.c(x.to(torch.float32).to(next(self.parameters()).device)).float().type_as(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% topk, argmax and gather
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        y = self.fc(x)
        v, i = y.topk(3, dim=-1)
        return y.gather(1, i) + v + y.argmax(1, keepdim=True)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 64)).shape)  #! 2×3

#%% init loop
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% apply
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.apply(lambda m: None)

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% kwargs and a config
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        cfg = dict(in_channels=3, out_channels=8, kernel_size=3)
        self.c = nn.Conv2d(**cfg)
        self.cfg = type('C', (), cfg)

    def forward(self, x):
        return self.c(x).view(x.shape[0], self.cfg.out_channels, -1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×900

#%% calls of methods
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.steps = [self.c, F.relu, torch.tanh]

    def forward(self, x):
        for s in self.steps:
            x = s(x)
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% getattr of numbered layers
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(2):
            setattr(self, f'c{i}', nn.Conv2d(3, 3, 1))
        self.add_module('c2', nn.Conv2d(3, 4, 1))

    def forward(self, x):
        for i in range(3):
            x = getattr(self, f'c{i}')(x)
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×4×32×32

#%% try
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        try:
            return self.d(x)
        except AttributeError:
            return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×30×30

#%% cumulative shapes
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, stride=2, padding=1)

    def forward(self, x):
        outs = {}
        for n in ("a",):
            outs[n] = self.c(x)
        return {k: v.flatten(2).permute(2, 0, 1) for k, v in outs.items()}


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 32, 32))  #! 256×1×8

#%% roll and window partition
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(48, 8)

    def forward(self, x):
        x = torch.roll(x, shifts=(-2, -2), dims=(2, 3))
        b, c, h, w = x.shape
        x = x.view(b, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 3, 5, 1).reshape(-1, 4 * 4 * c)
        return self.fc(x).view(b, (h // 4) * (w // 4), -1)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 32, 32)).shape)  #! 1×64×8
