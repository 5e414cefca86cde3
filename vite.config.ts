// How the window is built. electron.vite.config.ts takes the same object, so that both hosts serve the same page.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

// Whole paths: electron-vite takes relative ones from elsewhere than vite does.
export const rendererConfig = {
  root: join(import.meta.dirname, 'renderer'),
  base: './', // the desktop shell serves the page under its own scheme
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, 'out', 'renderer'),
    emptyOutDir: true,
    minify: true,
    target: 'chrome130',
    // Fonts stay files: the page's policy allows fonts from itself only, and a file is cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
} satisfies UserConfig

export default defineConfig(rendererConfig)
