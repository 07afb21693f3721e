# frozen_string_literal: true

# Judges an app with `magespec test-app`: start the app, run the cases that matter, read the exit code. The app is a few lines of Ruby here,
# that take the credentials POST and nothing more; put your own in its place, and leave ONLY out to judge the whole handshake.

require "open3"
require "socket"
require "uri"

MAGESPEC = ENV.fetch("MAGESPEC", "magespec")
ONLY = ["app/callback/answers", "app/callback/success", "app/callback/no-redirect", "app/callback/field/*"].freeze
FIELDS = %w[oauth_consumer_key oauth_consumer_secret store_base_url oauth_verifier].freeze

def answer(client)
  length = 0
  while (line = client.gets) && line != "\r\n"
    length = line.split(":", 2).last.to_i if line.downcase.start_with?("content-length:")
  end
  posted = URI.decode_www_form(client.read(length).to_s)
  whole = FIELDS.all? { |name| posted.count { |other, value| other == name && !value.empty? } == 1 }
  client.write("HTTP/1.1 #{whole ? '200 OK' : '400 Bad Request'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
ensure
  client.close
end

app = TCPServer.new("127.0.0.1", 0)
Thread.new { loop { Thread.new(app.accept) { |client| answer(client) } } }

def magespec(callback)
  only = ONLY.flat_map { |pattern| ["--only", pattern] }
  Open3.capture2e(MAGESPEC, "test-app", "--callback", callback, "--strict", *only)
end

said, ended = magespec("http://127.0.0.1:#{app.addr[1]}/callback")
puts said
abort "not conformant: exit code #{ended.exitstatus}" unless ended.exitstatus.zero?

said, ended = magespec("http://127.0.0.1:9/callback")
abort "an app that is not there ended with #{ended.exitstatus}: #{said}" unless ended.exitstatus == 4
puts "OK"
