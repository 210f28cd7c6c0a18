import { darknet } from './darknet'
import type { FrontEnd } from './frontend'
import { kerasJson } from './kerasJson'
import { prototxt } from './prototxt'
import { pytorch } from './python'
import { ultralytics } from './ultralytics'
import { layerLists } from './yaml'

/** Every front end, in the order they are asked; the first that recognises a text reads it. */
export const frontEnds: readonly FrontEnd[] = [darknet, kerasJson, prototxt, ultralytics, layerLists, pytorch]
