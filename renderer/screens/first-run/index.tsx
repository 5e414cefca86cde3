// The first minutes: make a node, restore one, or try a sample network. One calm step at a time.
import { useState } from 'react'
import { createFirstRunStore, type FirstRunState } from '#ui/store/first-run-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { CreateFlow } from './create-flow.tsx'
import './first-run.css'
import { KeepPhrase } from './keep-phrase.tsx'
import { RestoreFlow } from './restore-flow.tsx'
import { Welcome } from './welcome.tsx'

export type Path = 'start' | 'join' | 'restore'

const selectMade = (state: FirstRunState) => state.made
const selectClear = (state: FirstRunState) => state.clearProblem

export function FirstRunScreen() {
  const made = useSteward(createFirstRunStore, selectMade)
  const clearProblem = useSteward(createFirstRunStore, selectClear)
  const [path, setPath] = useState<Path | null>(null)
  const leave = () => {
    clearProblem()
    setPath(null)
  }

  if (made !== null) return <KeepPhrase made={made} />
  switch (path) {
    case null:
      return <Welcome onPath={setPath} />
    case 'start':
    case 'join':
      return <CreateFlow intent={path} onLeave={leave} />
    case 'restore':
      return <RestoreFlow onLeave={leave} />
  }
}
