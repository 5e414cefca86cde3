import { memo, type ReactNode } from 'react'
import type { Counters } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ConflictTag, Tag, type Tone } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Overview } from '#ui/store/overview-store.ts'

type Wait = Overview['waits'][number]
type TroubleAbout = Extract<Wait, { readonly type: 'trouble' }>['about']

export function WhatWaits({ waits, counters }: { readonly waits: readonly Wait[]; readonly counters: Counters }) {
  const shown = waits.filter(({ type }) => type === 'conflict').length
  const more = counters.openConflicts - shown
  return (
    <Card
      title="What waits"
      className="overview-waits"
      aside={
        more > 0 && (
          <a className="link sm" href={hrefTo('conflicts')}>
            {`${grouped(more)} more`}
          </a>
        )
      }
    >
      {waits.length === 0 ? (
        <EmptyState icon="check" title="You are done here">
          When two nodes differ, when one asks to join, or when something is refused, it stands here with the first
          thing to do about it.
        </EmptyState>
      ) : (
        <ul>
          {waits.map((wait) => (
            <li key={keyOf(wait)}>
              <WaitRow wait={wait} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const WaitRow = memo(function WaitRow({ wait }: { readonly wait: Wait }) {
  switch (wait.type) {
    case 'conflict': {
      const { conflict } = wait
      const who = conflict.members.map(({ nodeName }) => nodeName)
      return (
        <Row
          href={hrefTo('conflicts', conflict.id)}
          tag={<ConflictTag kind={conflict.kind} severity={conflict.severity} wide />}
          title={<DataText text={conflict.title} limit={160} />}
          detail={
            <>
              <span className="mono">
                <DataText text={conflict.subject} limit={120} />
              </span>
              {who.length > 0 && (
                <>
                  {' · '}
                  <DataText text={[...new Set(who)].join(', ')} limit={120} />
                </>
              )}
            </>
          }
          since={conflict.since}
        />
      )
    }
    case 'node':
      return (
        <Row
          href={hrefTo('network', wait.node)}
          tag={
            <Tag tone="tide" wide>
              Asks
            </Tag>
          }
          title={
            <>
              <DataText text={wait.name} limit={64} /> asks to join
            </>
          }
          detail={
            <>
              Compare the words:{' '}
              <b>
                <Words words={wait.words} />
              </b>
            </>
          }
          since={wait.since}
        />
      )
    case 'trouble':
      return (
        <Row
          href={TROUBLES[wait.about].href}
          tag={
            <Tag tone={TROUBLES[wait.about].tone} wide>
              {TROUBLES[wait.about].word}
            </Tag>
          }
          title={<DataText text={wait.what} limit={160} />}
          detail={wait.remedy}
          since={wait.since}
        />
      )
  }
})

/** Each leads to where its remedy is carried out. */
const TROUBLES: Readonly<Record<TroubleAbout, { readonly word: string; readonly tone: Tone; readonly href: string }>> =
  {
    exchange: { word: 'Exchange', tone: 'amber', href: hrefTo('settings', 'exchange') },
    admission: { word: 'Admission', tone: 'amber', href: hrefTo('network') },
    'own-fork': { word: 'Fork', tone: 'red', href: hrefTo('conflicts', null, { kind: 'fork' }) },
    coverage: { word: 'Missing', tone: 'amber', href: hrefTo('conflicts', null, { kind: 'missing-artefact' }) },
  }

function Row({
  href,
  tag,
  title,
  detail,
  since,
}: {
  readonly href: string
  readonly tag: ReactNode
  readonly title: ReactNode
  readonly detail: ReactNode
  readonly since: string
}) {
  return (
    <a className="overview-wait" href={href}>
      {tag}
      <span className="overview-wait-text">
        <span className="strong">{title}</span>
        <span className="sm muted ellipsis">{detail}</span>
      </span>
      <span className="sm faint">
        <When at={since} short />
      </span>
    </a>
  )
}

function keyOf(wait: Wait): string {
  switch (wait.type) {
    case 'conflict':
      return wait.conflict.id
    case 'node':
      return wait.node
    case 'trouble':
      return `${wait.since} ${wait.what}`
  }
}
