package clients

import (
	"encoding/json"
	"os"
	"sync"
	"testing"

	openai "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

// TestAskForVerdict asks what the verdict is given on, with the retries that openai-go has by itself.
func TestAskForVerdict(t *testing.T) {
	base := os.Getenv("VERDICT_ENDPOINT")
	if base == "" {
		t.Skip("VERDICT_ENDPOINT is not set")
	}
	client := openai.NewClient(option.WithBaseURL(base+"/openai/v1"), option.WithAPIKey(os.Getenv("VERDICT_KEY")))
	list := func(name string) []string {
		var questions []string
		check(t, json.Unmarshal([]byte(os.Getenv(name)), &questions))
		return questions
	}
	var all sync.WaitGroup
	each := func(name string, ask func(question string)) {
		for _, question := range list(name) {
			all.Add(1)
			go func() {
				defer all.Done()
				ask(question)
			}()
		}
	}
	params := func(question string, tokens int64) openai.ChatCompletionNewParams {
		messages := []openai.ChatCompletionMessageParamUnion{openai.UserMessage(question)}
		return openai.ChatCompletionNewParams{Model: "gpt-4o", Messages: messages, MaxTokens: openai.Int(tokens)}
	}
	for _, question := range list("VERDICT_EASY") {
		_, err := client.Chat.Completions.New(ctx, params(question, 5))
		check(t, err)
	}
	each("VERDICT_QUESTIONS", func(question string) {
		// What is refused for good is an error, as it should be.
		_, _ = client.Chat.Completions.New(ctx, params(question, 5))
	})
	each("VERDICT_STREAMED", func(question string) {
		stream := client.Chat.Completions.NewStreaming(ctx, params(question, 20))
		for stream.Next() {
		}
	})
	all.Wait()
}
