require "em-websocket"

# EmWebSocket is the server of em-websocket; it has no client.
module EmWebSocket
  def self.listen
    EventMachine.start_server("127.0.0.1", 0, EventMachine::WebSocket::Connection, {}) { |socket| bind(socket) }
  end

  def self.bind(socket)
    connection = nil
    socket.onopen do |handshake|
      connection = Connection.new(handshake.path.delete_prefix("/"), **commands(socket))
      connection.report("open")
    end
    socket.onmessage { |data| connection.message(data, false) }
    socket.onbinary { |data| connection.message(data, true) }
    socket.onpong { |data| connection.pong(data) }
    socket.onerror { |error| connection&.report("failed", error: error.message) }
    socket.onclose { |event| connection&.closed(event[:code], event[:reason]) }
  end

  def self.commands(socket)
    {
      text: ->(data) { socket.send_text(data) },
      binary: ->(data) { socket.send_binary(data) },
      ping: ->(data) { socket.ping(data) },
      close: ->(code, reason) { socket.close(code, reason) },
      closeEmpty: ->(_) { socket.close },
      drop: ->(_) { socket.close_connection }
    }
  end
end

LIBRARIES["em-websocket"] = EmWebSocket
