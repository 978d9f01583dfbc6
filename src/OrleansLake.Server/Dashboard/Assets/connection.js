// One connection to a stream, from its start to its end.

import { ask } from './ask.js'
import { EventStreamParser } from './event-stream.js'
import { Trouble } from './trouble.js'

const SILENCE_MS_MAX = 10_000 // the server says something every 4 s
const SLEEP_MS_MAX = 10_000 // between two ticks: more, and the computer slept
const TICK_MS = 1000
const GLANCE_MS = 250

export class Connection {
  #abort = new AbortController()
  #isStopped = false
  #heardAt = 0
  #trouble = null

  stop() {
    this.#isStopped = true
    this.#abort.abort()
  }

  /**
   * Reads until the stream ends. A glance ends by itself once it has what there is.
   * @param {URL} address
   * @param {{ token: string | null, lastEventId: string, isGlance: boolean, onHeard: () => void,
   *   onBehind: (trouble: Trouble) => void, onBatch: (batch: object) => void }} options
   * @returns {Promise<boolean>} Whether it came to its end by itself; false if it was stopped.
   * @throws {Trouble} It broke, or was refused.
   */
  async run(address, { token, lastEventId, isGlance, onHeard, onBehind, onBatch }) {
    let pending = []
    let isBehind = false
    let after = lastEventId
    let glance = 0
    const take = event => {
      // What was known is void, and snapshots follow.
      if (event.type === 'must-refetch') {
        pending = []
        after = ''
        return
      }
      // The server has lost its own lake, and sends again once it is back.
      if (event.type === 'behind') {
        pending = []
        isBehind = true
        onBehind(new Trouble('away', 'behind', `The server is behind the lake: ${JSON.parse(event.data).reason}`))
        return
      }
      pending.push([event.type, JSON.parse(event.data)])
      // Two reports that change at once come as two events; only the last of a position carries its id.
      if (event.id === null) return
      isBehind = false
      onBatch({ events: pending, id: event.id, whole: after === '', after })
      after = event.id
      pending = []
    }
    try {
      const response = await ask(address, { token, accept: 'text/event-stream', lastEventId, abort: this.#abort })
      const ticking = this.#watch()
      try {
        const parser = new EventStreamParser(event => this.#isStopped || take(event))
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (this.#isStopped) return false
          if (done) throw new Trouble('away', 'ended', 'The lake ended the connection.')
          this.#heardAt = Date.now()
          parser.push(value)
          if (this.#isStopped) return false
          // It continues from what is shown: if nothing has changed since, nothing more is sent for a while.
          if (after !== '' && pending.length === 0 && !isBehind) onHeard()
          if (isGlance) {
            glance ||= setInterval(() => {
              if (after !== '' && pending.length === 0) this.#abort.abort()
            }, GLANCE_MS)
          }
        }
      } finally {
        clearInterval(ticking)
        clearInterval(glance)
      }
    } catch (error) {
      if (this.#isStopped) return false
      if (this.#trouble) throw this.#trouble
      if (error instanceof Trouble) throw error
      if (glance && this.#abort.signal.aborted) return true
      throw navigator.onLine === false
        ? new Trouble('offline', 'offline', 'This computer is offline.')
        : new Trouble('away', 'broken', 'The connection to the lake broke.')
    }
  }

  #watch() {
    let tickedAt = (this.#heardAt = Date.now())
    return setInterval(() => {
      const now = Date.now()
      const slept = now - tickedAt
      tickedAt = now
      if (slept > SLEEP_MS_MAX) this.#end('asleep', `Nothing ran here for ${Math.round(slept / 1000)} s: the computer slept.`)
      else if (now - this.#heardAt > SILENCE_MS_MAX) this.#end('silent', `Nothing was heard of the lake for ${SILENCE_MS_MAX / 1000} s.`)
    }, TICK_MS)
  }

  #end(code, message) {
    this.#trouble = new Trouble('away', code, message)
    this.#abort.abort()
  }
}
