// What an embed token says of itself. Its own text is enough here: the lake decides what it allows.

function payloadOf(token) {
  try {
    const text = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, letter => letter.charCodeAt(0))))
    return claims !== null && typeof claims === 'object' ? claims : null
  } catch {
    return null // a key, or a token of another kind
  }
}

/** The time at which a token expires, in ms; null if it does not say. */
export function expiryOf(token) {
  const seconds = payloadOf(token)?.exp
  return typeof seconds === 'number' ? seconds * 1000 : null
}

/** What a token is locked to for a report, as {channel: [...], user: [...], from, to, top}; null if it does not say. */
export function lockOf(token, report) {
  const lock = payloadOf(token)?.reports?.[report]
  if (lock === null || typeof lock !== 'object') return null
  const list = value => (value === undefined ? undefined : [value].flat().map(String))
  return { channel: list(lock.channel), user: list(lock.user), from: lock.date ?? lock.from, to: lock.date ?? lock.to, top: lock.top }
}

/**
 * The same for tokens that may see the same: who a token is for, and all that it says but the times of its making and its
 * end. A key, or what cannot be read, is the same as itself only.
 */
export function sightOf(token) {
  if (!token) return 'open'
  const claims = payloadOf(token)
  if (claims === null) return `key ${token}`
  const { exp, iat, nbf, jti, ...rest } = claims
  return `token ${sorted([token.split('.')[0], rest])}`
}

// With the members of objects in one order.
const sorted = value => JSON.stringify(value, (_, member) =>
  member !== null && typeof member === 'object' && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member)
