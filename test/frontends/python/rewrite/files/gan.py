import torch
from torch.nn import Module, Conv2d, ConvTranspose2d, BatchNorm2d, LeakyReLU, Linear
import torch.nn.functional as F


class Discriminator(Module):
	def __init__(self, nc=3, ndf=64):
		super().__init__()
		self.conv1 = Conv2d(nc, ndf, 4, 2, 1, bias=False)
		self.conv2 = Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False)
		self.bn2 = BatchNorm2d(ndf * 2)
		self.conv3 = Conv2d(
			ndf * 2,
			ndf * 4,
			kernel_size=4,
			stride=2,
			padding=1,  # keeps halves
			bias=False,
		)
		self.bn3 = BatchNorm2d(ndf * 4)
		self.conv4 = Conv2d(ndf * 4, ndf * 8, 4, 2, 1, bias=False)
		self.act = LeakyReLU(0.2)
		self.out = Conv2d(ndf * 8, 1, 4, 1, 0, bias=False)

	def forward(self, x):
		x = F.leaky_relu(self.conv1(x), 0.2)
		x = self.act(self.bn2(self.conv2(x)))
		x = self.act(self.bn3(self.conv3(x)))
		x = self.act(self.conv4(x))
		return torch.sigmoid(self.out(x))


if __name__ == "__main__":
	d = Discriminator()
	d(torch.randn(1, 3, 64, 64))
