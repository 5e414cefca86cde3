// Who has what of the artefacts that policy expects, by node and by pattern. Nothing where policy expects nothing.
import type { CoverageView } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { share } from '#ui/components/share-words.ts'
import { hrefTo } from '#ui/router.ts'
import { createCoverageStore, type CoverageState, type Lacking } from '#ui/store/coverage-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './coverage-table.css'

type Claimant = CoverageView['items'][number]

const wholeState = (state: CoverageState) => state

export function Coverage() {
  const { coverage, lacking, show, loadMore, refresh } = useSteward(createCoverageStore, wholeState)
  if (coverage.state === 'failed') return <ProblemPanel problem={coverage.problem} onRetry={refresh} compact />
  // Most policies expect nothing, so nothing is held free for it.
  if (coverage.state === 'loading' || coverage.value.items.length === 0) return null
  const { items } = coverage.value
  const behind = items.filter(({ present, expected }) => present < expected).length
  return (
    <Card
      title="Who has what is expected"
      note={
        behind === 0
          ? 'Every node and directory has all that the rules in force expect.'
          : 'What the rules in force expect of everybody, those that lack most first. Ask for what is missing and import again.'
      }
      className="nwc"
    >
      <Shares items={items} open={lacking?.claimant ?? null} onShow={show} />
      {lacking !== null && (
        <Missing
          lacking={lacking}
          name={items.find(({ claimant }) => claimant === lacking.claimant)?.name ?? lacking.claimant}
          onMore={loadMore}
          onRetry={() => show(lacking.claimant)}
        />
      )}
    </Card>
  )
}

function Shares({
  items,
  open,
  onShow,
}: {
  readonly items: readonly Claimant[]
  readonly open: string | null
  readonly onShow: (claimant: string | null) => void
}) {
  // The same patterns in the same order for everybody: they are the policy's.
  const patterns = items[0]?.patterns.map(({ pattern }) => pattern) ?? []
  return (
    <div className="nwc-scroll" role="region" aria-label="Coverage by node and pattern" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Node or directory</th>
            {patterns.map((pattern) => (
              <th key={pattern} scope="col" className="mono">
                <DataText text={pattern} limit={120} />
              </th>
            ))}
            {patterns.length > 1 && <th scope="col">In all</th>}
            <th scope="col">Lacks</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.claimant}>
              <th scope="row">
                {item.imported ? (
                  <DataText text={item.name} limit={64} />
                ) : (
                  <a className="link" href={hrefTo('network', item.claimant)}>
                    <DataText text={item.name} limit={64} />
                  </a>
                )}
              </th>
              {item.patterns.map((one) => (
                <Share key={one.pattern} of={one} />
              ))}
              {patterns.length > 1 && <Share of={item} />}
              <td className="num">
                {item.present === item.expected ? (
                  <span className="faint">nothing</span>
                ) : (
                  <button
                    type="button"
                    className="link num"
                    aria-expanded={open === item.claimant}
                    aria-label={`${grouped(item.expected - item.present)} missing at ${item.name}`}
                    onClick={() => onShow(open === item.claimant ? null : item.claimant)}
                  >
                    {grouped(item.expected - item.present)}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Share({ of: { present, expected, ppm } }: { readonly of: Pick<Claimant, 'present' | 'expected' | 'ppm'> }) {
  return (
    <td className="num" data-lacking={present < expected || undefined}>
      {share(ppm)}{' '}
      <span className="nwc-of">
        {grouped(present)} of {grouped(expected)}
      </span>
    </td>
  )
}

function Missing({
  lacking: { missing },
  name,
  onMore,
  onRetry,
}: {
  readonly lacking: Lacking
  readonly name: string
  readonly onMore: () => void
  readonly onRetry: () => void
}) {
  return (
    <section className="nwc-missing" aria-label={`Missing at ${name}`}>
      <h3>
        Missing at <DataText text={name} limit={64} />
      </h3>
      {missing.state === 'loading' && <ListSkeleton rows={3} label="Looking for what is missing" />}
      {missing.state === 'failed' && <ProblemPanel problem={missing.problem} onRetry={onRetry} compact />}
      {missing.state === 'ready' && (
        <>
          <ul className="sm">
            {missing.items.map(({ path, pattern }) => (
              <li key={path}>
                {path === pattern ? (
                  <>
                    <span className="mono">
                      <DataText text={path} limit={300} />
                    </span>{' '}
                    <span className="faint">nobody has anything that fits</span>
                  </>
                ) : (
                  <a className="link mono" href={hrefTo('receipts', null, { subject: path })}>
                    <DataText text={path} limit={300} />
                  </a>
                )}
              </li>
            ))}
          </ul>
          {missing.more && (
            <button type="button" className="link sm" onClick={onMore}>
              Show more
            </button>
          )}
        </>
      )}
    </section>
  )
}
