require "faye/websocket"
require "thin"

Faye::WebSocket.load_adapter("thin")
Thin::Logging.silent = true

# FayeWebSocket is faye-websocket on the web server thin, and its client.
module FayeWebSocket
  def self.listen
    application = lambda do |env|
      socket = Faye::WebSocket.new(env)
      bind(socket, env["PATH_INFO"].delete_prefix("/"))
      socket.rack_response
    end
    server = Thin::Server.new("127.0.0.1", 0, application, signals: false)
    server.start
    server.backend.instance_variable_get(:@signature)
  end

  def self.connect(url, name)
    bind(Faye::WebSocket::Client.new(url), name)
  end

  def self.bind(socket, name)
    connection = Connection.new(name, **commands(socket) { |data| connection.pong(data) })
    socket.on(:open) { connection.report("open") }
    socket.on(:message) { |event| message(connection, event.data) }
    socket.on(:error) { |event| connection.report("failed", error: event.message.to_s) }
    socket.on(:close) { |event| connection.closed(event.code, event.reason) }
  end

  # message: a text comes as a string, anything else as an array of octets.
  def self.message(connection, data)
    binary = data.is_a?(Array)
    connection.message(binary ? data.pack("C*") : data, binary)
  end

  def self.commands(socket, &pong)
    {
      text: ->(data) { socket.send(data) },
      binary: ->(data) { socket.send(data.bytes) },
      ping: ->(data) { socket.ping(data) { pong.call(data) } },
      close: ->(code, reason) { socket.close(code, reason) }
    }
  end
end

LIBRARIES["faye-websocket"] = FayeWebSocket
