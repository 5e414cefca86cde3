// System notices while the page is behind others. The desktop shell raises its own; a page in the browser does it here.
import { useEffect, useRef } from 'react'
import type { AppState } from '#core/contract/index.ts'
import type { LiveState } from '#ui/store/live.ts'
import { valueOf } from '#ui/store/resource.ts'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useLive, useSteward } from '#ui/store/stores.tsx'
import { noticesOf, type Notice, type Standing } from './notices.ts'

const selectCounters = (state: LiveState) => state.counters
const selectExchange = (state: LiveState) => state.exchange
const selectSettings = (state: SettingsState) => valueOf(state.settings)

export function useNotices(host: AppState['host']): void {
  const counters = useLive(selectCounters)
  const exchange = useLive(selectExchange)
  const settings = useSteward(createSettingsStore, selectSettings)
  const last = useRef<Standing | null>(null)

  useEffect(() => {
    if (counters === null || exchange === null || settings === null) return
    const now = { counters, exchange }
    const before = last.current
    last.current = now
    if (host !== 'browser' || before === null || !document.hidden || !mayNotify()) return
    for (const notice of noticesOf(before, now, settings, localClock())) show(notice)
  }, [counters, exchange, settings, host])
}

function show({ kind, title, body, href }: Notice): void {
  const shown = new Notification(title, { body, tag: kind })
  shown.addEventListener('click', () => {
    window.focus()
    window.location.hash = href
    shown.close()
  })
}

function mayNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

function localClock(): string {
  const now = new Date()
  return `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`
}
