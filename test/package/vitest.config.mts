import { defineConfig } from 'vitest/config'

/** Apart from the other tests because it reads the package, which `npm run test:package` makes first. */
export default defineConfig({ test: { include: ['test/package/*.test.ts'] } })
