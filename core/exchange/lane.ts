// One thing at a time, in the order asked for.

/** Runs each piece of work after the one before it has ended, however that ended. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#last.then(work, work)
    this.#last = running.catch(() => undefined)
    return running
  }

  /** Settles once nothing is left that was asked for before. */
  async idle(): Promise<void> {
    await this.#last
  }
}
