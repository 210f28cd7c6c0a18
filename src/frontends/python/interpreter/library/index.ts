import type { PyModule, PyValue } from '../values'
import { argparseModule } from './argparse'
import { collectionsModule } from './collections'
import { dataclassesModule } from './dataclasses'
import { enumModule } from './enum'
import { functoolsModule } from './functools'
import { importlibModule } from './importlib'
import { inspectModule } from './inspect'
import { itertoolsModule } from './itertools'
import { mathModule } from './math'
import { opaque } from './opaque'
import { osModule, osPathModule } from './os'
import { reModule } from './re'
import { abcModule, contextlibModule, copyModule, numbersModule, operatorModule, sysModule, typesModule } from './small'
import { typingModule } from './typing'

/** Python's own library, as far as model code uses it: dotted name to module. */
export const libraryModules: ReadonlyMap<string, PyModule> = new Map<string, PyModule>([
  ['math', mathModule],
  ['functools', functoolsModule],
  ['itertools', itertoolsModule],
  ['collections', collectionsModule],
  ['collections.abc', typingModule],
  ['typing', typingModule],
  ['typing_extensions', typingModule],
  ['dataclasses', dataclassesModule],
  ['enum', enumModule],
  ['importlib', importlibModule],
  ['inspect', inspectModule],
  ['re', reModule],
  ['os', osModule],
  ['os.path', osPathModule],
  ['abc', abcModule],
  ['copy', copyModule],
  ['operator', operatorModule],
  ['numbers', numbersModule],
  ['types', typesModule],
  ['sys', sysModule],
  ['contextlib', contextlibModule],
  ['argparse', argparseModule],
])

collectionsModule.dict.set('abc', typingModule)

/** A module of Python's library; modules that models import but do not need are opaque. */
export const standardLibrary = (name: string): PyValue | undefined => libraryModules.get(name) ?? opaque(name)
