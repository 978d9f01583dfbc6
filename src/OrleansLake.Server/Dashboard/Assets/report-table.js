// A report as a watcher keeps it: rows by their keys, made by a snapshot and moved on by deltas.

/** What is known of each report beyond its columns: which of them name a row, and which is the row's sum. */
export const shapes = {
  report1: { keys: ['date', 'channel'], total: 'total' },
  report2: { keys: ['user_id'], total: 'iterations' },
}

export class ReportTable {
  /** @param {string} report */
  constructor(report) {
    this.report = report
    const shape = Object.hasOwn(shapes, report) ? shapes[report] : { keys: [], total: 'total' }
    this.keys = shape.keys
    this.total = shape.total
    /** @type {string[]} */
    this.columns = []
    /** @type {Map<string, Record<string, string | number | null>>} */
    this.rows = new Map()
  }

  /** The columns that count something: neither a key nor the sum. */
  get counted() {
    return this.columns.filter(name => name !== this.total && !this.keys.includes(name))
  }

  /** Takes a snapshot: what was known is gone. */
  replace(columns, rows) {
    this.columns = columns
    this.rows = new Map(rows.map(row => [this.#key(row), row]))
  }

  /** Takes a delta. Rows are whole, so taking one twice gives the same. */
  apply(columns, rows, removed) {
    if (columns) this.columns = columns
    for (const row of removed) this.rows.delete(this.#key(row))
    for (const row of rows) this.rows.set(this.#key(row), row)
  }

  #key(row) {
    // Keys may be null, and a text may look like anything: JSON keeps them apart.
    return JSON.stringify(this.keys.map(name => row[name] ?? null))
  }
}
