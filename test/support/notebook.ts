/** Notebooks as Jupyter writes them: JSON indented by one space, a line of code a string. */

/** Code cells, and Markdown ones where a text starts with `md:`. */
export function notebookFile(cells: readonly string[], metadata: object = PYTHON): string {
  const json = cells.map(text => {
    const isCode = !text.startsWith('md:')
    const source = (isCode ? text : text.slice(3)).split(/(?<=\n)/)
    const common = { cell_type: isCode ? 'code' : 'markdown', metadata: {}, source }
    return isCode ? { ...common, execution_count: null, outputs: [] } : common
  })
  return `${JSON.stringify({ cells: json, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}

const PYTHON = { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } }

/**
 * Three code cells that define and use a network with one mistake, on 3×8×8: a 3×3 convolution to 4 channels with bias,
 * 27·4 + 4 = 112 params and 108·64 = 6,912 MACs; fc takes 5 features and gets 4.
 */
export const CELLS = [
  '%matplotlib inline\n!pip install timm\nimport torch\nfrom torch import nn',
  `class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, padding=1)

    def forward(self, x):
        return self.conv(x)
`,
  `%%time
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Stem(4)
        self.fc = nn.Linear(5, 10)

    def forward(self, x):
        x = self.stem(x).mean((2, 3))
        return self.fc(x)

Net()(torch.randn(1, 3, 8, 8))`,
] as const
