import type { AppCore } from '../app-core.ts'
import { diagnosticsOf } from '../diagnostics.ts'
import { defaultSettings } from '../node-file.ts'
import type { Implementer } from './base.ts'

export function settingsProcedures(os: Implementer, app: AppCore) {
  return {
    // Before the first run there is nothing to keep them in: the window shows the defaults.
    get: os.settings.get.handler(() => app.sessionOrNull()?.file().settings ?? defaultSettings),
    set: os.settings.set.handler(({ input }) => {
      const session = app.session()
      const settings = { ...session.file().settings, ...defined(input) }
      session.update({ settings })
      app.changes.tell(['settings'])
      return settings
    }),
    diagnostics: os.settings.diagnostics.handler(() => diagnosticsOf(app)),
  }
}

export function sampleProcedures(os: Implementer, app: AppCore) {
  return {
    create: os.sample.create.handler(async () => ({ nodes: [...(await app.enterSample())] })),
    remove: os.sample.remove.handler(async () => {
      await app.leaveSample()
      return {}
    }),
  }
}

/** Without the members that are present but undefined: they would overwrite. */
function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Exactly the members that are undefined are gone.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
