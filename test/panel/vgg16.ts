/** VGG-16 as a text, so that proposals can be written into it (Simonyan and Zisserman 2014, configuration D). */
export function vgg16Text(): string {
  const stages = [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ] as const
  const lines = ['name: VGG-16', 'input: [3, 224, 224]', '', 'layers:']
  for (const [i, [channels, count]] of stages.entries()) {
    for (let j = 1; j <= count; j++) {
      lines.push(
        `  - Conv2d: {name: conv${i + 1}_${j}, out_channels: ${channels}, kernel_size: 3, padding: 1}`,
        '  - ReLU',
      )
    }
    lines.push('  - MaxPool2d: {kernel_size: 2, stride: 2}')
  }
  lines.push('  - Flatten')
  for (const [i, features] of [4096, 4096, 1000].entries()) {
    lines.push(`  - Linear: {name: fc${i + 6}, out_features: ${features}}`, ...(i < 2 ? ['  - ReLU'] : []))
  }
  return `${lines.join('\n')}\n`
}
