// Reads text/event-stream from a fetch. EventSource would do, except for two things: it cannot send a token in a header
// (in the address it would be in logs), and it does not distinguish an expired token from a server that is away.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

/** One event. `id` is null if it brings none of its own. */
/** @typedef {{ type: string, data: string, id: string | null }} StreamEvent */

/** Folds text, cut anywhere, into events. */
export class EventStreamParser {
  #rest = ''
  #afterReturn = false
  #atStart = true
  #type = ''
  #data = []
  #id = null

  /** @param {(event: StreamEvent) => void} onEvent */
  constructor(onEvent) {
    this.onEvent = onEvent
  }

  /** @param {string} text */
  push(text) {
    if (text === '') return
    if (this.#atStart && text[0] === '\uFEFF') text = text.slice(1)
    this.#atStart = false
    // A line ends with CR LF, LF or CR; a CR at the end of a piece may have its LF in the next.
    if (this.#afterReturn && text[0] === '\n') text = text.slice(1)
    if (text === '') return void (this.#afterReturn = false)
    const lines = (this.#rest + text).split(/\r\n|\n|\r/)
    this.#afterReturn = text.endsWith('\r')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length > 0) this.onEvent({ type: this.#type || 'message', data: this.#data.join('\n'), id: this.#id })
      this.#type = ''
      this.#data = []
      this.#id = null
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return // a comment: it keeps the connection alive
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#type = value
    else if (field === 'data') this.#data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.#id = value
  }
}
