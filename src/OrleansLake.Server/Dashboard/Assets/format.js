// How figures are written.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

export const count = value => whole.format(value)

export const rate = value => (value > 0 && value < 10 ? oneDigit : whole).format(value)

/** A share as a percentage, without claiming 0 % or 100 % of what is neither. */
export function share(part, all) {
  if (!all) return '0 %'
  const percent = (part / all) * 100
  if (part > 0 && percent < 0.1) return '< 0.1 %'
  if (part < all && percent > 99.9) return '> 99.9 %'
  return `${oneDigit.format(percent)} %`
}

const steps = [
  [1000, 1, 'ms'],
  [60_000, 1000, 's'],
  [3_600_000, 60_000, 'min'],
  [86_400_000, 3_600_000, 'h'],
  [365 * 86_400_000, 86_400_000, 'days'],
  [Infinity, 365.25 * 86_400_000, 'years'],
]

/** A length of time in its largest unit: ['0.4', 's']. */
export function age(ms) {
  if (ms < 1000) return [oneDigit.format(Math.max(0, ms) / 1000), 's']
  const [, unit, name] = steps.find(([below]) => ms < below)
  const value = ms / unit
  const digits = value < 10 ? oneDigit.format(value) : whole.format(Math.floor(value))
  return [digits, name]
}

const two = n => String(n).padStart(2, '0')

/** The time of day where the reader is; with the date, unless that is today. */
export function clock(date, now = new Date()) {
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return date.toDateString() === now.toDateString() ? time : `${day(date)} ${time}`
}

function day(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A key's value in a cell. A null is a value like any other, and is shown as such. */
export const key = value => (value === null || value === undefined ? 'null' : value === '' ? '(empty)' : String(value))
