// A typed stand-in for Electron: it records what the shell asks for and lets a test play the system's part. Every part is
// checked against Electron's own types, so that what the shell sets is what Electron would get.
import { EventEmitter } from 'node:events'
import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  IpcMainEvent,
  MessagePortMain,
  WebContents,
  WebFrameMain,
} from 'electron'

/** A frame as Electron would name it; the top frame of our page unless said otherwise. */
export function frameOf(wish: Partial<Pick<WebFrameMain, 'origin' | 'parent' | 'detached'>> = {}): WebFrameMain {
  // Only what the shell reads of a frame; anything else it read would fail loudly.
  return { origin: 'app://steward', parent: null, detached: false, ...wish } as WebFrameMain
}

export function ipcEvent(
  frame: WebFrameMain | null,
  ports: readonly MessagePortMain[] = [],
  sender: WebContents = contents(),
): IpcMainEvent {
  // Only what the shell reads of an event.
  return { senderFrame: frame, ports: [...ports], sender } as unknown as IpcMainEvent
}

export function contents(): WebContents {
  return new FakeContents() as unknown as WebContents // the emitter part and the one handler that the shell sets
}

export class FakeContents extends EventEmitter {
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null
  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler
  }

  /** Plays an attempt to navigate; true where it was stopped. */
  denies(event: string): boolean {
    let prevented = false
    this.emit(event, { preventDefault: () => (prevented = true) })
    return prevented
  }
}

export class FakePort extends EventEmitter {
  readonly sent: unknown[] = []
  started = false
  closed = false
  postMessage(message: unknown): void {
    this.sent.push(message)
  }
  start(): void {
    this.started = true
  }
  close(): void {
    if (this.closed) return
    this.closed = true
    this.emit('close')
  }

  /** What the page posts. */
  says(data: unknown): void {
    this.emit('message', { data, ports: [] })
  }

  get asMain(): MessagePortMain {
    return this
  }
}

export class FakeWindow extends EventEmitter {
  static readonly made: FakeWindow[] = []
  readonly options: BrowserWindowConstructorOptions
  readonly loaded: string[] = []
  destroyed = false
  shown = false

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
    FakeWindow.made.push(this)
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url)
    return Promise.resolve()
  }
  show(): void {
    this.shown = true
  }
  isDestroyed(): boolean {
    return this.destroyed
  }

  get asWindow(): BrowserWindow {
    return this as unknown as BrowserWindow // what the shell uses of a window
  }
}
