// Where a stream is, with what it is filtered by.

/**
 * @param {URL} api The server's address.
 * @param {{ report: string, from?: string, to?: string, channels?: string[], users?: string[], top?: number }[]} reports
 * @param {{ status?: boolean }} options Whether the lake's counts come along.
 */
export function streamAddress(api, reports, { status = false } = {}) {
  const isOne = reports.length === 1
  const address = new URL(isOne ? `v1/reports/${reports[0].report}/stream` : 'v1/stream', api)
  if (!isOne) address.searchParams.set('reports', reports.map(query => query.report).join(','))
  for (const query of reports) {
    const set = (field, value) => value && address.searchParams.append(isOne ? field : `${query.report}.${field}`, value)
    set('from', query.from)
    set('to', query.to)
    for (const channel of query.channels ?? []) set('channel', channel)
    for (const user of query.users ?? []) set('user', user)
    set('top', query.top)
  }
  if (status) address.searchParams.set('status', 'true')
  return address
}
