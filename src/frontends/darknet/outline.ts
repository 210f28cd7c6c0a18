import type { OutlineItem } from '../frontend'
import { NETWORK_NAMES } from './network'
import type { Section } from './syntax'
import { find, shorten } from './values'

/** One entry a section: `12 convolutional` with `3×3 64`, and the network with its input. */
export function outlineOf(sections: readonly Section[]): readonly OutlineItem[] {
  const numbered = sections[0] && NETWORK_NAMES.includes(sections[0].name) ? 1 : 0
  return sections.map((section, i) => {
    const network = i < numbered
    return {
      name: network ? section.name : `${i - numbered} ${section.name}`,
      detail: network ? inputDetail(section) : layerDetail(section),
      kind: network ? 'section' : 'layer',
      span: section.span,
      nameSpan: section.header,
      children: [],
    }
  })
}

const text = (section: Section, key: string): string => shorten(find(section, key)?.value ?? '')

const inputDetail = (section: Section): string =>
  ['channels', 'height', 'width'].map(key => text(section, key) || '?').join('×')

function layerDetail(section: Section): string {
  const size = text(section, 'size')
  const stride = text(section, 'stride')
  return [
    size && `${size}×${size}`,
    text(section, 'filters') || text(section, 'output'),
    stride && stride !== '1' ? `/${stride}` : '',
    text(section, 'layers') || text(section, 'from'),
    text(section, 'classes') && `${text(section, 'classes')} classes`,
  ]
    .filter(part => part !== '')
    .join(' ')
}
