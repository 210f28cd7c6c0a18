import { PyUnknown, type PyValue } from '../values'

/** Top-level packages that model code imports and whose results touch neither shapes nor weights. */
const OPAQUE = new Set(
  `logging warnings os pathlib random time json pickle io shutil glob urllib hashlib tempfile datetime string textwrap threading multiprocessing
   traceback platform subprocess uuid zipfile tarfile csv gzip base64 struct socket queue concurrent signal atexit gc weakref pprint unittest doctest
   importlib pkgutil locale codecs errno getpass heapq bisect secrets statistics decimal fractions asyncio select ctypes __future__
   PIL cv2 matplotlib seaborn pandas sklearn skimage tqdm yaml requests wandb tensorboard tensorboardX termcolor tabulate rich loguru
   thop ptflops torchinfo torchsummary fvcore onnx onnxruntime h5py lmdb imageio albumentations pytest`.split(/\s+/),
)

/** Packages below others, with all that is below them: data and its preparation. */
const OPAQUE_PARTS = ['timm.data', 'torchvision.transforms', 'torchvision.datasets', 'torchvision.io']

/** An opaque module; undefined where the name is not one. */
export const opaque = (name: string): PyValue | undefined =>
  OPAQUE.has(name.split('.')[0]!) || OPAQUE_PARTS.some(part => name === part || name.startsWith(`${part}.`))
    ? new PyUnknown(`${name} is not modelled`, true)
    : undefined
