// A report 1 summed up over its dates: a row for each channel, a column for each event type.

/** @typedef {{ from?: string, to?: string, channels?: Set<string> | null }} Filter */

/** By code point, as the lake orders its columns (UTF-8 bytes); a null comes first. */
export function byCodePoint(a, b) {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0)
  }
  return left.length - right.length
}

// A number beyond 2^53 comes as text, since JavaScript would round it.
const isWhole = id => typeof id === 'number' || /^-?\d{16,19}$/.test(id)

/** Users as the lake orders them: by number, or by code point; a null comes first. */
export function byUser(a, b) {
  if (a === null || b === null || !isWhole(a) || !isWhole(b)) return byCodePoint(a === null ? null : String(a), b === null ? null : String(b))
  const [left, right] = [BigInt(a), BigInt(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether a user is one of those that a filter names. */
export const isAmong = (users, id) => users.some(user => (typeof id === 'number' ? Number(user) === id : user === id))

/** How a channel is named in a filter: that a null and the text "null" share a name is how the API has it, too. */
export const channelName = channel => (channel === null ? 'null' : channel)

/**
 * @param {import('./report-table.js').ReportTable} table
 * @param {Filter} filter
 */
export function pivotOf(table, filter = {}) {
  const columns = table.counted
  const rows = new Map()
  const sums = new Array(columns.length).fill(null)
  const dates = new Set()
  let grand = 0
  for (const row of table.rows.values()) {
    if ((filter.from || filter.to) && row.date === null) continue
    if (filter.from && row.date < filter.from) continue
    if (filter.to && row.date > filter.to) continue
    if (filter.channels && !filter.channels.has(channelName(row.channel))) continue
    dates.add(row.date)
    let sum = rows.get(row.channel)
    if (sum === undefined) rows.set(row.channel, (sum = { channel: row.channel, cells: new Array(columns.length).fill(null), total: 0 }))
    for (let i = 0; i < columns.length; i++) {
      const cell = row[columns[i]]
      if (cell === null || cell === undefined) continue
      sum.cells[i] = (sum.cells[i] ?? 0) + cell
      sums[i] = (sums[i] ?? 0) + cell
    }
    sum.total += row[table.total]
    grand += row[table.total]
  }
  return {
    columns,
    rows: [...rows.values()].sort((a, b) => byCodePoint(a.channel, b.channel)),
    sums,
    grand,
    dates: [...dates].filter(date => date !== null).sort(),
    undated: dates.has(null),
  }
}

/** All channels and the span of dates that a report has. */
export function extentOf(table) {
  const channels = new Set()
  let from = null
  let to = null
  for (const row of table.rows.values()) {
    channels.add(row.channel)
    if (row.date === null) continue
    if (from === null || row.date < from) from = row.date
    if (to === null || row.date > to) to = row.date
  }
  return { channels: [...channels].sort(byCodePoint), from, to }
}

/** The dates of a pivot, for people. */
export function datesText({ dates, undated }) {
  const text = dates.length === 0 ? '' : dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)}, ${dates.length} days`
  return undated ? (text ? `${text}, and undated` : 'undated') : text
}
