import { type Config, type LayerKind, REQUIRED } from '../kerasLayers'

/** Layers that models of keras.applications bring with them (keras/src/applications/convnext.py, inception_resnet_v2.py). */
const LAYERS: Readonly<Record<string, LayerKind>> = {
  LayerScale: {
    name: 'LayerScale',
    parameters: { init_values: REQUIRED, projection_dim: REQUIRED },
    composite: () => true,
    draw: (config, [x], draw) => {
      const { projection_dim: size } = config
      const shape = [typeof size === 'number' ? size : null]
      const gamma = draw.part('gamma', 'parameter', { shape, kind: 'trainable' }, [])
      return [draw.op('elementwise', { function: 'mul' }, [x!, gamma])]
    },
  },
  StochasticDepth: {
    name: 'StochasticDepth',
    parameters: { drop_path_rate: REQUIRED },
    draw: (_, [x], draw) => [draw.op('dropout', {}, [x!])],
  },
  CustomScaleLayer: {
    name: 'CustomScaleLayer',
    parameters: { scale: REQUIRED },
    many: true,
    draw: (_, inputs, draw) => [draw.op('elementwise', { function: 'add' }, inputs)],
  },
}

/** Such a layer, told from a program's own class of the same name by its arguments. */
export function applicationLayer(type: string, config: Config): LayerKind | undefined {
  const kind = Object.hasOwn(LAYERS, type) ? LAYERS[type]! : undefined
  return kind && Object.keys(kind.parameters).every(name => typeof config[name] === 'number') ? kind : undefined
}
