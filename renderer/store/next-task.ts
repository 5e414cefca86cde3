// Lets the window draw and be clicked between two pieces of long work.

export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    // Timers are held back by four milliseconds once they follow each other, and by a second in a window behind others.
    port2.postMessage(null)
  })
}
