// The page: follows the lake and shows it. It works only while somebody looks: hidden, it closes its stream and its clocks.

import { LakeFeed } from './feed.js'
import * as format from './format.js'
import { LedgerView } from './ledger-view.js'
import { channelName, extentOf } from './pivot.js'
import { RateChart, Rates } from './rate-chart.js'
import { isDate, joinList, splitList } from './report-query.js'
import { PivotView, UsersView } from './report-view.js'
import { sheetOf, tableStyles, tableTokens } from './table-styles.js'
import { themeButton } from './theme-button.js'
import { phaseWords } from './trouble.js'

const USERS_SHOWN = 10
const CLOCK_MS = 250
const FILES_MS = 10_000

const $ = id => document.getElementById(id)

document.adoptedStyleSheets = [sheetOf(`:root { ${tableTokens} } ${tableStyles}`)]

const api = new URL(document.querySelector('meta[name="lake-api"]').content, document.baseURI)
const pivot = new PivotView($('pivot'))
const users = new UsersView($('users'))
const ledger = new LedgerView($('ledger'), $('closing'))
const rates = new Rates()
const chart = new RateChart($('rate-chart'))

const feed = new LakeFeed(api, { queries: [{ report: 'report1' }, { report: 'report2', top: USERS_SHOWN }], status: true }, rememberedKey())

// ---- The filter: kept in the address, so that a reload or a link shows the same.

const filter = { from: '', to: '', channels: null }

const parameters = ['from', 'to', 'date', 'channel']

/** Reads the address; what cannot be taken of it is left out, and said. */
function readFilter() {
  const query = new URLSearchParams(location.search)
  const left = [...new Set(query.keys())].filter(name => !parameters.includes(name)).map(name => `${name} is not known (there are ${parameters.join(', ')})`)
  const date = name => {
    const values = query.getAll(name).filter(value => value !== '')
    if (values.length > 1) left.push(`${name} occurs ${values.length} times`)
    if (values.length !== 1 || isDate(values[0])) return values.length === 1 ? values[0] : ''
    left.push(`${name}=${values[0].slice(0, 40)} is not a date such as 2024-12-16`)
    return ''
  }
  const [day, from, to] = [date('date'), date('from'), date('to')]
  if (day && (from || to)) left.push('date excludes from and to')
  const isReversed = from && to && from > to
  if (isReversed) left.push(`from=${from} is after to=${to}: no date is both`)
  filter.from = isReversed ? '' : from || (to ? '' : day)
  filter.to = isReversed ? '' : to || (from ? '' : day)
  filter.channels = query.has('channel') ? new Set(query.getAll('channel').flatMap(splitList)) : null
  $('from').value = filter.from
  $('to').value = filter.to
  $('address-note').hidden = left.length === 0
  put('address-note', left.length === 0 ? '' : `Left out of this page's address: ${left.join('; ')}.`)
}

function filterChanged() {
  const query = new URLSearchParams()
  if (filter.from) query.set('from', filter.from)
  if (filter.to) query.set('to', filter.to)
  for (const channel of filter.channels ?? []) query.append('channel', joinList([channel]))
  $('address-note').hidden = true
  history.replaceState(null, '', query.size > 0 ? `?${query}` : location.pathname)
  const shown = show()
  if (shown) $('said').textContent = `${format.count(shown.grand)} messages in ${shown.rows.length} channels`
}

function showChannels(channels) {
  const names = channels.map(channelName)
  const isSame = $('channels').dataset.names === JSON.stringify(names)
  if (!isSame) {
    $('channels').dataset.names = JSON.stringify(names)
    const focused = document.activeElement?.closest?.('.chip')?.querySelector('input')?.value
    $('channels').replaceChildren(...names.map(name => {
      const chip = document.createElement('label')
      chip.className = 'chip'
      const box = document.createElement('input')
      box.type = 'checkbox'
      box.value = name
      const text = document.createElement('span')
      text.textContent = format.key(name)
      chip.append(box, text)
      return chip
    }))
    if (focused !== undefined) [...$('channels').querySelectorAll('input')].find(box => box.value === focused)?.focus()
  }
  for (const box of $('channels').querySelectorAll('input')) box.checked = filter.channels?.has(box.value) ?? false
}

$('filters').addEventListener('submit', event => event.preventDefault())
$('filters').addEventListener('input', () => {
  filter.from = $('from').value
  filter.to = $('to').value
  const chosen = [...$('channels').querySelectorAll('input:checked')].map(box => box.value)
  filter.channels = chosen.length > 0 ? new Set(chosen) : null
  filterChanged()
})
$('clear').addEventListener('click', () => {
  filter.from = filter.to = $('from').value = $('to').value = ''
  filter.channels = null
  filterChanged()
  $('from').focus()
})

// ---- Figures. However often the lake changes, they are drawn once a frame.

let frame = 0

function show() {
  frame = 0
  const report1 = feed.tables.get('report1')
  const report2 = feed.tables.get('report2')
  if (!report1 || !report2) return null
  if ($('figures').hidden) $('figures').hidden = false
  const extent = extentOf(report1)
  showChannels(extent.channels)
  for (const input of [$('from'), $('to')]) {
    if (extent.from && input.min !== extent.from) input.min = extent.from
    if (extent.to && input.max !== extent.to) input.max = extent.to
  }
  $('clear').hidden = !(filter.from || filter.to || filter.channels)
  const shown = pivot.show(report1, filter, feed.position)
  users.show(report2, { top: USERS_SHOWN, channels: filter.channels }, feed.position)
  showStatus()
  $('as-of').textContent = format.clock(feed.time)
  $('as-of').dateTime = feed.time.toISOString()
  $('position').textContent = feed.position
  document.querySelector('.as-of').hidden = false
  document.body.dataset.position = feed.position
  return shown
}

function showStatus() {
  const status = feed.status
  if (!status) return
  const figures = status.ledger
  put('counted', format.count(figures.deduplicated))
  put('accepted', format.count(figures.bronze))
  put('duplicates', format.count(figures.messages - figures.deduplicated))
  put('corrupted', format.count(figures.messages_corrupted))
  put('corrupted-share', format.share(figures.messages_corrupted, figures.bronze))
  put('rejected', format.count(figures.rejected))
  alarm('corrupted-figure', figures.messages_corrupted > 0 && 'warn')
  alarm('rejected-figure', figures.rejected > 0 && 'bad')
  ledger.show(figures)
}

function put(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text
}

function alarm(id, level) {
  if (level) $(id).dataset.alarm = level
  else delete $(id).dataset.alarm
}

feed.addEventListener('change', () => {
  frame ||= requestAnimationFrame(show)
})

// ---- What moves by itself: ages and the chart.

let clock = 0

function tick() {
  const nowMs = feed.now()
  const newest = feed.status?.newest_event
  if (newest) {
    const [value, unit] = format.age(nowMs - Date.parse(newest))
    put('freshness', value)
    put('freshness-unit', unit)
    put('newest', format.clock(new Date(newest)))
  }
  rates.tick(Date.now(), (feed.phase === 'live' || feed.phase === 'polling') && feed.position ? messagesAt(feed.position) : null)
  put('rate', rates.mean === null ? '–' : format.rate(rates.mean))
  const series = rates.series(Date.now())
  if (tick.second !== series[0].at(-1)) {
    tick.second = series[0].at(-1)
    chart.show(series)
  }
  if (feed.phase === 'away' || feed.phase === 'offline') showBanner()
  showFiles()
}

/** How many messages are in at a position, "generation.offset,offset,...". */
const messagesAt = position => position.slice(position.indexOf('.') + 1).split(',').reduce((sum, offset) => sum + Number(offset), 0)

// ---- Whether it is live, said loudly when not.

/** In words why it is not live, and from when the figures are; the age beside it moves without being said again and again. */
function showBanner() {
  const { phase, trouble, time } = feed
  const isSaid = phase === 'away' || phase === 'offline'
  $('banner').hidden = !isSaid
  if (!isSaid) return
  const isOld = time !== null
  const text = `${phaseWords[phase]}: ${trouble?.message ?? 'The lake does not answer.'}${isOld ? ` These figures are from ${format.clock(time)}.` : ''}`
  if ($('banner').dataset.text !== text) {
    $('banner').dataset.text = text
    $('banner').replaceChildren(text, Object.assign(document.createElement('span'), { ariaHidden: 'true' }))
  }
  const [value, unit] = isOld ? format.age(feed.now() - time.getTime()) : []
  $('banner').lastChild.textContent = isOld ? ` ${value} ${unit} ago. Trying again.` : ' Trying again.'
}

feed.addEventListener('phase', () => {
  const { phase } = feed
  document.body.dataset.phase = phase
  put('phase', phase === 'refused' ? feed.trouble.word : phaseWords[phase])
  $('phase').title = phase === 'polling' ? 'This browser has no connection left for a stream' : ''
  document.title = phase === 'live' || phase === 'polling' || phase === 'paused' ? 'Messages · OrleansLake' : `${$('phase').textContent} · Messages`
  showBanner()
  $('key-form').hidden = phase !== 'refused'
  if (phase === 'refused') askForKey()
  clearInterval(clock)
  if (phase !== 'paused' && phase !== 'refused') clock = setInterval(tick, CLOCK_MS)
  tick()
})

// ---- Files that others put into bronze and that are not what was ingested: looked at now and then.

let filesLookedAt = -Infinity

async function showFiles() {
  const now = performance.now()
  if (feed.phase !== 'live' || now - filesLookedAt < FILES_MS) return
  filesLookedAt = now
  try {
    const key = rememberedKey()
    const response = await fetch(new URL('v1/status', api), { headers: key ? { Authorization: `Bearer ${key}` } : {} })
    if (response.ok) tellFiles((await response.json()).external_files ?? [])
    const sources = await fetch(new URL('v1/sources', api), { headers: key ? { Authorization: `Bearer ${key}` } : {} })
    if (sources.ok) tellSources((await sources.json()).sources)
  } catch {
    // The stream shows whether the server is there.
  }
}

function tellFiles(files) {
  const [first, ...others] = files
  const more = others.length > 0 ? ` and ${format.count(others.length)} more` : ''
  $('external').hidden = !first
  put('external', first
    ? `${first.path}${more}: ${first.state} since ${others.length > 0 ? 'they were' : 'it was'} ingested. The rows stay and count; lake bronze list shows what to do.`
    : '')
}

// A line for each source of topics.
function tellSources(sources) {
  $('sources').hidden = sources.length === 0
  $('sources').replaceChildren(...sources.map(source => {
    const line = document.createElement('li')
    const stopped = source.partitions.filter(partition => partition.stopped).length
    const state = source.paused ? 'paused' : source.trouble ? `not read: ${source.trouble}` : stopped > 0 ? `${format.count(stopped)} of ${format.count(source.partitions.length)} partitions stopped by a gap` : 'read'
    const late = source.lag_seconds > 0 ? `, ${source.lag_seconds.toFixed(1)} s` : ''
    line.textContent = `${source.name}: ${format.count(source.lag)} records behind${late} (${state})`
    return line
  }))
}

// ---- Keys. They stay in the tab.

function rememberedKey() {
  try {
    return sessionStorage.getItem('lake-key')
  } catch {
    return null
  }
}

let asked = ''

function askForKey() {
  const { status, word, message } = feed.trouble
  $('key-form').querySelector('h2').textContent = status === 401 ? 'This lake asks for a key' : word
  $('key-detail').textContent = message
  // It is asked again once a minute: what somebody types meanwhile is theirs.
  if (asked === message) return
  asked = message
  $('key').value = ''
  $('key').focus()
}

$('key-form').addEventListener('submit', event => {
  event.preventDefault()
  const key = $('key').value.trim()
  asked = ''
  try {
    sessionStorage.setItem('lake-key', key)
  } catch {
    // It is asked for again after a reload.
  }
  feed.renew(key)
})

themeButton($('theme'), () => chart.redraw(rates.series(Date.now())))
readFilter()
feed.start()
clock = setInterval(tick, CLOCK_MS)
