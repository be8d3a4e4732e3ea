# Reads the feeds named on the command line with Ruby's validating parser; one count a line.
require "rss"

ARGV.each do |file|
  feed = RSS::Parser.parse(File.read(file, encoding: "UTF-8"), true)
  puts feed.items.size
end
