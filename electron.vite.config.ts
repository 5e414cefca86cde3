// How shell, preload script and page are built for Electron. The page is the same that the browser host serves.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { STAMP_FILE, sourceStamp } from './core/hosts/compiled/built-core.ts'
import { rendererConfig } from './vite.config.ts'

export default defineConfig({
  main: {
    plugins: [stampOfSources()],
    build: {
      outDir: 'out/main',
      // Few files start faster than hundreds, so libraries are bundled too: all but those that are native, or start files of their own.
      externalizeDeps: false,
      rolldownOptions: {
        external: ['better-sqlite3', 'sodium-native', 'piscina'],
        // Workers are started by file name, from beside the code that starts them.
        input: {
          index: 'electron/main.ts',
          'core-thread.worker': 'core/hosts/thread/core-thread.worker.ts',
          'verify.worker': 'core/exchange/verify.worker.ts',
          'reconcile.worker': 'core/aggregate/reconcile.worker.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: 'electron/preload.ts' },
        // A sandboxed preload script is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...rendererConfig,
    build: {
      ...rendererConfig.build,
      rolldownOptions: { ...rendererConfig.build.rolldownOptions, input: 'renderer/index.html' },
    },
  },
})

/** Writes down which sources the bundle was made of, last of all: hosts that run from the sources use it while it is of these. */
function stampOfSources(): Plugin {
  const root = import.meta.dirname
  let stamp = ''
  return {
    name: 'steward-stamp-of-sources',
    buildStart() {
      stamp = sourceStamp(root)
    },
    writeBundle({ dir }) {
      writeFileSync(join(dir ?? root, STAMP_FILE), stamp)
    },
  }
}
