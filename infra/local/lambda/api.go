package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Limits of an invocation's payload in bytes, when it is waited for and when not.
const (
	maxPayload      = 6_291_456
	maxEventPayload = 1_048_576
)

// Route is what the path of an Invoke call begins with.
const Route = "/2015-03-31/functions/"

// ServeHTTP is Lambda's Invoke API: POST /2015-03-31/functions/NAME/invocations
// for the invocation types RequestResponse, Event and DryRun. An Event is
// tried once.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, Route), "/invocations")
	if !ok || r.Method != http.MethodPost {
		refuse(w, http.StatusNotFound, "UnknownOperationException", "only Invoke is served here")
		return
	}
	qualifier := r.URL.Query().Get("Qualifier")
	if !s.Has(name) || qualifier != "" && qualifier != "$LATEST" {
		arn := ARN(strings.TrimPrefix(name, arnPrefix))
		if qualifier != "" {
			arn += ":" + qualifier
		}
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+arn)
		return
	}
	event := r.Header.Get("X-Amz-Invocation-Type") == "Event"
	limit := maxPayload
	if event {
		limit = maxEventPayload
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", err.Error())
		return
	}
	if len(payload) > limit {
		refuse(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", fmt.Sprintf("Request must be smaller than %d bytes for the InvokeFunction operation", limit))
		return
	}
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	if !json.Valid(payload) {
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json: the payload is not JSON")
		return
	}
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	case "Event":
		go s.Invoke(context.Background(), name, payload)
		w.WriteHeader(http.StatusAccepted)
	case "", "RequestResponse":
		s.respond(w, r, name, payload)
	default:
		refuse(w, http.StatusBadRequest, "InvalidParameterValueException", fmt.Sprintf("the invocation type %q is not RequestResponse, Event or DryRun", kind))
	}
}

func (s *Service) respond(w http.ResponseWriter, r *http.Request, name string, payload []byte) {
	response, err := s.Invoke(r.Context(), name, payload)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "ServiceException", err.Error())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amz-Executed-Version", "$LATEST")
	h.Set("X-Amzn-Requestid", response.RequestID)
	if response.Failed {
		h.Set("X-Amz-Function-Error", "Unhandled")
	}
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		h.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(response.Log))
	}
	w.Write(response.Payload)
}

// refuse answers in the form of AWS's REST APIs.
func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": message})
}
