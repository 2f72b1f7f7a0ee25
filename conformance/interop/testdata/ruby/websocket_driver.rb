require "websocket/driver"

# WebSocketDriver is websocket-driver around a socket of the reactor.
module WebSocketDriver
  # Transport is the object that the driver writes to.
  module Transport
    attr_accessor :url, :driver, :name

    def write(data)
      send_data(data)
    end

    def receive_data(data)
      driver.parse(data)
    end

    def unbind
      @connection&.closed(1006, "")
    end

    def bind
      @connection = Connection.new(name, **commands)
      driver.on(:open) { @connection.report("open") }
      driver.on(:message) { |event| message(event.data) }
      driver.on(:error) { |error| @connection.report("failed", error: error.message) }
      driver.on(:close) do |event|
        @connection.closed(event.code, event.reason)
        close_connection_after_writing
      end
    end

    # message: a text comes as a string, anything else as an array of octets.
    def message(data)
      binary = data.is_a?(Array)
      @connection.message(binary ? data.pack("C*") : data, binary)
    end

    def commands
      {
        text: ->(data) { driver.text(data) },
        binary: ->(data) { driver.binary(data.bytes) },
        ping: ->(data) { driver.ping(data) { @connection.pong(data) } },
        close: ->(code, reason) { driver.close(reason, code) },
        drop: ->(_) { close_connection }
      }
    end
  end

  # Server reads the request and names the connection by its path.
  module Server
    include Transport

    def post_init
      self.driver = ::WebSocket::Driver.server(self)
      driver.on(:connect) do
        self.name = driver.env["PATH_INFO"].delete_prefix("/")
        bind
        driver.start
      end
    end
  end

  # Client sends the request once it is connected.
  module Client
    include Transport

    def connection_completed
      self.driver = ::WebSocket::Driver.client(self)
      bind
      driver.start
    end
  end

  def self.listen
    EventMachine.start_server("127.0.0.1", 0, Server)
  end

  def self.connect(url, name)
    uri = URI.parse(url)
    EventMachine.connect(uri.host, uri.port, Client) do |transport|
      transport.url = url
      transport.name = name
    end
  end
end

LIBRARIES["websocket-driver"] = WebSocketDriver
