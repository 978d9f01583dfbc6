// The ledger: bronze = messages + corrupted, drawn so that one sees it close.

import * as format from './format.js'

const lines = [
  ['bronze', 0, '', 'accepted into bronze'],
  ['messages', 1, '=', 'messages'],
  ['deduplicated', 2, '', 'counted once'],
  ['duplicates', 2, '+', 'duplicates, not counted'],
  ['messages_corrupted', 1, '+', 'corrupted, no event type'],
  ['rejected', 0, '', 'rejected, apart from bronze'],
]

export class LedgerView {
  #cells = new Map()

  /** @param {HTMLElement} place @param {HTMLElement} closing */
  constructor(place, closing) {
    this.closing = closing
    const table = document.createElement('table')
    const body = table.createTBody()
    for (const [name, level, sign, text] of lines) {
      const row = body.insertRow()
      row.className = `level-${level}${name === 'rejected' ? ' apart' : ''}`
      const head = document.createElement('th')
      head.scope = 'row'
      if (sign) {
        const mark = document.createElement('span')
        mark.className = 'sign'
        mark.textContent = sign
        head.append(mark)
      } else if (level > 0) {
        head.append(Object.assign(document.createElement('span'), { className: 'sign' }))
      }
      head.append(text)
      row.append(head)
      this.#cells.set(name, [row.insertCell(), row.insertCell()])
    }
    place.replaceChildren(table)
  }

  show(figures) {
    const values = { ...figures, duplicates: figures.messages - figures.deduplicated }
    for (const [name, [count, share]] of this.#cells) {
      const text = format.count(values[name])
      if (count.textContent !== text) count.textContent = text
      count.dataset.value = values[name]
      const part = name === 'bronze' || name === 'rejected' ? '' : format.share(values[name], figures.bronze)
      if (share.textContent !== part) share.textContent = part
    }
    const missing = figures.bronze - figures.messages - figures.messages_corrupted
    const text = missing === 0 ? 'closes: bronze = messages + corrupted' : `does not close: ${format.count(Math.abs(missing))} ${missing > 0 ? 'missing' : 'too many'}`
    if (this.closing.textContent !== text) this.closing.textContent = text
    this.closing.toggleAttribute('data-open', missing !== 0)
  }
}
