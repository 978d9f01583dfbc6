// Messages per second over the last two minutes, as this page has seen them: one point a second. What it did not see (while
// it was hidden, or the server was away) is a gap, not a guess.

const WINDOW_S = 120
const MEAN_S = 5

export class Rates {
  #baseline = null
  /** @type {{ second: number, rate: number | null }[]} */
  points = []

  /** Once a second: how many messages are in now; null when that is not known. */
  tick(nowMs, messages) {
    const second = Math.floor(nowMs / 1000)
    const last = this.points.at(-1)
    if (last && last.second === second) return
    const isNext = this.#baseline !== null && messages !== null && messages >= this.#baseline.messages
    const elapsed = isNext ? (nowMs - this.#baseline.nowMs) / 1000 : 0
    const rate = isNext && elapsed > 0 && elapsed < 3 ? (messages - this.#baseline.messages) / elapsed : null
    this.#baseline = messages === null ? null : { nowMs, messages }
    this.points.push({ second, rate })
    while (this.points.length > 0 && this.points[0].second <= second - WINDOW_S) this.points.shift()
  }

  /** The mean of the last seconds; null when it is not known. */
  get mean() {
    const known = this.points.slice(-MEAN_S).filter(point => point.rate !== null)
    return known.length === 0 ? null : known.reduce((sum, point) => sum + point.rate, 0) / known.length
  }

  /** For uPlot: a point for each second of the window. */
  series(nowMs) {
    const end = Math.floor(nowMs / 1000)
    const bySecond = new Map(this.points.map(point => [point.second, point.rate]))
    const xs = Array.from({ length: WINDOW_S }, (_, i) => end - WINDOW_S + 1 + i)
    return [xs, xs.map(x => bySecond.get(x) ?? null)]
  }
}

export class RateChart {
  #plot = null

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place)
  }

  show(data) {
    if (this.#plot) this.#plot.setData(data)
    else if (globalThis.uPlot && this.place.clientWidth > 0) this.#plot = new uPlot(this.#options(), data, this.place)
  }

  /** Colours are read again when the theme changes. */
  redraw(data) {
    this.#plot?.destroy()
    this.#plot = null
    this.show(data)
  }

  #size() {
    return { width: this.place.clientWidth, height: this.place.clientHeight }
  }

  #options() {
    // A canvas knows no light-dark(): what the browser made of the colours is asked of an element that has them.
    const style = getComputedStyle(this.place)
    const accent = style.color
    const line = style.borderTopColor
    const muted = style.outlineColor
    const font = `11px ${style.fontFamily}`
    const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { show: false } }
    return {
      ...this.#size(),
      padding: [8, 4, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: true }, y: { range: (_, min, max) => [0, Math.max(5, max * 1.15)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 28, space: 80, values: (_, seconds) => seconds.map(clockText) },
        { ...axis, size: 48, space: 36, values: (_, ticks) => ticks.map(tick => (tick >= 1000 ? `${+(tick / 1000).toFixed(1)}k` : tick)) },
      ],
      series: [{}, { stroke: accent, width: 1.5, fill: accent.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)'), points: { show: false }, spanGaps: false }],
    }
  }
}

const clockText = second => {
  const time = new Date(second * 1000)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(n => String(n).padStart(2, '0')).join(':')
}
