package main

import (
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// describe says what a failed call was answered: message, status, and the reason by which a program decides what to do.
func describe(err error) string {
	failure, ok := status.FromError(err)
	if !ok {
		return err.Error()
	}
	for _, detail := range failure.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return fmt.Sprintf("%s (%s, %s)", failure.Message(), failure.Code(), info.GetReason())
		}
	}
	return fmt.Sprintf("%s (%s)", failure.Message(), failure.Code())
}
