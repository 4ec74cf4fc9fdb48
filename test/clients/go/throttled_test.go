package clients

import (
	"bufio"
	"cmp"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	openai "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func startSimulator(t *testing.T) string {
	command := strings.Fields(cmp.Or(os.Getenv("AOAI_SIMULATOR_COMMAND"), "npx --yes aoai-simulated-api"))
	simulator := exec.Command(command[0], append(command[1:], "start", "--port", "0", "--key", "key", "--no-latency")...)
	printed, _ := simulator.StdoutPipe()
	if err := simulator.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { simulator.Process.Signal(os.Interrupt); simulator.Wait() })
	for lines := bufio.NewScanner(printed); lines.Scan(); {
		if _, address, found := strings.Cut(lines.Text(), "Endpoint: "); found {
			return address
		}
	}
	t.Fatal("the simulator did not start")
	return ""
}

func TestThrottledTwice(t *testing.T) {
	address := startSimulator(t)
	rules := `{"rules":[{"when":{"call":"1..2"},"then":{"error":"rateLimit","retryAfter":"5ms"}},{"then":{"text":"From nine to five."}}]}`
	request, _ := http.NewRequest("POST", address+"/++/sessions", strings.NewReader(rules))
	request.Header.Set("api-key", "key")
	made, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	var session struct{ Endpoint, APIKey string }
	json.NewDecoder(made.Body).Decode(&session)
	client := openai.NewClient(option.WithBaseURL(session.Endpoint+"/openai/v1"), option.WithAPIKey(session.APIKey))
	answer, err := client.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{
		Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Hello")}})
	if err != nil || answer.Choices[0].Message.Content != "From nine to five." {
		t.Fatal(answer, err)
	}
}
