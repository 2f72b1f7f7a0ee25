module github.com/wsfsm/wsfsm/examples/eventloop

go 1.26.0

require (
	github.com/lesismal/nbio v1.6.5
	github.com/wsfsm/wsfsm v0.0.0
)

require github.com/gorilla/websocket v1.5.3

replace github.com/wsfsm/wsfsm => ../..
