// The page: follows the lake and shows it. It works only while somebody looks: hidden, it closes its stream and its clocks.

import { LakeFeed } from './feed.js'
import * as format from './format.js'
import { LedgerView } from './ledger-view.js'
import { channelName, extentOf } from './pivot.js'
import { RateChart, Rates } from './rate-chart.js'
import { PivotView, UsersView } from './report-view.js'
import { streamAddress } from './stream-address.js'
import { sheetOf, tableStyles, tableTokens } from './table-styles.js'
import { themeButton } from './theme-button.js'

const USERS_SHOWN = 10
const CLOCK_MS = 250

const $ = id => document.getElementById(id)

document.adoptedStyleSheets = [sheetOf(`:root { ${tableTokens} } ${tableStyles}`)]

const api = new URL(document.querySelector('meta[name="lake-api"]').content, document.baseURI)
const pivot = new PivotView($('pivot'))
const users = new UsersView($('users'))
const ledger = new LedgerView($('ledger'), $('closing'))
const rates = new Rates()
const chart = new RateChart($('rate-chart'))

const feed = new LakeFeed(streamAddress(api, [{ report: 'report1' }, { report: 'report2', top: USERS_SHOWN }], { status: true }), rememberedKey())

// ---- The filter: kept in the address, so that a reload or a link shows the same.

const filter = { from: '', to: '', channels: null }

function readFilter() {
  const query = new URLSearchParams(location.search)
  filter.from = query.get('from') ?? ''
  filter.to = query.get('to') ?? ''
  filter.channels = query.has('channel') ? new Set(query.getAll('channel')) : null
  $('from').value = filter.from
  $('to').value = filter.to
}

function filterChanged() {
  const query = new URLSearchParams()
  if (filter.from) query.set('from', filter.from)
  if (filter.to) query.set('to', filter.to)
  for (const channel of filter.channels ?? []) query.append('channel', channel)
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
  rates.tick(Date.now(), feed.phase === 'live' && feed.position ? messagesAt(feed.position) : null)
  put('rate', rates.mean === null ? '–' : format.rate(rates.mean))
  const series = rates.series(Date.now())
  if (tick.second !== series[0].at(-1)) {
    tick.second = series[0].at(-1)
    chart.show(series)
  }
  if (feed.phase === 'away') showBanner()
}

/** How many messages are in at a position, "generation.offset,offset,...". */
const messagesAt = position => position.slice(position.indexOf('.') + 1).split(',').reduce((sum, offset) => sum + Number(offset), 0)

// ---- Whether it is live, said loudly when not.

const phases = { connecting: 'Connecting', live: 'Live', away: 'Not live', paused: 'Paused', refused: 'Not allowed' }

function showBanner() {
  const [value, unit] = format.age(feed.now() - feed.time.getTime())
  const text = `Not live: the server does not answer. These figures are from ${format.clock(feed.time)}.`
  if ($('banner').dataset.text !== text) {
    // Only this is an alert; the age beside it moves without being said again and again.
    $('banner').dataset.text = text
    $('banner').replaceChildren(text, Object.assign(document.createElement('span'), { ariaHidden: 'true' }))
  }
  $('banner').lastChild.textContent = ` ${value} ${unit} ago. Trying again.`
}

feed.addEventListener('phase', () => {
  document.body.dataset.phase = feed.phase
  put('phase', phases[feed.phase])
  document.title = feed.phase === 'live' || feed.phase === 'paused' ? 'Messages · OrleansLake' : `${phases[feed.phase]} · Messages`
  $('banner').hidden = feed.phase !== 'away'
  delete $('banner').dataset.text
  if (feed.phase === 'away') showBanner()
  $('key-form').hidden = feed.phase !== 'refused'
  if (feed.phase === 'refused') askForKey()
  clearInterval(clock)
  if (feed.phase !== 'paused' && feed.phase !== 'refused') clock = setInterval(tick, CLOCK_MS)
  tick()
})

feed.addEventListener('retry', () => {
  if (feed.phase === 'connecting') {
    $('banner').hidden = false
    $('banner').textContent = 'The server does not answer yet. Trying again.'
  }
})

// ---- Keys. They stay in the tab.

function rememberedKey() {
  try {
    return sessionStorage.getItem('lake-key')
  } catch {
    return null
  }
}

function askForKey() {
  const { status, title, detail } = feed.refusal
  $('key-form').querySelector('h2').textContent = status === 401 ? 'This lake asks for a key' : title
  $('key-detail').textContent = detail || (status === 401 ? '' : title)
  $('key').value = ''
  $('key').focus()
}

$('key-form').addEventListener('submit', event => {
  event.preventDefault()
  const key = $('key').value.trim()
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
