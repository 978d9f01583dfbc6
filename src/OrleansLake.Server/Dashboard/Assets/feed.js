// Follows a lake: one stream, folded into tables. Between two moments that are complete nothing is shown, so whoever reads
// `tables` sees one position, and all of a message's effects or none.
//
// It stands in one of these phases:
//   connecting  no figures yet
//   live        the stream is open and was heard of lately
//   away        figures are old: the server does not answer, and is asked again
//   paused      nobody looks (the page is hidden): the stream is closed
//   refused     the server does not want this request: a wrong, expired or narrower token; not asked again by itself

import { EventStreamParser } from './event-stream.js'
import { ReportTable } from './report-table.js'

const SILENCE_MS_MAX = 50_000 // the server says something every 20 s: two and a half times that
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 8_000

export class LakeFeed extends EventTarget {
  #address
  #token
  #abort = null
  #retry = 0
  #retryTimer = 0
  #silenceTimer = 0
  #generation = 0
  #pending = []
  #isRunning = false
  #onVisibility = () => this.#visibilityChanged()
  #onOnline = () => this.#hurry()

  /**
   * @param {URL} address The stream's address, with its filters.
   * @param {string | null} token What it is asked with.
   */
  constructor(address, token = null) {
    super()
    this.#address = address
    this.#token = token
    this.phase = 'connecting'
    /** @type {{ status: number, code?: string, title: string, detail: string } | null} */
    this.refusal = null
    /** @type {Map<string, ReportTable>} */
    this.tables = new Map()
    this.status = null
    this.position = null
    /** When, by the server's clock, the figures were true. @type {Date | null} */
    this.time = null
    /** The server's clock less ours, in ms: the smallest seen, as the way here only adds to it. */
    this.skewMs = 0
    this.lastEventId = ''
  }

  start() {
    if (this.#isRunning) return
    this.#isRunning = true
    document.addEventListener('visibilitychange', this.#onVisibility)
    addEventListener('online', this.#onOnline)
    if (document.hidden) this.#enter('paused')
    else this.#connect()
  }

  stop() {
    this.#isRunning = false
    document.removeEventListener('visibilitychange', this.#onVisibility)
    removeEventListener('online', this.#onOnline)
    this.#disconnect()
  }

  /** Goes on with another token, from where it is: nothing that is shown is lost. */
  renew(token) {
    this.#token = token
    if (!this.#isRunning) return
    this.#disconnect()
    if (document.hidden) this.#enter('paused')
    else this.#connect()
  }

  /** Now by the server's clock. */
  now() {
    return Date.now() + this.skewMs
  }

  #visibilityChanged() {
    if (document.hidden) {
      this.#disconnect()
      if (this.phase !== 'refused') this.#enter('paused')
    } else if (this.phase !== 'refused') {
      this.#retry = 0
      this.#connect()
    }
  }

  #hurry() {
    if (this.phase !== 'away' && this.phase !== 'connecting') return
    this.#disconnect()
    this.#retry = 0
    this.#connect()
  }

  #enter(phase) {
    if (this.phase === phase) return
    this.phase = phase
    this.dispatchEvent(new Event('phase'))
  }

  #disconnect() {
    this.#generation++
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#silenceTimer)
    this.#abort?.abort()
    this.#abort = null
    this.#pending = []
  }

  async #connect() {
    this.#disconnect()
    const generation = this.#generation
    const abort = (this.#abort = new AbortController())
    const isCurrent = () => generation === this.#generation
    let pauseMs = null
    this.#listen(abort)
    try {
      const response = await fetch(this.#address, {
        headers: {
          Accept: 'text/event-stream',
          ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
          ...(this.lastEventId ? { 'Last-Event-ID': this.lastEventId } : {}),
        },
        signal: abort.signal,
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      })
      if (!isCurrent()) return
      if (!response.ok) {
        const refusal = await LakeFeed.#refusal(response)
        if (!isCurrent()) return
        if (refusal.status < 500 && refusal.status !== 408 && refusal.status !== 429) {
          this.#disconnect()
          this.refusal = refusal
          this.phase = 'refused'
          this.dispatchEvent(new Event('phase')) // also when the last one was refused: for another reason, it may be
          return
        }
        pauseMs = Number(response.headers.get('Retry-After')) * 1000 || null
      } else {
        const parser = new EventStreamParser(event => isCurrent() && this.#take(event))
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (!isCurrent()) return
          if (done) break
          this.#listen(abort)
          parser.push(value)
          if (!isCurrent()) return
          // It goes on from what is shown: if nothing has changed since, nothing more is said for a while.
          if (this.lastEventId && this.#pending.length === 0) this.#enterLive()
        }
      }
    } catch {
      if (!isCurrent()) return
    }
    this.#disconnect()
    this.#enter(this.time ? 'away' : 'connecting')
    this.dispatchEvent(new Event('retry'))
    const backoff = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#retry++)
    this.#retryTimer = setTimeout(() => this.#connect(), pauseMs ?? backoff * (0.75 + Math.random() / 2))
  }

  #listen(abort) {
    clearTimeout(this.#silenceTimer)
    this.#silenceTimer = setTimeout(() => abort.abort(), SILENCE_MS_MAX)
  }

  static async #refusal(response) {
    let problem = {}
    try {
      problem = await response.json()
    } catch {
      // Not from the lake itself: a proxy, say.
    }
    return {
      status: response.status,
      code: problem.code,
      title: problem.title ?? `The server answers ${response.status}`,
      detail: problem.detail ?? '',
    }
  }

  /** @param {import('./event-stream.js').StreamEvent} event */
  #take(event) {
    const data = JSON.parse(event.data)
    this.#pending.push([event.type, data])
    // Two reports that change at once come as two events; only the last of a position carries its id.
    if (event.id !== null || event.type === 'must-refetch') this.#commit(event)
  }

  #commit(event) {
    for (const [type, data] of this.#pending) {
      switch (type) {
        case 'snapshot': {
          const table = new ReportTable(data.report)
          table.replace(columnNames(data.columns), data.rows)
          this.tables.set(data.report, table)
          break
        }
        case 'delta':
          this.tables.get(data.report)?.apply(data.columns && columnNames(data.columns), data.rows, data.removed ?? [])
          break
        case 'status':
          this.status = data
          break
        case 'must-refetch':
          this.lastEventId = ''
          break
      }
      this.position = data.position ?? this.position
      if (data.time) this.#timed(new Date(data.time))
    }
    this.#pending = []
    if (event.type === 'must-refetch') return // snapshots follow
    this.lastEventId = event.id
    this.dispatchEvent(new Event('change'))
    this.#enterLive()
  }

  #enterLive() {
    this.#retry = 0
    this.refusal = null
    this.#enter('live')
  }

  #timed(time) {
    const skew = time.getTime() - Date.now()
    // A quiet lake repeats an old time; only what is as new as can be says something about the clocks.
    this.skewMs = this.time === null ? skew : Math.max(this.skewMs, skew)
    this.time = time
  }
}

const columnNames = columns => columns.map(column => (typeof column === 'string' ? column : column.name))
