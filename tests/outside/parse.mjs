// Reads feeds with feedsmith: {"rss": text, …} on standard input, [[id, title, link, moment, html], …] for each on standard output.
// With the argument `whole`: all that it found in each, and what podcast-partytime found in "show".
import { readFileSync } from 'node:fs'
import { parseAtomFeed, parseJsonFeed, parseOpml, parseRssFeed } from 'feedsmith'

const alternate = (links) => links.find((link) => link.rel === 'alternate')?.href
const outlines = (nodes) => nodes.flatMap((node) => [node, ...outlines(node.outlines ?? [])])

const readers = {
  rss: (text) =>
    parseRssFeed(text).items.map((item) => [
      item.guid.value, item.title, item.link, item.pubDate, item.content?.encoded ?? item.description ?? '',
    ]),
  atom: (text) =>
    parseAtomFeed(text).entries.map((entry) => [
      entry.id, entry.title.value, alternate(entry.links), entry.published, entry.content?.value ?? '',
    ]),
  json: (text) =>
    parseJsonFeed(text).items.map((item) => [
      item.id, item.title, item.url, item.date_published, item.content_html ?? '',
    ]),
  opml: (text) =>
    outlines(parseOpml(text).body.outlines)
      .filter((outline) => outline.xmlUrl)
      .map((outline) => [outline.xmlUrl, outline.title]),
}

const show = async (text) => (await import('podcast-partytime')).parseFeed(text)
const whole = { rss: parseRssFeed, atom: parseAtomFeed, json: parseJsonFeed, opml: parseOpml, show }

const given = JSON.parse(readFileSync(0, 'utf8'))
const chosen = process.argv[2] === 'whole' ? whole : readers
const read = await Promise.all(
  Object.entries(given).map(async ([kind, text]) => [kind, await chosen[kind](text)]),
)
process.stdout.write(JSON.stringify(Object.fromEntries(read)))
