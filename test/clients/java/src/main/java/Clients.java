import com.azure.ai.openai.OpenAIAsyncClient;
import com.azure.ai.openai.OpenAIClient;
import com.azure.ai.openai.OpenAIClientBuilder;
import com.azure.ai.openai.models.ChatCompletions;
import com.azure.ai.openai.models.ChatCompletionsOptions;
import com.azure.ai.openai.models.ChatRequestUserMessage;
import com.azure.ai.openai.models.EmbeddingsOptions;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.policy.AddHeadersPolicy;
import com.microsoft.semantickernel.aiservices.openai.chatcompletion.OpenAIChatCompletion;
import com.microsoft.semantickernel.services.chatcompletion.ChatHistory;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.util.List;

/** Clients in Java, each asking what its users ask. They read where the simulator is from the environment. */
public final class Clients {
    private static final String ENDPOINT = System.getenv("AZURE_OPENAI_ENDPOINT");
    private static final String KEY = System.getenv("AZURE_OPENAI_API_KEY");
    private static final String HELLO = "Tell me a joke about telemetry";

    private static OpenAIClientBuilder builder(String key) {
        HttpHeaders headers = new HttpHeaders().set(HttpHeaderName.fromString("api-key"), key);
        return new OpenAIClientBuilder().endpoint(ENDPOINT).addPolicy(new AddHeadersPolicy(headers));
    }

    private static void equal(String what, Object found, Object wanted) {
        if (!wanted.equals(found)) throw new AssertionError(what + ": " + found + ", not " + wanted);
    }

    private static void azure() {
        OpenAIClient client = builder(KEY).buildClient();
        ChatCompletionsOptions ask = new ChatCompletionsOptions(List.of(new ChatRequestUserMessage(HELLO))).setMaxTokens(12);
        ChatCompletions answer = client.getChatCompletions("gpt-4o", ask);
        equal("completion tokens", answer.getUsage().getCompletionTokens(), 12);
        long parts = client.getChatCompletionsStream("gpt-4o", ask).stream()
            .flatMap(chunk -> chunk.getChoices().stream())
            .filter(choice -> choice.getDelta() != null && choice.getDelta().getContent() != null && !choice.getDelta().getContent().isEmpty())
            .count();
        equal("parts", parts, 12L);
        equal("length of a vector", client.getEmbeddings("text-embedding-3-small", new EmbeddingsOptions(List.of("one"))).getData().get(0).getEmbedding().size(), 1536);
        System.out.println("PASS azure-ai-openai");
    }

    private static void refused() {
        try {
            builder("wrong").buildClient().getEmbeddings("text-embedding-3-small", new EmbeddingsOptions(List.of("one")));
            throw new AssertionError("a wrong key is taken");
        } catch (HttpResponseException error) {
            equal("status", error.getResponse().getStatusCode(), 401);
        }
        System.out.println("PASS azure-ai-openai, refused");
    }

    private static void kernel() {
        OpenAIAsyncClient client = builder(KEY).buildAsyncClient();
        OpenAIChatCompletion service = OpenAIChatCompletion.builder().withModelId("gpt-4o").withOpenAIAsyncClient(client).build();
        ChatHistory history = new ChatHistory();
        history.addUserMessage(HELLO);
        String said = service.getChatMessageContentsAsync(history, null, null).block().get(0).getContent();
        if (said == null || said.isEmpty()) throw new AssertionError("an answer without a text");
        System.out.println("PASS Semantic Kernel");
    }

    private static void openai() {
        com.openai.client.OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(ENDPOINT + "/openai/v1").apiKey(KEY).maxRetries(0).build();
        ChatCompletionCreateParams ask = ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage(HELLO).maxCompletionTokens(12).build();
        equal("completion tokens", client.chat().completions().create(ask).usage().get().completionTokens(), 12L);
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(ask)) {
            long parts = stream.stream().flatMap(chunk -> chunk.choices().stream())
                .filter(choice -> choice.delta().content().filter(text -> !text.isEmpty()).isPresent()).count();
            equal("parts", parts, 12L);
        }
        equal("status", client.responses().create(ResponseCreateParams.builder().model("gpt-4o").input(HELLO).build()).status().get().toString(), "completed");
        System.out.println("PASS openai-java");
        client.close();
    }

    public static void main(String[] args) {
        azure();
        refused();
        kernel();
        openai();
        System.exit(0);
    }
}
