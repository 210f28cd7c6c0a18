import type { Rule } from '../arrange'
import type { Module } from '../block'
import { a2c2f, c2fcib, c2fpsa, c2psa, c3k2, psa, repVggDw } from './attention'
import { hgBlock, hgStem, resNetLayer, torchVision } from './backbone'
import { classify } from './classify'
import { conv, conv2, convTranspose, dwConv, dwConvTranspose2d, focus, ghostConv, repConv } from './conv'
import { bottleneck, bottleneckCsp, c1, c2, c2f, c3, c3ghost, c3tr, c3x, ghostBottleneck, repC3 } from './csp'
import { detect, obb, obb26, v10Detect } from './detect'
import { torchModules } from './nn'
import { rtdetrDecoder } from './rtdetr'
import { pose, pose26, segment, segment26 } from './segment'
import {
  aconv,
  adown,
  cbFuse,
  cbLinear,
  concat,
  elan1,
  index,
  repNcspElan4,
  scdown,
  spp,
  sppelan,
  sppf,
} from './spatial'
import { torchvisionModules } from './torchvisionOps'
import { aifi } from './transformer'
import { c2fAttn, imagePoolingAttn, worldDetect, yoloeDetect, yoloeSegment, yoloeSegment26 } from './world'

/** A module that a row may name, with how the row's arguments become its own. */
export interface Entry {
  readonly module: Module
  readonly rule: Rule
}

/** The rules of Ultralytics' parse_model, and the modules under each. */
const RULES: readonly (readonly [Rule, readonly Module[]])[] = [
  ['scaled', [classify, conv, convTranspose, ghostConv, bottleneck, ghostBottleneck, spp, sppf, dwConv, focus]],
  ['scaled', [repNcspElan4, elan1, adown, aconv, sppelan, dwConvTranspose2d, psa, scdown]],
  [
    'repeated',
    [bottleneckCsp, c1, c2, c2f, c3k2, c2fAttn, c3, c3tr, c3ghost, c3x, repC3, c2fpsa, c2fcib, c2psa, a2c2f],
  ],
  ['input', [aifi]],
  ['stem', [hgStem]],
  ['stemBlock', [hgBlock]],
  ['resnet', [resNetLayer]],
  ['concat', [concat]],
  ['head', [detect, worldDetect, yoloeDetect, pose, pose26, obb, obb26]],
  ['masks', [segment, segment26, yoloeSegment, yoloeSegment26]],
  ['levelsLast', [v10Detect]],
  ['levelsSecond', [imagePoolingAttn, rtdetrDecoder]],
  ['split', [cbLinear]],
  ['fuse', [cbFuse]],
  ['told', [torchVision, index]],
  ['plain', [conv2, repConv, repVggDw, ...torchModules, ...torchvisionModules]],
]

/** Every module by the name that rows spell. */
export const MODULES: ReadonlyMap<string, Entry> = new Map(
  RULES.flatMap(([rule, modules]) =>
    modules.map(module => [module.name, { module, rule: ownRule(module.name) ?? rule }] as const),
  ),
)

/** torch.nn's layers with a rule of their own. */
function ownRule(name: string): Rule | undefined {
  if (name === 'nn.ConvTranspose2d') return 'scaled'
  return name === 'nn.BatchNorm2d' ? 'norm' : undefined
}

/** Blocks that call for the light class tower in the detection head. */
export const MODERN: ReadonlySet<string> = new Set(['C3k2', 'A2C2f', 'C2fCIB'])

/** Changes the text embeddings; later rows see its inputs, not its output. */
export const ASIDE: ReadonlySet<string> = new Set(['ImagePoolingAttn'])
