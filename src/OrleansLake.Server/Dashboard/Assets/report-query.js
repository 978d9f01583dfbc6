// What is asked of a report: read from attributes or parameters, each checked against what the lake accepts, so that what is
// wrong is reported by its name; put together, so that one stream serves many who may see the same.

import { shapes } from './report-table.js'

export const TOP_DEFAULT = 10 // users
const TOP_MAX = 2 ** 31 - 1

/** @typedef {{ report: string, from?: string, to?: string, channels?: string[], users?: string[], top?: number }} Query */
/** What a page or a component subscribes to. @typedef {{ queries: Query[], status: boolean }} Want */

/** A setting that cannot be used as it is. */
export class WrongSetting extends Error {
  constructor(name, message) {
    super(message)
    this.setting = name
  }
}

export function isDate(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001') return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** The values of a list in the API's form: commas between; one that belongs to a value has a backslash before it. */
export function splitList(text) {
  const values = ['']
  for (const [piece] of text.matchAll(/\\[\\,]|[^]/g)) {
    if (piece === ',') values.push('')
    else values[values.length - 1] += piece.at(-1)
  }
  return values
}

export const joinList = values => values.map(value => String(value).replace(/[\\,]/g, '\\$&')).join(',')

/**
 * Reads a query; an empty setting is one that is not there.
 * @param {(name: string) => string | null} get
 * @returns {Query}
 * @throws {WrongSetting} Something cannot be read.
 */
export function readQuery(get) {
  const text = name => get(name)?.trim() || undefined
  const wrong = (name, what) => new WrongSetting(name, `${name}="${shortened(get(name))}" ${what}.`)
  const list = name => {
    if (text(name) === undefined) return undefined
    const values = splitList(get(name)).map(value => value.trim()).filter(value => value !== '')
    if (values.length === 0) throw wrong(name, 'names none')
    return values
  }
  const date = name => {
    const value = text(name)
    if (value !== undefined && !isDate(value)) throw wrong(name, 'is not a date such as 2024-12-16')
    return value
  }

  const report = text('report') ?? 'report1'
  if (!Object.hasOwn(shapes, report)) throw wrong('report', `is not a report; there are ${Object.keys(shapes).join(' and ')}`)
  const [day, from, to] = [date('date'), date('from'), date('to')]
  if (day && (from || to)) throw wrong('date', 'excludes from and to')
  if (from && to && from > to) throw wrong('from', `is after to="${to}": no date is both`)
  const query = { report, from: day ?? from, to: day ?? to, channels: list('channel') }
  // Numbers or texts: the lake knows which, and takes or refuses them.
  query.users = list('user')
  const top = text('top')
  if (top !== undefined && !(/^\d+$/.test(top) && Number(top) >= 1 && Number(top) <= TOP_MAX)) throw wrong('top', `is not a whole number from 1 to ${TOP_MAX}`)
  query.top = top === undefined ? undefined : Number(top)
  for (const [name, field] of [['date', 'from'], ['from', 'from'], ['to', 'to'], ['channel', 'channels'], ['user', 'users']]) {
    const key = { from: 'date', to: 'date', channels: 'channel', users: 'user_id' }[field]
    if (text(name) !== undefined && !shapes[report].keys.includes(key)) throw wrong(name, `does not fit: ${report} has no rows by ${key}`)
  }
  if (report === 'report2') query.top ??= TOP_DEFAULT
  return query
}

const shortened = text => (text.length <= 60 ? text : `${text.slice(0, 60)}…`)

/**
 * The lake's address as one that paths can be added to: what precedes it is kept, with or without a slash at its end.
 * @throws {WrongSetting} It is not an address.
 */
export function readAddress(text) {
  if (text === null || text.trim() === '') throw new WrongSetting('src', 'src is missing: the lake\'s address, such as https://lake.example/.')
  let address = null
  try {
    address = new URL(text.trim(), document.baseURI)
  } catch {
    // Said below.
  }
  if (address === null || !/^https?:$/.test(address.protocol)) throw new WrongSetting('src', `src="${shortened(text)}" is not an address such as https://lake.example/.`)
  address.search = ''
  address.hash = ''
  if (!address.pathname.endsWith('/')) address.pathname += '/'
  return address
}

/** Wants with the same one can be served by one stream; others each need one of their own. */
export function kindOf({ queries, status }) {
  if (status) return 'status'
  const [query] = queries
  // The most active of some users, or of all, cannot be derived from the other; the top of a report by dates from neither.
  if (query.report === 'report1' ? query.top === undefined : query.users === undefined) return 'all'
  return query.report === 'report2' ? 'users' : JSON.stringify(query)
}

/** What tells both. Of a report, what fits one of them comes; each shows of it what fits its own. */
export function merge(a, b) {
  const queries = new Map(a.queries.map(query => [query.report, query]))
  for (const query of b.queries) {
    const known = queries.get(query.report)
    queries.set(query.report, known ? mergeQueries(known, query) : query)
  }
  return { queries: [...queries.values()].sort((x, y) => (x.report < y.report ? -1 : 1)), status: a.status || b.status }
}

const widest = (a, b, of) => (a === undefined || b === undefined ? undefined : of(a, b))
const all = (a, b) => [...new Set([...a, ...b])].sort()

function mergeQueries(a, b) {
  return {
    report: a.report,
    from: widest(a.from, b.from, (x, y) => (x < y ? x : y)),
    to: widest(a.to, b.to, (x, y) => (x > y ? x : y)),
    channels: widest(a.channels, b.channels, all),
    users: widest(a.users, b.users, all),
    // Among the users of both, each one's most active may be further down.
    top: a.users && JSON.stringify(a.users) !== JSON.stringify(b.users) ? undefined : widest(a.top, b.top, Math.max),
  }
}

export const keyOf = want => JSON.stringify(merge(want, want))

export const covers = (wide, want) => keyOf(merge(wide, want)) === keyOf(wide)

/** Where the stream of a want is. */
export function streamAddress(api, { queries, status }) {
  const isOne = queries.length === 1
  const address = new URL(isOne ? `v1/reports/${queries[0].report}/stream` : 'v1/stream', api)
  if (!isOne) address.searchParams.set('reports', queries.map(query => query.report).join(','))
  for (const query of queries) addQuery(address, query, isOne ? '' : `${query.report}.`)
  if (status) address.searchParams.set('status', 'true')
  return address
}

/** Where the lake says whether it takes a query with a token, without its rows. */
export function proofAddress(api, query) {
  const address = new URL(`v1/reports/${query.report}`, api)
  addQuery(address, query, '')
  address.searchParams.set('limit', '0')
  return address
}

function addQuery(address, query, prefix) {
  const set = (field, value) => value !== undefined && address.searchParams.set(prefix + field, value)
  set('from', query.from)
  set('to', query.to)
  set('channel', query.channels && joinList(query.channels))
  set('user', query.users && joinList(query.users))
  set('top', query.top)
}
