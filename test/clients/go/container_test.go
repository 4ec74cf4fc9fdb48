package clients

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	openai "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

func TestThrottledTwiceInContainer(t *testing.T) {
	testcontainers.SkipIfProviderIsNotHealthy(t)
	simulator, err := testcontainers.Run(t.Context(), "aoai-simulated-api",
		testcontainers.WithEnv(map[string]string{"SIMULATOR_API_KEY": "key"}), testcontainers.WithExposedPorts("8000/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/").WithPort("8000/tcp")))
	testcontainers.CleanupContainer(t, simulator)
	if err != nil {
		t.Fatal(err)
	}
	address, err := simulator.PortEndpoint(t.Context(), "8000/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
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
