# Ruby's WebSocket libraries under remote control: ruby main.rb LIBRARY...; the
# same protocol as node/main.cjs. All of them run in one reactor.
require "base64"
require "eventmachine"
require "json"

$stdout.sync = true

def say(**line)
  puts JSON.generate(line)
end

# Connection is a connection's name and what the library offers for it.
class Connection
  ALL = {}

  # commands has a block for each command that the library has.
  def initialize(name, **commands)
    @name = name
    @commands = commands
    ALL[name] = self
  end

  def report(event, **more)
    say(id: @name, event: event, **more)
  end

  def message(data, binary)
    report("message", binary: binary, data: Base64.strict_encode64(data))
  end

  def pong(data)
    report("pong", data: Base64.strict_encode64(data))
  end

  def closed(code, reason)
    return unless ALL.delete(@name)
    report("closed", code: code || 0, reason: reason.to_s)
  end

  def carry_out(command)
    operation = @commands[command["do"].to_sym]
    return report("cannot") unless operation
    data = Base64.decode64(command["data"].to_s)
    data.force_encoding("UTF-8") if command["do"] == "text"
    result = command["do"] == "close" ? operation.call(command["code"], command["reason"]) : operation.call(data)
    return report("refused", error: "returned false") if result == false
    report("done")
  rescue StandardError => error
    report("refused", error: error.message)
  end
end

# Lines reads commands from standard input.
module Lines
  def receive_data(data)
    @buffer = (@buffer || "") + data
    while (line = @buffer.slice!(/\A.*\n/))
      command = JSON.parse(line)
      if command["do"] == "connect"
        LIBRARIES[command["library"]].connect(command["url"], command["id"])
      elsif (connection = Connection::ALL[command["id"]])
        connection.carry_out(command)
      else
        say(id: command["id"], event: "refused", error: "no such connection")
      end
    end
  end

  def unbind
    EventMachine.stop
  end
end

LIBRARIES = {}

EventMachine.run do
  ARGV.each do |name|
    require_relative name.tr("-", "_")
    library = LIBRARIES[name]
    port, = Socket.unpack_sockaddr_in(EventMachine.get_sockname(library.listen))
    say(event: "listening", library: name, port: port, version: Gem::Specification.find_by_name(name).version.to_s)
  end
  EventMachine.attach($stdin, Lines)
end
