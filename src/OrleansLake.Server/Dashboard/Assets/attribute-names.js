// Attributes of an element that it does not have: a misspelt filter would not filter, and nobody would see it.

// What every element has, or pages and frameworks put on it: https://html.spec.whatwg.org/multipage/dom.html#global-attributes.
const everywhere = new Set(('accesskey anchor autocapitalize autocorrect autofocus class contenteditable dir draggable enterkeyhint exportparts hidden id inert '
  + 'inputmode is itemid itemprop itemref itemscope itemtype key lang nonce part popover ref role slot spellcheck style tabindex title translate '
  + 'writingsuggestions xmlns').split(' '))

const letters = name => name.toLowerCase().replace(/[^a-z]/g, '')

/** How many letters have to be put in, left out or exchanged. */
function distance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), above[j] + 1, row[j - 1] + 1))
    }
    above = row
  }
  return above[b.length]
}

function nearest(name, known) {
  const plain = letters(name)
  const near = known.map(other => [distance(plain, letters(other)), other]).sort((a, b) => a[0] - b[0])[0]
  return near[0] <= (near[1].length > 4 ? 2 : 1) && near[0] < plain.length ? near[1] : null
}

/**
 * The attributes that are not known, each with the one that it may be meant for. A name with a sign in it, or an event's,
 * is a framework's, unless it is nearly one of ours.
 * @param {string[]} names
 * @param {string[]} known
 * @returns {{ name: string, meant: string | null }[]}
 */
export function unknownNames(names, known) {
  return names
    .filter(name => !known.includes(name) && !everywhere.has(name) && !/^(data-|aria-|on)/.test(name))
    .map(name => ({ name, meant: nearest(name, known) }))
    .filter(({ name, meant }) => meant !== null || /^[a-z]+$/.test(name))
}
