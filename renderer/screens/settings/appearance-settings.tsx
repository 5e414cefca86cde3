import { SegmentedControl } from '@mantine/core'
import type { Settings } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { valueOf } from '#ui/store/resource.ts'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { Row } from './row.tsx'

const CHOICES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies { value: Settings['appearance']; label: string }[]

const selectAppearance = (state: SettingsState) => valueOf(state.settings)?.appearance ?? 'system'
const selectChange = (state: SettingsState) => state.change

export function AppearanceSettings() {
  const appearance = useSteward(createSettingsStore, selectAppearance)
  const change = useSteward(createSettingsStore, selectChange)
  return (
    <Card title="Appearance">
      <Row label="Light or dark">
        <SegmentedControl<Settings['appearance']>
          aria-label="Light or dark"
          data={[...CHOICES]}
          value={appearance}
          onChange={(next) => void change({ appearance: next })}
        />
      </Row>
    </Card>
  )
}
