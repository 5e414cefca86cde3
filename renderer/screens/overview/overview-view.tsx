import { Button } from '@mantine/core'
import { Card } from '#ui/components/card.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Kbd } from '#ui/components/kbd.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { useNowMs } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import type { Overview } from '#ui/store/overview-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { Activity } from './activity.tsx'
import { Nodes } from './nodes.tsx'
import { oldestSentence, waitsHeadline } from './sentences.ts'
import './overview.css'
import { WhatWaits } from './what-waits.tsx'

export function OverviewView({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <div className="overview-hero">
        <Waiting overview={overview} />
        <Safety safety={overview.safety} />
      </div>
      <div className="overview-grid">
        <WhatWaits waits={overview.waits} counters={overview.counters} />
        <div className="overview-side">
          <Activity buckets={overview.activity} />
          <Nodes overview={overview} />
        </div>
      </div>
    </>
  )
}

function Waiting({ overview: { counters, oldestOpen, waits, nodes } }: { readonly overview: Overview }) {
  const nowMs = useNowMs()
  const own = useSteward(createAppStore, selectNode)
  if (own !== null && !nodes.some(({ node }) => node === own.id))
    return <Unadmitted words={own.words} conflicts={counters.openConflicts} />
  const pending = waits.find((wait) => wait.type === 'node')
  const some = counters.openConflicts + counters.pendingNodes > 0
  return (
    <section className="card overview-answer" aria-label="Is anything waiting for me?">
      <div className="overview-verdict">
        {some ? <Tag tone="amber">Waits for you</Tag> : <Tag tone="green">All reviewed</Tag>}
        <Why about={{ type: 'count', name: 'open-conflicts' }} what="what waits for you" />
      </div>
      <h2>{waitsHeadline(counters)}</h2>
      <p className="muted">{oldestSentence(counters, oldestOpen, nodes.length - 1, nowMs)}</p>
      <div className="overview-acts">
        {counters.openConflicts > 0 && (
          <Button variant="filled" component="a" href={hrefTo('conflicts')} rightSection={<Kbd onAccent>R</Kbd>}>
            Review conflicts
          </Button>
        )}
        {counters.overdueConflicts > 0 && (
          <Button component="a" href={hrefTo('conflicts', null, { overdue: '1' })}>
            {counters.overdueConflicts === 1 ? '1 is overdue' : `${counters.overdueConflicts} are overdue`}
          </Button>
        )}
        {pending?.type === 'node' && (
          <Button component="a" href={hrefTo('network', pending.node)}>
            {counters.pendingNodes === 1 ? 'Meet the new node' : `Meet ${counters.pendingNodes} new nodes`}
          </Button>
        )}
        {!some && (
          <Button component="a" href={hrefTo('receipts', 'sign')}>
            Sign a receipt
          </Button>
        )}
      </div>
    </section>
  )
}

const selectNode = (state: AppStoreState) => valueOf(state.app)?.node ?? null

/** Before a steward has admitted this node nothing that it decides counts, so that comes first. */
function Unadmitted({ words, conflicts }: { readonly words: readonly string[]; readonly conflicts: number }) {
  return (
    <section className="card overview-answer" aria-label="Is anything waiting for me?">
      <div className="overview-verdict">
        <Tag tone="amber">Waits for you</Tag>
      </div>
      <h2>Have your six words compared</h2>
      <p className="muted">
        Read{' '}
        <b>
          <Words words={words} />
        </b>{' '}
        to a steward of the network, who admits this node. Until then what you sign counts for nobody else.
      </p>
      <div className="overview-acts">
        <Button variant="filled" component="a" href={hrefTo('network')}>
          See who can admit it
        </Button>
        {conflicts > 0 && (
          <Button component="a" href={hrefTo('conflicts')}>
            {conflicts === 1 ? 'Read 1 conflict' : `Read ${grouped(conflicts)} conflicts`}
          </Button>
        )}
      </div>
    </section>
  )
}

const LEVELS: Readonly<Record<Overview['safety']['level'], { tone: Tone; word: string }>> = {
  safe: { tone: 'green', word: 'Safe' },
  watch: { tone: 'amber', word: 'Watch' },
  danger: { tone: 'red', word: 'In danger' },
}

function Safety({ safety }: { readonly safety: Overview['safety'] }) {
  const { tone, word } = LEVELS[safety.level]
  return (
    <section className="card overview-answer" aria-label="Is everything safe?">
      <div className="overview-verdict">
        <Tag tone={tone}>{word}</Tag>
        <Why about={{ type: 'count', name: 'safety' }} what="whether everything is safe" />
      </div>
      <h2>{safety.headline}</h2>
      <p className="muted">{safety.detail}</p>
      {safety.remedy !== null && <p className="overview-remedy">{safety.remedy}</p>}
      <div className="overview-acts">
        <Button component="a" href={hrefTo('network')}>
          See who holds what
        </Button>
        {safety.level !== 'safe' && (
          <Button component="a" href={hrefTo('settings', 'exchange')}>
            Look at the exchange folder
          </Button>
        )}
      </div>
    </section>
  )
}

/** Cards in their places, so that nothing jumps when the answer comes. */
export function OverviewSkeleton() {
  return (
    <div className="overview-waiting" role="status" aria-label="Loading the overview">
      <div className="overview-hero">
        <Card className="overview-answer" />
        <Card className="overview-answer" />
      </div>
      <div className="overview-grid">
        <Card className="overview-tall" />
        <div className="overview-side">
          <Card className="overview-short" />
          <Card className="overview-short" />
        </div>
      </div>
    </div>
  )
}
