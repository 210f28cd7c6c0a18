# Programs that run: each was run with PyTorch 1.13, and `#!` gives the shapes of its outputs there, or `silent` where
# what is not known decides shapes or counts: nothing is said of it.
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

#%% tied weights
import torch
from torch import nn


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(100, 32)
        self.rnn = nn.GRU(32, 32, batch_first=True)
        self.out = nn.Linear(32, 100, bias=False)
        self.out.weight = self.emb.weight

    def forward(self, x):
        y, _ = self.rnn(self.emb(x))
        return self.out(y)


if __name__ == '__main__':
    print(LM()(torch.randint(0, 100, (2, 7))).shape)  #! 2×7×100

#%% time folded into the batch
import torch
from torch import nn


class Video(nn.Module):
    def __init__(self, frames=4):
        super().__init__()
        self.frames = frames
        self.cnn = nn.Conv2d(3, 8, 3, padding=1)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        # x holds all frames of all clips: (B*T, C, H, W).
        y = self.cnn(x).mean((2, 3))
        y = y.view(-1, self.frames, 8)
        return self.fc(y.mean(1))


if __name__ == '__main__':
    print(Video()(torch.randn(8, 3, 16, 16)).shape)  #! 2×5

#%% module list with skips
import torch
from torch import nn


class UNet(nn.Module):
    def __init__(self, widths=(8, 16, 32)):
        super().__init__()
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        c = 3
        for w in widths:
            self.down.append(nn.Conv2d(c, w, 3, padding=1))
            c = w
        for w in reversed(widths[:-1]):
            self.up.append(nn.ModuleList([nn.ConvTranspose2d(c, w, 2, 2), nn.Conv2d(2 * w, w, 3, padding=1)]))
            c = w
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        skips = []
        for i, conv in enumerate(self.down):
            x = torch.relu(conv(x))
            if i < len(self.down) - 1:
                skips.append(x)
                x = self.pool(x)
        for (up, conv), skip in zip(self.up, skips[::-1]):
            x = conv(torch.cat([up(x), skip], 1))
        return x


if __name__ == '__main__':
    print(UNet()(torch.randn(1, 3, 32, 32)).shape)  #! 1×8×32×32

#%% odd sizes cropped to each other
import torch
from torch import nn
import torch.nn.functional as F


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(4, 8, 3, 2, 1)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)

    def forward(self, x):
        y = self.up(self.down(x))
        dy, dx = x.size(2) - y.size(2), x.size(3) - y.size(3)
        y = F.pad(y, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return torch.cat([x, y], dim=1)


if __name__ == '__main__':
    print(Up()(torch.randn(1, 4, 35, 35)).shape)  #! 1×8×35×35

#%% adaptive pooling after odd sizes
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 16, 7, 3), nn.ReLU(), nn.Conv2d(16, 24, 5, 2))
        self.pool = nn.AdaptiveAvgPool2d((3, None))
        self.fc = nn.Linear(24 * 3 * 4, 10)

    def forward(self, x):
        return self.fc(self.pool(self.body(x)).flatten(1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 41, 41)).shape)  #! 1×10

#%% padding modes
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1, padding_mode='reflect')
        self.b = nn.Conv2d(8, 8, 5, padding='same', padding_mode='circular')
        self.p = nn.ReflectionPad2d((3, 3, 3, 3))
        self.c = nn.Conv2d(8, 8, 7)

    def forward(self, x):
        return self.c(self.p(self.b(self.a(x))))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 4, 4)).shape)  #! 1×8×4×4

#%% pooling with as much padding as may be
import torch
from torch import nn


class SPP(nn.Module):
    def __init__(self):
        super().__init__()
        self.pools = nn.ModuleList(nn.MaxPool2d(k, 1, k // 2) for k in (5, 9, 13))
        self.avg = nn.AvgPool2d(2, 1, 1)

    def forward(self, x):
        return torch.cat([x] + [p(x) for p in self.pools], 1).sum(1, keepdim=True) + self.avg(x)[:, :1, 1:, 1:]


if __name__ == '__main__':
    print(SPP()(torch.randn(1, 3, 20, 20)).shape)  #! 1×1×20×20

#%% scripted method
import torch
from torch import nn


class Net(nn.Module):
    __constants__ = ['groups']

    def __init__(self):
        super().__init__()
        self.groups = 2
        self.c = nn.Conv2d(4, 8, 3, padding=1, groups=self.groups)

    @torch.jit.export
    def shuffle(self, x: torch.Tensor) -> torch.Tensor:
        b, c, h, w = x.shape
        return x.view(b, self.groups, c // self.groups, h, w).transpose(1, 2).reshape(b, c, h, w)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shuffle(self.c(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 4, 8, 8)).shape)  #! 1×8×8×8

#%% checks of shapes that hold
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, size=32):
        super().__init__()
        self.size = size
        self.c = nn.Conv2d(3, 8, 4, 4)

    def forward(self, x):
        B, C, H, W = x.shape
        assert H == self.size and W == self.size, f'Input size ({H}*{W}) does not match'
        if C != 3:
            raise ValueError(f'expected 3 channels, got {C}')
        return self.c(x).flatten(2).transpose(1, 2)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 32, 32)).shape)  #! 2×64×8

#%% exception that is expected
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        try:
            self.c = nn.Conv2d(3, 10, 3, groups=4)
        except ValueError:
            self.c = nn.Conv2d(3, 10, 3)
        try:
            self.act = nn.Hardswich()
        except AttributeError:
            self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.c(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)  #! 1×10×6×6

#%% asking whether there is such a layer
import torch
from torch import nn


def activation(name):
    if hasattr(nn, name):
        return getattr(nn, name)()
    return getattr(nn, name.upper(), nn.Identity)()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 4), activation('Relu'), activation('gelu'), activation('Tanh'))

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 4)).shape)  #! 2×4

#%% attention with keys of another size
import torch
from torch import nn


class Cross(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(32, 4, kdim=16, vdim=24, batch_first=True)
        self.k = nn.Linear(8, 16)
        self.v = nn.Linear(8, 24)

    def forward(self, x, memory):
        out, weights = self.att(x, self.k(memory), self.v(memory))
        return out


if __name__ == '__main__':
    print(Cross()(torch.randn(2, 5, 32), torch.randn(2, 9, 8)).shape)  #! 2×5×32

#%% transformer decoder
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerDecoderLayer(d_model=32, nhead=4, dim_feedforward=64, batch_first=True)
        self.dec = nn.TransformerDecoder(layer, num_layers=2, norm=nn.LayerNorm(32))
        self.queries = nn.Parameter(torch.zeros(10, 32))

    def forward(self, memory):
        q = self.queries.unsqueeze(0).expand(memory.size(0), -1, -1)
        return self.dec(q, memory)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 49, 32)).shape)  #! 2×10×32

#%% matrix product broadcast over heads
import torch
from torch import nn


class Talk(nn.Module):
    def __init__(self, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(32, 96)
        self.mix = nn.Linear(heads, heads)

    def forward(self, x):
        B, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        a = q @ k.transpose(-2, -1)
        a = self.mix(a.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).softmax(dim=-1)
        return (a @ v).transpose(1, 2).reshape(B, N, C)


if __name__ == '__main__':
    print(Talk()(torch.randn(2, 9, 32)).shape)  #! 2×9×32

#%% lstm state that goes on
import torch
from torch import nn


class Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.LSTM(8, 16, num_layers=2, batch_first=True)
        self.dec = nn.LSTMCell(8, 16)
        self.out = nn.Linear(16, 8)

    def forward(self, x):
        _, (h, c) = self.enc(x)
        h, c = h[-1], c[-1]
        y, outs = x[:, -1], []
        for _ in range(3):
            h, c = self.dec(y, (h, c))
            y = self.out(h)
            outs.append(y)
        return torch.stack(outs, dim=1)


if __name__ == '__main__':
    print(Seq()(torch.randn(2, 5, 8)).shape)  #! 2×3×8

#%% bidirectional states joined
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(8, 16, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * 16, 3)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(torch.cat((h[-2], h[-1]), dim=1))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 5, 8)).shape)  #! 2×3

#%% layer built from a dummy pass
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, shape=(3, 33, 47)):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 5, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.BatchNorm2d(8))
        self.fc = nn.Linear(self._features(shape), 10)

    def _features(self, shape):
        with torch.no_grad():
            return self.body(torch.zeros(1, *shape)).view(1, -1).size(1)

    def forward(self, x):
        return self.fc(self.body(x).view(x.size(0), -1))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 33, 47)).shape)  #! 2×10

#%% classes by name, as a config gives them
import torch
from torch import nn

CONFIG = [
    ('Conv2d', dict(in_channels=3, out_channels=8, kernel_size=3)),
    ('BatchNorm2d', dict(num_features=8)),
    ('ReLU', {}),
    ('AdaptiveAvgPool2d', dict(output_size=1)),
    ('Flatten', {}),
    ('Linear', dict(in_features=8, out_features=2)),
]


class Net(nn.Module):
    def __init__(self, config=CONFIG):
        super().__init__()
        self.net = nn.Sequential(*[getattr(nn, name)(**options) for name, options in config])

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 8, 8)).shape)  #! 2×2

#%% head replaced after it was built
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 1000)

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))


def finetuned(classes=4):
    model = Net()
    model.fc = nn.Linear(8, classes)
    model.body.stride = (2, 2)
    return model


if __name__ == '__main__':
    print(finetuned()(torch.randn(2, 3, 9, 9)).shape)  #! silent

#%% identity in place of the head
import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, classes)

    def forward(self, x):
        return self.fc(self.c(x).mean((2, 3)))


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        features = self.backbone.fc.in_features
        self.backbone.fc = nn.Identity()
        self.head = nn.Linear(features, 2)

    def forward(self, x):
        return self.head(self.backbone(x))


if __name__ == '__main__':
    print(Wrapped()(torch.randn(2, 3, 9, 9)).shape)  #! 2×2

#%% forward replaced by a hook's result
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.c.register_forward_hook(lambda module, inputs, output: output.mean((2, 3)))
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.c(x))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 9, 9)).shape)  #! 2×2

#%% subclass of a layer
import torch
from torch import nn
import torch.nn.functional as F


class SameConv(nn.Conv2d):
    def forward(self, x):
        h, w = x.shape[-2:]
        ph = max((-(-h // self.stride[0]) - 1) * self.stride[0] + self.kernel_size[0] - h, 0)
        pw = max((-(-w // self.stride[1]) - 1) * self.stride[1] + self.kernel_size[1] - w, 0)
        x = F.pad(x, [pw // 2, pw - pw // 2, ph // 2, ph - ph // 2])
        return F.conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = SameConv(3, 8, 3, stride=2)

    def forward(self, x):
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 33, 32)).shape)  #! 1×8×17×16

#%% norm over channels of a map
import torch
from torch import nn
import torch.nn.functional as F


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        x = F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(3, 16, 4, 4), LayerNorm2d(16), nn.Conv2d(16, 8, 1))

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 16, 16)).shape)  #! 1×8×4×4

#%% tuple unpacked into the next block
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, inputs):
        x, total = inputs
        x = self.c(x)
        return x, total + x.mean()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(3), Block(3))

    def forward(self, x):
        x, total = self.blocks((x, x.sum() * 0))
        return x * total


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)  #! 1×3×8×8

#%% dictionary of features
import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleDict({'c3': nn.Conv2d(3, 8, 3, 2, 1), 'c4': nn.Conv2d(8, 16, 3, 2, 1)})

    def forward(self, x):
        out = {}
        for name, stage in self.stages.items():
            x = stage(x)
            out[name] = x
        return out


class FPN(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Backbone()
        self.lateral = nn.ModuleDict({k: nn.Conv2d(c, 4, 1) for k, c in (('c3', 8), ('c4', 16))})

    def forward(self, x):
        f = {k: self.lateral[k](v) for k, v in self.body(x).items()}
        return f['c3'] + nn.functional.interpolate(f['c4'], size=f['c3'].shape[-2:])


if __name__ == '__main__':
    print(FPN()(torch.randn(1, 3, 30, 30)).shape)  #! 1×4×15×15

#%% detection head over levels
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, classes=3, anchors=2):
        super().__init__()
        self.classes = classes
        self.cls = nn.Conv2d(8, anchors * classes, 3, padding=1)

    def forward(self, features):
        logits = []
        for f in features:
            y = self.cls(f)
            n, _, h, w = y.shape
            y = y.view(n, -1, self.classes, h, w).permute(0, 3, 4, 1, 2).reshape(n, -1, self.classes)
            logits.append(y)
        return torch.cat(logits, dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, 2, 1)
        self.b = nn.Conv2d(8, 8, 3, 2, 1)
        self.head = Head()

    def forward(self, x):
        a = self.a(x)
        return self.head([a, self.b(a)])


if __name__ == '__main__':
    print(Net()(torch.randn(2, 3, 16, 16)).shape)  #! 2×160×3

#%% noise of the shape of the input
import torch
from torch import nn


class Denoise(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(4, 3, 3, padding=1)

    def forward(self, x):
        t = torch.rand(x.size(0), device=x.device)
        t = t[:, None, None, None].expand(-1, 1, *x.shape[2:])
        return x - self.c(torch.cat([x + torch.randn_like(x), t], 1))


if __name__ == '__main__':
    print(Denoise()(torch.randn(2, 3, 8, 8)).shape)  #! 2×3×8×8

#%% sinusoidal embedding of the step
import math
import torch
from torch import nn


class Time(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.dim = dim
        self.fc = nn.Linear(dim, 8)

    def forward(self, t):
        half = self.dim // 2
        freq = torch.exp(torch.arange(half) * -(math.log(10000) / (half - 1)))
        emb = t[:, None] * freq[None, :]
        return self.fc(torch.cat((emb.sin(), emb.cos()), dim=-1))


if __name__ == '__main__':
    print(Time()(torch.rand(4)).shape)  #! silent

#%% convolution of a vector for each sample
import torch
from torch import nn
import torch.nn.functional as F


class ECA(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, 3, padding=1, bias=False)

    def forward(self, x):
        y = F.adaptive_avg_pool2d(x, 1).squeeze(-1).transpose(-1, -2)
        y = self.conv(y).transpose(-1, -2).unsqueeze(-1)
        return x * y.sigmoid().expand_as(x)


if __name__ == '__main__':
    print(ECA()(torch.randn(2, 16, 8, 8)).shape)  #! 2×16×8×8

#%% losses only while it is trained
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 3)
        self.aux = nn.Linear(16, 3)

    def forward(self, x, target=None):
        y = self.fc(x)
        if self.training and target is not None:
            return nn.functional.cross_entropy(y, target) + self.aux(x).mean()
        return y


if __name__ == '__main__':
    print(Net().eval()(torch.randn(2, 8)).shape)  #! 2×3

#%% rows normalised by their lengths
import torch
from torch import nn


class Metric(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 16)
        self.centres = nn.Parameter(torch.randn(5, 16))

    def forward(self, x):
        x = nn.functional.normalize(self.fc(x))
        w = self.centres / self.centres.norm(dim=1, keepdim=True)
        return -torch.cdist(x, w)


if __name__ == '__main__':
    print(Metric()(torch.randn(2, 8)).shape)  #! 2×5

#%% class like Lightning's, without the package
import torch
from torch import nn


class LightningModule(nn.Module):
    def save_hyperparameters(self, *names):
        pass

    def log(self, name, value):
        pass


class Lit(LightningModule):
    def __init__(self, hidden=16, lr=1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, hidden), nn.ReLU(), nn.Linear(hidden, 10))

    def training_step(self, batch, index):
        x, y = batch
        loss = nn.functional.cross_entropy(self(x), y)
        self.log('loss', loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    print(Lit()(torch.randn(2, 1, 28, 28)).shape)  #! 2×10

#%% dropped paths from a linspace
import torch
from torch import nn


class DropPath(nn.Module):
    def __init__(self, p=0.0):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.p == 0.0 or not self.training:
            return x
        keep = 1 - self.p
        return x / keep * torch.empty(x.shape[0], *[1] * (x.ndim - 1)).bernoulli_(keep)


class Net(nn.Module):
    def __init__(self, depth=3, rate=0.1):
        super().__init__()
        rates = [r.item() for r in torch.linspace(0, rate, depth)]
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(depth)])
        self.drops = nn.ModuleList([DropPath(r) if r > 0 else nn.Identity() for r in rates])

    def forward(self, x):
        for block, drop in zip(self.blocks, self.drops):
            x = x + drop(block(x))
        return x


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)  #! 2×8

#%% broadcast of scores over classes
import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(8, 4) for _ in range(3)])
        self.gate = nn.Linear(8, 3)

    def forward(self, x):
        w = self.gate(x).softmax(-1).unsqueeze(1)
        y = torch.stack([e(x) for e in self.experts], dim=2)
        return (w * y).sum(-1)


if __name__ == '__main__':
    print(Gate()(torch.randn(2, 8)).shape)  #! 2×4

#%% view with the batch that is folded and unfolded
import torch
from torch import nn


class Windows(nn.Module):
    def __init__(self, w=4):
        super().__init__()
        self.w = w
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        B, H, W, C = x.shape
        w = self.w
        x = x.view(B, H // w, w, W // w, w, C).permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, C)
        x = self.fc(x)
        x = x.view(-1, H // w, W // w, w, w, C).permute(0, 1, 3, 2, 4, 5)
        return x.reshape(B, H, W, C)


if __name__ == '__main__':
    print(Windows()(torch.randn(1, 8, 8, 8)).shape)  #! 1×8×8×8

#%% branch on the data
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.small = nn.Conv2d(3, 8, 3, stride=2)
        self.big = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        if x.mean() > 1000:
            y = self.small(x)
        else:
            y = self.big(x)
        return y + self.big(x)


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 16, 16)).shape)  #! silent

#%% early exit on the data
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Linear(16, 2)
        self.c = nn.Linear(8, 2)

    def forward(self, x):
        x = self.a(x)
        while x.norm() < 0:
            x = torch.cat([x, x], 1)
        if x.max() > 1e9:
            return self.b(x)
        return self.c(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)  #! silent

#%% rows that are kept
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(8, 1)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        keep = self.score(x).squeeze(1) > -100
        kept = x[keep]
        index = keep.nonzero().flatten()
        return self.fc(kept) + x[index][:, :4]


if __name__ == '__main__':
    print(Net()(torch.randn(5, 8)).shape)  #! silent

#%% layers by a random choice
import random
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        width = random.choice([8, 16])
        self.a = nn.Linear(4, width)
        self.b = nn.Linear(width, 2)

    def forward(self, x):
        return self.b(self.a(x))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 4)).shape)  #! silent

#%% argument from the command line
import argparse
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(3, width, 3)
        self.b = nn.Conv2d(width, 4, 1)

    def forward(self, x):
        return self.b(self.a(x))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--width', type=int, default=16)
    args, _ = parser.parse_known_args()
    print(Net(args.width)(torch.randn(1, 3, 8, 8)).shape)  #! silent

#%% size from the environment
import os
import torch
from torch import nn

SIZE = int(os.environ.get('MODEL_SIZE', '32'))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3 * SIZE * SIZE, 4)

    def forward(self, x):
        return self.fc(x.flatten(1))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, SIZE, SIZE)).shape)  #! silent

#%% loop over what data decides
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x, lengths):
        out = []
        for i, n in enumerate(lengths.tolist()):
            out.append(self.fc(x[i, :n]).mean(0))
        return torch.stack(out)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 5, 4), torch.tensor([3, 5])).shape)  #! silent

#%% packed sequences
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(8, 16, batch_first=True)
        self.fc = nn.Linear(16, 2)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (h, c) = self.rnn(packed)
        out, n = pad_packed_sequence(out, batch_first=True)
        return self.fc(out), self.fc(h[-1])


if __name__ == '__main__':
    print([y.shape for y in Net()(torch.randn(2, 5, 8), torch.tensor([5, 3]))])  #! silent

#%% package that may be missing
import torch
from torch import nn

try:
    from some_fast_kernels import FastNorm
except ImportError:
    FastNorm = None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = FastNorm(8) if FastNorm is not None else nn.LayerNorm(8)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.norm(x))


if __name__ == '__main__':
    print(Net()(torch.randn(2, 8)).shape)  #! silent

#%% training loop after the model
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 3))
data = DataLoader(TensorDataset(torch.randn(12, 1, 8, 8), torch.randint(0, 3, (12,))), batch_size=4)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    total = 0.0
    for images, labels in data:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f'{epoch}: {total / len(data):.3f}')  #! silent

#%% gan of two networks
import torch
from torch import nn


class G(nn.Module):
    def __init__(self, z=16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(z, 64), nn.ReLU(), nn.Linear(64, 28 * 28), nn.Tanh())

    def forward(self, z):
        return self.net(z).view(z.size(0), 1, 28, 28)


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 1), nn.Sigmoid())

    def forward(self, x):
        return self.net(x)


if __name__ == '__main__':
    g, d = G(), D()
    loss = nn.BCELoss()
    fake = g(torch.randn(4, 16))
    print(loss(d(fake.detach()), torch.zeros(4, 1)).item() > 0)  #! silent

#%% network in a function's default
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, act=F.relu, norm=None, **extra):
        super().__init__()
        norm = norm or nn.BatchNorm2d
        self.act = act
        self.c = nn.Conv2d(3, 8, 3, **extra)
        self.n = norm(self.c.out_channels)

    def forward(self, x, *args, **kwargs):
        return self.act(self.n(self.c(x)), *args, **kwargs)


if __name__ == '__main__':
    print(Net(stride=2, bias=False)(torch.randn(1, 3, 8, 8), inplace=True).shape)  #! silent

#%% quantities that are only printed
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.c(x)
        print(f'{x.shape=} {x.mean().item():.3f}', end='\r')
        return x


net = Net()
total = sum(p.numel() for p in net.parameters() if p.requires_grad)
print(f'{total:,} parameters, {total * 4 / 2**20:.2f} MB')
print([name for name, _ in net.named_parameters()], net)
net(torch.randn(1, 3, 8, 8))  #! silent

#%% optimizer over groups of parameters
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.body(x).relu())


net = Net()
for p in net.body.parameters():
    p.requires_grad_(False)
optimizer = torch.optim.AdamW(
    [{'params': net.body.parameters(), 'lr': 1e-4}, {'params': net.head.parameters()}], lr=1e-3
)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
state = {k: v.clone() for k, v in net.state_dict().items()}
net.load_state_dict(state)
print(net(torch.randn(2, 4)).argmax(1).shape)  #! silent

#%% class that is only a base
import torch
from torch import nn


class Base(nn.Module):
    def features(self, x):
        raise NotImplementedError

    def forward(self, x):
        return self.head(self.features(x))


class Net(Base):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 8)
        self.head = nn.Linear(8, 2)

    def features(self, x):
        return self.body(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 4)).shape)  #! silent

#%% attributes that __getattr__ gives
import torch
from torch import nn


class Wrapper(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.inner, name)

    def forward(self, x):
        return self.fc(x) * self.scale


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        self.scale = 3


def wrapped():
    return Wrapper(Inner())


if __name__ == '__main__':
    print(wrapped()(torch.randn(2, 4)).shape)  #! silent

#%% layers kept in a plain list
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(4, 4) for _ in range(2)]
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.out(x)


if __name__ == '__main__':
    print(Net()(torch.randn(2, 4)).shape)  #! silent

#%% forward that an object chooses
import torch
from torch import nn


class Partial(nn.Module):
    def __init__(self, dim=8, way='split'):
        super().__init__()
        self.conv = nn.Conv2d(dim // 4, dim // 4, 3, padding=1)
        self.dim = dim
        if way == 'split':
            self.forward = self.forward_split
        else:
            raise NotImplementedError

    def forward_split(self, x):
        a, b = torch.split(x, [self.dim // 4, self.dim - self.dim // 4], dim=1)
        return torch.cat((self.conv(a), b), 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.mix = Partial()

    def forward(self, x):
        return self.mix(self.stem(x))


if __name__ == '__main__':
    print(Net()(torch.randn(1, 3, 8, 8)).shape)  #! 1×8×8×8

#%% views that need no copy after axes were exchanged
import torch
import torch.nn.functional as F
from torch import nn


class Views(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 12, 1)

    def forward(self, x):
        x = self.conv(x)
        split = x.permute(0, 2, 3, 1).view(x.size(0), 4, 4, 3, 4)
        joined = x.permute(1, 0, 2, 3).view(12, x.size(0), 16)
        back = x.transpose(1, 2).transpose(1, 2).view(x.size(0), -1)
        copied = x.transpose(1, 2).contiguous().view(x.size(0), -1)
        kept = F.relu(x.transpose(1, 2)).transpose(1, 2).view(x.size(0), -1)
        flat = x[:, :, :1, :1].transpose(1, 3).view(x.size(0), -1)
        return back + copied + kept + flat.sum() + split.sum() + joined.sum()


if __name__ == '__main__':
    print(Views()(torch.randn(2, 8, 4, 4)).shape)  #! 2×192
