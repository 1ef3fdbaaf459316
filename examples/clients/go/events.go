package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	shoal "shoal.example/client/gen/fes/orchestration/v1"
)

// events reads a subscription in the background, so that Shoal never waits for this client.
type events struct {
	came chan struct{}
	over chan error
	// Both are written before over gets its value, and read after it.
	counts  map[string]uint64
	dropped uint64
}

// subscribe returns when the subscription is live: no event from now on is missed, and those before come from the log.
func (r *run) subscribe(ctx context.Context) (*events, error) {
	request := &shoal.SubscribeToEventsRequest{
		SimulationId: r.id,
		Start:        &shoal.SubscribeToEventsRequest_FromBeginning{FromBeginning: true},
	}
	stream, err := r.client.SubscribeToEvents(ctx, request)
	if err != nil {
		return nil, err
	}
	// The response headers; the first message may be long in coming.
	if _, err := stream.Header(); err != nil {
		return nil, err
	}
	fmt.Println("subscribed")
	e := &events{came: make(chan struct{}), over: make(chan error, 1), counts: map[string]uint64{}}
	go func() { e.over <- e.read(stream) }()
	return e, nil
}

// read ends without an error when the simulation is over and its last event was read.
func (e *events) read(stream shoal.OrchestratorClientService_SubscribeToEventsClient) error {
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		event := response.GetEvent()
		if len(e.counts) == 0 {
			fmt.Printf("first event: %s, %d bytes, on %s\n", event.GetEventTypeKey(), len(event.GetEventPayload()), response.GetSubject())
			close(e.came)
		}
		e.counts[event.GetEventTypeKey()]++
		e.dropped = response.GetDropped()
	}
}

// first waits for the first event.
func (e *events) first(ctx context.Context) error {
	select {
	case <-e.came:
		return nil
	case err := <-e.over:
		return errors.Join(errors.New("the events ended before there was one"), err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// report waits for the last event, and says how many there were of each kind.
func (e *events) report(ctx context.Context) error {
	select {
	case err := <-e.over:
		if err != nil {
			return err
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, key := range slices.Sorted(maps.Keys(e.counts)) {
		fmt.Printf("%d × %s\n", e.counts[key], key)
	}
	fmt.Printf("the events have ended, %d dropped\n", e.dropped)
	return nil
}
