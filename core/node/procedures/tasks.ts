import type { AppCore } from '../app-core.ts'
import { taskFacets, taskPage, taskView } from '../task-pages.ts'
import type { Implementer } from './base.ts'

export function taskProcedures(os: Implementer, app: AppCore) {
  return {
    list: os.tasks.list.handler(({ input }) => app.during((session) => taskPage(session, input, app.deps.clock()))),
    facets: os.tasks.facets.handler(() => app.during((session) => taskFacets(session))),
    get: os.tasks.get.handler(({ input }) => app.during((session) => taskView(session, input.task, app.deps.clock()))),
  }
}
