import { Tabs } from '@mantine/core'
import { useEffect } from 'react'
import { FolderPicker } from '#ui/components/folder-picker.tsx'
import { createFolderStore, type FolderState } from '#ui/store/folder-store.ts'
import { useSteward } from '#ui/store/stores.tsx'

const selectFolder = (state: FolderState) => state.folder
const selectListing = (state: FolderState) => state.listing
const selectProbe = (state: FolderState) => state.probe
const selectBrowse = (state: FolderState) => state.browse
const selectPick = (state: FolderState) => state.pick

/** The exchange folder, connected: typed, looked for, probed. */
export function FolderFields() {
  const folder = useSteward(createFolderStore, selectFolder)
  const listing = useSteward(createFolderStore, selectListing)
  const probe = useSteward(createFolderStore, selectProbe)
  const browse = useSteward(createFolderStore, selectBrowse)
  const pick = useSteward(createFolderStore, selectPick)
  useEffect(() => {
    if (listing.state === 'loading') void browse(null)
  }, [listing.state, browse])

  return (
    <FolderPicker
      folder={folder}
      listing={listing}
      probe={probe}
      onType={pick}
      onBrowse={(next) => void browse(next)}
    />
  )
}

/** What each way of sharing a folder needs. */
export function SharingHints() {
  return (
    <Tabs defaultValue="syncthing" className="sharing">
      <Tabs.List aria-label="What each way of sharing needs">
        <Tabs.Tab value="syncthing">Syncthing</Tabs.Tab>
        <Tabs.Tab value="dropbox">Dropbox and the like</Tabs.Tab>
        <Tabs.Tab value="stick">USB stick or network drive</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="syncthing">
        Share the folder as “send and receive” with each steward. Leave “watch for changes” on: receipts then arrive
        within seconds. Ignore patterns are not needed.
      </Tabs.Panel>
      <Tabs.Panel value="dropbox">
        Invite the others with the right to edit, and make the folder “available offline” on every computer: a file that
        is only a placeholder cannot be read. Conflict copies do no harm.
      </Tabs.Panel>
      <Tabs.Panel value="stick">
        Any folder on it will do, and it may be away for weeks. Steward waits for it, says so, and goes on by itself.
        Network drives send no change notices, so they are read again every few minutes.
      </Tabs.Panel>
    </Tabs>
  )
}
