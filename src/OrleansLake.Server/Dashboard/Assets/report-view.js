// Draws reports as tables and keeps them moving: a table is rebuilt only when its rows or columns are others, else
// figures are put into the cells that are there, so that selection, scroll and screen readers stay where they are.

import * as format from './format.js'
import { byUser, datesText, isAmong, pivotOf } from './pivot.js'

const MOVED_MAX = 12 // cells that show at once that they moved; beyond it motion says nothing

const still = matchMedia('(prefers-reduced-motion: reduce)')

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** Puts a count into a cell; answers whether it moved. */
function put(cell, value) {
  const text = value === null ? '–' : format.count(value)
  if (cell.textContent === text) return false
  const before = cell.dataset.value
  cell.textContent = text
  cell.dataset.value = value ?? ''
  cell.classList.toggle('absent', value === null)
  cell.lakeFell = before !== undefined && Number(value ?? 0) < Number(before)
  return before !== undefined
}

function heat(cell, value, most) {
  cell.style.setProperty('--heat', most > 0 && value ? (0.06 + 0.94 * (value / most)).toFixed(3) : '0')
}

function showMoved(cells) {
  if (still.matches || cells.length > MOVED_MAX) return
  for (const cell of cells) {
    // A figure that was taken back shows it by another sign than one that grew.
    const sign = cell.lakeFell ? 'inset 0 0 0 2px var(--lake-fell, #b4541a)' : 'inset 0 -2px 0 var(--lake-accent)'
    cell.animate([{ boxShadow: sign }, { boxShadow: 'inset 0 0 0 0 transparent' }], { duration: 700, easing: 'ease-out' })
  }
}

const isFiltered = filter => Boolean(filter.from || filter.to || filter.channels)

class TableView {
  #layout = ''
  #widths = ''
  /** @type {HTMLElement[][]} */
  cells = []

  /** @param {HTMLElement} place */
  constructor(place, className) {
    this.place = place
    this.className = className
    new ResizeObserver(() => this.#fit()).observe(place)
  }

  /** Rebuilds the table if its layout is another one. */
  lay(label, columns, names, footer) {
    const layout = JSON.stringify([columns, names, footer])
    if (layout === this.#layout) return
    this.#layout = layout
    this.caption = element('caption')
    const head = element('tr', {}, ...columns.map(([name, title]) => element('th', { scope: 'col', ...(title ? { title } : {}) }, name)))
    this.cells = []
    const line = name => {
      const cells = columns.slice(1).map(() => element('td'))
      this.cells.push(cells)
      return element('tr', {}, element('th', { scope: 'row' }, name), ...cells)
    }
    const body = element('tbody', {}, ...names.map(line))
    const table = element('table', { class: this.className, part: 'table' }, this.caption, element('thead', {}, head), body)
    if (footer) table.append(element('tfoot', {}, line(footer)))
    // It scrolls sideways by keyboard, too, should it not fit.
    this.place.replaceChildren(element('div', { class: 'report-scroll', tabindex: '0', role: 'group', 'aria-label': label }, table))
    this.table = table
    this.#widths = ''
    this.heads = [...head.children]
    return true
  }

  empty(text) {
    this.#layout = ''
    this.cells = []
    this.place.replaceChildren(element('p', { class: 'empty' }, text))
  }

  /** What the figures are true as of, for readers of the page. The longest of them decide whether all of them fit. */
  stamp(position, longest = []) {
    const root = this.place.firstElementChild
    if (root) root.dataset.position = position
    const widths = longest.map(cell => cell.textContent.length).join()
    if (widths === this.#widths) return
    this.#widths = widths
    this.#fit()
  }

  // Smaller, where it would have to be scrolled sideways: large counts on a phone.
  #fit() {
    const scroll = this.place.firstElementChild
    if (!scroll?.classList.contains('report-scroll')) return
    scroll.classList.remove('tight')
    scroll.classList.toggle('tight', scroll.scrollWidth > scroll.clientWidth)
  }
}

/** Channels by event types. */
export class PivotView extends TableView {
  #legend

  constructor(place) {
    super(place, 'pivot-table')
  }

  /** @param {import('./pivot.js').Filter} filter */
  show(table, filter, position) {
    const pivot = pivotOf(table, filter)
    if (pivot.rows.length === 0) {
      this.empty(table.rows.size === 0 && !isFiltered(filter) ? 'No messages are counted yet.'
        : filter.from && filter.to && filter.from > filter.to ? 'The first date is after the last: no date is both.' : 'No counted message fits this filter.')
      this.stamp(position)
      return pivot
    }
    const columns = [['channel'], ...pivot.columns.map(name => [format.key(name)]), [table.total]]
    const isNew = this.lay('Channels by event', columns, pivot.rows.map(row => format.key(row.channel)), 'all')
    if (isNew) {
      this.#legend = element('div', { class: 'legend', 'aria-hidden': 'true' }, '0', element('i'), '')
      this.place.append(this.#legend)
    }
    const caption = datesText(pivot)
    if (this.caption.textContent !== caption) this.caption.textContent = caption
    const most = Math.max(...pivot.rows.flatMap(row => row.cells.map(cell => cell ?? 0)))
    if (this.#legend) this.#legend.lastChild.textContent = format.count(most)
    const moved = []
    pivot.rows.forEach((row, r) => {
      const cells = this.cells[r]
      row.cells.forEach((value, c) => {
        cells[c].classList.add('heat')
        if (put(cells[c], value)) moved.push(cells[c])
        heat(cells[c], value, most)
      })
      cells.at(-1).classList.add('sum')
      if (put(cells.at(-1), row.total)) moved.push(cells.at(-1))
    })
    const sums = this.cells.at(-1)
    pivot.sums.forEach((value, c) => put(sums[c], value))
    sums.at(-1).classList.add('sum')
    put(sums.at(-1), pivot.grand)
    showMoved(moved)
    this.stamp(position, sums)
    return pivot
  }
}

/** Users by how active they are. */
export class UsersView extends TableView {
  constructor(place) {
    super(place, 'users-table')
  }

  /** @param {{ top?: number, users?: string[], channels?: Set<string> | null }} filter `channels` are those that stand out. */
  show(table, { top = 10, users = null, channels = null } = {}, position = '') {
    const rows = [...table.rows.values()]
      .filter(row => !users || isAmong(users, row.user_id))
      .sort((a, b) => b[table.total] - a[table.total] || byUser(a.user_id, b.user_id))
      .slice(0, top)
    if (rows.length === 0) {
      this.empty(users ? 'No counted message is from or to these users.' : 'No messages are counted yet.')
      this.stamp(position)
      return
    }
    const names = [table.total, ...table.counted]
    this.lay('Most active users', [['user'], ...names.map(name => [format.key(name)])], rows.map(row => format.key(row.user_id)), null)
    const most = rows[0][table.total]
    rows.forEach((row, r) => {
      names.forEach((name, c) => {
        const cell = this.cells[r][c]
        put(cell, row[name] ?? 0)
        if (c === 0) {
          cell.classList.add('bar')
          heat(cell, row[name], most)
        } else {
          const isFaded = channels !== null && !channels.has(name)
          cell.classList.toggle('faded', isFaded)
          this.heads[c + 1].classList.toggle('faded', isFaded)
        }
      })
    })
    this.stamp(position, this.cells[0])
  }
}
