package states

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Target is what the header X-Amz-Target of a Step Functions call begins with.
const Target = "AWSStepFunctions."

// role is the name that the API gives where AWS has an IAM role.
const role = "arn:aws:iam::000000000000:role/local"

// apiError is an error in the form of AWS's JSON protocol.
type apiError struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

func (e apiError) Error() string { return e.Type + ": " + e.Message }

// request has the fields of all calls that are served here.
type request struct {
	StateMachineARN string  `json:"stateMachineArn"`
	ExecutionARN    string  `json:"executionArn"`
	Name            string  `json:"name"`
	Input           *string `json:"input"`
	Error           string  `json:"error"`
	Cause           string  `json:"cause"`
	StatusFilter    string  `json:"statusFilter"`
	MaxResults      int     `json:"maxResults"`
	NextToken       string  `json:"nextToken"`
	ReverseOrder    bool    `json:"reverseOrder"`
}

type fields = map[string]any

var calls = map[string]func(*Service, request) (any, error){
	"StartExecution":       (*Service).startExecution,
	"StopExecution":        (*Service).stopExecution,
	"DescribeExecution":    (*Service).describeExecution,
	"ListExecutions":       (*Service).listExecutions,
	"GetExecutionHistory":  (*Service).getExecutionHistory,
	"ListStateMachines":    (*Service).listStateMachines,
	"DescribeStateMachine": (*Service).describeStateMachine,
}

// ServeHTTP is Step Functions' JSON API, for the calls named above.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), Target)
	answer, err := s.answer(name, r)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if err != nil {
		failure, ok := errors.AsType[apiError](err)
		status := http.StatusBadRequest
		if !ok {
			failure, status = apiError{"InternalFailure", err.Error()}, http.StatusInternalServerError
		}
		w.Header().Set("X-Amzn-Errortype", failure.Type)
		w.WriteHeader(status)
		answer = failure
	}
	json.NewEncoder(w).Encode(answer)
}

func (s *Service) answer(name string, r *http.Request) (any, error) {
	call, ok := calls[name]
	if !ok {
		return nil, apiError{"UnknownOperationException", fmt.Sprintf("%s is not served here", name)}
	}
	var q request
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(&q); err != nil {
		return nil, apiError{"SerializationException", err.Error()}
	}
	return call(s, q)
}

func (s *Service) startExecution(q request) (any, error) {
	if err := s.check(q.StateMachineARN); err != nil {
		return nil, err
	}
	input := "{}"
	if q.Input != nil {
		input = *q.Input
	}
	x, err := s.start(q.Name, input)
	if err != nil {
		return nil, err
	}
	return fields{"executionArn": s.executionARN(x.Name), "startDate": seconds(x.Start)}, nil
}

func (s *Service) stopExecution(q request) (any, error) {
	x, err := s.find(q.ExecutionARN)
	if err != nil {
		return nil, err
	}
	s.stop(x, q.Error, q.Cause)
	return fields{"stopDate": seconds(time.Now())}, nil
}

func (s *Service) describeExecution(q request) (any, error) {
	x, err := s.snapshot(q.ExecutionARN)
	if err != nil {
		return nil, err
	}
	answer := s.summary(x)
	answer["input"], answer["inputDetails"] = x.Input, fields{"included": true}
	if x.Status == succeeded {
		answer["output"], answer["outputDetails"] = x.Output, fields{"included": true}
	}
	put(answer, "error", x.Error)
	put(answer, "cause", x.Cause)
	return answer, nil
}

func (s *Service) summary(x execution) fields {
	answer := fields{
		"executionArn": s.executionARN(x.Name), "stateMachineArn": ARN(s.Name), "name": x.Name,
		"status": x.Status, "startDate": seconds(x.Start), "redriveCount": 0,
	}
	if x.Status != running {
		answer["stopDate"] = seconds(x.Stop)
	}
	return answer
}

func (s *Service) listExecutions(q request) (any, error) {
	if err := s.check(q.StateMachineARN); err != nil {
		return nil, err
	}
	statuses := []string{"", running, succeeded, failed, timedOut, aborted}
	if !slices.Contains(statuses, q.StatusFilter) {
		return nil, apiError{"ValidationException", fmt.Sprintf("the statusFilter %q is none of %s", q.StatusFilter, strings.Join(statuses[1:], ", "))}
	}
	page, answer, err := paged(s.list(q.StatusFilter), q)
	if err != nil {
		return nil, err
	}
	summaries := make([]fields, len(page))
	for i, x := range page {
		summaries[i] = s.summary(x)
	}
	answer["executions"] = summaries
	return answer, nil
}

func (s *Service) getExecutionHistory(q request) (any, error) {
	x, err := s.snapshot(q.ExecutionARN)
	if err != nil {
		return nil, err
	}
	events := make([]fields, len(x.Events))
	for i, e := range x.Events {
		events[i] = e.fields(i + 1)
	}
	if q.ReverseOrder {
		slices.Reverse(events)
	}
	page, answer, err := paged(events, q)
	if err != nil {
		return nil, err
	}
	answer["events"] = page
	return answer, nil
}

// fields is an event in the form of GetExecutionHistory.
func (e event) fields(id int) fields {
	answer := fields{"id": id, "previousEventId": id - 1, "timestamp": seconds(e.Time), "type": e.Type}
	whole := fields{"truncated": false}
	details := fields{}
	put(details, "error", e.Error)
	put(details, "cause", e.Cause)
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		answer["stateEnteredEventDetails"] = fields{"name": e.State, "input": e.Data, "inputDetails": whole}
		return answer
	case strings.HasSuffix(e.Type, "StateExited"):
		answer["stateExitedEventDetails"] = fields{"name": e.State, "output": e.Data, "outputDetails": whole}
		return answer
	case e.Type == "ExecutionStarted":
		details = fields{"input": e.Data, "inputDetails": whole, "roleArn": role}
	case e.Type == "LambdaFunctionScheduled":
		details = fields{"resource": e.Resource, "input": e.Data, "inputDetails": whole}
	case e.Type == "LambdaFunctionSucceeded", e.Type == "ExecutionSucceeded":
		details = fields{"output": e.Data, "outputDetails": whole}
	case e.Type == "MapRunStarted":
		details = fields{"mapRunArn": e.Resource}
	}
	if len(details) > 0 {
		answer[strings.ToLower(e.Type[:1])+e.Type[1:]+"EventDetails"] = details
	}
	return answer
}

func (s *Service) listStateMachines(request) (any, error) {
	return fields{"stateMachines": []fields{{
		"stateMachineArn": ARN(s.Name), "name": s.Name, "type": "STANDARD", "creationDate": seconds(s.created),
	}}}, nil
}

func (s *Service) describeStateMachine(q request) (any, error) {
	if err := s.check(q.StateMachineARN); err != nil {
		return nil, err
	}
	return fields{
		"stateMachineArn": ARN(s.Name), "name": s.Name, "status": "ACTIVE", "type": "STANDARD",
		"definition": s.Definition, "roleArn": role, "creationDate": seconds(s.created),
	}, nil
}

// check refuses the ARN of any machine but this one.
func (s *Service) check(arn string) error {
	if !strings.HasPrefix(arn, "arn:") {
		return apiError{"InvalidArn", fmt.Sprintf("Invalid Arn: '%s'", arn)}
	}
	if arn != ARN(s.Name) {
		return apiError{"StateMachineDoesNotExist", fmt.Sprintf("State Machine Does Not Exist: '%s'", arn)}
	}
	return nil
}

func (s *Service) find(arn string) (*execution, error) {
	if !strings.HasPrefix(arn, "arn:") {
		return nil, apiError{"InvalidArn", fmt.Sprintf("Invalid Arn: '%s'", arn)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name, ok := strings.CutPrefix(arn, s.executionARN(""))
	if x := s.executions[name]; ok && x != nil {
		return x, nil
	}
	return nil, apiError{"ExecutionDoesNotExist", fmt.Sprintf("Execution Does Not Exist: '%s'", arn)}
}

// snapshot copies an execution as it is now.
func (s *Service) snapshot(arn string) (execution, error) {
	x, err := s.find(arn)
	if err != nil {
		return execution{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return *x, nil
}

// paged cuts a page out of a list; the token is where the next one begins.
func paged[T any](list []T, q request) ([]T, fields, error) {
	size := q.MaxResults
	if size == 0 {
		size = 100
	}
	if size < 0 || size > 1000 {
		return nil, nil, apiError{"ValidationException", "maxResults must be from 0 to 1000"}
	}
	from := 0
	if q.NextToken != "" {
		var err error
		if from, err = strconv.Atoi(q.NextToken); err != nil || from < 0 || from > len(list) {
			return nil, nil, apiError{"InvalidToken", fmt.Sprintf("Invalid Token: '%s'", q.NextToken)}
		}
	}
	answer := fields{}
	to := min(from+size, len(list))
	if to < len(list) {
		answer["nextToken"] = strconv.Itoa(to)
	}
	return list[from:to], answer, nil
}

func put(to fields, name, value string) {
	if value != "" {
		to[name] = value
	}
}

// seconds is a time as AWS's JSON protocol has it.
func seconds(t time.Time) json.Number {
	return json.Number(strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64))
}
