// How the window is built. electron.vite.config.ts takes the same object, so that both hosts serve the same page.
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

export const rendererConfig = {
  root: 'renderer',
  base: './', // the desktop shell serves the page under its own scheme
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    minify: true,
    target: 'chrome130',
    // Fonts stay files: the page's policy allows fonts from itself only, and a file is cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
} satisfies UserConfig

export default defineConfig(rendererConfig)
