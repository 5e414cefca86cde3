// Lets the window draw and be clicked between two pieces of long work.

/**
 * Turns of one long work, waited for one at a time; `end` them with it. They share a channel: the browser puts every port away in a
 * pause of the page, and long work takes thousands of turns.
 */
export class Turns {
  readonly #channel = new MessageChannel()
  #go: () => void = () => undefined

  constructor() {
    this.#channel.port1.onmessage = () => this.#go()
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#go = resolve
      // Timers are held back by four milliseconds once they follow each other, and by a second in a window behind others.
      this.#channel.port2.postMessage(null)
    })
  }

  end(): void {
    this.#channel.port1.close()
  }
}
