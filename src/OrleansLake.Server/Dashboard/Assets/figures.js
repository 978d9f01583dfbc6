// What is known of a lake: its reports as tables, its counts, and the position that all of it is true as of.

import { ReportTable } from './report-table.js'

/** All that is sent for one position. `whole` replaces what was known; else it moves on from the position `after`. */
/** @typedef {{ events: [string, object][], id: string, whole: boolean, after: string, covers: string }} Batch */

export class Figures {
  /** @type {Map<string, ReportTable>} */
  tables = new Map()
  status = null
  position = null
  /** When, by the server's clock, they were true. @type {Date | null} */
  time = null
  /** The server's clock less ours, in ms: the smallest seen, as the way here only adds to it. */
  skewMs = 0
  /** Where a stream continues from. */
  lastEventId = ''
  /** What the stream that they came by was asked for, as a key. */
  covers = ''

  /** Takes a batch; answers whether it could. @param {Batch} batch */
  take(batch) {
    if (!batch.whole && (batch.after !== this.lastEventId || batch.covers !== this.covers)) return false
    for (const [type, data] of batch.events) {
      if (type === 'snapshot') {
        const table = new ReportTable(data.report)
        table.replace(columnNames(data.columns), data.rows)
        this.tables.set(data.report, table)
      } else if (type === 'delta') {
        this.tables.get(data.report)?.apply(data.columns && columnNames(data.columns), data.rows, data.removed ?? [])
      } else if (type === 'status') {
        this.status = data
      }
      this.position = data.position ?? this.position
      if (data.time) this.#timed(new Date(data.time))
    }
    this.lastEventId = batch.id
    this.covers = batch.covers
    return true
  }

  /** All of it as a batch, for one that comes later. @returns {Batch} */
  whole() {
    const at = { position: this.position, time: this.time?.toISOString() }
    const events = [...this.tables.values()].map(table => ['snapshot', { report: table.report, columns: table.columns, rows: [...table.rows.values()], ...at }])
    if (this.status) events.push(['status', this.status])
    return { events, id: this.lastEventId, whole: true, after: '', covers: this.covers }
  }

  /** What comes next is whole. */
  forgetPlace() {
    this.lastEventId = ''
  }

  #timed(time) {
    const skew = time.getTime() - Date.now()
    // A quiet lake repeats an old time; only what is as new as can be says something about the clocks.
    this.skewMs = this.time === null ? skew : Math.max(this.skewMs, skew)
    this.time = time
  }
}

const columnNames = columns => columns.map(column => (typeof column === 'string' ? column : column.name))
