// How shell, preload script and page are built for Electron. The page is the same that the browser host serves.
import { defineConfig } from 'electron-vite'
import { rendererConfig } from './vite.config.ts'

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        // Workers are started by file name, from beside the code that starts them.
        input: {
          index: 'electron/main.ts',
          'core-thread.worker': 'core/hosts/thread/core-thread.worker.ts',
          'verify.worker': 'core/exchange/verify.worker.ts',
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
    build: { ...rendererConfig.build, rolldownOptions: { input: 'renderer/index.html' } },
  },
})
