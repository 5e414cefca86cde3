// A report’s risks: what was found of each, what is in force against it, and what is open.
import type { ReportRisk } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { CountedFrom } from './counted-from.tsx'
import { linksOfRisk } from './report-links.ts'

const RISK_TONES: Readonly<Record<ReportRisk['level'], Tone>> = { clear: 'green', watch: 'amber', alarm: 'red' }

export function Risk({ risk }: { readonly risk: ReportRisk }) {
  return (
    <Card title={risk.label} aside={<Tag tone={RISK_TONES[risk.level]}>{risk.level}</Tag>}>
      <h3 className="rp-risk-head">Found here</h3>
      <Lines lines={risk.evidence} />
      <h3 className="rp-risk-head">In force against it</h3>
      <Lines lines={risk.mitigation} />
      {risk.open.length > 0 && (
        <>
          <h3 className="rp-risk-head amber">Open</h3>
          <Lines lines={risk.open} />
        </>
      )}
      <CountedFrom what={risk.label} links={linksOfRisk(risk.risk)} />
    </Card>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="rp-lines sm">
      {lines.map((line) => (
        <li key={line}>
          <DataText text={line} limit={600} />
        </li>
      ))}
    </ul>
  )
}
