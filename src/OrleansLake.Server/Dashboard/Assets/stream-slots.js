// Bounds the streams that one browser has open to a server. Over HTTP/1.1 it opens six connections to it, over all its
// windows, and a stream keeps one: the seventh would never get a turn. With HTTP/2 there is nothing to bound.

import { newId, openChannel, reachesWindows } from './channels.js'

const STREAMS_MAX = 3 // half of them: the rest is for what is asked besides
const ANSWER_MS = 100

export class StreamSlot {
  #id = newId()
  #held = new Set()
  #isHeld = false
  #isClosed = false
  #channel
  #isMany

  /** @param {URL} api @param {() => void} onLost Others came at the same moment, and go first. */
  constructor(api, onLost) {
    this.#isMany = () => performance.getEntriesByType('resource').some(entry => entry.name.startsWith(api.origin) && /^h[23]/.test(entry.nextHopProtocol))
    this.#channel = openChannel(`orleans-lake streams ${api.origin}`)
    this.#channel.onmessage = ({ data }) => {
      if (data.type === 'ask') {
        this.#held.clear() // all that are still there answer
        if (this.#isHeld) this.#tell()
        return
      }
      this.#held.add(data.id)
      if (this.#isHeld && [...this.#held].filter(id => id < this.#id).length >= STREAMS_MAX) {
        this.release()
        onLost()
      }
    }
  }

  /** Whether a stream may be opened, and is counted from now on. */
  async take() {
    if (this.#isMany() || this.#isHeld) return true
    // Windows that are not reached cannot be counted.
    if (!reachesWindows) return false
    this.#held.clear()
    this.#channel.postMessage({ type: 'ask' })
    await new Promise(resolve => setTimeout(resolve, ANSWER_MS))
    if (this.#isClosed || this.#held.size >= STREAMS_MAX) return false
    this.#isHeld = true
    this.#tell()
    return true
  }

  release() {
    this.#isHeld = false
  }

  close() {
    this.release()
    this.#isClosed = true
    this.#channel.close()
  }

  #tell() {
    this.#channel.postMessage({ type: 'held', id: this.#id })
  }
}
