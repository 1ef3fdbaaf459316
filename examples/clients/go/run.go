package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	shoal "shoal.example/client/gen/fes/orchestration/v1"
)

// unaryTimeout bounds each call that is not a stream: Shoal answers a command within its own timeout, 10 s by default.
const unaryTimeout = 30 * time.Second

// run is one simulation, as this client sees it.
type run struct {
	client shoal.OrchestratorClientServiceClient
	id     string
}

// start answers when the run is recorded; its worker may not be there yet.
func start(ctx context.Context, client shoal.OrchestratorClientServiceClient, request *shoal.StartSimulationRequest) (*run, error) {
	ctx, cancel := context.WithTimeout(ctx, unaryTimeout)
	defer cancel()
	response, err := client.StartSimulation(ctx, request)
	if err != nil {
		return nil, err
	}
	simulation := response.GetSimulation()
	fmt.Printf("started %s\n", simulation.GetSimulationId())
	return &run{client: client, id: simulation.GetSimulationId()}, nil
}

// untilRunning follows the states until the worker has registered. A launch that fails is an error that says why.
func (r *run) untilRunning(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch, err := r.client.WatchSimulations(ctx, &shoal.WatchSimulationsRequest{SimulationIds: []string{r.id}})
	if err != nil {
		return err
	}
	for {
		response, err := watch.Recv()
		if err != nil {
			return err
		}
		simulation := response.GetSimulation()
		switch simulation.GetState() {
		case shoal.SimulationState_SIMULATION_STATE_RUNNING:
			fmt.Printf("running: worker %s\n", simulation.GetWorkerId())
			return nil
		case shoal.SimulationState_SIMULATION_STATE_FAILED,
			shoal.SimulationState_SIMULATION_STATE_COMPLETED,
			shoal.SimulationState_SIMULATION_STATE_STOPPED:
			return fmt.Errorf("%s is %s (%s): %s", r.id, stateName(simulation.GetState()), simulation.GetReason(), simulation.GetMessage())
		}
	}
}

// control waits until the worker has done the command. A worker that refuses is no error of the call: code tells it.
func (r *run) control(ctx context.Context, request *shoal.ControlSimulationRequest) error {
	ctx, cancel := context.WithTimeout(ctx, unaryTimeout)
	defer cancel()
	request.SimulationId = r.id
	request.WaitForCompletion = true
	response, err := r.client.ControlSimulation(ctx, request)
	if err != nil {
		return err
	}
	if response.GetCode() != 0 {
		return fmt.Errorf("the worker refused: %s (code %d)", response.GetMessage(), response.GetCode())
	}
	fmt.Printf("%s: %s at tick %d\n", commandName(request), stateName(response.GetState()), response.GetTick())
	return nil
}

func commandName(request *shoal.ControlSimulationRequest) string {
	message := request.ProtoReflect()
	field := message.WhichOneof(message.Descriptor().Oneofs().ByName("command"))
	return string(field.Name())
}

func stateName(state shoal.SimulationState) string {
	return strings.TrimPrefix(state.String(), "SIMULATION_STATE_")
}
