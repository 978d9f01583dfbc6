// Reads SQL on stdin and writes the rows that ClickHouse answers on stdout, a JSON array a line. 64-bit integers are numbers with all their digits.

import { readFileSync } from 'node:fs'
import { query } from 'chdb'

process.stdout.write(query(readFileSync(0, 'utf8'), 'JSONCompactEachRow'))
