"""A 1x1 convolution by hand: each position's 2 channels are weighed by the filter [1, 2] and added up."""

import torch
import torch.nn.functional as F

x = torch.tensor([
    [[1, 2], [3, 4], [5, 6]],
    [[7, 8], [9, 10], [11, 12]],
    [[13, 14], [15, 16], [17, 18]],
])
w = torch.tensor([[1], [2]])

y = x @ w  # 1·1 + 2·2 = 5, 1·3 + 2·4 = 11, ...: hover y

# The same as PyTorch's convolutions have it: channels first, a batch of one, a filter for each channel that is made.
image = x.permute(2, 0, 1).unsqueeze(0)
filters = w.t().reshape(1, 2, 1, 1)
maps = F.conv2d(image, filters)
same = maps.squeeze(0).permute(1, 2, 0)
