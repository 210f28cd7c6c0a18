import { findAttribute } from '../interpreter/attributes'
import { call } from '../interpreter/call'
import { native, pyModule, tuple } from '../interpreter/types'
import { type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { imageDataFormat } from './layerMethods'

/** Files of keras.src.applications and the models that each of them makes. */
const FILES: Readonly<Record<string, string>> = {
  convnext: 'ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge ConvNeXtXLarge',
  densenet: 'DenseNet121 DenseNet169 DenseNet201',
  efficientnet:
    'EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7',
  efficientnet_v2:
    'EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L',
  inception_resnet_v2: 'InceptionResNetV2',
  inception_v3: 'InceptionV3',
  mobilenet: 'MobileNet',
  mobilenet_v2: 'MobileNetV2',
  mobilenet_v3: 'MobileNetV3Large MobileNetV3Small',
  nasnet: 'NASNetMobile NASNetLarge',
  resnet: 'ResNet50 ResNet101 ResNet152',
  resnet_v2: 'ResNet50V2 ResNet101V2 ResNet152V2',
  vgg16: 'VGG16',
  vgg19: 'VGG19',
  xception: 'Xception',
}

/** Calls the function of Keras' own source, where the search path has it; its result is not known otherwise. */
const members = Object.entries(FILES).flatMap(([file, names]) =>
  names.split(' ').map((name): [string, PyValue] => {
    const asked = native(name, (run, args, kwargs) => {
      const module = run.importModule(`keras.src.applications.${file}`, run.frame.module)
      const found = module instanceof PyUnknown ? undefined : findAttribute(run, module, name)
      // Without a source the module that is found is this one.
      return found === undefined || found === asked
        ? new PyUnknown(`keras.applications.${name} is not found`)
        : call(run, found, args, kwargs)
    })
    return [name, asked]
  }),
)

/** Scales and shifts an image: one shape in and out. */
const preprocess = native('preprocess_input', (run, [x], kwargs) => {
  const value = x ?? kwargs.get('x')
  if (!(value instanceof PyTensor)) return new PyUnknown('preprocess_input of what is no tensor', true)
  const attributes = { function: 'preprocess_input', shapes: [value.shape], operations: 1 }
  return traceOf(run).op(run, 'compute', attributes, [value], 'preprocess_input')
})

/** The input of a model for ImageNet: what is given, else the usual size, or with no classifier any (imagenet_utils.py). */
const inputShape = native('obtain_input_shape', (run, args, kwargs) => {
  const names = ['input_shape', 'default_size', 'min_size', 'data_format', 'require_flatten', 'weights']
  const given = new Map([...kwargs, ...args.map((value, i): [string, PyValue] => [names[i] ?? '', value])])
  const shape = given.get('input_shape') ?? null
  if (shape !== null) return shape
  const classifies = given.get('require_flatten') ?? given.get('include_top') ?? true
  const size = classifies === false ? null : (given.get('default_size') ?? null)
  const first = (given.get('data_format') ?? imageDataFormat(run)) === 'channels_first'
  return tuple(first ? [3, size, size] : [size, size, 3])
})

/** keras.applications, and its modules: each gives the models of all, and functions for images. */
export const applicationsModule: PyModule = pyModule(
  'keras.applications',
  [
    ...members,
    ['preprocess_input', preprocess],
    ['obtain_input_shape', inputShape],
    ['_obtain_input_shape', inputShape],
  ],
  name => {
    if (name.startsWith('__')) return undefined
    return Object.hasOwn(FILES, name) || name === 'resnet50' || name === 'imagenet_utils'
      ? applicationsModule
      : new PyUnknown(`keras.applications.${name} is not modelled`, true)
  },
)
