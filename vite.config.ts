// How the window is built. electron.vite.config.ts takes the same object, so that both hosts serve the same page.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type HtmlTagDescriptor, type Plugin, type UserConfig } from 'vite'

// Whole paths: electron-vite takes relative ones from elsewhere than vite does.
export const rendererConfig = {
  root: join(import.meta.dirname, 'renderer'),
  base: './', // the desktop shell serves the page under its own scheme
  plugins: [react(), preloadWindow()],
  build: {
    outDir: join(import.meta.dirname, 'out', 'renderer'),
    emptyOutDir: true,
    minify: true,
    target: 'chrome130',
    // Fonts stay files: the page's policy allows fonts from itself only, and a file is cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Two files make the first screen: what connects, and what draws. The other screens have theirs.
        codeSplitting: {
          groups: [
            { name: 'start', test: /renderer\/main\.ts$/, priority: 2, includeDependenciesRecursively: true },
            { name: 'window', test: /renderer\/window\.tsx$/, priority: 1, includeDependenciesRecursively: true },
          ],
        },
      },
    },
  },
} satisfies UserConfig

export default defineConfig(rendererConfig)

/** The window's code is asked for by code; naming it in the page has the browser fetch both at once, its styles and the fonts before it draws. */
function preloadWindow(): Plugin {
  return {
    name: 'steward-preload-window',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
        const scripts = new Set<string>()
        const styles = new Set<string>()
        const follow = (fileName: string) => {
          const chunk = chunks.find((one) => one.fileName === fileName)
          if (chunk === undefined || scripts.has(fileName)) return
          scripts.add(fileName)
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style)
          for (const imported of chunk.imports) follow(imported)
        }
        const window = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith('/renderer/window.tsx')))
        if (window !== undefined) follow(window.fileName)
        const isNew = (file: string) => !html.includes(file)
        const fonts = Object.keys(bundle).filter((file) => FIRST_FONTS.test(file))
        return [
          ...fonts.map((href) =>
            link({ rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${href}` }),
          ),
          ...[...scripts]
            .filter(isNew)
            .map((href) => link({ rel: 'modulepreload', crossorigin: true, href: `./${href}` })),
          ...[...styles].filter(isNew).map((href) => link({ rel: 'stylesheet', crossorigin: true, href: `./${href}` })),
        ]
      },
    },
  }
}

/** Text that is laid out before its font is there is laid out twice. */
const FIRST_FONTS = /\/(inter|jetbrains-mono)-latin-wght-normal-[\w-]+\.woff2$/

function link(attrs: NonNullable<HtmlTagDescriptor['attrs']>): HtmlTagDescriptor {
  return { tag: 'link', attrs, injectTo: 'head' }
}
