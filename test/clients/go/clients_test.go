// Clients in Go, each asking what its users ask. They read where the simulator is from the environment.
package clients

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	openai "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	goopenai "github.com/sashabaranov/go-openai"
)

var (
	endpoint = os.Getenv("AZURE_OPENAI_ENDPOINT")
	key      = os.Getenv("AZURE_OPENAI_API_KEY")
	ctx      = context.Background()
)

const hello = "Tell me a joke about telemetry"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, found, wanted T) {
	t.Helper()
	if found != wanted {
		t.Fatalf("%s: %v, not %v", what, found, wanted)
	}
}

func goOpenAI() *goopenai.Client {
	config := goopenai.DefaultAzureConfig(key, endpoint)
	config.AzureModelMapperFunc = func(model string) string { return model }
	return goopenai.NewClientWithConfig(config)
}

var goHello = []goopenai.ChatCompletionMessage{{Role: "user", Content: hello}}

func TestGoOpenAIAnswersAndStreams(t *testing.T) {
	client := goOpenAI()
	ask := goopenai.ChatCompletionRequest{Model: "gpt-4o", Messages: goHello, MaxTokens: 12}
	answer, err := client.CreateChatCompletion(ctx, ask)
	check(t, err)
	equal(t, "completion tokens", answer.Usage.CompletionTokens, 12)
	equal(t, "finish reason", answer.Choices[0].FinishReason, goopenai.FinishReasonLength)

	ask.StreamOptions = &goopenai.StreamOptions{IncludeUsage: true}
	stream, err := client.CreateChatCompletionStream(ctx, ask)
	check(t, err)
	defer stream.Close()
	parts, told := 0, 0
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		check(t, err)
		for _, choice := range chunk.Choices {
			if choice.Delta.Content != "" {
				parts++
			}
		}
		if chunk.Usage != nil {
			told = chunk.Usage.CompletionTokens
		}
	}
	equal(t, "parts", parts, 12)
	equal(t, "usage of the stream", told, 12)
}

func TestGoOpenAICallsAToolEmbedsAndReadsErrors(t *testing.T) {
	client := goOpenAI()
	tool := goopenai.Tool{Type: "function", Function: &goopenai.FunctionDefinition{
		Name:       "weather",
		Parameters: map[string]any{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}, "required": []string{"city"}},
	}}
	answer, err := client.CreateChatCompletion(ctx, goopenai.ChatCompletionRequest{Model: "gpt-4o", Messages: goHello, Tools: []goopenai.Tool{tool}})
	check(t, err)
	equal(t, "tool", answer.Choices[0].Message.ToolCalls[0].Function.Name, "weather")

	vectors, err := client.CreateEmbeddings(ctx, goopenai.EmbeddingRequest{Model: "text-embedding-3-small", Input: []string{"one", "two"}})
	check(t, err)
	equal(t, "vectors", len(vectors.Data), 2)
	equal(t, "length of a vector", len(vectors.Data[0].Embedding), 1536)

	_, err = client.CreateChatCompletion(ctx, goopenai.ChatCompletionRequest{Model: "gpt-4o", Messages: goHello, Temperature: 5})
	var refused *goopenai.APIError
	if !errors.As(err, &refused) {
		t.Fatalf("not an error of the API: %v", err)
	}
	equal(t, "status", refused.HTTPStatusCode, 400)
}

func azOpenAI(t *testing.T, credential string) *azopenai.Client {
	client, err := azopenai.NewClientWithKeyCredential(endpoint, azcore.NewKeyCredential(credential), &azopenai.ClientOptions{
		ClientOptions: policy.ClientOptions{InsecureAllowCredentialWithHTTP: true, Retry: policy.RetryOptions{MaxRetries: -1}},
	})
	check(t, err)
	return client
}

var azHello = []azopenai.ChatRequestMessageClassification{
	&azopenai.ChatRequestUserMessage{Content: azopenai.NewChatRequestUserMessageContent(hello)},
}

func TestAzOpenAIAnswersStreamsAndEmbeds(t *testing.T) {
	client := azOpenAI(t, key)
	answer, err := client.GetChatCompletions(ctx, azopenai.ChatCompletionsOptions{DeploymentName: to.Ptr("gpt-4o"), Messages: azHello, MaxTokens: to.Ptr[int32](12)}, nil)
	check(t, err)
	equal(t, "completion tokens", *answer.Usage.CompletionTokens, 12)
	equal(t, "finish reason", *answer.Choices[0].FinishReason, azopenai.CompletionsFinishReasonTokenLimitReached)
	if answer.PromptFilterResults == nil || answer.Choices[0].ContentFilterResults == nil {
		t.Fatal("no verdict of the content filter")
	}

	streamed, err := client.GetChatCompletionsStream(ctx, azopenai.ChatCompletionsStreamOptions{DeploymentName: to.Ptr("gpt-4o"), Messages: azHello, MaxTokens: to.Ptr[int32](12)}, nil)
	check(t, err)
	defer streamed.ChatCompletionsStream.Close()
	parts := 0
	for {
		chunk, err := streamed.ChatCompletionsStream.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		check(t, err)
		for _, choice := range chunk.Choices {
			if choice.Delta != nil && choice.Delta.Content != nil && *choice.Delta.Content != "" {
				parts++
			}
		}
	}
	equal(t, "parts", parts, 12)

	vectors, err := client.GetEmbeddings(ctx, azopenai.EmbeddingsOptions{DeploymentName: to.Ptr("text-embedding-3-small"), Input: []string{"one"}}, nil)
	check(t, err)
	equal(t, "length of a vector", len(vectors.Data[0].Embedding), 1536)
}

func TestAzOpenAIReadsErrors(t *testing.T) {
	_, err := azOpenAI(t, "wrong").GetChatCompletions(ctx, azopenai.ChatCompletionsOptions{DeploymentName: to.Ptr("gpt-4o"), Messages: azHello}, nil)
	var refused *azcore.ResponseError
	if !errors.As(err, &refused) {
		t.Fatalf("not an error of the service: %v", err)
	}
	equal(t, "status", refused.StatusCode, 401)
	equal(t, "code", refused.ErrorCode, "401")
}

func TestOpenAIGoAnswersOnBothSurfaces(t *testing.T) {
	v1 := openai.NewClient(option.WithBaseURL(endpoint+"/openai/v1"), option.WithAPIKey(key), option.WithMaxRetries(0))
	dated := openai.NewClient(azure.WithEndpoint(endpoint, "2024-10-21"), azure.WithAPIKey(key), azure.WithUnsafeAllowHTTP(), option.WithMaxRetries(0))
	ask := openai.ChatCompletionNewParams{Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(hello)}, MaxTokens: openai.Int(12)}
	for _, client := range []openai.Client{v1, dated} {
		answer, err := client.Chat.Completions.New(ctx, ask)
		check(t, err)
		equal(t, "completion tokens", answer.Usage.CompletionTokens, 12)
		stream := client.Chat.Completions.NewStreaming(ctx, ask)
		parts := 0
		for stream.Next() {
			for _, choice := range stream.Current().Choices {
				if choice.Delta.Content != "" {
					parts++
				}
			}
		}
		check(t, stream.Err())
		equal(t, "parts", parts, 12)
	}
	answer, err := v1.Responses.New(ctx, responses.ResponseNewParams{Model: "gpt-4o", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(hello)}})
	check(t, err)
	equal(t, "status", answer.Status, responses.ResponseStatusCompleted)
	if answer.OutputText() == "" {
		t.Fatal("a response without a text")
	}
}

func TestOpenAIGoPagesThroughFilesAndEnds(t *testing.T) {
	dated := openai.NewClient(azure.WithEndpoint(endpoint, "2024-10-21"), azure.WithAPIKey(key), azure.WithUnsafeAllowHTTP(), option.WithMaxRetries(0))
	files := dated.Files.ListAutoPaging(ctx, openai.FileListParams{})
	count := 0
	for files.Next() {
		if count++; count > 100 {
			t.Fatal("the pages do not end")
		}
	}
	check(t, files.Err())
}
