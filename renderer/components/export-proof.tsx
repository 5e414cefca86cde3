// Saves a proof that others can check without Steward, in the form that the steward chooses.
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { ProofFile, ProofForm } from '#core/contract/index.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { Icon } from './icon.tsx'
import { ProblemPanel } from './problem-panel.tsx'
import { saveTextFile } from './save-file.ts'

/** `proof` throws the core's problem, which then stands below the button. */
export function ExportProof({ proof }: { readonly proof: (form: ProofForm) => Promise<ProofFile> }) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ readonly form: ProofForm; readonly problem: Problem } | null>(null)
  const save = async (form: ProofForm) => {
    setBusy(true)
    setFailed(null)
    try {
      const { fileName, text } = await proof(form)
      saveTextFile(fileName, text)
      notifications.show({ message: `Saved ${fileName}.` })
    } catch (thrown) {
      setFailed({ form, problem: problemFrom(thrown) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" loading={busy} leftSection={<Icon name="download" size={14} />}>
            Export proof
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void save('html')}>
            A page that checks itself
            <div className="sm muted">HTML, for anybody with a browser; works offline</div>
          </Menu.Item>
          <Menu.Item onClick={() => void save('json')}>
            Data and commands
            <div className="sm muted">JSON, to check by hand or by script</div>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failed !== null && <ProblemPanel problem={failed.problem} onRetry={() => void save(failed.form)} compact />}
    </>
  )
}
