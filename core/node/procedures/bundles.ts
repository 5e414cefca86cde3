import { isAbsolute } from 'node:path'
import { StewardError } from '#core/problem/index.ts'
import type { AppCore } from '../app-core.ts'
import type { Implementer } from './base.ts'

export function bundleProcedures(os: Implementer, app: AppCore) {
  return {
    inspect: os.bundles.inspect.handler(({ input: { from } }) => {
      const desk = app.session().bundles
      if (from.type === 'paths') {
        for (const path of from.paths) requireAbsolute(path)
        return desk.inspect({ paths: from.paths, labels: from.labels ?? [], name: null, release: () => undefined })
      }
      const { path, remove } = app.uploads.take(from.upload)
      return desk.inspect({ paths: [path], name: from.name, release: remove })
    }),
    current: os.bundles.current.handler(() => app.sessionOrNull()?.bundles.current() ?? { import: null, export: null }),
    import: os.bundles.import.handler(({ input }) => app.session().bundles.import(input.id)),
    cancel: os.bundles.cancel.handler(async ({ input }) => {
      await app.session().bundles.cancel(input.id)
      return {}
    }),
    export: os.bundles.export.handler(({ input }) => {
      requireAbsolute(input.to)
      return app.session().bundles.export(input)
    }),
  }
}

/** What a path is relative to is not the same for who asks and for the core. */
function requireAbsolute(path: string): void {
  if (isAbsolute(path)) return
  throw new StewardError({
    code: 'PATH_NOT_ABSOLUTE',
    happened: `“${path}” does not say where on this machine it lies.`,
    kept: 'Nothing was read or written.',
    remedy: 'Give the whole path, from the root of the disk.',
  })
}
