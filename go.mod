module github.com/wsfsm/wsfsm

go 1.26

require (
	github.com/goccy/go-yaml v1.19.2 // indirect
	github.com/leanovate/gopter v0.2.11 // indirect
	github.com/looplab/fsm v1.0.3 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
)
