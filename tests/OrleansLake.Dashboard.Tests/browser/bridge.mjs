// Lends a Chromium to the tests: one request a line on stdin, {"id","do",...}, one answer a line on stdout,
// {"id","result"} or {"id","error"}. What a page logs as an error is kept and asked for with "errors".

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const browser = await chromium.launch({
  executablePath: process.argv[2],
  // In a container there is no user namespace to sandbox with, and the pages are ours. Tests run several at a time: a page
  // that is not in front must not be slowed down.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-timer-throttling', '--disable-renderer-backgrounding'],
})
const pages = new Map()
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
let pageCount = 0

const doings = {
  // `beside` is a page whose browser this one is another window of.
  async open({ url, width = 1280, height = 900, scheme = 'light', scale = 1, touch = false, reduced = false, beside = null, before = null }) {
    const context = pages.get(beside)?.context ?? await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      deviceScaleFactor: scale,
      hasTouch: touch,
      reducedMotion: reduced ? 'reduce' : 'no-preference',
      locale: 'en-GB',
    })
    const page = await context.newPage()
    if (before) await page.addInitScript(before)
    const errors = []
    const requests = []
    page.on('pageerror', error => errors.push(String(error)))
    page.on('console', message => message.type() === 'error' && errors.push(message.text()))
    page.on('request', request => requests.push(request.url()))
    const number = ++pageCount
    pages.set(number, { page, context, errors, requests })
    await page.goto(url)
    return number
  },
  goto: ({ page }, { url }) => page.goto(url).then(() => null),
  reload: ({ page }) => page.reload().then(() => null),
  evaluate: ({ page }, { script }) => page.evaluate(script),
  // Not waitForFunction: it evaluates text inside the page, which the dashboard's policy forbids.
  async wait({ page }, { script, timeout }) {
    const end = Date.now() + timeout
    while (!(await page.evaluate(script).catch(whileNavigating))) {
      if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${script}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    return null
  },
  press: ({ page }, { key }) => page.keyboard.press(key).then(() => null),
  type: ({ page }, { text }) => page.keyboard.type(text).then(() => null),
  click: ({ page }, { selector }) => page.click(selector).then(() => null),
  fill: ({ page }, { selector, value }) => page.fill(selector, value).then(() => null),
  scheme: ({ page }, { scheme }) => page.emulateMedia({ colorScheme: scheme }).then(() => null),
  screenshot: ({ page }, { path, full = false }) => page.screenshot({ path, fullPage: full, animations: 'disabled' }).then(() => null),
  accessibility: ({ page }, { selector }) => page.locator(selector).ariaSnapshot(),
  errors: ({ errors }) => errors.splice(0),
  requests: ({ requests }) => requests.splice(0),
  offline: ({ context }, { offline }) => context.setOffline(offline).then(() => null),
  // What axe-core finds, a line for each.
  async axe({ page }) {
    await page.evaluate(axe)
    return page.evaluate(async () => (await window.axe.run(document)).violations.flatMap(rule => rule.nodes.map(node => `${rule.id} at ${node.target.flat().join(' ')}: ${node.any[0]?.message ?? rule.help}`)))
  },
  close({ page, context }, { number }) {
    pages.delete(number)
    const isShared = [...pages.values()].some(other => other.context === context)
    return (isShared ? page : context).close().then(() => null)
  },
}

function whileNavigating(error) {
  if (/context was destroyed|navigation/i.test(String(error))) return false
  throw error
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  // Not awaited here: one page may wait for what another one does.
  const run = request.do === 'open' ? doings.open(request) : doings[request.do](pages.get(request.page), { ...request, number: request.page })
  Promise.resolve(run).then(
    result => process.stdout.write(`${JSON.stringify({ id: request.id, result: result ?? null })}\n`),
    error => process.stdout.write(`${JSON.stringify({ id: request.id, error: String(error) })}\n`),
  )
}
await browser.close()
