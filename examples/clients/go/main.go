// A client of Shoal: starts a simulation, watches its events, pauses, steps, resumes and stops it, and prints what it sees.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	shoal "shoal.example/client/gen/fes/orchestration/v1"
)

func main() {
	address := flag.String("address", "127.0.0.1:50050", "client address of the daemon")
	id := flag.String("id", "", "id of the simulation (default: chosen by Shoal)")
	seed := flag.Uint64("seed", 7, "seed of the run")
	ticks := flag.Uint64("ticks", 5, "how many ticks to step")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: client [flags] WORKER-TYPE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	request := &shoal.StartSimulationRequest{SimulationId: *id, WorkerType: flag.Arg(0), Seed: seed}
	if err := steer(ctx, *address, request, *ticks); err != nil {
		fmt.Fprintln(os.Stderr, "client:", describe(err))
		os.Exit(1)
	}
}

// steer takes one simulation through its life. The connection is made by the first call, and again after it is lost.
func steer(ctx context.Context, address string, request *shoal.StartSimulationRequest, ticks uint64) error {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	client := shoal.NewOrchestratorClientServiceClient(connection)

	run, err := start(ctx, client, request)
	if err != nil {
		return err
	}
	events, err := run.subscribe(ctx)
	if err != nil {
		return err
	}
	if err := run.untilRunning(ctx); err != nil {
		return err
	}
	if err := events.first(ctx); err != nil {
		return err
	}
	for _, command := range []*shoal.ControlSimulationRequest{
		{Command: &shoal.ControlSimulationRequest_Pause{Pause: &shoal.PauseCommand{}}},
		{Command: &shoal.ControlSimulationRequest_Step{Step: &shoal.StepCommand{Ticks: ticks}}},
		{Command: &shoal.ControlSimulationRequest_Resume{Resume: &shoal.ResumeCommand{}}},
		{Command: &shoal.ControlSimulationRequest_Stop{Stop: &shoal.StopCommand{}}},
	} {
		if err := run.control(ctx, command); err != nil {
			return err
		}
	}
	return events.report(ctx)
}
