package lambda

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// maxResponse is the limit of a function's response in bytes: 6 MB and what
// Lambda allows on top.
const maxResponse = 6_291_556

// runtimeAPI is the API of
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html for one child.
func (e *environment) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	const root = "/2018-06-01/runtime/"
	mux.HandleFunc("GET "+root+"invocation/next", e.handleNext)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", e.handleResponse)
	mux.HandleFunc("POST "+root+"invocation/{id}/error", e.handleError)
	mux.HandleFunc("POST "+root+"init/error", e.handleInitError)
	return mux
}

func (e *environment) handleNext(w http.ResponseWriter, r *http.Request) {
	select {
	case e.ready <- struct{}{}:
	default: // it asks again without having been answered
	}
	select {
	case inv := <-e.next:
		e.mu.Lock()
		e.current = inv
		e.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", ARN(e.f.Name))
		w.Write(inv.payload)
	case <-r.Context().Done():
	}
}

func (e *environment) handleResponse(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if len(payload) > maxResponse {
		id := r.PathValue("id")
		out := failed("Function.ResponseSizeTooLarge", id, "Response payload size exceeded maximum allowed payload size ("+strconv.Itoa(maxResponse)+" bytes).")
		e.settle(w, id, out, http.StatusRequestEntityTooLarge)
		return
	}
	e.settle(w, r.PathValue("id"), outcome{payload: payload}, http.StatusAccepted)
}

func (e *environment) handleError(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e.settle(w, r.PathValue("id"), outcome{payload, true}, http.StatusAccepted)
}

// settle hands out to the invocation of that id, if the child has that one.
func (e *environment) settle(w http.ResponseWriter, id string, out outcome, status int) {
	e.mu.Lock()
	inv := e.current
	if inv != nil && inv.id == id {
		e.current = nil
	}
	e.mu.Unlock()
	if inv == nil || inv.id != id {
		writeStatus(w, http.StatusBadRequest, map[string]string{"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"})
		return
	}
	inv.outcome <- out
	writeStatus(w, status, map[string]string{"status": "OK"})
}

func (e *environment) handleInitError(w http.ResponseWriter, r *http.Request) {
	payload, _ := io.ReadAll(r.Body) // a part of it is still the best that is known
	select {
	case e.initErr <- outcome{payload, true}:
	default:
	}
	writeStatus(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func writeStatus(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
